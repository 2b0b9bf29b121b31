import { copyFile, link, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Core } from './core.ts';
import { hasDatabase, layout } from './database.ts';
import { historyError } from './errors.ts';
import { text } from './sql.ts';

/**
 * A consistent copy while appends go on. Sealed files never change, so they are linked where the file system can and
 * copied otherwise; the DuckDB file is copied by one read transaction. The caller holds off sealing and merging.
 */
export async function backupTo(core: Core, directory: string, progress: (share: number) => void): Promise<void> {
  await emptyFolder(directory);
  const { segments } = core.state.view;
  let done = 0;
  for (const segment of segments) {
    const target = join(directory, layout.sealed, segment.file);
    await mkdir(dirname(target), { recursive: true });
    await linkOrCopy(core.database.sealedPath(segment.file), target);
    progress((++done / (segments.length + 1)) * 0.9);
  }
  const file = join(directory, layout.database);
  const { upkeep } = core.database;
  await upkeep.run(`ATTACH ${text(file)} AS backup_copy`);
  try {
    await upkeep.run('COPY FROM DATABASE history TO backup_copy');
  } catch (error) {
    await upkeep.run('DETACH backup_copy').catch(() => {});
    await rm(file, { force: true });
    throw error;
  }
  await upkeep.run('CHECKPOINT backup_copy');
  await upkeep.run('DETACH backup_copy');
  await copyFile(join(core.database.directory, layout.catalogue), join(directory, layout.catalogue)).catch(() => {});
  progress(1);
}

/** Makes a history folder of a backup, which stays as it is. The target must be empty or not exist. */
export async function restoreHistory(backup: string, target: string): Promise<void> {
  if (!hasDatabase(backup)) throw historyError('history.backupRefused', { directory: backup, why: 'no backup there' });
  await emptyFolder(target);
  // Copies, not links: what is restored must not share its fate with the backup.
  await copyTree(backup, target);
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.isDirectory()) await copyTree(join(from, entry.name), join(to, entry.name));
    else if (entry.isFile()) await copyFile(join(from, entry.name), join(to, entry.name));
  }
}

async function emptyFolder(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const found = await readdir(directory);
  if (found.length > 0) throw historyError('history.backupRefused', { directory, why: 'not empty' }, { status: 409 });
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}
