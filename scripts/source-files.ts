import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

export const root = join(import.meta.dirname, '..');
const skipped = new Set(['node_modules', 'dist', 'data', '.git']);
export const workspaceFolders = ['packages', 'connectors', 'modules', 'apps', 'demo', 'bench', 'tests', 'scripts'];

/** Paths of the project's TypeScript files, relative to the root, sorted. */
export function sourceFiles(): string[] {
  const found: string[] = [];
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!skipped.has(entry.name)) visit(path);
      } else if (/\.tsx?$/.test(entry.name)) found.push(path);
    }
  };
  workspaceFolders.forEach(visit);
  return found.map((path) => relative('.', path)).sort();
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(^|\/)test\//.test(path) || path.startsWith('tests/');
}
