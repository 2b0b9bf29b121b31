import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '@deungdae/testing/random.ts';
import {
  hitsOfLast,
  longestPattern,
  nelsonRules,
  type RunRule,
  runRules,
  westernElectricExtended,
  westernElectricRules,
} from './run-rules.ts';

/** The vectors of quality.md §4: z, Nelson's hits, Western Electric's hits; `_` is a missing point. */
const vectors = `v1;0 3 3.0001 -3 -3.0001;N1@3 N1@5 N5@3 N5@5;W1@3 W1@5 W5@3 W5@5
v2a;.1 .2 .3 .1 .2 .3 .1 .2 .3 .1;N2@9 N2@10;W2@8 W2@9 W2@10
v2b;.1 .2 .3 .1 .2 .3 .1 .2 0 .1 .2;-;W2@8
v2c;.1 .2 .3 .1 _ .2 .3 .1 .2 .3;-;-
v3a;-1 -.6 -.2 .2 .6 .9;N3@6;-
v3b;-1 -.6 -.6 .2 .6 .9 .95;-;-
v3c;.9 .6 .2 -.2 -.6 -.9 -.95;N3@6 N3@7;-
v4a;.5 -.5 .4 -.4 .5 -.5 .4 -.4 .5 -.5 .4 -.4 .5 -.5;N4@14;-
v4b;.5 -.5 .4 -.4 .5 -.5 -.5 .4 -.4 .5 -.5 .4 -.4 .5 -.5;N7@15;-
v5a;2.1 0 2.2;N5@3;W5@3
v5b;2.1 2.2 0;N5@2;W5@2
v5c;2.1 0 0 2.2;-;-
v5d;2.1 -2.2 2.3;N5@3;W5@3
v5e;2 2.5 2;-;-
v5f;2.1 _ 2.2;-;-
v6a;1.1 1.2 0 1.3 1.4;N6@5;W6@5
v6b;1.1 1.2 1.3 1.4 0;N6@4;W6@4
v6c;1 1.2 1.3 1.4 -1.5;-;-
v7a;.5 -.5 .4 -.4 .3 -.3 .2 .2 -.2 .1 -.1 .6 .7 -.7 .8;N7@15;-
v7b;.5 -.5 .4 -.4 .3 -.3 .2 1 -.2 .1 -.1 .6 .7 -.7 .8;-;-
v8a;1.5 -1.2 1.3 -1.4 1.1 1.6 -1.7 1.2;N8@8;-
v8b;1.5 1.2 1.3 1.4 1.1 1.6 1.7 1.2;N6@4 N6@5 N6@6 N6@7 N6@8;W6@4 W6@5 W6@6 W6@7 W6@8 W2@8
v8c;1.5 -1.2 1.3 -1 1.1 1.6 -1.7 1.2;-;-`;

const read = (text: string) => text.split(' ').map((v) => (v === '_' ? null : Number(v)));
const show = (z: (number | null)[], rules: readonly RunRule[], letter: string) =>
  runRules(z, rules)
    .map((h) => `${letter}${h.rule.slice(1)}@${h.index + 1}`)
    .sort();

describe('run rules', () => {
  for (const line of vectors.split('\n')) {
    const [id, z, nelson, western] = line.split(';');
    const wanted = (text: string) => (text === '-' ? [] : text.split(' ').sort());
    test(`vector ${id}`, () => {
      assert.deepEqual(show(read(z!), nelsonRules, 'N'), wanted(nelson!));
      assert.deepEqual(show(read(z!), westernElectricRules, 'W'), wanted(western!));
    });
  }

  test('a stage’s edge breaks a run; members are stored', () => {
    const z = read('.1 .2 .3 .1 .2 .3 .1 .2 .3 .1');
    assert.deepEqual(runRules(z, ['n2'], [...'aaaaabbbbb']), []);
    assert.deepEqual(runRules(z, ['n2'])[0]!.members, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('rule 8 of Western Electric takes either side, AIAG’s run is seven', () => {
    const z = read('1.5 1.2 1.3 1.4 1.1 1.6 1.7 1.2');
    assert.deepEqual(show(z, ['w8'], 'W'), ['W8@8']);
    assert.deepEqual(show(z, ['n8'], 'N'), []);
    assert.deepEqual(show(z, ['a2'], 'A'), ['A2@7', 'A2@8']);
  });

  test('a value equal to a decimal limit does not signal through binary rounding', () => {
    const z = (0.1 + 0.2) / 0.1;
    assert.ok(z > 3);
    assert.deepEqual(runRules([z], ['n1']), []);
  });
});

/** Mean run length in control; figures of quality.md §4 from 600,000 runs. */
const figures: [string, readonly RunRule[], number][] = [
  ['rule 1', ['n1'], 370.4],
  ['rules 1 and 2', ['n1', 'n2'], 216],
  ['rules 1 to 4', ['n1', 'n2', 'n3', 'n4'], 119],
  ['Western Electric, basic', westernElectricRules, 92],
  ['Western Electric, extended', westernElectricExtended, 84],
  ['Nelson, all eight', nelsonRules, 73],
];

describe('mean run length in control', () => {
  const runs = Number(process.env.DEUNGDAE_ARL_RUNS ?? 2000);
  for (const [name, rules, expected] of figures)
    test(`${name}: ${expected}`, () => {
      const random = seededRandom(20261125);
      let total = 0;
      let squares = 0;
      for (let r = 0; r < runs; r++) {
        const length = firstHit(rules, random.normal);
        total += length;
        squares += length * length;
      }
      const average = total / runs;
      const error = Math.sqrt((squares / runs - average * average) / runs);
      assert.ok(Math.abs(average - expected) < 4 * error + 1, `${average.toFixed(1)} ± ${error.toFixed(1)}`);
    });
});

function firstHit(rules: readonly RunRule[], normal: () => number): number {
  const window = new Float64Array(longestPattern);
  for (let n = 1; ; n++) {
    window.copyWithin(0, 1);
    window[longestPattern - 1] = normal();
    if (hitsOfLast(window.subarray(Math.max(0, longestPattern - n)), rules).length > 0) return n;
  }
}
