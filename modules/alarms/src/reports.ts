import type { AlarmKpis } from '@deungdae/contracts/api-entities.ts';
import { localText } from '@deungdae/contracts/text.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { alarmKpis, type Occurrence } from './domain/kpis.ts';
import type { AlarmPoint, JournalRow } from './domain/point.ts';
import type { AlarmEngine } from './engine.ts';
import { alarmError } from './errors.ts';
import { type AlarmTables, lastPassagesBefore, passages } from './store.ts';

/** A century: replayed logs hold dates of dead clocks. What limits the work is the number of passages. */
const maxDays = 36_500;
const maxPassages = 500_000;

/** Comings and goings in time order, paired. `standing`: what had come before and not gone. Pure. */
function pairUp(
  standing: readonly JournalRow[],
  rows: readonly JournalRow[],
  describe: (row: JournalRow) => { rule: string; name: string },
): Occurrence[] {
  const all: Occurrence[] = [];
  const open = new Map<string, Occurrence>();
  /** A going that stands before its coming, because both have one time. */
  const wentAtOnce = new Map<string, JournalRow>();
  for (const row of [...standing, ...rows]) {
    if (row.event === 'raised') {
      const at = wentAtOnce.get(row.alarm);
      const occurrence: Occurrence = {
        alarm: row.alarm,
        ...describe(row),
        priority: row.priority,
        raisedAt: row.time,
        clearedAt: at?.time === row.time ? row.time : null,
        activeUs: at?.time === row.time ? 0 : Number.POSITIVE_INFINITY,
        annunciated: row.to === 'unacknowledged',
      };
      all.push(occurrence);
      if (occurrence.clearedAt === null) open.set(row.alarm, occurrence);
      continue;
    }
    const occurrence = open.get(row.alarm);
    if (!occurrence) wentAtOnce.set(row.alarm, row);
    else {
      occurrence.clearedAt = row.time;
      occurrence.activeUs = row.activeUs ?? Number.POSITIVE_INFINITY;
      open.delete(row.alarm);
    }
  }
  return all;
}

/** The KPIs of [from, to), µs. Throws `alarm.window` or `alarm.tooMany`. */
export async function reportKpis(
  sources: { engine: AlarmEngine; ledger: Ledger; clock: Clock },
  from: number,
  to: number,
  language: string,
): Promise<AlarmKpis> {
  if (!(to > from) || to - from > maxDays * 86_400_000_000)
    throw alarmError('alarm.window', { days: maxDays }, { status: 400 });
  const { engine, ledger, clock } = sources;
  const db = ledger.read<AlarmTables>();
  const rows = await passages(db, { from, to, limit: maxPassages });
  if (rows === null) throw alarmError('alarm.tooMany', { limit: maxPassages }, { status: 413 });
  const standing = (await lastPassagesBefore(db, from)).filter((row) => row.event === 'raised');
  const describe = (row: JournalRow) => {
    const point = engine.points.get(row.alarm);
    if (!point) return { rule: row.rule, name: row.message };
    if (point.code !== '') return { rule: `${point.rule}/${point.code}`, name: row.message };
    return { rule: point.rule, name: localText(point.name, language) };
  };
  const occurrences = pairUp(standing, rows, describe);
  for (const o of occurrences) {
    const point = engine.points.get(o.alarm);
    if (o.clearedAt === null && point?.active && point.raisedAt === o.raisedAt)
      o.activeUs = knownActiveUs(engine, point, clock.monotonicMs());
  }
  return alarmKpis(from, to, occurrences);
}

/** How long a standing alarm's condition has been known to hold: its signal's time counts, not the clock's. */
function knownActiveUs(engine: AlarmEngine, point: AlarmPoint, monoMs: number): number {
  if (point.gapSince !== null || point.knownSince === null) return point.activeUs;
  const rule = engine.rules.byKey.get(point.rule);
  if (!rule) return point.activeUs;
  const now = engine.evaluator.signalTime(engine.evaluator.slotOfRule(rule), monoMs);
  return point.activeUs + Math.max(0, now - point.knownSince);
}
