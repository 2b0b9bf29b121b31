import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf, Quality, type Sample } from '@deungdae/contracts/sample.ts';
import { seededRandom } from '@deungdae/testing/random.ts';
import { bench, us } from './bench.ts';

const text = `deungdae: 1
enterprise: { id: f }
sites:
  - id: s
    timeZone: Asia/Seoul
    areas:
      - id: a
        equipment:
          - id: m1
            state:
              rules:
                - { name: fault, when: [{ signal: fault, is: [true] }], state: unplannedStop }
                - { name: stuck, when: [{ signal: parts, unchangedFor: 90s }, { signal: power, above: 5 }], state: unplannedStop }
                - { name: works, when: [{ signal: power, above: 5 }], state: running }
                - { name: rests, when: [{ signal: power, above: 1 }], state: idle }
              otherwise: "off"
            signals: [{ id: fault, kind: boolean }, { id: parts, kind: integer }, { id: power }]
`;
const machine = 'f/s/a/m1';
const rounds = Number(process.env.DEUNGDAE_ARRIVAL_ROUNDS ?? 2);

/** What is left of the intervals when the cause is left out. */
const plain = (list: readonly { from: number; to: number | null; state: string }[]) =>
  list.map((i) => [i.from, i.to, i.state]);

for (let seed = 1; seed <= rounds; seed++) {
  test(`property: any order of arrival, with repeats and crashes, gives the states of the order of time (seed ${seed})`, async (t) => {
    const random = seededRandom(seed);
    const pick = (n: number) => Math.floor(random.next() * n);
    const ordered = await bench(t, '2026-03-02T08:00+09:00', text);
    const shuffled = await bench(t, '2026-03-02T08:00+09:00', text);
    const start = us('2026-03-02T08:00+09:00');
    const ids = ['fault', 'parts', 'power'].map((name) => ordered.id(name));
    const samples: Sample[] = [];
    let parts = 0;
    for (let i = 0; i < 1500; i++) {
      const time = start + i * 20_000_000 + pick(10_000_000);
      const which = pick(8);
      const gap = pick(25) === 0;
      const slot = which === 0 ? 0 : which < 4 ? 1 : 2;
      if (slot === 1) parts += pick(2);
      const value = slot === 0 ? pick(2) : slot === 1 ? parts : [0, 0.5, 3, 8, 8, 8][pick(6)]!;
      samples.push({ signal: ids[slot]!, time, value: gap ? null : value, quality: gap ? Quality.gap : Quality.good });
    }
    const end = start + 1500 * 20_000_000 + 600_000_000;
    await ordered.clock.advance((end - start) / 1000);
    await shuffled.clock.advance((end - start) / 1000);
    for (const sample of samples) ordered.sendBatch(batchOf([sample]));
    const late = samples.map((sample, i) => ({ sample, at: i + (pick(10) === 0 ? pick(1400) : pick(4)) }));
    late.sort((a, b) => a.at - b.at);
    for (const [i, { sample }] of late.entries()) {
      shuffled.sendBatch(batchOf(pick(20) === 0 ? [sample, sample] : [sample]));
      if (i % 100 === 99) await shuffled.clock.advance(2);
      if (i % 600 === 599) {
        await shuffled.equipment().settled();
        await shuffled.crash();
      }
    }
    for (const b of [ordered, shuffled]) {
      await b.clock.advance(3000);
      await b.equipment().settled();
      await b.equipment().settled();
    }
    const window = [0, end + 1_000_000] as const;
    const expected = plain(await ordered.equipment().intervals(machine, ...window));
    assert.ok(expected.length > 50);
    assert.deepEqual(plain(await shuffled.equipment().intervals(machine, ...window)), expected);
    await shuffled.crash();
    assert.deepEqual(plain(await shuffled.equipment().intervals(machine, ...window)), expected, 'after a crash');
    await ordered.equipment().recompute(machine, start, end);
    assert.deepEqual(
      plain(await ordered.equipment().intervals(machine, ...window)),
      expected,
      'from the history alone',
    );
  });
}
