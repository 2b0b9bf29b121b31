import type { AlarmPriority } from '@deungdae/contracts/alarm.ts';
import type { AlarmKpis } from '@deungdae/contracts/api-entities.ts';
import { floodsOf, floodWindowUs } from './floods.ts';

/** One coming of an alarm, µs. */
export interface Occurrence {
  alarm: string;
  rule: string;
  name: string;
  priority: AlarmPriority;
  raisedAt: number;
  /** Null while it stands. */
  clearedAt: number | null;
  /** How long the condition was known to hold; gaps are not in it. */
  activeUs: number;
  /** False when it came while shelved, suppressed or out of service: its time counts, it does not. */
  annunciated: boolean;
}

const chatterCount = 3;
const chatterUs = 60_000_000;
const staleUs = 24 * 3_600_000_000;

/**
 * The figures of kpi.md §8 for [from, to). `occurrences`: all that were raised before `to` and not over before `from`.
 * Chattering: three times within a minute. Stale: standing for more than 24 h at `to`. Pure.
 */
export function alarmKpis(from: number, to: number, occurrences: readonly Occurrence[]): AlarmKpis {
  const came = occurrences
    .filter((o) => o.annunciated && o.raisedAt >= from && o.raisedAt < to)
    .sort((a, b) => a.raisedAt - b.raisedAt);
  const times = came.map((o) => o.raisedAt);
  const floods = floodsOf(times).map((f) => ({ ...f, to: Math.min(f.to, to) }));
  const standing = occurrences.filter((o) => o.raisedAt < to && (o.clearedAt === null || o.clearedAt >= to));
  const pareto = paretoOf(from, to, occurrences);
  const top = pareto.slice(0, 10).reduce((sum, p) => sum + p.count, 0);
  const byPriority: Record<AlarmPriority, number> = { low: 0, medium: 0, high: 0, critical: 0 };
  for (const o of came) byPriority[o.priority]++;
  return {
    from,
    to,
    total: came.length,
    perTenMinutes: to > from ? came.length / ((to - from) / floodWindowUs) : 0,
    bins: binsOf(from, times),
    largestTenMinuteWindow: largestWindow(times),
    floods,
    floodShare: to > from ? floods.reduce((sum, f) => sum + f.to - f.from, 0) / (to - from) : 0,
    topTenShare: came.length > 0 ? top / came.length : null,
    pareto,
    chattering: chatteringOf(came),
    stale: [...new Set(standing.filter((o) => to - o.raisedAt > staleUs).map((o) => o.rule))].sort(),
    standing: standing.length,
    byPriority,
  };
}

/** Fixed ten-minute bins from `from`; empty ones are left out. */
function binsOf(from: number, times: readonly number[]): { from: number; count: number }[] {
  const counts = new Map<number, number>();
  for (const time of times) {
    const bin = from + Math.floor((time - from) / floodWindowUs) * floodWindowUs;
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return [...counts].map(([start, count]) => ({ from: start, count }));
}

/** Most alarms in any window [t, t + 10 min). */
export function largestWindow(times: readonly number[]): number {
  let tail = 0;
  let largest = 0;
  for (let i = 0; i < times.length; i++) {
    while (times[tail]! <= times[i]! - floodWindowUs) tail++;
    largest = Math.max(largest, i - tail + 1);
  }
  return largest;
}

function paretoOf(from: number, to: number, occurrences: readonly Occurrence[]): AlarmKpis['pareto'] {
  const bars = new Map<string, AlarmKpis['pareto'][number]>();
  for (const o of occurrences) {
    let bar = bars.get(o.alarm);
    if (!bar) {
      bar = { rule: o.rule, name: o.name, count: 0, activeMs: 0 };
      bars.set(o.alarm, bar);
    }
    if (o.annunciated && o.raisedAt >= from && o.raisedAt < to) bar.count++;
    const overlap = Math.min(o.clearedAt ?? to, to) - Math.max(o.raisedAt, from);
    bar.activeMs += Math.max(0, Math.min(o.activeUs, overlap)) / 1000;
  }
  return [...bars.values()]
    .filter((bar) => bar.count > 0 || bar.activeMs > 0)
    .sort((a, b) => b.count - a.count || b.activeMs - a.activeMs || (a.rule < b.rule ? -1 : 1));
}

function chatteringOf(came: readonly Occurrence[]): string[] {
  const recent = new Map<string, number[]>();
  const found = new Set<string>();
  for (const o of came) {
    const times = recent.get(o.alarm) ?? [];
    times.push(o.raisedAt);
    if (times.length > chatterCount) times.shift();
    recent.set(o.alarm, times);
    if (times.length === chatterCount && o.raisedAt - times[0]! <= chatterUs) found.add(o.rule);
  }
  return [...found].sort();
}
