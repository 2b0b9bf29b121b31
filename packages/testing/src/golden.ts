import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

/**
 * Runs one test for each folder under `root`: a bug becomes a folder named after it, with an input and the output that
 * is right. `run` gets the input file's text and returns objects; they are compared, as NDJSON, with `expected.ndjson`.
 * `GOLDEN_WRITE=1` writes the expected files instead, to be read before they are committed.
 */
export function goldenFolders(
  root: URL | string,
  inputName: string,
  run: (input: string, folder: string) => unknown[] | Promise<unknown[]>,
): void {
  const base = root instanceof URL ? fileURLToPath(root) : root;
  const names = readdirSync(base, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  assert.ok(names.length > 0, `no golden folder under ${base}`);
  for (const name of names) {
    test(`golden: ${name}`, async () => {
      const folder = join(base, name);
      const expectedFile = join(folder, 'expected.ndjson');
      const rows = await run(readFileSync(join(folder, inputName), 'utf8'), folder);
      const actual = toNdjson(rows);
      if (process.env.GOLDEN_WRITE === '1') return writeFileSync(expectedFile, actual);
      assert.ok(existsSync(expectedFile), `${expectedFile} is missing`);
      assert.deepEqual(actual.split('\n'), readFileSync(expectedFile, 'utf8').split('\n'));
    });
  }
}

export function toNdjson(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

export function fromNdjson(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown);
}
