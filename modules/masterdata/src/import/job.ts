import type { ImportDone, ImportJob, ImportPlan, ImportProblemOut } from '@deungdae/contracts/api-masterdata.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import { advise, type CodedError, explain, toCoded } from '@deungdae/kernel/errors.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger, LedgerTx, Transaction } from '@deungdae/ledger/ledger.ts';
import { showCell } from '@deungdae/tabular/cell.ts';
import { type Header, headerAt, headerFingerprint } from '@deungdae/tabular/header.ts';
import { openTable, type TableFile } from '@deungdae/tabular/open-table.ts';
import { columnName } from '@deungdae/tabular/xlsx-sheet.ts';
import type { ImportContext, ImportCounts, ImportProblem, ImportRow, ImportTarget } from '../import-target.ts';
import type { MasterTables } from '../schema.ts';
import { RowConverter } from './convert-row.ts';
import { importError } from './errors.ts';
import { checkMapping } from './mapping.ts';

export interface JobInput {
  kind: 'preview' | 'commit';
  /** Path and row of the uploaded file. */
  file: string;
  upload: MasterTables['md_import_files'];
  plan: ImportPlan;
  target: ImportTarget;
  actor: Actor;
  /** Of the person: texts of problems. */
  language: string;
  timeZone: string;
  nowUs: number;
  before: ImportDone | null;
}

export interface KeptProblem extends ImportProblem {
  value: string;
}

/** Problems that are kept of one run; the rest is counted. */
const maxKept = 100_000;
const maxShown = 1_000;
const batchRows = 500;

/** One check or import of one sheet. A check writes nothing; an import writes everything in one transaction, or nothing. */
export class Job {
  readonly #input: JobInput;
  readonly #ledger: Ledger;
  readonly #abort = new AbortController();
  readonly problems: KeptProblem[] = [];
  readonly #bad = new Set<number>();
  #header: Header | null = null;
  #state: ImportJob['state'] = 'running';
  #progress = 0;
  #rows = 0;
  #errors = 0;
  #warnings = 0;
  #counts: ImportCounts | null = null;
  #done: ImportDone | null = null;
  #error: CodedError | null = null;
  readonly finished: Promise<void>;

  constructor(input: JobInput, ledger: Ledger) {
    this.#input = input;
    this.#ledger = ledger;
    this.finished = this.#run().then(
      () => {
        this.#state = 'done';
      },
      (error) => {
        const stopped = this.#abort.signal.aborted;
        this.#state = stopped ? 'stopped' : 'failed';
        this.#error = stopped ? importError('import.stopped', {}, { status: 409 }) : toCoded(error, 'import.failed');
      },
    );
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  stop(): void {
    if (this.running) this.#abort.abort();
  }

  view(language: string): ImportJob {
    const error = this.#error;
    return {
      state: this.#state,
      kind: this.#input.kind,
      progress: this.#state === 'done' ? 1 : this.#progress,
      rows: this.#rows,
      badRows: this.#bad.size,
      counts: this.#counts,
      ...{ errors: this.#errors, warnings: this.#warnings },
      problems: this.problems.slice(0, maxShown).map((p) => this.show(p, language)),
      done: this.#done,
      before: this.#input.before,
      error: error && {
        code: error.code,
        message: explain(error.code, error.params, language),
        advice: advise(error.code, error.params, language),
        params: error.params,
      },
    };
  }

  /** A problem as a person sees it beside the sheet. */
  show(problem: KeptProblem, language: string): ImportProblemOut {
    const { plan, target } = this.#input;
    const own = Object.entries(plan.mapping.columns).find(([, id]) => id === problem.column);
    const index = own ? Number(own[0]) : null;
    const column = target.columns.find((c) => c.id === problem.column);
    const heading = this.#header?.columns.find((c) => c.index === index)?.name;
    const params = { value: problem.value, ...problem.params };
    return {
      row: problem.row,
      letter: index === null ? null : columnName(index),
      column: heading ?? (column ? (language === 'ko' ? column.name.ko : column.name.en) : null),
      value: problem.value,
      code: problem.code,
      message: explain(problem.code, params, language),
      advice: advise(problem.code, params, language),
      severity: problem.severity,
      nearest: problem.nearest ?? null,
    };
  }

  async #run(): Promise<void> {
    const { file, upload, plan, target, language, kind } = this.#input;
    checkMapping(plan.mapping, target, language);
    const table = await openTable(file, upload.name);
    try {
      const look = await this.#head(table);
      this.#header = headerAt(look, plan.header.top, plan.header.bottom);
      if (kind === 'preview') await this.#preview(table);
      else await this.#commit(table);
    } finally {
      await table.close();
    }
  }

  /** The rows down to the heading; the sheet is not read to its end for them. */
  async #head(table: TableFile) {
    const { plan } = this.#input;
    const head = [];
    for await (const rows of table.rows(plan.sheet, { abort: this.#abort.signal })) {
      head.push(...rows.filter((r) => r.row <= plan.header.bottom));
      if (rows.at(-1)!.row > plan.header.bottom) break;
    }
    const columns = Math.max(0, ...head.map((r) => r.cells.length));
    return { rows: head.length, columns, head, merges: [] };
  }

  async #preview(table: TableFile): Promise<void> {
    const run = await this.#input.target.begin(this.#context(null));
    for await (const batch of this.#batches(table, 0.9)) {
      run.bad?.(batch.bad);
      await run.rows(batch.good);
    }
    this.#counts = await run.end();
  }

  async #commit(table: TableFile): Promise<void> {
    const { plan, target, nowUs } = this.#input;
    // Read first, then write: nobody waits for the reading of a file.
    const rows: ImportRow[] = [];
    const bad: ImportRow[] = [];
    for await (const batch of this.#batches(table, 0.6)) {
      rows.push(...batch.good);
      bad.push(...batch.bad);
    }
    this.#refuseBad();
    await this.#ledger.transaction(async (db, emit) => {
      const tx: LedgerTx = { db, emit };
      const run = await target.begin(this.#context(tx));
      run.bad?.(bad);
      for (let i = 0; i < rows.length; i += batchRows) {
        this.#abort.signal.throwIfAborted();
        this.#progress = 0.6 + (0.3 * i) / rows.length;
        await run.rows(rows.slice(i, i + batchRows));
      }
      const counts = await run.end();
      this.#refuseBad();
      this.#abort.signal.throwIfAborted();
      this.#counts = counts;
      this.#done = await this.#record(tx, counts);
      const mapping = JSON.stringify(plan.mapping);
      const fingerprint = headerFingerprint(this.#header!);
      await (db as Transaction<MasterTables>)
        .insertInto('md_import_mappings')
        .values({ target: target.id, fingerprint, mapping, at_us: nowUs, by_whom: this.#input.actor.id })
        .onConflict((c) => c.columns(['target', 'fingerprint']).doUpdateSet({ mapping, at_us: nowUs }))
        .execute();
    });
  }

  async #record(tx: LedgerTx, counts: ImportCounts): Promise<ImportDone> {
    const { upload, plan, target, actor, nowUs } = this.#input;
    const done: ImportDone = {
      ...{ id: uuidv7(Math.floor(nowUs / 1000)), target: target.id, fileName: upload.name },
      ...{ sheet: String(plan.sheet), rows: this.#rows, ...counts },
      ...{ leftOut: this.#bad.size, at: nowUs, by: actor.id },
    };
    const { fileName, leftOut, at, by, ...same } = done;
    await (tx.db as Transaction<MasterTables>)
      .insertInto('md_imports')
      .values({ ...same, file_name: fileName, file_hash: upload.hash, left_out: leftOut, at_us: at, by_whom: by })
      .execute();
    const data = { target: target.id, file: fileName, hash: upload.hash, rows: this.#rows, ...counts, leftOut };
    await tx.emit({ type: 'import.committed', subject: `import/${upload.id}`, actor, data });
    return done;
  }

  #refuseBad(): void {
    if (this.#bad.size > 0 && !this.#input.plan.withoutBadRows)
      throw importError('import.problems', { rows: this.#bad.size }, { status: 409 });
  }

  /** Rows of the sheet in their order, those that their cells rule out apart. */
  async *#batches(table: TableFile, share: number): AsyncGenerator<{ good: ImportRow[]; bad: ImportRow[] }> {
    const { plan, target, timeZone, language } = this.#input;
    const report = (problem: KeptProblem) => this.#report(problem);
    const converter = new RowConverter(target, plan.mapping, { timeZone, language, report });
    const used = Object.keys(plan.mapping.columns).map(Number);
    let batch: { good: ImportRow[]; bad: ImportRow[] } = { good: [], bad: [] };
    const progress = (done: number) => {
      this.#progress = done * share;
    };
    for await (const rows of table.rows(plan.sheet, { progress, abort: this.#abort.signal })) {
      for (const row of rows) {
        // A row that holds nothing in the columns that count is a remark or a total's line, not a row.
        if (row.row <= plan.header.bottom || used.every((i) => showCell(row.cells[i]) === '')) continue;
        this.#rows++;
        const { good, ...made } = converter.convert(row);
        batch[good ? 'good' : 'bad'].push(made);
        if (batch.good.length < batchRows && batch.bad.length < batchRows) continue;
        yield batch;
        batch = { good: [], bad: [] };
      }
    }
    yield batch;
  }

  #context(tx: LedgerTx | null): ImportContext {
    const { actor, nowUs, timeZone, upload } = this.#input;
    return {
      ...{ tx, actor, nowUs, timeZone, fileName: upload.name, source: `import/${upload.id}` },
      report: (problem) => this.#report({ ...problem, value: String(problem.params?.value ?? '') }),
    };
  }

  #report(problem: KeptProblem): void {
    if (problem.severity === 'error') {
      this.#errors++;
      this.#bad.add(problem.row);
    } else this.#warnings++;
    if (this.problems.length < maxKept) this.problems.push(problem);
  }
}
