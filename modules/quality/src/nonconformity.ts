import type { Actor } from '@deungdae/contracts/event.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { qualityError } from './errors.ts';
import type { NonconformityData } from './nonconformity-store.ts';
import { dayCode, dbOf, type QualityParts } from './parts.ts';
import { nextNumber } from './store.ts';

export interface OpenNonconformity {
  source: 'inspection' | 'production' | 'customer' | 'supplier' | 'audit';
  item: string;
  lots: readonly string[];
  defect: string | null;
  quantity: number;
  text: string;
  run?: string;
  machine?: string | null;
  partner?: string;
  partnerReference?: string;
  inspection?: string;
  gauge?: string;
  dueAt?: number;
  pictures?: readonly string[];
  time: number;
  actor: Actor;
}

/** Lots of one nonconformity at most. */
const maxLots = 500;

/** Opens a nonconformity; its lots are held in the same transaction, so that none can be issued or shipped. */
export async function openNonconformity(
  parts: QualityParts,
  tx: LedgerTx,
  input: OpenNonconformity,
): Promise<{ id: string; number: string }> {
  if (input.lots.length > maxLots) throw qualityError('quality.tooMany', { limit: maxLots }, { status: 400 });
  const db = dbOf(parts, tx);
  const { time, actor } = input;
  const id = uuidv7(Math.floor(time / 1000));
  const number = await nextNumber(db, `NC-${dayCode(time, parts.timeZone())}`);
  await db
    .insertInto('qa_nonconformities')
    .values({
      ...{ id, number, source: input.source, status: 'open', item: input.item, defect: input.defect },
      ...{ partner: input.partner ?? null, run: input.run ?? null, opened_at: time, closed_at: null },
      due_at: input.dueAt ?? null,
      data: JSON.stringify({
        ...{ text: input.text, quantity: input.quantity, inspection: input.inspection ?? null, openedBy: actor.id },
        ...{
          partnerReference: input.partnerReference ?? null,
          gauge: input.gauge ?? null,
          machine: input.machine ?? null,
        },
        ...{ pictures: [...(input.pictures ?? [])], decisions: [], eightD: null },
      } satisfies NonconformityData),
    })
    .execute();
  await holdLots(parts, tx, { id, number }, input.lots, time, actor);
  await tx.emit({
    type: 'nonconformity.opened',
    subject: `nonconformity/${id}`,
    actor,
    time,
    data: {
      ...{ number, source: input.source, item: input.item, defect: input.defect, quantity: input.quantity },
      ...{ lots: input.lots, run: input.run ?? null, inspection: input.inspection ?? null, text: input.text },
    },
  });
  return { id, number };
}

/** Holds lots under a nonconformity, those too that it let go before; one that it holds already is left as it is. */
export async function holdLots(
  parts: QualityParts,
  tx: LedgerTx,
  nonconformity: { id: string; number: string },
  lots: readonly string[],
  time: number,
  actor: Actor,
): Promise<void> {
  const db = dbOf(parts, tx);
  for (const name of new Set(lots)) {
    const lot = await parts.inventory.lot(name, tx);
    if (!lot) throw qualityError('quality.unknownLot', { lot: name }, { status: 404 });
    const there = await db
      .selectFrom('qa_nonconformity_lots')
      .select('released_at')
      .where('nonconformity', '=', nonconformity.id)
      .where('lot', '=', lot.id)
      .executeTakeFirst();
    if (there && there.released_at === null) continue;
    const reference = `nonconformity/${nonconformity.id}`;
    const { hold } = await parts.inventory.hold(tx, {
      ...{ lot: lot.id, reason: `nonconformity:${nonconformity.number}`, reference, time, actor },
    });
    await db
      .insertInto('qa_nonconformity_lots')
      .values({ nonconformity: nonconformity.id, lot: lot.id, lot_number: lot.number, hold, released_at: null })
      .onConflict((c) => c.columns(['nonconformity', 'lot']).doUpdateSet({ hold, released_at: null }))
      .execute();
  }
}
