import type { ErpFile, ErpFileProblem } from '@deungdae/contracts/api-erp.ts';
import { advise, explain } from '@deungdae/kernel/errors.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { ErpTables, FileRowOfLedger } from '../schema.ts';
import type { Refusal } from './report.ts';

/** Problems kept in the ledger; the report beside the file has all of them. */
const problemsKept = 200;

export interface Outcome {
  kind: ErpFile['kind'];
  format: string | null;
  rows: number;
  added: number;
  changed: number;
  cancelled: number;
  same: number;
  refusals: readonly Refusal[];
}

export const nothingTaken = { rows: 0, added: 0, changed: 0, cancelled: 0, same: 0 };

/** All of it, some of it, or nothing of it was taken. Pure. */
export function stateOf({ refusals, ...sums }: Outcome): 'taken' | 'partly' | 'refused' {
  if (refusals.length === 0) return 'taken';
  return sums.added + sums.changed + sums.cancelled + sums.same > 0 ? 'partly' : 'refused';
}

/** Claims a file for reading: one row for a target, name and content, however often it comes. */
export async function claimFile(
  ledger: Ledger,
  row: Pick<FileRowOfLedger, 'id' | 'target' | 'name' | 'bytes' | 'hash' | 'at'>,
): Promise<FileRowOfLedger> {
  const fresh: FileRowOfLedger = {
    ...{ ...row, kind: null, format: null, state: 'taking', row_count: 0, added: 0, changed: 0, cancelled: 0 },
    ...{ same: 0, refused: 0, attempts: 0, problems: '[]', stored: '' },
  };
  return await ledger.transaction<ErpTables, FileRowOfLedger>(async (db) => {
    await db
      .insertInto('erp_files')
      .values(fresh)
      .onConflict((c) => c.column('id').doNothing())
      .execute();
    const known = await db.selectFrom('erp_files').selectAll().where('id', '=', row.id).executeTakeFirstOrThrow();
    if (known.state === 'taken') return known;
    const attempts = known.attempts + 1;
    await db.updateTable('erp_files').set({ state: 'taking', attempts }).where('id', '=', row.id).execute();
    return { ...known, state: 'taking', attempts };
  });
}

/** Writes what became of a file, with its event. */
export async function finishFile(
  ledger: Ledger,
  file: FileRowOfLedger,
  outcome: Outcome,
  about: { at: number; stored: string },
): Promise<FileRowOfLedger> {
  const { refusals, rows, ...sums } = outcome;
  const state = stateOf(outcome);
  const done: FileRowOfLedger = {
    ...{ ...file, ...sums, state, row_count: rows, refused: refusals.length, ...about },
    problems: JSON.stringify(refusals.slice(0, problemsKept).map(kept)),
  };
  const { id, ...change } = done;
  await ledger.transaction<ErpTables, void>(async (db, emit) => {
    await db.updateTable('erp_files').set(change).where('id', '=', id).execute();
    await emit({
      type: 'erp.fileTaken',
      subject: `erp/${file.target}`,
      actor: { kind: 'system', id: `erp/${file.target}` },
      data: { file: file.name, hash: file.hash, state, rows, ...sums, refused: refusals.length },
    });
  });
  return done;
}

/** Notes that a file came that was taken before. */
export async function noteKnown(ledger: Ledger, row: FileRowOfLedger): Promise<FileRowOfLedger> {
  await ledger.transaction<ErpTables, void>(async (db) => {
    await db.insertInto('erp_files').values(row).execute();
  });
  return row;
}

const kept = ({ row, name, error }: Refusal) => ({ row, code: name, error: error.code, params: error.params });

export function toFile(row: FileRowOfLedger, language: string): ErpFile {
  const problems = JSON.parse(row.problems) as ReturnType<typeof kept>[];
  return {
    ...{ id: row.id, target: row.target, name: row.name, bytes: row.bytes, kind: row.kind as ErpFile['kind'] },
    ...{ format: row.format, state: row.state as ErpFile['state'], at: row.at, rows: row.row_count },
    ...{ added: row.added, changed: row.changed, cancelled: row.cancelled, same: row.same, refused: row.refused },
    attempts: row.attempts,
    problems: problems.map(
      ({ params, ...p }): ErpFileProblem => ({
        ...p,
        message: explain(p.error, params, language),
        advice: advise(p.error, params, language),
      }),
    ),
  };
}
