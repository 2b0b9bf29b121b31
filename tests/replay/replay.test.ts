import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { parseCondition } from '@deungdae/contracts/condition.ts';
import { Quality, type Sample, type SampleBatch, samplesOf } from '@deungdae/contracts/sample.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { type Recomputed, recompute } from './recompute.ts';
import { type Replayed, replayFiles } from './replay-files.ts';

const shared = resolve(process.env.DEUNGDAE_SHARED_DATA ?? '../shared/data');
const absent = (folder: string) => (existsSync(join(shared, folder)) ? false : `${join(shared, folder)} not present`);
const nist = join(shared, 'nist-sms');

/** Counts what comes, per signal. */
class Tally {
  readonly samples = new Map<number, number>();
  readonly gaps = new Map<number, number>();
  readonly bad = new Map<number, number>();
  uncertain = 0;
  readonly add = (batch: SampleBatch): void => {
    for (let i = 0; i < batch.length; i++) {
      const id = batch.signals[i]!;
      const quality = batch.quality[i]!;
      this.samples.set(id, (this.samples.get(id) ?? 0) + 1);
      if (quality === Quality.gap) this.gaps.set(id, (this.gaps.get(id) ?? 0) + 1);
      if (quality === Quality.bad) this.bad.set(id, (this.bad.get(id) ?? 0) + 1);
      if (quality === Quality.uncertain) this.uncertain++;
    }
  };
}

const byTag = (replayed: Replayed, counts: Map<number, number>): Record<string, number> =>
  Object.fromEntries(
    [...replayed.byTag].filter(([, s]) => counts.has(s.id)).map(([tag, s]) => [tag, counts.get(s.id)!]),
  );

/** Every observation of the text arrived, under its tag, and what was UNAVAILABLE arrived as a gap. */
function assertNoneLost(replayed: Replayed, tally: Tally, truth: Recomputed): void {
  assert.deepEqual(sorted(byTag(replayed, tally.samples)), sorted(truth.byTag));
  assert.deepEqual(sorted(byTag(replayed, tally.gaps)), sorted(truth.unavailableByTag));
}
const sorted = (o: Record<string, number>) =>
  Object.fromEntries(Object.entries(o).sort(([a], [b]) => (a < b ? -1 : 1)));

describe('replay of a real shop', () => {
  test('GFAgie01: 662,748 lines, none lost (shared data: nist-sms)', { skip: absent('nist-sms') }, async () => {
    const truth = recompute(join(nist, 'GFAgie01'));
    assert.equal(truth.lines, 662_748);
    assert.equal(truth.files, 52);
    const tally = new Tally();
    const replayed = await replayFiles(join(nist, 'GFAgie01'), tally.add);
    assert.equal(replayed.plan.lines, 662_748);
    assert.equal(replayed.byTag.size, 26);
    assertNoneLost(replayed, tally, truth);
    assert.deepEqual([...tally.bad], []);
    const finished = replayed.notices.find((n) => n.code === 'file.finished')!.params;
    assert.deepEqual(finished, { files: 52, lines: 662_748, samples: 662_748, rejected: 0 });
  });

  test('GFAgie01 in the history: distinct samples, states, alarms (shared data: nist-sms)', {
    skip: absent('nist-sms'),
  }, async () => {
    const truth = recompute(join(nist, 'GFAgie01'));
    const directory = await mkdtemp(join(tmpdir(), 'deungdae-history-'));
    const { history } = await openHistory({ directory, clock: systemClock, log: silentLogger });
    try {
      const replayed = await replayFiles(join(nist, 'GFAgie01'), (batch) => history.append(batch));
      // A second run repeats everything and changes nothing.
      await replayFiles(join(nist, 'GFAgie01'), (batch) => history.append(batch));
      const all = { from: Date.UTC(2016, 0, 1) * 1000, to: Date.UTC(2021, 0, 1) * 1000, limit: 1_000_000 };
      const samplesOfTag = (tag: string) => history.range({ signal: replayed.byTag.get(tag)!.id, ...all });
      const distinct: Record<string, number> = {};
      for (const tag of replayed.byTag.keys()) distinct[tag] = (await samplesOfTag(tag)).length;
      assert.deepEqual(sorted(distinct), sorted(truth.distinctByTag));

      const { from, to } = all;
      const execution = replayed.byTag.get('execution')!.id;
      const inValue = await history.timeInValue({ signal: execution, from, to });
      const hours = (value: string) => inValue.find((v) => v.value === value)!.us / 3.6e9;
      for (const [value, known] of [
        ['ACTIVE', 6.5745],
        ['READY', 29.5958],
        ['INTERRUPTED', 0.1923],
      ] as const) {
        assert.equal(hours(value).toFixed(4), String(known), value);
        assert.ok(Math.abs(hours(value) - truth.stateHours[value]!) < 1e-6, value);
      }
      assert.ok(
        inValue.every((v) => v.value !== 'UNAVAILABLE'),
        'not connected is a gap, not a state',
      );

      const alarms: Recomputed['alarms'] = {};
      for (const [tag, signal] of replayed.byTag)
        if (signal.kind === 'condition') alarmTimes(tag, await samplesOfTag(tag), alarms);
      assert.deepEqual(rounded(alarms), rounded(truth.alarms));
    } finally {
      await history.close();
      await rm(directory, { recursive: true, force: true });
    }
  });

  test('Hurco01: two clocks, 15 lines of 2002 kept as uncertain (shared data: nist-sms)', {
    skip: absent('nist-sms'),
  }, async () => {
    const truth = recompute(join(nist, 'Hurco01'), 'Program_Status');
    assert.equal(truth.lines, 30_211);
    const tally = new Tally();
    const replayed = await replayFiles(join(nist, 'Hurco01'), tally.add);
    assertNoneLost(replayed, tally, truth);
    const odd = replayed.notices.filter((n) => n.code === 'file.oddTime');
    assert.equal(odd.length, 15);
    assert.ok(odd.every((n) => String(n.params!.time).startsWith('2002-01-01')));
    // 14 of the 15 say UNAVAILABLE, which stays a gap.
    assert.equal(tally.uncertain, 1);
    assert.match(replayed.plan.plantYaml, /preset: mtconnect\n\s+execution: program-status/);
  });

  test('plate: 17 torn lines rejected by file and line, neighbours kept (shared data: nist-sms)', {
    skip: absent('nist-sms'),
  }, async () => {
    const path = join(nist, 'plate', 'part-data');
    const truth = recompute(path, 'Program_Status');
    assert.equal(truth.torn.length, 17);
    const tally = new Tally();
    const replayed = await replayFiles(path, tally.add);
    assertNoneLost(replayed, tally, truth);
    const rejected = replayed.notices.filter((n) => n.code === 'file.rejected').map((n) => n.params!);
    assert.deepEqual(
      rejected.map(({ file, line }) => ({ file, line })),
      truth.torn,
    );
    assert.ok(rejected.every((r) => r.reason === 'noSeparator'));
  });

  test('okuma: wide lines, conditions, assets (shared data: mtconnect)', {
    skip: absent('mtconnect/okuma.txt'),
  }, async () => {
    const path = join(shared, 'mtconnect', 'okuma.txt');
    const truth = recompute(path, 'pexecution');
    // Two of the lines counted as UNAVAILABLE conditions elsewhere are three pairs, the first of them UNAVAILABLE.
    assert.deepEqual([truth.lines, truth.data, truth.commands], [10_770, 10_331 + 2, 9]);
    assert.deepEqual(truth.conditions, { NORMAL: 40 });
    const tally = new Tally();
    const operations: string[] = [];
    let assetSignal = -1;
    const batches: SampleBatch[] = [];
    const replayed = await replayFiles(path, (batch) => {
      batches.push(batch);
    });
    assetSignal = replayed.byTag.get('@assets')!.id;
    for (const batch of batches)
      for (const s of samplesOf(batch)) if (s.signal === assetSignal) operations.push(JSON.parse(String(s.value)).kind);
    for (const batch of batches) tally.add(batch);
    tally.samples.delete(assetSignal);
    const count = (kind: string) => operations.filter((o) => o === kind).length;
    assert.deepEqual([count('update'), count('remove'), count('removeAll')], [118, 30, 4]);
    assertNoneLost(replayed, tally, truth);
    assert.deepEqual(
      replayed.plan.notes.filter((n) => n.kind === 'notInModel').map((n) => n.tag),
      ['ApplicationInstallDate'],
    );
  });
});

/** The same reckoning as the script's, from the samples of the history. */
function alarmTimes(tag: string, samples: Sample[], out: Recomputed['alarms']): void {
  const active = new Map<string, number>();
  for (const { time, value, quality } of samples) {
    const condition = quality === Quality.gap ? null : parseCondition(String(value));
    const end = (code: string) => {
      out[`${tag} ${code}`] ??= { times: 0, seconds: 0 };
      out[`${tag} ${code}`]!.times++;
      out[`${tag} ${code}`]!.seconds += (time - active.get(code)!) / 1e6;
      active.delete(code);
    };
    if (condition?.level === 'FAULT' || condition?.level === 'WARNING') {
      if (!active.has(condition.nativeCode)) active.set(condition.nativeCode, time);
    } else if (condition?.level === 'NORMAL' && condition.nativeCode !== '') {
      if (active.has(condition.nativeCode)) end(condition.nativeCode);
    } else for (const code of [...active.keys()]) end(code);
  }
}

const rounded = (alarms: Recomputed['alarms']) =>
  Object.entries(alarms)
    .map(([key, { times, seconds }]) => `${key}: ${times} × ${seconds.toFixed(3)} s`)
    .sort();
