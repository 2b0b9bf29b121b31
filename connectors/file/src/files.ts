import { glob, readdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';

/** Most files of one connection. */
const maxFiles = 100_000;

export interface FileList {
  /** Names are relative to it. */
  root: string;
  /** In order of name. */
  names: string[];
}

/** The files that a path, folder or pattern names, in order of name. Empty when there are none. */
export async function listFiles(path: string): Promise<FileList> {
  const info = await stat(path).catch(() => null);
  if (info?.isFile()) return { root: dirname(path), names: [basename(path)] };
  const names: string[] = [];
  if (info?.isDirectory()) {
    for (const entry of await readdir(path, { withFileTypes: true }))
      if (entry.isFile() && !entry.name.startsWith('.')) names.push(entry.name);
    return { root: path, names: names.sort().slice(0, maxFiles) };
  }
  const root = patternRoot(path);
  for await (const entry of glob(path, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    names.push(relative(root, join(entry.parentPath, entry.name)));
    if (names.length >= maxFiles) break;
  }
  return { root, names: names.sort() };
}

/** The folders of a pattern before its first wild card. */
function patternRoot(pattern: string): string {
  const parts = pattern.split('/');
  const wild = parts.findIndex((part) => /[*?[{]/.test(part));
  const root = parts.slice(0, wild < 0 ? -1 : wild).join('/');
  return root === '' ? (isAbsolute(pattern) ? '/' : '.') : root;
}
