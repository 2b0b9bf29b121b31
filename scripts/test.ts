import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
  type PrivatePostgresql,
  postgresqlAbsence,
  startPrivatePostgresql,
} from '../packages/ledger/src/testing/private-postgresql.ts';
import { root, sourceFiles } from './source-files.ts';

/**
 * `npm test [-- filter …]`: every `*.test.ts` whose path contains a filter, two files at a time, by Node's own runner.
 * Tests that need a program the machine lacks skip themselves by name and say why. Those that take their ledger from
 * `openTestLedger` run a second time on PostgreSQL, on one private server of the run; DEUNGDAE_TEST_LEDGER names one engine
 * for a single pass.
 */
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { reporter: { type: 'string', default: process.stdout.isTTY ? 'spec' : 'dot' } },
});
const files = sourceFiles().filter(
  (path) =>
    path.endsWith('.test.ts') && (positionals.length === 0 || positionals.some((filter) => path.includes(filter))),
);
if (files.length === 0) {
  process.stderr.write('no test file matches\n');
  process.exit(1);
}

/** Whether a test opens its ledger by `openTestLedger`, itself or in a file beside it. */
function onEitherEngine(path: string): boolean {
  // The ledger's own tests name the engine.
  if (path.startsWith('packages/ledger/')) return false;
  const text = readFileSync(join(root, path), 'utf8');
  const near = [...text.matchAll(/from '(\.[^']*)'/g)].map(([, to]) => join(root, dirname(path), to!));
  return [text, ...near.filter(existsSync).map((file) => readFileSync(file, 'utf8'))].some((t) =>
    t.includes('openTestLedger('),
  );
}

/** A file that runs a test on PostgreSQL: the runner gives every file the same environment. */
function second(folder: string, path: string): string {
  const file = join(folder, `${path.replace(/\.test\.ts$/, '')}.on-postgresql.test.mjs`);
  mkdirSync(dirname(file), { recursive: true });
  const original = pathToFileURL(join(root, path)).href;
  writeFileSync(
    file,
    [
      "import { describe } from 'node:test';",
      "process.env.DEUNGDAE_TEST_LEDGER = 'postgresql';",
      `describe('on PostgreSQL: ${path}', () => import('${original}'));`,
    ].join('\n'),
  );
  return file;
}

const twice = process.env.DEUNGDAE_TEST_LEDGER === undefined ? files.filter(onEitherEngine) : [];
const absence = postgresqlAbsence();
let server: PrivatePostgresql | null = null;
let folder: string | null = null;
if (twice.length > 0 && absence)
  process.stdout.write(`# ${twice.length} test files are skipped on PostgreSQL: ${absence}\n`);
else if (twice.length > 0) {
  server = await startPrivatePostgresql();
  folder = mkdtempSync(join(tmpdir(), 'deungdae-second-pass-'));
  for (const path of twice) files.push(second(folder, path));
}
const child = spawn(
  process.execPath,
  [
    '--test',
    '--test-concurrency=2',
    '--test-timeout=300000',
    `--test-reporter=${values.reporter}`,
    '--test-reporter-destination=stdout',
    ...files,
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ...(server ? { DEUNGDAE_TEST_POSTGRESQL: server.url } : {}) } },
);
const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
if (folder) rmSync(folder, { recursive: true, force: true });
await server?.stop();
process.exit(code ?? 1);
