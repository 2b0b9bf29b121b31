import { daysBetween } from '@deungdae/kernel/calendar.ts';
import { inventoryError } from './errors.ts';
import type { Db } from './schema.ts';

/** What gets a number of its own. */
type Numbered = 'lot' | 'serial' | 'container' | 'shipment' | 'count';
export type NumberingRules = Record<Numbered, string>;

/** `{yy}{MM}{dd}` of the plant day, `{item}`, and one place for the serial, as many digits as it has zeros. */
export const defaultRules: NumberingRules = {
  lot: 'L{yy}{MM}{dd}-{0000}',
  serial: 'S{yy}{MM}{dd}-{00000}',
  container: 'B{yy}{MM}{dd}-{0000}',
  shipment: 'SH{yy}{MM}{dd}-{000}',
  count: 'CT{yy}{MM}{dd}-{00}',
};

const hole = /\{(yyyy|yy|MM|dd|item|0+)\}/g;
const serialHole = /\{0+\}/g;
/** Printed, scanned and typed: no blanks, no characters that a wedge or a URL changes. */
export const numberPattern = /^[\p{L}\p{N}](?:[\p{L}\p{N}._/-]{0,39})$/u;

/** Throws `inventory.numberingRule`. */
export function checkRule(rule: string): void {
  const fail = (detail: string) => inventoryError('inventory.numberingRule', { rule, detail }, { status: 400 });
  const serials = rule.match(serialHole) ?? [];
  if (serials.length !== 1) throw fail('one {0000} is needed');
  const sample = rule.replace(hole, (_, name: string) => (name.startsWith('0') ? name : name === 'item' ? 'A' : name));
  if (!numberPattern.test(sample)) throw fail(sample);
  if (rule.startsWith('lot-')) throw fail('may not begin with lot-');
}

/** The number of a serial under a rule; a serial with more digits than the rule has simply is longer. */
function writeNumber(rule: string, day: string, item: string, serial: number): string {
  return rule.replace(hole, (_, name: string) => {
    if (name === 'yyyy') return day.slice(0, 4);
    if (name === 'yy') return day.slice(2, 4);
    if (name === 'MM') return day.slice(5, 7);
    if (name === 'dd') return day.slice(8, 10);
    if (name === 'item') return item.replace(/[^\p{L}\p{N}._/-]/gu, '-');
    return String(serial).padStart(name.length, '0');
  });
}

let lastDay = { zone: '', day: '', from: 0, to: 0 };

/** The plant day of a moment, yyyy-mm-dd. */
export function plantDay(timeUs: number, timeZone: string): string {
  if (lastDay.zone !== timeZone || timeUs < lastDay.from || timeUs >= lastDay.to)
    lastDay = { zone: timeZone, ...daysBetween(timeZone, timeUs, timeUs + 1)[0]! };
  return lastDay.day;
}

/** When the plant day of a moment began, µs. What has a date is good through that day: it is past before this. */
export function plantDayBegin(timeUs: number, timeZone: string): number {
  plantDay(timeUs, timeZone);
  return lastDay.from;
}

/** yyyymmdd, as balances are kept. */
export function dayNumber(day: string): number {
  return Number(day.replaceAll('-', ''));
}

/** The next serial of a rule's day (and item): the counter's name is the number without its serial. */
export async function nextSerial(db: Db, rule: string, day: string, item: string): Promise<string> {
  const name = writeNumber(rule.replace(serialHole, '#'), day, item, 0);
  const row = await db
    .insertInto('inv_counters')
    .values({ name, last: 1 })
    .onConflict((c) => c.column('name').doUpdateSet((eb) => ({ last: eb('inv_counters.last', '+', 1) })))
    .returning('last')
    .executeTakeFirstOrThrow();
  return writeNumber(rule, day, item, row.last);
}
