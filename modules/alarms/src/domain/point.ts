import { createHash } from 'node:crypto';
import type { AlarmPriority, AlarmState } from '@deungdae/contracts/alarm.ts';
import type { Alarm, AlarmJournalEntry } from '@deungdae/contracts/api-entities.ts';
import type { Condition } from '@deungdae/contracts/condition.ts';
import type { LocalText } from '@deungdae/contracts/text.ts';
import type { CompiledRule } from './rule-set.ts';
import { type AlarmEvent, type Holds, step } from './state-table.ts';

/**
 * One alarm of the plant: a rule, and for conditions one native code of it. It stays the same alarm however often it
 * comes; the journal holds each coming and going.
 */
export interface AlarmPoint {
  id: string;
  rule: string;
  code: string;
  equipment: string;
  signal: string;
  name: LocalText;
  message: string;
  action: LocalText | null;
  priority: AlarmPriority;
  state: AlarmState;
  active: boolean;
  holds: Holds;
  /** µs; null until it came for the first time. */
  raisedAt: number | null;
  clearedAt: number | null;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  shelvedUntil: number | null;
  shelvedBy: string | null;
  shelveReason: string | null;
  value: number | string | null;
  occurrences: number;
  shiftFrom: number;
  flood: string | null;
  /** Time for which the condition was known to hold before `knownSince`, of the occurrence that stands. */
  activeUs: number;
  knownSince: number | null;
  gapSince: number | null;
}

export type JournalEvent = AlarmJournalEntry['event'];
/** A journal entry as stored: `activeUs` is known for `cleared` only. */
export type JournalRow = AlarmJournalEntry & { activeUs: number | null };

/** The same rule and code give the same id, on every start and in every replay. */
export function alarmId(rule: string, code: string): string {
  return createHash('sha256').update(`${rule}|${code}`).digest('hex').slice(0, 20);
}

export function newPoint(rule: CompiledRule, code: string): AlarmPoint {
  return {
    id: alarmId(rule.key, code),
    rule: rule.key,
    code,
    equipment: rule.signal.equipment,
    signal: rule.signal.path,
    name: rule.rule.name ?? rule.signal.label,
    message: '',
    action: rule.rule.action ?? null,
    priority: rule.rule.priority,
    state: 'normal',
    active: false,
    holds: { shelved: false, suppressed: false, outOfService: false },
    raisedAt: null,
    clearedAt: null,
    acknowledgedAt: null,
    acknowledgedBy: null,
    shelvedUntil: null,
    shelvedBy: null,
    shelveReason: null,
    value: null,
    occurrences: 0,
    shiftFrom: 0,
    flood: null,
    activeUs: 0,
    knownSince: null,
    gapSince: null,
  };
}

const eventNames: Record<AlarmEvent, JournalEvent> = {
  condition: 'raised',
  clear: 'cleared',
  acknowledge: 'acknowledged',
  shelve: 'shelved',
  unshelve: 'unshelved',
  suppress: 'suppressed',
  unsuppress: 'unsuppressed',
  removeFromService: 'removedFromService',
  returnToService: 'returnedToService',
};

export interface Happening {
  event: AlarmEvent;
  /** µs: of the sample for what the process does, of the clock for what people do. */
  time: number;
  by?: string;
  note?: string;
  /** For `shelve`. */
  until?: number;
}

/** Changes the point and gives the journal entry; null when the state table has no such pair. */
export function happen(point: AlarmPoint, happening: Happening): JournalRow | null {
  const { event, time, by = null, note = '' } = happening;
  const next = step(point, event);
  if (!next) return null;
  const from = point.state;
  point.state = next.state;
  point.active = next.active;
  point.holds = next.holds;
  if (event === 'condition') {
    point.raisedAt = time;
    point.clearedAt = null;
    point.acknowledgedAt = null;
    point.acknowledgedBy = null;
  } else if (event === 'clear') point.clearedAt = time;
  else if (event === 'acknowledge') {
    point.acknowledgedAt = time;
    point.acknowledgedBy = by;
  } else if (event === 'shelve') {
    point.shelvedUntil = happening.until ?? null;
    point.shelvedBy = by;
    point.shelveReason = note;
  } else if (event === 'unshelve') {
    point.shelvedUntil = null;
    point.shelvedBy = null;
    point.shelveReason = null;
  }
  return {
    id: `${point.id}-${time}-${eventNames[event]}`,
    alarm: point.id,
    rule: point.rule,
    equipment: point.equipment,
    time,
    event: eventNames[event],
    from,
    to: point.state,
    priority: point.priority,
    message: point.message,
    by,
    note,
    activeUs: event === 'clear' ? point.activeUs : null,
  };
}

export function toAlarm(point: AlarmPoint): Alarm {
  const {
    code: _code,
    holds: _holds,
    shiftFrom: _shift,
    activeUs: _active,
    knownSince: _known,
    gapSince,
    ...rest
  } = point;
  return {
    ...rest,
    message:
      gapSince === null ? point.message : `${point.message} (연결 끊김, 상태 모름 · disconnected, state unknown)`,
    raisedAt: point.raisedAt ?? 0,
  };
}

const lower: Record<AlarmPriority, AlarmPriority> = { critical: 'high', high: 'medium', medium: 'low', low: 'low' };

/** FAULT has the rule's priority, WARNING the next lower one. */
export function priorityOf(rule: CompiledRule, condition: Condition | null): AlarmPriority {
  return condition?.level === 'WARNING' ? lower[rule.rule.priority] : rule.rule.priority;
}

/** What happened, in figures and in the machine's own words; words of ours in both languages. */
export function messageOf(rule: CompiledRule, value: number | string | null, condition: Condition | null): string {
  const unit = rule.signal.unit ? ` ${rule.signal.unit}` : '';
  const shown = typeof value === 'number' ? Number(value.toPrecision(6)) : value;
  switch (rule.rule.type) {
    case 'condition':
      return [condition?.nativeCode, condition?.text].filter(Boolean).join(' ') || (condition?.level ?? '');
    case 'high':
      return `${shown} > ${rule.limit}${unit}`;
    case 'low':
      return `${shown} < ${rule.limit}${unit}`;
    case 'rate':
      return `${shown} > ${rule.limit}${unit}/s`;
    case 'stale':
      return `${rule.afterUs / 1e6}초 동안 새 값 없음 · no fresh value for ${rule.afterUs / 1e6} s`;
    case 'equals':
      return `= ${shown}`;
  }
}

const rank: Record<AlarmPriority, number> = { critical: 0, high: 1, medium: 2, low: 3 };
const held: Partial<Record<AlarmState, true>> = { shelved: true, suppressedByDesign: true, outOfService: true };

/** Whether the operator is shown it as an alarm. */
export function isAnnunciated(point: AlarmPoint): boolean {
  return point.state !== 'normal' && !held[point.state];
}

/** What needs a person first: annunciated before held, unacknowledged before acknowledged, priority, newest. */
export function byUrgency(a: AlarmPoint, b: AlarmPoint): number {
  return (
    Number(isAnnunciated(b)) - Number(isAnnunciated(a)) ||
    Number(a.state === 'acknowledged') - Number(b.state === 'acknowledged') ||
    rank[a.priority] - rank[b.priority] ||
    (b.raisedAt ?? 0) - (a.raisedAt ?? 0) ||
    (a.id < b.id ? -1 : 1)
  );
}
