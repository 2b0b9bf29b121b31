import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { ledgerError } from './errors.ts';
import { type Verdict, verifyChain } from './event-chain.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import { readingKysely, sqliteWording } from './store-kysely.ts';

const backupLimitMs = 6 * 3_600_000;

/**
 * A consistent copy of the moment it starts, made on a connection of its own while writing goes on. The file appears
 * under its name only when it is complete and on disk; it is never written over.
 */
export async function backupLedger(from: string, to: string, clock: Clock): Promise<void> {
  if (existsSync(to)) throw ledgerError('ledger.backupExists', { file: to }, { status: 409 });
  const half = `${to}.part`;
  await rm(half, { force: true });
  const connection = new SqliteConnection({ file: from, role: 'backup' }, clock, backupLimitMs);
  try {
    await connection.request({ before: [], sql: 'VACUUM INTO ?', parameters: [half], maxRows: 0 });
    await sync(half);
    await rename(half, to);
    await sync(dirname(to));
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  } finally {
    await connection.close();
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Whether a copy can be relied on: SQLite's own integrity check, its foreign keys, and the event chain. */
export async function checkLedgerFile(
  file: string,
  clock: Clock,
  headKey: string | null = null,
): Promise<Verdict & { problems: string[] }> {
  if (!existsSync(file)) throw ledgerError('ledger.cannotOpen', { file, detail: 'no such file' }, { status: 404 });
  const connection = new SqliteConnection({ file, role: 'read' }, clock, backupLimitMs);
  try {
    const rowsOf = async (sql: string) =>
      (await connection.request({ before: [], sql, parameters: [], maxRows: 1000 })).rows;
    const integrity = (await rowsOf('PRAGMA integrity_check(20)')).map((r) => String(r.integrity_check));
    const orphans = (await rowsOf('PRAGMA foreign_key_check')).map((r) => `${r.table} → ${r.parent}`);
    const problems = [...integrity.filter((text) => text !== 'ok'), ...orphans];
    const verdict = await verifyChain(
      readingKysely(sqliteWording, (sql, parameters) =>
        connection.request({ before: [], sql, parameters, maxRows: 100_000 }),
      ),
      headKey,
    );
    return { ...verdict, ok: verdict.ok && problems.length === 0, problems };
  } finally {
    await connection.close();
  }
}
