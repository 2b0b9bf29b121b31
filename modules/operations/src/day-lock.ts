import { localText } from '@deungdae/contracts/text.ts';
import type { Context, Tx } from './context.ts';
import { operationsError } from './errors.ts';
import { shiftAt } from './shifts.ts';

/**
 * Refuses what happened in a shift whose daily report is locked (마감). What comes between two shifts belongs to the one
 * before. The caller holds the machine's lock, so that closing and a late entry cannot pass each other.
 */
export async function assertOpen(context: Context, tx: Tx, machine: string, time: number): Promise<void> {
  const model = context.deps.plant().equipment.get(machine);
  const shift = model ? shiftAt(model, time) : null;
  if (!shift) return;
  const closed = await tx.db
    .selectFrom('ops_reports')
    .select('status')
    .where('machine', '=', machine)
    .where('day', '=', shift.day)
    .where('shift', '=', shift.id)
    .where('status', '=', 'closed')
    .executeTakeFirst();
  if (closed)
    throw operationsError(
      'operations.dayClosed',
      { machine: context.machineName(machine), day: shift.day, shift: localText(shift.name, 'ko') },
      { status: 409 },
    );
}
