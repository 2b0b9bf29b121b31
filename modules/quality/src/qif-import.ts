import type { Actor } from '@deungdae/contracts/event.ts';
import type { InspectionResult, InspectionStage } from '@deungdae/contracts/inspection.ts';
import type { Lot } from '@deungdae/contracts/lot.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { type PlanCharacteristic, withinLimits } from './domain/verdict.ts';
import { qualityError } from './errors.ts';
import { openNonconformity } from './nonconformity.ts';
import { dayCode, dbOf, type QualityParts } from './parts.ts';
import type { QifCharacteristic, QifResults } from './qif.ts';
import {
  findInspection,
  findInspections,
  insertInspection,
  nextNumber,
  type StoredInspection,
  updateInspection,
  upsertResults,
} from './store.ts';

export interface QifImport {
  added: number;
  same: number;
  values: number;
  inspections: { id: string; number: string; part: string; lot: string | null }[];
  problems: { part: string; characteristic: string; text: string }[];
  /** Parts whose lot or serial number was not found. */
  unlinked: string[];
}

export interface QifSource {
  xml: string;
  item: string;
  /** Name of the file: where one file is one part, its name may be the serial number. */
  fileName?: string | undefined;
  /** Element that names the part; that of `readQif` when left out. */
  serialFrom?: string | undefined;
}

interface Input extends QifSource {
  stage: InspectionStage;
  machine?: string | undefined;
  /** Lot or serial number of a part, chosen by a person; by the part's name. */
  links?: Readonly<Record<string, string>> | undefined;
  time: number;
  actor: Actor;
}

/** Element that stands for the name of the file. */
const fileElement = 'file';

interface NamedPart {
  /** What the chosen element says; the place in the file where it says nothing. */
  name: string;
  part: QifResults['parts'][number];
}

async function readParts(input: QifSource): Promise<{ file: QifResults; parts: NamedPart[] }> {
  const { readQif } = await import('./qif.ts');
  const file = readQif(input.xml);
  const base = (input.fileName ?? '').replace(/\.[^.]*$/, '').trim();
  if (base && file.parts.length === 1) file.parts[0]!.marks.set(fileElement, base);
  const { serialFrom } = input;
  const named = file.parts.map((part, i) => ({
    name: serialFrom === undefined ? part.id : (part.marks.get(serialFrom) ?? String(i + 1)),
    part,
  }));
  const unique = new Set(named.map((n) => n.name)).size === named.length;
  return { file, parts: unique ? named : named.map((n, i) => ({ ...n, name: `${n.name} (${i + 1})` })) };
}

/** The lot, or the serial, of the item that a part's name means; null when there is none. */
async function lotOf(parts: QualityParts, item: string, name: string, tx?: LedgerTx): Promise<Lot | null> {
  const lot = await parts.inventory.lot(name, tx).catch((error: unknown) => {
    if (error instanceof CodedError) return null;
    throw error;
  });
  return lot?.item === item ? lot : null;
}

/** Distinct values of the elements that most parts have: serial numbers are among them, or nowhere in the file. */
export async function previewQif(parts: QualityParts, input: QifSource) {
  const { file, parts: named } = await readParts(input);
  const values = new Map<string, string[]>();
  for (const { part } of named)
    for (const [element, value] of part.marks) values.set(element, [...(values.get(element) ?? []), value]);
  const elements = [...values].map(([name, all]) => {
    const distinct = new Set(all);
    return { name, parts: all.length, distinct: distinct.size, examples: [...distinct].slice(0, 3) };
  });
  const seen = await Promise.all(named.map(({ name }) => lotOf(parts, input.item, name)));
  return {
    file: file.id,
    createdAt: file.createdAt,
    characteristics: file.characteristics.length,
    elements,
    parts: named.map(({ name, part }, i) => ({ name, values: part.values.length, lot: seen[i]?.number ?? null })),
  };
}

/**
 * Each measured part becomes a finished inspection under the plan `QIF <item>`, whose characteristics are the file's.
 * The file's own verdict on a value stands (it knows of bonus tolerances); where it contradicts the limits it is listed.
 * A part is tied to the lot or serial that its name means; rejected ones of these are held. Sent again with better
 * names, parts that had no lot get theirs.
 */
export async function importQif(parts: QualityParts, tx: LedgerTx, input: Input): Promise<QifImport> {
  const { file, parts: named } = await readParts(input);
  const db = dbOf(parts, tx);
  const measuredAt = file.createdAt === null ? Number.NaN : Date.parse(file.createdAt) * 1000;
  const base = Number.isFinite(measuredAt) ? Math.min(measuredAt, input.time) : input.time;
  const report: QifImport = { added: 0, same: 0, values: 0, inspections: [], problems: [], unlinked: [] };
  const characteristics = file.characteristics.map(toCharacteristic);
  for (const [index, { name, part }] of named.entries()) {
    // By the file's own name of the part, so that another choice of the serial's element imports nothing twice.
    const askKey = `qif|${file.id}|${part.id}|${input.item}`;
    const lot = await lotOf(parts, input.item, input.links?.[name] ?? name, tx);
    const known = await db.selectFrom('qa_inspections').select('id').where('ask_key', '=', askKey).executeTakeFirst();
    let inspection: StoredInspection;
    if (known) {
      report.same++;
      inspection = (await findInspection(db, known.id))!;
      if (inspection.lot === null && lot) inspection = await tie(parts, tx, inspection, lot, input);
    } else {
      // Parts keep the file's order on a chart: one microsecond apart.
      const time = base + index;
      inspection = await oneInspection(parts, tx, { ...input, askKey, characteristics, part, name, time });
      report.problems.push(...contradictions(part, characteristics, inspection.results));
      report.added++;
      report.values += inspection.results.length;
      if (lot) inspection = await tie(parts, tx, inspection, lot, input);
    }
    if (inspection.lot === null) report.unlinked.push(name);
    report.inspections.push({
      ...{ id: inspection.id, number: inspection.number, part: name, lot: inspection.lotNumber },
    });
  }
  if (report.added > 0)
    await tx.emit({
      type: 'inspection.imported',
      subject: `item/${input.item}`,
      actor: input.actor,
      data: {
        ...{ file: file.id, added: report.added, values: report.values, problems: report.problems.length },
        unlinked: report.unlinked.length,
      },
    });
  return report;
}

/** Imported measurements that no lot or serial is known of, the newest first. */
export async function unlinkedInspections(
  parts: QualityParts,
  query: { item?: string | undefined; limit: number },
): Promise<StoredInspection[]> {
  let select = dbOf(parts)
    .selectFrom('qa_inspections')
    .select('id')
    .where('ask_key', 'like', 'qif|%')
    .where('lot', 'is', null);
  if (query.item !== undefined) select = select.where('item', '=', query.item);
  const ids = (await select.orderBy('asked_at', 'desc').limit(query.limit).execute()).map((r) => r.id);
  const found = await findInspections(dbOf(parts), ids);
  return found.sort((a, b) => b.askedAt - a.askedAt);
}

/** Says of which lot or serial an imported measurement is. Throws when it is known already, or the lot is another item's. */
export async function linkInspection(
  parts: QualityParts,
  tx: LedgerTx,
  input: { inspection: string; lot: string; time: number; actor: Actor },
): Promise<StoredInspection> {
  const inspection = await findInspection(dbOf(parts, tx), input.inspection);
  if (!inspection) throw qualityError('quality.unknownInspection', { id: input.inspection }, { status: 404 });
  const { number, item } = inspection;
  if (inspection.lot !== null || !inspection.askKey.startsWith('qif|'))
    throw qualityError('quality.linkedAlready', { number, lot: inspection.lotNumber ?? '–' }, { status: 409 });
  const lot = await parts.inventory.lot(input.lot, tx);
  if (!lot) throw qualityError('quality.unknownLot', { lot: input.lot }, { status: 404 });
  if (lot.item !== item)
    throw qualityError('quality.otherItem', { lot: lot.number, item: lot.item, wanted: item }, { status: 409 });
  return tie(parts, tx, inspection, lot, input);
}

/** A rejected part's lot is held, as after any other inspection. */
async function tie(
  parts: QualityParts,
  tx: LedgerTx,
  inspection: StoredInspection,
  lot: Lot,
  { time, actor }: { time: number; actor: Actor },
): Promise<StoredInspection> {
  let tied: StoredInspection = {
    ...inspection,
    ...{ lot: lot.id, lotNumber: lot.number, run: lot.run, workOrder: lot.workOrder },
  };
  await tx.emit({
    type: 'inspection.linked',
    subject: `inspection/${inspection.id}`,
    actor,
    time,
    data: { number: inspection.number, lot: lot.id, item: inspection.item, verdict: inspection.verdict },
  });
  if (inspection.verdict === 'rejected') {
    const failed = inspection.results.filter((r) => !r.pass).map((r) => r.characteristic);
    const opened = await openNonconformity(parts, tx, {
      ...{ source: 'inspection', item: inspection.item, lots: [lot.id], defect: null, quantity: 1 },
      ...{ text: `${inspection.number} ${inspection.planName}: ${[...new Set(failed)].join(', ')}`.slice(0, 4000) },
      ...(lot.run ? { run: lot.run } : {}),
      ...{ inspection: inspection.id, time, actor },
    });
    tied = { ...tied, nonconformity: opened.id };
  }
  await updateInspection(dbOf(parts, tx), tied);
  return tied;
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
    name: string;
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
    ...{ askedAt: time, dueAt: null, doneAt: time, inspector: input.actor.id, note: input.name, nonconformity: null },
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
