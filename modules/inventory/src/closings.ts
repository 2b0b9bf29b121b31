import type { ClosingCheck, StockClosing, StockPeriod } from '@deungdae/contracts/api-inventory.ts';
import { daysBetween } from '@deungdae/kernel/calendar.ts';
import type { z } from 'zod';
import type { Work } from './core.ts';
import { inventoryError } from './errors.ts';
import type { Reader } from './lot-store.ts';
import { dayNumber, plantDay } from './numbering.ts';
import type { InventoryTables } from './schema.ts';
import { isBalanced } from './stock-ledger.ts';

type ClosingRow = InventoryTables['inv_closings'];
type ClosingOut = z.output<typeof StockClosing>;
type PeriodOut = z.output<typeof StockPeriod>;
type Obstacle = z.output<typeof ClosingCheck>['obstacles'][number];

const mostClosings = 500;
/** Things that an obstacle names. */
const named = 10;

const dayText = (day: number) => String(day).replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3');

export async function closings(db: Reader): Promise<ClosingRow[]> {
  return db.selectFrom('inv_closings').selectAll().orderBy('key', 'desc').limit(mostClosings).execute();
}

export function closingOut(row: ClosingRow): ClosingOut {
  return {
    id: String(row.key),
    day: dayText(row.day),
    at: row.at,
    by: row.actor,
    name: row.name ?? row.actor,
    note: row.note ?? '',
    reopenedAt: row.reopened_at,
    reopenedBy: row.reopened_name ?? row.reopened_by,
    reopenReason: row.reopen_reason,
  };
}

/** Last day that is closed now, yyyymmdd; 0 when none is. */
const closedUpTo = (rows: readonly ClosingRow[]) =>
  Math.max(0, ...rows.filter((r) => r.reopened_at === null).map((r) => r.day));

/** Months from the one of `today` back to the first movement, at most `limit`. A closing stands in the month of its day. */
export async function periods(db: Reader, today: string, timeZone: string, limit: number): Promise<PeriodOut[]> {
  const first = await db
    .selectFrom('inv_daily')
    .select((eb) => eb.fn.min('day').as('day'))
    .executeTakeFirst();
  const rows = await closings(db);
  const closed = closedUpTo(rows);
  const found: PeriodOut[] = [];
  let month = today.slice(0, 7);
  const begin = first?.day ? dayText(Number(first.day)).slice(0, 7) : month;
  for (; month >= begin && found.length < limit; month = monthBefore(month)) {
    const [from, to] = [`${month}-01`, lastDay(month)];
    const [low, high] = [dayNumber(from), dayNumber(to)];
    const moved = await db
      .selectFrom('inv_movements')
      .select((eb) => eb.fn.countAll().as('n'))
      .where('time', '>=', hoursOf(from, timeZone).from)
      .where('time', '<', hoursOf(to, timeZone).to)
      .executeTakeFirst();
    const own = rows.filter((r) => r.day >= low && r.day <= high);
    const open = own.some((r) => r.reopened_at !== null) ? 'reopened' : 'open';
    found.push({
      from,
      to,
      status: closed >= high ? 'closed' : to >= today ? 'running' : open,
      movements: Number(moved?.n ?? 0),
      closings: own.map(closingOut),
    });
  }
  return found;
}

function monthBefore(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7);
}

function lastDay(month: string): string {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** What stands against closing up to a day (yyyy-mm-dd). Only what `blocks` is in the way; the rest is to be known. */
export async function obstacles(db: Reader, day: string, today: string, timeZone: string): Promise<Obstacle[]> {
  const end = hoursOf(day, timeZone).to;
  const closed = closedUpTo(await closings(db));
  const found: Obstacle[] = [];
  const add = (kind: Obstacle['kind'], blocks: boolean, names: readonly string[], count = names.length) => {
    if (count > 0) found.push({ kind, blocks, count, names: names.slice(0, named) });
  };
  add('notOver', true, day >= today ? [day] : []);
  add('alreadyClosed', true, dayNumber(day) <= closed ? [dayText(closed)] : []);
  const negative = await db
    .selectFrom('inv_stock')
    .select(['item', 'place', 'quantity'])
    .where('quantity', '<', 0)
    .where('lot', '>', 0)
    .limit(1000)
    .execute();
  add(
    'negative',
    true,
    negative.filter((r) => !r.place.startsWith('@')).map((r) => `${r.item} ${r.place}`),
  );
  add('unbalanced', true, [], (await isBalanced(db)) ? 0 : 1);
  const counts = await db
    .selectFrom('inv_counts')
    .select('number')
    .where('status', '=', 'open')
    .where('frozen_at', '<', end)
    .limit(1000)
    .execute();
  add(
    'openCount',
    true,
    counts.map((c) => c.number),
  );
  const shipments = await db
    .selectFrom('inv_shipments')
    .select('number')
    .where('status', '=', 'open')
    .where('created_at', '<', end)
    .limit(1000)
    .execute();
  add(
    'openShipment',
    false,
    shipments.map((s) => s.number),
  );
  const waiting = await db
    .selectFrom('inv_lots')
    .innerJoin('inv_stock', 'inv_stock.lot', 'inv_lots.key')
    .select('inv_lots.number')
    .distinct()
    .where('inv_lots.status', '=', 'quarantine')
    .where('inv_lots.produced_at', '<', end)
    .where('inv_stock.quantity', '>', 0)
    .limit(1000)
    .execute();
  add(
    'quarantine',
    false,
    waiting.map((l) => l.number),
  );
  return found;
}

/** Begin and end of a plant day (yyyy-mm-dd), µs. */
function hoursOf(day: string, timeZone: string): { from: number; to: number } {
  const noon = (Date.parse(day) + 43_200_000) * 1000;
  return daysBetween(timeZone, noon - 86_400_000_000, noon + 86_400_000_000).find((d) => d.day === day)!;
}

/** Closes the stock up to a day in the name of a person. Throws `inventory.closingBlocked` with what is in the way. */
export async function close(work: Work, input: { day: string; note: string; name: string }): Promise<void> {
  const { parts, db, act } = work;
  const zone = parts.timeZone();
  const against = await obstacles(db, input.day, plantDay(parts.clock.nowUs(), zone), zone);
  const first = against.find((o) => o.blocks);
  if (first) {
    const [ko, en] = words[first.kind];
    const names = first.names.filter(Boolean).join(', ');
    const params = { day: input.day, ko, en, names: names === '' ? '' : ` (${names})` };
    throw inventoryError('inventory.closingBlocked', params, { status: 409 });
  }
  const day = dayNumber(input.day);
  await db
    .insertInto('inv_closings')
    .values({
      ...{ key: parts.keys.next(), day, at: act.time, actor: act.actor.id, name: input.name, note: input.note },
      ...{ reopened_at: null, reopened_by: null, reopened_name: null, reopen_reason: null },
    })
    .execute();
  await work.emit('stock.closed', 'stock', { day: input.day, name: input.name, note: input.note });
}

const words: Record<Obstacle['kind'], readonly [string, string]> = {
  notOver: ['그날이 아직 끝나지 않았습니다', 'that day is not over'],
  alreadyClosed: ['이미 마감되어 있습니다', 'it is closed already'],
  negative: ['0보다 적은 재고가 있습니다', 'stock is below nothing'],
  unbalanced: ['수불이 맞지 않습니다', 'the stock ledger does not balance'],
  openCount: ['끝나지 않은 재고실사가 있습니다', 'a stock count is open'],
  openShipment: ['나가지 않은 출하가 있습니다', 'a shipment has not left'],
  quarantine: ['검사 대기 로트가 있습니다', 'lots are in quarantine'],
};

/** Takes the last closing back. Throws `inventory.unknownClosing`, `inventory.laterClosing`. */
export async function reopen(work: Work, input: { id: string; reason: string; name: string }): Promise<void> {
  const rows = await closings(work.db);
  const row = rows.find((r) => String(r.key) === input.id);
  if (!row || row.reopened_at !== null) throw inventoryError('inventory.unknownClosing', {}, { status: 404 });
  const later = rows.find((r) => r.reopened_at === null && r.day > row.day);
  if (later)
    throw inventoryError(
      'inventory.laterClosing',
      { day: dayText(row.day), later: dayText(later.day) },
      { status: 409 },
    );
  await work.db
    .updateTable('inv_closings')
    .set({
      ...{ reopened_at: work.act.time, reopened_by: work.act.actor.id },
      ...{ reopened_name: input.name, reopen_reason: input.reason },
    })
    .where('key', '=', row.key)
    .execute();
  await work.emit('stock.reopened', 'stock', { closing: input.id, day: dayText(row.day), name: input.name });
}
