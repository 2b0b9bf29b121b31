import type { Actor } from '@deungdae/contracts/event.ts';
import type { LimitSample } from '@deungdae/contracts/quality.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { qualityError } from './errors.ts';
import { dbOf, type QualityParts } from './parts.ts';

export type LimitSampleInput = Omit<LimitSample, 'id' | 'approvedBy' | 'validFrom'> & { id?: string | undefined };

/** Limit samples (한도견본) in force at `at`: how far a flaw may go, by picture. */
export async function listLimitSamples(
  parts: QualityParts,
  filter: { item?: string | undefined; defect?: string | undefined; limit: number },
  at: number,
): Promise<LimitSample[]> {
  let select = dbOf(parts)
    .selectFrom('qa_limit_samples')
    .select('data')
    .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>', at)]));
  if (filter.item !== undefined) select = select.where('item', '=', filter.item);
  if (filter.defect !== undefined) select = select.where('defect', '=', filter.defect);
  const rows = await select.orderBy('item').orderBy('id').limit(filter.limit).execute();
  return rows.map((r) => JSON.parse(r.data) as LimitSample);
}

export async function saveLimitSample(
  parts: QualityParts,
  tx: LedgerTx,
  input: LimitSampleInput,
  deed: { time: number; actor: Actor; name: string },
): Promise<LimitSample> {
  const db = dbOf(parts, tx);
  const known = input.id
    ? await db.selectFrom('qa_limit_samples').select('data').where('id', '=', input.id).executeTakeFirst()
    : undefined;
  if (input.id && !known) throw qualityError('quality.unknownLimitSample', { id: input.id }, { status: 404 });
  const before = known ? (JSON.parse(known.data) as LimitSample) : null;
  const sample: LimitSample = {
    ...input,
    id: before?.id ?? uuidv7(Math.floor(deed.time / 1000)),
    approvedBy: deed.name,
    validFrom: before?.validFrom ?? deed.time,
  };
  const row = {
    ...{ item: sample.item, defect: sample.defect, valid_from: sample.validFrom, valid_to: sample.validTo },
    data: JSON.stringify(sample),
  };
  await db
    .insertInto('qa_limit_samples')
    .values({ id: sample.id, ...row })
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute();
  await tx.emit({
    type: before ? 'limitSample.changed' : 'limitSample.approved',
    subject: `limitSample/${sample.id}`,
    actor: deed.actor,
    time: deed.time,
    data: { before, after: sample },
  });
  return sample;
}
