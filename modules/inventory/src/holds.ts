import { lotSubject, type Work } from './core.ts';
import { inventoryError } from './errors.ts';

/** Puts a hold on a lot; a lot can have several, each ended by itself. */
export async function hold(work: Work, input: { lot: string; reason: string }): Promise<{ hold: string }> {
  const row = await work.lot(input.lot);
  const key = work.parts.keys.next();
  await work.db
    .insertInto('inv_holds')
    .values({
      key,
      lot: row.key,
      reason: input.reason,
      reference: work.act.reference,
      since: work.act.time,
      ended_at: null,
    })
    .execute();
  await countHolds(work, row.key);
  await work.emit('lot.held', lotSubject(row), { number: row.number, hold: String(key), why: input.reason });
  return { hold: String(key) };
}

async function countHolds(work: Work, lot: number): Promise<number> {
  const open = await work.db
    .selectFrom('inv_holds')
    .select((eb) => eb.fn.countAll().as('n'))
    .where('lot', '=', lot)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  await work.db
    .updateTable('inv_lots')
    .set({ holds: Number(open.n) })
    .where('key', '=', lot)
    .execute();
  return Number(open.n);
}

/**
 * Ends one hold. Without `hold`: all holds of the act's reference (all of the lot when it has none), and the lot
 * leaves quarantine. Throws `inventory.unknownHold` when a named hold is not open.
 */
export async function release(work: Work, input: { lot: string; hold?: string }): Promise<void> {
  const row = await work.lot(input.lot);
  let update = work.db
    .updateTable('inv_holds')
    .set({ ended_at: work.act.time })
    .where('lot', '=', row.key)
    .where('ended_at', 'is', null);
  if (input.hold !== undefined) update = update.where('key', '=', Number(input.hold) || -1);
  else if (work.act.reference !== null) update = update.where('reference', '=', work.act.reference);
  const done = await update.executeTakeFirst();
  if (input.hold !== undefined && Number(done.numUpdatedRows) === 0)
    throw inventoryError('inventory.unknownHold', { hold: input.hold }, { status: 404 });
  const left = await countHolds(work, row.key);
  const cleared = input.hold === undefined && row.status === 'quarantine';
  if (cleared) await work.db.updateTable('inv_lots').set({ status: 'available' }).where('key', '=', row.key).execute();
  await work.emit('lot.released', lotSubject(row), { number: row.number, holdsLeft: left, outOfQuarantine: cleared });
}

/** For ever unusable, unless accepted again: `accept` takes it back. */
export async function setStatus(
  work: Work,
  input: { lot: string },
  status: 'available' | 'quarantine' | 'rejected',
): Promise<void> {
  const row = await work.lot(input.lot);
  await work.db.updateTable('inv_lots').set({ status }).where('key', '=', row.key).execute();
  const type = { available: 'lot.accepted', quarantine: 'lot.quarantined', rejected: 'lot.rejected' }[status];
  await work.emit(type, lotSubject(row), { number: row.number, item: row.item });
}
