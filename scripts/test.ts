import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { root, sourceFiles } from './source-files.ts';

/**
 * `npm test [-- filter …]`: every `*.test.ts` whose path contains a filter, two files at a time, by Node's own runner.
 * Tests that need a program the machine lacks skip themselves by name and say why.
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
  { cwd: root, stdio: 'inherit' },
);
child.on('exit', (code) => process.exit(code ?? 1));
