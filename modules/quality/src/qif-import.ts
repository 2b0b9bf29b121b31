import type { Actor } from '@deungdae/contracts/event.ts';
import type { InspectionResult, InspectionStage } from '@deungdae/contracts/inspection.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { type PlanCharacteristic, withinLimits } from './domain/verdict.ts';
import { dayCode, dbOf, type QualityParts } from './parts.ts';
import type { QifCharacteristic, QifResults } from './qif.ts';
import { insertInspection, nextNumber, type StoredInspection, upsertResults } from './store.ts';

export interface QifImport {
  added: number;
  same: number;
  values: number;
  inspections: { id: string; number: string; part: string }[];
  problems: { part: string; characteristic: string; text: string }[];
}

interface Input {
  xml: string;
  item: string;
  stage: InspectionStage;
  machine?: string | undefined;
  time: number;
  actor: Actor;
}

/**
 * Each measured part becomes a finished inspection under the plan `QIF <item>`, whose characteristics are the file's.
 * The file's own verdict on a value stands (it knows of bonus tolerances); where it contradicts the limits it is listed.
 */
export async function importQif(parts: QualityParts, tx: LedgerTx, input: Input): Promise<QifImport> {
  const { readQif } = await import('./qif.ts');
  const file = readQif(input.xml);
  const db = dbOf(parts, tx);
  const measuredAt = file.createdAt === null ? Number.NaN : Date.parse(file.createdAt) * 1000;
  const base = Number.isFinite(measuredAt) ? Math.min(measuredAt, input.time) : input.time;
  const report: QifImport = { added: 0, same: 0, values: 0, inspections: [], problems: [] };
  const characteristics = file.characteristics.map(toCharacteristic);
  for (const [index, part] of file.parts.entries()) {
    const askKey = `qif|${file.id}|${part.id}|${input.item}`;
    const known = await db
      .selectFrom('qa_inspections')
      .select(['id', 'number'])
      .where('ask_key', '=', askKey)
      .executeTakeFirst();
    if (known) {
      report.same++;
      report.inspections.push({ ...known, part: part.id });
      continue;
    }
    // Parts keep the file's order on a chart: one microsecond apart.
    const inspection = await oneInspection(parts, tx, { ...input, askKey, characteristics, part, time: base + index });
    report.problems.push(...contradictions(part, characteristics, inspection.results));
    report.added++;
    report.values += inspection.results.length;
    report.inspections.push({ id: inspection.id, number: inspection.number, part: part.id });
  }
  if (report.added > 0)
    await tx.emit({
      type: 'inspection.imported',
      subject: `item/${input.item}`,
      actor: input.actor,
      data: { file: file.id, added: report.added, values: report.values, problems: report.problems.length },
    });
  return report;
}

function toCharacteristic(c: QifCharacteristic): PlanCharacteristic {
  return {
    ...{ id: c.name, name: c.name, kind: 'variable', critical: false, samples: 1, required: 1, rules: ['n1'] },
    ...(c.unit === null ? {} : { unit: c.unit }),
    ...(c.nominal === null ? {} : { nominal: c.nominal }),
    ...(c.lower === null ? {} : { lower: c.lower }),
    ...(c.upper === null ? {} : { upper: c.upper }),
    ...(c.bonus ? { method: 'bonus' } : {}),
  };
}

async function oneInspection(
  parts: QualityParts,
  tx: LedgerTx,
  input: Omit<Input, 'xml'> & {
    askKey: string;
    characteristics: PlanCharacteristic[];
    part: QifResults['parts'][number];
  },
): Promise<StoredInspection> {
  const db = dbOf(parts, tx);
  const { part, characteristics, time } = input;
  const byId = new Map(characteristics.map((c) => [c.id, c]));
  const results = part.values.map(
    ({ characteristic, value, pass }): InspectionResult => ({
      ...{ characteristic, sample: 1, value, gauge: null, source: 'import', count: 1, time },
      pass: pass ?? withinLimits(byId.get(characteristic)!, value),
    }),
  );
  const inspection: StoredInspection = {
    id: uuidv7(Math.floor(time / 1000)),
    number: await nextNumber(db, `QI-${dayCode(time, parts.timeZone())}`),
    ...{ askKey: input.askKey, stage: input.stage, plan: `QIF ${input.item}`.slice(0, 60), planName: 'QIF' },
    ...{ planRevision: '', item: input.item, operation: null, lot: null, lotNumber: null, run: null },
    ...{ workOrder: null, machine: input.machine ?? null, supplier: null, status: 'done' },
    verdict: results.every((r) => r.pass) ? 'accepted' : 'rejected',
    ...{ lotSize: 1, sampleSize: 1, acceptance: 0, severity: null, codeLetter: null },
    ...{ askedAt: time, dueAt: null, doneAt: time, inspector: input.actor.id, note: part.id, nonconformity: null },
    ...{ characteristics, results, hold: null },
  };
  await insertInspection(db, inspection);
  await upsertResults(db, inspection, results, time);
  return inspection;
}

function contradictions(
  part: QifResults['parts'][number],
  characteristics: readonly PlanCharacteristic[],
  results: readonly InspectionResult[],
): QifImport['problems'] {
  return results.flatMap((r) => {
    const c = characteristics.find((one) => one.id === r.characteristic)!;
    if (r.pass === withinLimits(c, r.value!)) return [];
    const limits = `${c.lower ?? '…'} – ${c.upper ?? '…'}`;
    return [{ part: part.id, characteristic: c.name, text: `${r.value}: ${r.pass ? 'PASS' : 'FAIL'}, ${limits}` }];
  });
}
