import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkTexts } from '../apps/web/scripts/check-texts.ts';
import { checkBoundaries } from './check-boundaries.ts';
import { staleFiles } from './generate.ts';
import { longest } from './longest.ts';
import { root } from './source-files.ts';

/** All static checks: `npm run check`. Every one runs; the exit code tells whether all passed. */
let failed = 0;

async function step(name: string, run: () => string[] | Promise<string[]>): Promise<void> {
  const started = performance.now();
  const problems = await run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  for (const problem of problems) process.stdout.write(`       ${problem}\n`);
  if (problems.length > 0) failed++;
}

function tool(name: string, ...args: string[]): string[] {
  const result = spawnSync(process.execPath, [join(root, 'node_modules', name), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return result.status === 0 ? [] : `${result.stdout}${result.stderr}`.trim().split('\n');
}

await step('types: server, packages, tests', () => tool('typescript/bin/tsc', '-p', '.'));
await step('types: web', () => tool('typescript/bin/tsc', '-p', 'apps/web'));
await step('lint and format', () => tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'));
await step('unused files, exports, dependencies', () => tool('knip/bin/knip.js', '--no-progress', '--no-config-hints'));
await step('dependency direction and cycles', checkBoundaries);
await step('texts in both languages', async () =>
  (await checkTexts()).map((problem) => Object.values(problem).join(': ')),
);
await step('generated files are current', staleFiles);

const rows = longest();
if (rows.length > 0)
  process.stdout.write(
    `note  longest files (> 400 lines) and functions (> 70):\n${rows
      .slice(0, 12)
      .map((row) => `       ${row}\n`)
      .join('')}`,
  );
process.exitCode = failed === 0 ? 0 : 1;
