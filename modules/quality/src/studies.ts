import type { Actor } from '@deungdae/contracts/event.ts';
import type { MeasurementStudy } from '@deungdae/contracts/quality.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { attributeAgreement } from '@deungdae/statistics/attribute-agreement.ts';
import { type CrossedStudy, gageAnova, gageRange } from '@deungdae/statistics/gage-rr.ts';
import { qualityError } from './errors.ts';
import { dayCode, dbOf, type QualityParts } from './parts.ts';
import { nextNumber } from './store.ts';

/** Written into every result, so that a figure of years ago says how it came about. */
const methodVersion = '1';

export type StudyInput = Omit<
  MeasurementStudy,
  'id' | 'number' | 'createdAt' | 'createdBy' | 'result' | 'version' | 'warnings'
> & { id?: string | undefined };

/** Figures and warnings of a study; result null while a cell is empty. Pure. */
function evaluate(study: StudyInput): Pick<MeasurementStudy, 'result' | 'warnings'> {
  checkShape(study);
  const { values } = study;
  if (values.some((part) => part.some((cell) => cell.some((v) => v === null)))) return { result: null, warnings: [] };
  const full = values as CrossedStudy;
  const width = study.lower !== null && study.upper !== null ? study.upper - study.lower : null;
  const warnings: string[] = [];
  if (study.kind === 'attribute') {
    const decisions = study.operators.map((_, o) =>
      Array.from({ length: study.trials }, (_x, t) => full.map((part) => part[o]![t]!)),
    );
    if (study.parts.length < 20) warnings.push('fewParts');
    return { result: { ...attributeAgreement({ reference: study.reference, decisions }) }, warnings };
  }
  if (study.parts.length < 5) warnings.push('fewParts');
  const byRange = gageRange(full, width);
  if (byRange.outOfControl.length > 0) warnings.push('rangeOutOfControl');
  if (byRange.rBarBar === 0) warnings.push('noResolution');
  if (study.kind === 'gageRange') return { result: { ...byRange }, warnings };
  const { outOfControl, rangeLimit } = byRange;
  const pool = study.pool === null ? {} : { pool: study.pool };
  const anova = gageAnova(full, { alpha: study.alpha, toleranceWidth: width, ...pool });
  return { result: { ...anova, outOfControl, rangeLimit }, warnings };
}

function checkShape(study: StudyInput): void {
  const { parts, operators, trials, values, reference } = study;
  const wrong = (detail: string) => qualityError('quality.studyShape', { detail }, { status: 400 });
  const fits =
    values.length === parts.length &&
    values.every((part) => part.length === operators.length && part.every((cell) => cell.length === trials));
  if (!fits) throw wrong(`${parts.length} × ${operators.length} × ${trials}`);
  if (study.kind !== 'attribute') return;
  if (reference && reference.length !== parts.length) throw wrong(`reference ${reference.length} ≠ ${parts.length}`);
  if (values.flat(2).some((v) => v !== null && v !== 0 && v !== 1)) throw wrong('0 / 1');
}

/** Keeps a study; one that has its result stays as it is. */
export async function saveStudy(
  parts: QualityParts,
  tx: LedgerTx,
  input: StudyInput,
  deed: { time: number; actor: Actor; name: string },
): Promise<MeasurementStudy> {
  const db = dbOf(parts, tx);
  const before = input.id ? await findStudy(parts, input.id, tx) : null;
  if (before?.result) throw qualityError('quality.studyDone', { number: before.number }, { status: 409 });
  const study: MeasurementStudy = {
    ...input,
    ...evaluate(input),
    id: before?.id ?? uuidv7(Math.floor(deed.time / 1000)),
    number: before?.number ?? (await nextNumber(db, `MS-${dayCode(deed.time, parts.timeZone())}`)),
    createdAt: before?.createdAt ?? deed.time,
    createdBy: before?.createdBy ?? deed.name,
    version: methodVersion,
  };
  const row = { kind: study.kind, gauge: study.gauge, data: JSON.stringify(study) };
  await db
    .insertInto('qa_studies')
    .values({ id: study.id, number: study.number, created_at: study.createdAt, ...row })
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute();
  await tx.emit({
    type: study.result ? 'study.evaluated' : 'study.saved',
    subject: `study/${study.id}`,
    actor: deed.actor,
    time: deed.time,
    data: { number: study.number, kind: study.kind, gauge: study.gauge, warnings: study.warnings },
  });
  return study;
}

export async function findStudy(parts: QualityParts, id: string, tx?: LedgerTx): Promise<MeasurementStudy> {
  const row = await dbOf(parts, tx)
    .selectFrom('qa_studies')
    .select('data')
    .where((eb) => eb.or([eb('id', '=', id), eb('number', '=', id)]))
    .executeTakeFirst();
  if (!row) throw qualityError('quality.unknownStudy', { id }, { status: 404 });
  return JSON.parse(row.data) as MeasurementStudy;
}

export async function listStudies(parts: QualityParts, gauge: string | undefined, limit: number) {
  let select = dbOf(parts).selectFrom('qa_studies').select('data');
  if (gauge !== undefined) select = select.where('gauge', '=', gauge);
  const rows = await select.orderBy('created_at', 'desc').limit(limit).execute();
  return rows.map((r) => JSON.parse(r.data) as MeasurementStudy);
}
