import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, sourceFiles } from './source-files.ts';

const fileLimit = 400;
const functionLimit = 70;

/** Files over 400 lines and functions over 70: two ideas may share the room. Shown, not refused. */
export function longest(): string[] {
  const rows: { lines: number; what: string }[] = [];
  for (const file of sourceFiles()) {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    if (lines.length > fileLimit) rows.push({ lines: lines.length, what: file });
    for (const f of functionsOf(lines))
      if (f.lines > functionLimit) rows.push({ lines: f.lines, what: `${file}: ${f.name}` });
  }
  return rows.sort((a, b) => b.lines - a.lines).map((row) => `${row.lines} ${row.what}`);
}

/** The formatter's own indentation tells where a function ends. */
function functionsOf(lines: string[]): { name: string; lines: number }[] {
  const found: { name: string; lines: number }[] = [];
  lines.forEach((line, start) => {
    const match =
      /^(\s*)(?:export )?(?:default )?(?:(?:async )?function\*? (\w+)|(?:async |static |override |\*)*(#?\w+)\([^;]*\{$)/.exec(
        line,
      );
    if (!match || /^\s*(if|for|while|switch|catch|describe|test|it)\b/.test(line)) return;
    const end = lines.findIndex((other, i) => i > start && other.startsWith(`${match[1]}}`));
    if (end > 0) found.push({ name: match[2] ?? match[3] ?? '?', lines: end - start + 1 });
  });
  return found;
}
