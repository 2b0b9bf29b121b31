import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Caller } from '@deungdae/contracts/api.ts';
import {
  type ImportDone,
  type ImportFile,
  type ImportJob,
  ImportMapping,
  type ImportPlan,
  importBytes,
} from '@deungdae/contracts/api-masterdata.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { showCell } from '@deungdae/tabular/cell.ts';
import { detectHeader, headerAt, headerFingerprint } from '@deungdae/tabular/header.ts';
import { openTable, type SheetLook } from '@deungdae/tabular/open-table.ts';
import { columnName } from '@deungdae/tabular/xlsx-sheet.ts';
import { receiveFile } from '../documents/receive-file.ts';
import type { ImportTarget } from '../import-target.ts';
import type { MasterTables } from '../schema.ts';
import { importError } from './errors.ts';
import { Job } from './job.ts';
import { proposeMapping, rankTargets } from './mapping.ts';

export interface DeskOptions {
  ledger: Ledger;
  clock: Clock;
  log: Logger;
  dataDir: string;
  timeZone(): string;
}

const keptDays = 30;
const maxFiles = 200;
const shownRows = 30;
/** Sheets whose look is remembered, so that choosing another target does not read the file again. */
const maxLooks = 8;
const maxJobs = 20;

/** Where spreadsheets are given, looked at, checked and imported. One runs at a time. */
export class ImportDesk {
  readonly #options: DeskOptions;
  readonly #folder: string;
  readonly #targets = new Map<string, ImportTarget>();
  readonly #jobs = new Map<string, Job>();
  readonly #looks = new Map<string, SheetLook>();

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#folder = join(options.dataDir, 'imports');
  }

  register(target: ImportTarget): void {
    this.#targets.set(target.id, target);
  }

  targets(): ImportTarget[] {
    return [...this.#targets.values()];
  }

  target(id: string): ImportTarget {
    const target = this.#targets.get(id);
    if (!target) throw importError('import.unknownTarget', { target: id.slice(0, 60) }, { status: 404 });
    return target;
  }

  /** Keeps the file, and says what is in it. What cannot be read is refused, and not kept. */
  async upload(body: AsyncIterable<Uint8Array>, name: string, caller: Caller): Promise<ImportFile> {
    const id = randomUUID();
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const { size, hash } = await receiveFile(body, this.#file(id), importBytes);
    try {
      const row = { id, name, size, hash, at_us: this.#options.clock.nowUs(), by_whom: actorOf(caller).id };
      const file = await this.#describe(row);
      await this.#options.ledger.transaction<MasterTables, void>(async (db) => {
        await db.insertInto('md_import_files').values(row).execute();
      });
      await this.#tidy();
      return file;
    } catch (error) {
      await rm(this.#file(id), { force: true });
      throw error;
    }
  }

  async sheet(id: string, query: { sheet: number; target?: string | undefined; top?: number; bottom?: number }) {
    const upload = await this.#upload(id);
    const look = await this.#look(upload, query.sheet);
    const found = query.top
      ? headerAt(look, query.top, Math.max(query.top, query.bottom ?? query.top))
      : detectHeader(look);
    if (!found) throw importError('import.noHeader', { sheet: query.sheet + 1 }, { status: 422 });
    const fits = rankTargets(found, this.targets());
    const known = await this.#rememberedFor(headerFingerprint(found));
    const target = this.target(query.target ?? known[0]?.target ?? fits[0]!.target);
    const remembered = known.find((k) => k.target === target.id);
    return {
      rows: look.rows - look.head.filter((r) => r.row <= found.bottom).length,
      header: { top: found.top, bottom: found.bottom },
      columns: found.columns.map(({ index, name }) => ({ index, letter: columnName(index), name })),
      head: look.head
        .slice(0, shownRows)
        .map((r) => ({ row: r.row, cells: r.cells.map((c) => showCell(c).slice(0, 200)) })),
      target: target.id,
      fits: fits.slice(0, 5),
      mapping: remembered ? remembered.mapping : proposeMapping(found, target),
      remembered: remembered !== undefined,
    };
  }

  /** Begins a check or an import. Throws `import.busy`. */
  async begin(kind: 'preview' | 'commit', id: string, plan: ImportPlan, caller: Caller): Promise<Job> {
    const { ledger, clock } = this.#options;
    const upload = await this.#upload(id);
    const target = this.target(plan.target);
    const before = await this.#before(upload.hash, target.id);
    if ([...this.#jobs.values()].some((job) => job.running)) throw importError('import.busy', {}, { status: 409 });
    const job = new Job(
      {
        ...{ kind, file: this.#file(id), upload, plan, target, before },
        ...{ actor: actorOf(caller), language: caller.language },
        ...{ timeZone: this.#options.timeZone(), nowUs: clock.nowUs() },
      },
      ledger,
    );
    this.#jobs.delete(id);
    this.#jobs.set(id, job);
    if (this.#jobs.size > maxJobs) this.#jobs.delete(this.#jobs.keys().next().value!);
    return job;
  }

  job(id: string): Job | null {
    return this.#jobs.get(id) ?? null;
  }

  async history(limit: number): Promise<ImportDone[]> {
    const rows = await this.#options.ledger
      .read<MasterTables>()
      .selectFrom('md_imports')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(doneOf);
  }

  async close(): Promise<void> {
    for (const job of this.#jobs.values()) job.stop();
    await Promise.all([...this.#jobs.values()].map((job) => job.finished));
  }

  #file(id: string): string {
    return join(this.#folder, id);
  }

  async #upload(id: string) {
    const row = await this.#options.ledger
      .read<MasterTables>()
      .selectFrom('md_import_files')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw importError('import.unknownFile', {}, { status: 404 });
    return row;
  }

  async #describe(row: MasterTables['md_import_files']): Promise<ImportFile> {
    const table = await openTable(this.#file(row.id), row.name);
    await table.close();
    const { id, name } = row;
    return {
      ...{ id, name, size: Number(row.size), at: Number(row.at_us), by: row.by_whom },
      ...{ format: table.format, encoding: table.csv?.encoding ?? null },
      sheets: table.sheets.map((s) => ({ name: s.name, hidden: s.hidden })),
    };
  }

  async #look(upload: MasterTables['md_import_files'], sheet: number): Promise<SheetLook> {
    const key = `${upload.id}\n${sheet}`;
    const kept = this.#looks.get(key);
    if (kept) return kept;
    const table = await openTable(this.#file(upload.id), upload.name).catch((error) => {
      if (error.code === 'ENOENT') throw importError('import.unknownFile', {}, { status: 404 });
      throw error;
    });
    try {
      const look = await table.look(sheet);
      this.#looks.set(key, look);
      if (this.#looks.size > maxLooks) this.#looks.delete(this.#looks.keys().next().value!);
      return look;
    } finally {
      await table.close();
    }
  }

  /** Mappings that were used for tables with this heading, the latest first. */
  async #rememberedFor(fingerprint: string) {
    const rows = await this.#options.ledger
      .read<MasterTables>()
      .selectFrom('md_import_mappings')
      .selectAll()
      .where('fingerprint', '=', fingerprint)
      .orderBy('at_us', 'desc')
      .limit(20)
      .execute();
    return rows.flatMap((row) => {
      const mapping = ImportMapping.safeParse(JSON.parse(row.mapping));
      return mapping.success && this.#targets.has(row.target) ? [{ target: row.target, mapping: mapping.data }] : [];
    });
  }

  async #before(hash: string, target: string): Promise<ImportDone | null> {
    const row = await this.#options.ledger
      .read<MasterTables>()
      .selectFrom('md_imports')
      .selectAll()
      .where('file_hash', '=', hash)
      .where('target', '=', target)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? doneOf(row) : null;
  }

  /** Old uploads go; so do the oldest when there are too many. */
  async #tidy(): Promise<void> {
    const { ledger, clock, log } = this.#options;
    const rows = await ledger
      .read<MasterTables>()
      .selectFrom('md_import_files')
      .select(['id', 'at_us'])
      .orderBy('at_us', 'desc')
      .limit(maxFiles + 100)
      .execute();
    const oldest = clock.nowUs() - keptDays * 86_400_000_000;
    const gone = rows.filter((row, i) => i >= maxFiles || Number(row.at_us) < oldest).map((row) => row.id);
    if (gone.length === 0) return;
    await ledger.transaction<MasterTables, void>(async (db) => {
      await db.deleteFrom('md_import_files').where('id', 'in', gone).execute();
    });
    for (const id of gone) await rm(this.#file(id), { force: true });
    log.info({ files: gone.length }, 'old uploads removed');
  }
}

function doneOf(row: MasterTables['md_imports']): ImportDone {
  const { id, target, sheet, rows, added, changed, same } = row;
  return {
    ...{ id, target, sheet, rows, added, changed, same },
    ...{ fileName: row.file_name, leftOut: row.left_out, at: Number(row.at_us), by: row.by_whom },
  };
}

/** What is said of a file that nothing was begun with. */
export const noJob: ImportJob = {
  ...{ state: 'none', kind: 'preview', progress: 0, rows: 0, badRows: 0, counts: null },
  ...{ errors: 0, warnings: 0, problems: [], done: null, before: null, error: null },
};
