import { lstat, mkdir, open, opendir, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** What the inbox does with files; tests put a locked one in between. */
export interface FileDoor {
  rename(from: string, to: string): Promise<void>;
}
export const plainFiles: FileDoor = { rename };

/** Names looked at in one folder at once. */
const namesAtOnce = 2000;
/** A file is whole when it has not changed for so long, ms. */
const settledMs = 3_000;
/** One that seems cut off (no closing bracket, no end of line) is waited for so long, ms. */
const cutMs = 30_000;
const ignored = /^[.~]|\.(part|partial|tmp|temp|crdownload|filepart|swp)$/i;

export interface SeenFile {
  name: string;
  size: number;
  mtimeMs: number;
  /** Monotonic ms since it is so. */
  stableSince: number;
  /** µs UTC when it was first seen. */
  firstSeen: number;
}

export interface TargetFolders {
  in: string;
  work: string;
  done: string;
  failed: string;
}

export function foldersOf(dataDir: string, target: string): TargetFolders {
  const base = join(dataDir, 'erp', target);
  return { in: join(base, 'in'), work: join(base, 'work'), done: join(base, 'done'), failed: join(base, 'failed') };
}

export async function makeFolders(folders: TargetFolders): Promise<void> {
  for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Plain files of a folder, the oldest first. Links, folders, hidden and half-sent names are passed over. */
export async function filesOf(folder: string): Promise<{ name: string; size: number; mtimeMs: number }[]> {
  const found: { name: string; size: number; mtimeMs: number }[] = [];
  let names = 0;
  for await (const entry of await opendir(folder)) {
    if (++names > namesAtOnce) break;
    if (!entry.isFile() || ignored.test(entry.name)) continue;
    // It may be gone again: its writer renames it.
    const stats = await lstat(join(folder, entry.name)).catch(() => null);
    if (stats?.isFile()) found.push({ name: entry.name, size: stats.size, mtimeMs: stats.mtimeMs });
  }
  return found.sort((a, b) => a.mtimeMs - b.mtimeMs || (a.name < b.name ? -1 : 1));
}

/** Updates what was seen of a folder's files. Pure but for the map it is given. */
export function look(
  seen: Map<string, SeenFile>,
  files: readonly { name: string; size: number; mtimeMs: number }[],
  now: { monotonicMs: number; us: number },
): void {
  const names = new Set(files.map((f) => f.name));
  for (const name of seen.keys()) if (!names.has(name)) seen.delete(name);
  for (const file of files) {
    const before = seen.get(file.name);
    if (before && before.size === file.size && before.mtimeMs === file.mtimeMs) continue;
    seen.set(file.name, { ...file, stableSince: now.monotonicMs, firstSeen: before?.firstSeen ?? now.us });
  }
}

/** Whether a file may be taken, or why it waits. */
export async function readiness(
  folder: string,
  file: SeenFile,
  monotonicMs: number,
): Promise<'ready' | 'growing' | 'unfinished'> {
  const still = monotonicMs - file.stableSince;
  if (still < settledMs) return 'growing';
  if (still < cutMs && (await looksCut(join(folder, file.name), file.size))) return 'unfinished';
  return 'ready';
}

/** A JSON without its last bracket, or a text table whose last line has no end. */
async function looksCut(path: string, size: number): Promise<boolean> {
  if (size === 0) return true;
  const isJson = /\.json$/i.test(path);
  if (!isJson && !/\.(csv|txt|tsv)$/i.test(path)) return false;
  const handle = await open(path, 'r').catch(() => null);
  if (!handle) return true;
  try {
    const tail = Buffer.alloc(Math.min(size, 256));
    const { bytesRead } = await handle.read(tail, 0, tail.length, Math.max(0, size - tail.length));
    const text = tail.subarray(0, bytesRead).toString('latin1');
    return isJson ? !/[}\]]\s*$/.test(text) : !/[\r\n]\0?$/.test(text);
  } finally {
    await handle.close();
  }
}

/** A program holds the file, or we may not touch it yet. */
export function isLocked(error: unknown): boolean {
  return ['EBUSY', 'EPERM', 'EACCES', 'ETXTBSY'].includes((error as { code?: string }).code ?? '');
}

/** A name under which it can be kept, with when and which, so that none replaces another. */
export function storedName(name: string, atUs: number, id: string): string {
  const stamp = new Date(Math.floor(atUs / 1000)).toISOString().replace(/[-:]|\.\d+/g, '');
  const safe = name.normalize('NFC').replace(/[^\p{L}\p{N}._ ()-]/gu, '_');
  return `${stamp}-${id.slice(0, 8)}-${safe.slice(-120)}`;
}
