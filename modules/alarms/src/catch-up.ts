import { Quality, type Sample } from '@deungdae/contracts/sample.ts';
import type { History } from '@deungdae/history/history.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { SignalModel } from '@deungdae/kernel/plant-model.ts';
import { newInstance } from './domain/course.ts';
import { isNotice } from './domain/notice.ts';
import type { AlarmEngine } from './engine.ts';
import type { Progress, StoredAlarms } from './store.ts';

const pageSamples = 50_000;
const signalsAtOnce = 8;
/** Samples of one signal judged again at the start; what lies between is judged later, by `recompute`. */
const maxCatchUp = 1_000_000;

/** Progress of a signal that is watched but had no sample yet: its first one counts, however old. */
export const neverSeen = -1;

/** A sample as the evaluator takes it: number and text in their columns. */
export function columnsOf(sample: Sample): { number: number; text: string | null } {
  const { value } = sample;
  if (typeof value === 'string') return { number: Number.NaN, text: value };
  return { number: value === null ? Number.NaN : Number(value), text: null };
}

/**
 * Puts the stored alarms back and judges what came after they were stored, so that a crash between a sample and its
 * journal entry neither loses nor repeats one. A signal that was never judged starts with its latest sample.
 */
export async function catchUp(
  engine: AlarmEngine,
  stored: StoredAlarms,
  sources: { history: History; clock: Clock },
): Promise<{ orphans: string[]; samples: number }> {
  const orphans: string[] = [];
  for (const point of stored.points) {
    if (isNotice(point)) {
      engine.restoreNotice(point);
      continue;
    }
    const rule = engine.restore(point);
    if (!rule) {
      orphans.push(point.id);
      continue;
    }
    const instance = newInstance(rule, engine.evaluator.slotOfRule(rule), point.code);
    instance.active = point.active;
    instance.lastRaised = point.raisedAt ?? Number.NEGATIVE_INFINITY;
    instance.judgedUntil = Math.max(point.raisedAt ?? instance.judgedUntil, point.clearedAt ?? instance.judgedUntil);
    instance.activeUs = point.activeUs;
    instance.knownSince = point.knownSince ?? Number.NaN;
    instance.value = point.value;
    engine.evaluator.restore(instance);
  }
  const { signals } = engine.rules;
  const latest = new Map(sources.history.latest(signals.map((s) => s.id)).map((s) => [s.signal, s]));
  let samples = 0;
  let next = 0;
  const work = async () => {
    while (next < signals.length) {
      const slot = next++;
      samples += await catchUpSignal(engine, slot, latest.get(signals[slot]!.id), stored.progress, sources);
    }
  };
  await Promise.all(Array.from({ length: signalsAtOnce }, work));
  return { orphans, samples };
}

async function catchUpSignal(
  engine: AlarmEngine,
  slot: number,
  latest: Sample | undefined,
  progress: Progress,
  { history, clock }: { history: History; clock: Clock },
): Promise<number> {
  const { evaluator } = engine;
  const signal = engine.rules.signals[slot]!;
  const mono = clock.monotonicMs();
  const give = (sample: Sample) => {
    const { number, text } = columnsOf(sample);
    evaluator.sample(slot, sample.time, number, text, sample.quality, mono);
  };
  const judged = progress.get(signal.id);
  if (judged === undefined || !latest) {
    evaluator.begin(slot, null, [], clock.nowUs(), mono);
    if (latest) give(latest);
    return latest ? 1 : 0;
  }
  if (judged === neverSeen) evaluator.begin(slot, null, [], clock.nowUs(), mono);
  else evaluator.begin(slot, judged, await seenAt(history, signal, judged, latest), judged, mono);
  let from = judged + 1;
  let count = 0;
  while (from <= latest.time) {
    const page = await history.range({ signal: signal.id, from, to: latest.time + 1, limit: pageSamples });
    page.forEach(give);
    count += page.length;
    if (page.length < pageSamples) break;
    const end = page.at(-1)!.time;
    from = end > from ? end : from + 1;
    if (count >= maxCatchUp) {
      engine.lateWindows.set(signal.id, { from: end, to: latest.time, at: mono });
      give(latest);
      break;
    }
  }
  return count;
}

/**
 * What the signal said at exactly that time: a connector that repeats it after a restart is not judged twice, and a rate
 * has its first value. Read from the history only where the latest sample does not say it.
 */
async function seenAt(
  history: History,
  signal: SignalModel,
  time: number,
  latest: Sample,
): Promise<(number | string)[]> {
  if (latest.time === time && signal.kind !== 'condition') return [seen(latest)];
  if (latest.time > time && !signal.alarms.some((rule) => rule.type === 'rate')) return [];
  return (await history.range({ signal: signal.id, from: time, to: time + 1, limit: 1000 })).map(seen);
}

function seen({ value, quality }: Sample): number | string {
  if (quality >= Quality.bad || value === null) return '';
  return typeof value === 'string' ? value : Number(value);
}
