import { Quality, type Sample } from '@deungdae/contracts/sample.ts';
import type { History } from '@deungdae/history/history.ts';
import { equipmentError } from './errors.ts';
import { type CompiledLogic, comparable, Evaluator, type SlotValue } from './evaluator.ts';
import { type Interval, uncertainReachUs } from './machine.ts';

export type HistoryReader = Pick<History, 'range' | 'before' | 'latest'>;

const pageSize = 200_000;
/** Samples of one signal that one question may read. */
const readLimit = 5_000_000;

/** A sample as the state rules see it. A gap, a bad sample and a number that is none say nothing: null. */
export function slotValueOf(number: number, text: string | null | undefined, quality: number): SlotValue {
  if (quality === Quality.gap || quality === Quality.bad) return null;
  if (text !== null && text !== undefined) return interned(text);
  return Number.isNaN(number) ? null : number;
}

export function slotValue(sample: Sample): SlotValue {
  if (sample.quality === Quality.gap || sample.quality === Quality.bad || sample.value === null) return null;
  if (typeof sample.value === 'string') return interned(sample.value);
  return Number.isNaN(Number(sample.value)) ? null : Number(sample.value);
}

const texts = new Map<string, SlotValue>();

/** State signals have few texts: each is brought to its comparable form once. */
function interned(text: string): SlotValue {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size > 10_000) texts.clear();
  const value = comparable(text);
  texts.set(text, value);
  return value;
}

/** All samples of a signal in [from, to), page by page. Throws `equipment.tooMuchData` beyond five million. */
export async function* pagesOf(
  history: HistoryReader,
  signal: number,
  from: number,
  to: number,
): AsyncGenerator<Sample[]> {
  let start = from;
  let read = 0;
  while (start < to) {
    const page = await history.range({ signal, from: start, to, limit: pageSize });
    read += page.length;
    if (read > readLimit) throw equipmentError('equipment.tooMuchData', { signal, limit: readLimit }, { status: 400 });
    if (page.length < pageSize) {
      if (page.length > 0) yield page;
      return;
    }
    // Samples of the last moment may go on in the next page: it begins with that moment again.
    const last = page.at(-1)!.time;
    const whole = page.filter((s) => s.time < last);
    if (whole.length === 0) {
      yield page;
      start = last + 1;
    } else {
      yield whole;
      start = last;
    }
  }
}

async function samplesIn(history: HistoryReader, signal: number, from: number, to: number): Promise<Sample[]> {
  const all: Sample[] = [];
  for await (const page of pagesOf(history, signal, from, to)) for (const sample of page) all.push(sample);
  return all;
}

/** An evaluator that knows what held just before `from`, without having decided anything yet. */
export async function primedEvaluator(
  logic: CompiledLogic,
  signals: readonly number[],
  history: HistoryReader,
  from: number,
): Promise<Evaluator> {
  const evaluator = new Evaluator(logic);
  const timed = new Set(logic.timers.map((t) => t.slot));
  await Promise.all(
    signals.map(async (signal, slot) => {
      const before = Number.isFinite(from) ? await history.before(signal, from - 1) : null;
      if (!before || (before.quality === Quality.uncertain && from - before.time > uncertainReachUs)) return;
      const value = slotValue(before);
      const since = timed.has(slot) ? await lastChange(history, signal, before, from - logic.longestUs) : before.time;
      evaluator.prime(slot, value, since);
    }),
  );
  return evaluator;
}

/** When the value of `last` began, looking back no further than `floor`. */
async function lastChange(history: HistoryReader, signal: number, last: Sample, floor: number): Promise<number> {
  if (last.time <= floor) return last.time;
  const value = slotValue(last);
  const samples = await samplesIn(history, signal, Math.max(0, floor), last.time + 1);
  let since = last.time;
  for (let i = samples.length - 1; i >= 0; i--) {
    if (slotValue(samples[i]!) !== value) return since;
    since = samples[i]!.time;
  }
  // Unchanged over the whole look-back: it began no later than that, when what held before was the same.
  const earlier = await history.before(signal, floor);
  if (earlier && slotValue(earlier) === value) return Math.min(since, floor);
  return since;
}

export interface StateSamples {
  times: number[];
  slots: number[];
  values: SlotValue[];
}

/** State samples of all slots in [from, to), merged by time; equal times in order of slot. */
export async function stateSamples(
  signals: readonly number[],
  history: HistoryReader,
  from: number,
  to: number,
): Promise<StateSamples> {
  const lists = await Promise.all(signals.map((signal) => samplesIn(history, signal, from, to)));
  const all = lists.flatMap((samples, slot) => samples.map((sample) => ({ sample, slot })));
  all.sort((a, b) => a.sample.time - b.sample.time || a.slot - b.slot);
  const merged: StateSamples = { times: [], slots: [], values: [] };
  let known = from > 0 ? from : Number.NaN;
  for (const { sample, slot } of all) {
    if (sample.quality === Quality.uncertain && !(Math.abs(sample.time - known) <= uncertainReachUs)) continue;
    known = sample.time;
    merged.times.push(sample.time);
    merged.slots.push(slot);
    merged.values.push(slotValue(sample));
  }
  return merged;
}

/**
 * State intervals of [from, to) from the history alone. The first begins at `from` when something was known by then,
 * else at the first sample; the last ends at `to`.
 */
export async function deriveIntervals(
  logic: CompiledLogic,
  signals: readonly number[],
  history: HistoryReader,
  from: number,
  to: number,
): Promise<Interval[]> {
  const evaluator = await primedEvaluator(logic, signals, history, from);
  const samples = await stateSamples(signals, history, from, to);
  const out: Interval[] = [];
  const on = (time: number, state: Interval['state'], cause: string) => {
    let last = out.at(-1);
    if (last && last.from >= time) {
      out.pop();
      last = out.at(-1);
    }
    if (last?.state === state) last.to = null;
    else {
      if (last) last.to = time;
      out.push({ from: time, to: null, state, cause });
    }
  };
  if (evaluator.changedAt.some((t) => t !== Number.NEGATIVE_INFINITY)) {
    evaluator.time = from;
    evaluator.decide(from, on, true);
  }
  for (let i = 0; i < samples.times.length; i++)
    evaluator.apply(samples.times[i]!, samples.slots[i]!, samples.values[i]!, on);
  evaluator.advance(to - 1, on);
  if (out.length > 0) out.at(-1)!.to = to;
  return out;
}
