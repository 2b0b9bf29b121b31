import type { Sample } from '@deungdae/contracts/sample.ts';
import type { History } from '@deungdae/history/history.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { columnsOf } from './catch-up.ts';
import { type AlarmSink, type Instance, newInstance } from './domain/course.ts';
import { Evaluator } from './domain/evaluator.ts';
import { type AlarmPoint, happen, type JournalRow, messageOf, newPoint, priorityOf } from './domain/point.ts';
import type { RuleSet } from './domain/rule-set.ts';
import type { JournalWriter } from './journal-writer.ts';
import { type AlarmTables, deleteJournal, insertJournal, lastPassagesBefore, passages } from './store.ts';

const pageSamples = 50_000;
/** Journal entries of one signal that one recompute may replace. */
const maxEntries = 200_000;

interface Sources {
  rules: RuleSet;
  history: History;
  ledger: Ledger;
  clock: Clock;
  writer: JournalWriter;
}

/**
 * Rebuilds the comings and goings of one signal's alarms from the history, for samples that came late or out of order.
 * Entries that agree stay as they are; what people did is not touched; nor are the alarms as they are now.
 */
export async function recomputeSignal(
  sources: Sources,
  slot: number,
  from: number,
  to: number,
): Promise<{ added: number; removed: number }> {
  const { rules, ledger, writer } = sources;
  const first = rules.firstRule[slot]!;
  const mine = rules.rules.slice(first, first + rules.ruleCount[slot]!);
  const keys = mine.map((r) => r.key);
  const db = ledger.read<AlarmTables>();
  await writer.flushed();
  const standing = (await lastPassagesBefore(db, from, keys)).filter((row) => row.event === 'raised');
  const found = new Collector();
  const evaluator = new Evaluator(rules, found);
  for (const row of standing) {
    const rule = rules.byKey.get(row.rule)!;
    const code = await codeOf(ledger, row.alarm);
    const instance = newInstance(rule, slot, code);
    Object.assign(instance, { active: true, lastRaised: row.time, judgedUntil: row.time, knownSince: row.time });
    evaluator.restore(instance);
    found.stands(instance, row);
  }
  const end = await judgeWindow(sources, evaluator, slot, from, to);
  const wanted = new Map(found.rows.filter((r) => r.time >= from && r.time < end).map((r) => [r.id, r]));
  return await writer.exclusive(() =>
    ledger.transaction<AlarmTables, { added: number; removed: number }>(async (tx) => {
      const existing = await passages(tx, { from, to: end, rules: keys, limit: maxEntries });
      if (existing === null) return { added: 0, removed: 0 };
      const known = new Set(existing.map((row) => row.id));
      const wrong = existing.filter((row) => !wanted.has(row.id)).map((row) => row.id);
      const missing = [...wanted.values()].filter((row) => !known.has(row.id));
      await deleteJournal(tx, wrong);
      await insertJournal(tx, missing);
      return { added: missing.length, removed: wrong.length };
    }),
  );
}

/** Judges on past `to` until every alarm of the signal is at rest, so that each coming found has its going. */
async function judgeWindow(
  { history, clock }: Sources,
  evaluator: Evaluator,
  slot: number,
  from: number,
  to: number,
): Promise<number> {
  const signal = evaluator.signalOf(slot);
  const mono = clock.monotonicMs();
  const give = (sample: Sample) => {
    const { number, text } = columnsOf(sample);
    evaluator.sample(slot, sample.time, number, text, sample.quality, mono);
  };
  const before = await history.before(signal, from - 1);
  if (before) give(before);
  const newest = history.latest([signal])[0]?.time ?? to;
  let next = from;
  for (;;) {
    const page = await history.range({ signal, from: next, to: newest + 1, limit: pageSamples });
    for (const sample of page) {
      if (sample.time >= to && evaluator.atRest(slot)) return Math.max(to, sample.time);
      give(sample);
    }
    if (page.length < pageSamples) return newest + 1;
    const last = page.at(-1)!.time;
    next = last > next ? last : next + 1;
  }
}

async function codeOf(ledger: Ledger, alarm: string): Promise<string> {
  const row = await ledger
    .read<AlarmTables>()
    .selectFrom('alarms')
    .select('data')
    .where('id', '=', alarm)
    .executeTakeFirst();
  return row ? (JSON.parse(row.data) as { code: string }).code : '';
}

/** Makes journal entries as they would have been made at the time, without holds. */
class Collector implements AlarmSink {
  readonly rows: JournalRow[] = [];
  readonly #points = new Map<string, AlarmPoint>();

  /** It came before the window, with these words. */
  stands(instance: Instance, { time, message, priority }: JournalRow): void {
    const point = this.#pointOf(instance);
    happen(point, { event: 'condition', time });
    Object.assign(point, { message, priority });
  }

  raised(instance: Instance, time: number): void {
    this.changed(instance);
    this.#add(instance, 'condition', time);
  }

  cleared(instance: Instance, time: number): void {
    this.#add(instance, 'clear', time);
  }

  changed(instance: Instance): void {
    const point = this.#pointOf(instance);
    point.message = messageOf(instance.rule, instance.value, instance.condition);
    point.priority = priorityOf(instance.rule, instance.condition);
  }

  gapped(): void {}

  late(): void {}

  #add(instance: Instance, event: 'condition' | 'clear', time: number): void {
    const point = this.#pointOf(instance);
    point.activeUs = instance.activeUs;
    const row = happen(point, { event, time });
    if (row) this.rows.push(row);
  }

  #pointOf({ rule, code }: Instance): AlarmPoint {
    const key = `${rule.key}|${code}`;
    const point = this.#points.get(key) ?? newPoint(rule, code);
    this.#points.set(key, point);
    return point;
  }
}
