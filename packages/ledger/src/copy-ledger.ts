import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { PostgresRows, type RowSink, type RowSource, SqliteRows } from './copy-rows.ts';
import { ledgerError } from './errors.ts';
import type { ModuleMigrations } from './ledger.ts';
import type { DatabaseLedger, LedgerOptions, LedgerPlace } from './options.ts';

/** `openLedger`, handed in so that it may itself use what is here. */
type Open = (options: LedgerOptions) => Promise<DatabaseLedger>;

export interface CopyOptions {
  from: LedgerPlace;
  /** An empty place: a file that is not there, or a database without business events. */
  to: LedgerPlace;
  modules: readonly ModuleMigrations[];
  clock: Clock;
  log: Logger;
  headKey?: string;
  progress?: (share: number) => void;
}

export interface Copied {
  tables: number;
  rows: number;
  events: number;
}

/**
 * Copies a ledger as it is at one moment, between the engines in either direction; writing to the source goes on. The
 * source must have the tables of `modules` as they are now (any ledger that was opened by this program has). All or
 * nothing; afterwards the chain of the copy is walked, and every table counted. Throws `ledger.targetNotEmpty`,
 * `ledger.copyDiffers`, and what opening throws.
 */
export async function copyWith(open: Open, options: CopyOptions): Promise<Copied> {
  const { from, to } = options;
  if ('file' in to && existsSync(to.file))
    throw ledgerError('ledger.targetNotEmpty', { where: to.file }, { status: 409 });
  if ('file' in from && !existsSync(from.file))
    throw ledgerError('ledger.cannotOpen', { file: from.file, detail: 'no such file' }, { status: 404 });
  const target = await open(at(to, options));
  const empty = (await target.head()).events === 0;
  await target.close();
  if (!empty) throw ledgerError('ledger.targetNotEmpty', { where: whereTo(to) }, { status: 409 });
  const { source, sink } = await openBoth(options);
  let copied: { tables: number; rows: number };
  try {
    copied = await copyRows(source, sink, options.progress);
  } finally {
    await source.close();
    await sink.close();
  }
  const made = await open(at(to, options));
  try {
    const verdict = await made.verify();
    if (!verdict.ok) throw ledgerError('ledger.copyDiffers', { detail: `event ${verdict.firstBroken}` });
    return { ...copied, events: verdict.events };
  } finally {
    await made.close();
  }
}

/** Nothing else of the options: where the source lies must not decide where the copy goes. */
function at(place: LedgerPlace, { modules, clock, log, headKey }: CopyOptions): LedgerOptions {
  return { ...place, modules, clock, log, ...(headKey === undefined ? {} : { headKey }) };
}

async function openBoth({ from, to, clock }: CopyOptions): Promise<{ source: RowSource; sink: RowSink }> {
  const source =
    'url' in from ? await new PostgresRows(from.url, 'read', clock).open() : new SqliteRows(from.file, 'read');
  try {
    const sink = 'url' in to ? await new PostgresRows(to.url, 'write', clock).open() : new SqliteRows(to.file, 'write');
    return { source, sink };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function copyRows(source: RowSource, sink: RowSink, progress?: (share: number) => void) {
  const tables = await source.tables();
  let rows = 0;
  try {
    await sink.begin();
    for (const [i, table] of tables.entries()) {
      for await (const page of source.pages(table)) {
        await sink.insert(table, page);
        rows += page.rows.length;
      }
      progress?.((i + 1) / tables.length);
    }
    await sink.commit();
  } catch (error) {
    if (error instanceof CodedError && error.code !== 'ledger.statement') throw error;
    throw ledgerError('ledger.copyDiffers', { detail: (error as Error).message }, { cause: error });
  }
  return { tables: tables.length, rows };
}

const whereTo = (place: LedgerPlace) => ('url' in place ? place.url.replace(/\/\/[^@/]*@/, '//') : place.file);

/** A PostgreSQL ledger as one SQLite file, which `checkLedgerFile` checks and `copyLedger` brings back. */
export async function backupPostgres(openWith: Open, options: CopyOptions & { to: { file: string } }): Promise<void> {
  const { file } = options.to;
  if (existsSync(file)) throw ledgerError('ledger.backupExists', { file }, { status: 409 });
  const half = `${file}.part`;
  const remove = async () => {
    for (const end of ['', '-wal', '-shm']) await rm(`${half}${end}`, { force: true });
  };
  await remove();
  try {
    await copyWith(openWith, { ...options, to: { file: half } });
    for (const path of [half, dirname(file)]) {
      const handle = await open(path, 'r');
      await handle.sync().finally(() => handle.close());
    }
    await rename(half, file);
  } finally {
    await remove();
  }
}
