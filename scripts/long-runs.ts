import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { root } from './source-files.ts';

/**
 * The long versions of tests that the ordinary run makes short: `npm run crash | fuzz | acts | soak [-- filter]`. Counts come
 * from the environment (defaults below). Each prints one JSON line of what was run; `--note file` appends it.
 */
interface Run {
  file: string;
  env: Record<string, string>;
}

const kills = process.env.DEUNGDAE_KILLS ?? '200';
const fuzz = process.env.DEUNGDAE_FUZZ ?? '300000';
const sequences = process.env.DEUNGDAE_PROPERTY_RUNS ?? '20';
const minutes = process.env.DEUNGDAE_SOAK_MINUTES ?? '30';

const suites: Record<string, readonly Run[]> = {
  crash: [
    'tests/crash/history-crash.test.ts',
    'packages/ledger/test/kill.test.ts',
    'modules/alarms/test/kill.test.ts',
    'tests/faults/killed-server.test.ts',
  ].map((file) => ({ file, env: { DEUNGDAE_KILLS: kills } })),
  fuzz: [
    { file: 'connectors/modbus/src/frame.test.ts', env: { FUZZ_RUNS: fuzz } },
    { file: 'connectors/sparkplug/src/codec.test.ts', env: { DEUNGDAE_FUZZ: fuzz } },
    { file: 'connectors/mqtt/src/extract.test.ts', env: { DEUNGDAE_FUZZ: fuzz } },
    { file: 'packages/history/src/duckdb-history.test.ts', env: { DEUNGDAE_PROPERTY_RUNS: '40' } },
    { file: 'modules/equipment/test/arrival.test.ts', env: { DEUNGDAE_ARRIVAL_ROUNDS: '40' } },
  ],
  acts: (['sqlite', 'postgresql'] as const).map((engine) => ({
    file: 'tests/property/shop-floor.test.ts',
    env: { DEUNGDAE_TEST_LEDGER: engine, DEUNGDAE_PROPERTY_RUNS: sequences, DEUNGDAE_PROPERTY_ROUNDS: '400' },
  })),
  soak: [{ file: 'tests/faults/soak.test.ts', env: { DEUNGDAE_SOAK_MINUTES: minutes } }],
};

/** Runs one file by Node's own runner; its diagnostics (the figures) are what is kept of the output. */
async function runFile({ file, env }: Run) {
  const started = performance.now();
  const args = ['--test', '--test-reporter=tap', file];
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'pipe' });
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.pipe(process.stderr);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) process.stdout.write(output);
  const figures = output
    .split('\n')
    .map((line) => line.trim().replace(/^(# )+/, ''))
    .filter((line) => line.startsWith('{') || /^\d+ kills/.test(line))
    .map((line) => (line.startsWith('{') ? JSON.parse(line) : line));
  return { file, ...env, ok: code === 0, seconds: Math.round((performance.now() - started) / 1000), figures };
}

const [name = '', ...rest] = process.argv.slice(2);
const noteAt = rest.indexOf('--note');
const [note] = noteAt < 0 ? [] : rest.splice(noteAt, 2).slice(1);
const runs = suites[name]?.filter(({ file }) => rest.length === 0 || rest.some((filter) => file.includes(filter)));
if (!runs || runs.length === 0) {
  process.stderr.write(`usage: long-runs.ts ${Object.keys(suites).join(' | ')} [filter …] [--note file]\n`);
  process.exit(2);
}
for (const run of runs) {
  const result = JSON.stringify({ run: name, date: new Date().toISOString().slice(0, 10), ...(await runFile(run)) });
  process.stdout.write(`${result}\n`);
  if (note) appendFileSync(resolve(note), `${result}\n`);
  if (result.includes('"ok":false')) process.exitCode = 1;
}
