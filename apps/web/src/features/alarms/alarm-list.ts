import type { Alarm } from '@deungdae/contracts/api-entities.ts';
import { prioritiesByUrgency } from '../../ui/urgency.ts';

export type Shelf = 'open' | 'aside';

/** Alarms that a person must see now, or those put aside (shelved, suppressed, out of service). */
export function onShelf(alarm: Alarm, shelf: Shelf): boolean {
  const aside = alarm.state === 'shelved' || alarm.state === 'suppressedByDesign' || alarm.state === 'outOfService';
  return alarm.state !== 'normal' && (shelf === 'aside') === aside;
}

export function isWaiting(alarm: Alarm): boolean {
  return alarm.state === 'unacknowledged' || alarm.state === 'returnedUnacknowledged';
}

/** Waiting before seen, urgent before low, new before old. */
export function compareAlarms(a: Alarm, b: Alarm): number {
  return (
    Number(isWaiting(b)) - Number(isWaiting(a)) ||
    prioritiesByUrgency.indexOf(a.priority) - prioritiesByUrgency.indexOf(b.priority) ||
    b.raisedAt - a.raisedAt
  );
}

export interface Row {
  alarm: Alarm;
  /** The others of its flood, when it stands for them all. */
  folded: Alarm[];
}

/** A flood becomes one row with its most urgent alarm in front; an opened one shows all. */
export function foldFloods(alarms: readonly Alarm[], opened: ReadonlySet<string>): Row[] {
  const rows: Row[] = [];
  const floods = new Map<string, Row>();
  for (const alarm of [...alarms].sort(compareAlarms)) {
    const flood = alarm.flood;
    if (flood === null || opened.has(flood)) {
      rows.push({ alarm, folded: [] });
      continue;
    }
    const row = floods.get(flood);
    if (!row) {
      const first = { alarm, folded: [] };
      floods.set(flood, first);
      rows.push(first);
    } else row.folded.push(alarm);
  }
  return rows;
}

/** What the system itself notes stands there in Korean and English, with a dot between; a person's note stays whole. */
export function journalNote(row: { note: string; by: string | null }, language: string): string {
  const cut = row.note.indexOf(' · ');
  if (row.by !== null || cut < 0) return row.note;
  return language === 'ko' ? row.note.slice(0, cut) : row.note.slice(cut + 3);
}
