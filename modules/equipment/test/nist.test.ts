import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { BatchBuilder, Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import { bench } from './bench.ts';

const root = resolve(import.meta.dirname, '../../..');
const data = process.env.DEUNGDAE_SHARED_DATA ?? resolve(root, '../shared/data');
const machineFolder = join(data, 'nist-sms', 'GFAgie01');
const skip = existsSync(machineFolder) ? false : 'skipped: ../shared/data/nist-sms not present';

const text = `deungdae: 1
enterprise: { id: f }
sites:
  - id: s
    timeZone: America/New_York
    areas:
      - id: a
        equipment:
          - id: m1
            state: { preset: mtconnect, execution: exec }
            signals: [{ id: exec, kind: enum }]
`;

/** The execution lines of one file, as the file connector gives them. */
function batchOfFile(file: string, signal: number): SampleBatch {
  const builder = new BatchBuilder();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [time, tag, value] = line.split('|');
    if (tag !== 'execution' || !time || !value) continue;
    const fraction = (/\.(\d+)Z/.exec(time)?.[1] ?? '').padEnd(6, '0').slice(0, 6);
    const us = Date.parse(`${time.slice(0, 19)}Z`) * 1000 + Number(fraction);
    if (value === 'UNAVAILABLE') builder.addNumber(signal, us, Number.NaN, Quality.gap);
    else builder.addText(signal, us, value);
  }
  return builder.take();
}

for (const order of ['as named', 'last file first'] as const) {
  test(`time per state of GFAgie01 equals the known answers, files ${order} (shared data: nist-sms)`, {
    skip,
  }, async (t) => {
    const b = await bench(t, '2026-03-02T08:00+09:00', text);
    const files = readdirSync(machineFolder).sort();
    if (order === 'last file first') files.reverse();
    const started = performance.now();
    for (const file of files) b.sendBatch(batchOfFile(join(machineFolder, file), b.id('exec')));
    await b.clock.advance(2000);
    await b.equipment().settled();
    const elapsed = performance.now() - started;
    const hours = async () => {
      const us = await b.equipment().timeInState('f/s/a/m1', 0, b.clock.nowUs());
      return [us.running, us.idle, us.unplannedStop].map((x) => (x / 3_600_000_000).toFixed(4));
    };
    assert.deepEqual(await hours(), ['6.5745', '29.5958', '0.1923']);
    await b.crash();
    assert.deepEqual(await hours(), ['6.5745', '29.5958', '0.1923'], 'the same from the ledger after a crash');
    t.diagnostic(`${files.length} files in ${Math.round(elapsed)} ms`);
  });
}
