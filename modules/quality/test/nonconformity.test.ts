import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { onceMigrations } from '@deungdae/ledger/once.ts';
import { openPoints } from '../src/decisions.ts';
import { kim, minute, t0, works } from './fixtures.ts';

const as = (role: Caller['role']): Caller => ({
  ...{ userId: role, name: role, displayName: `이름 ${role}`, role, language: 'ko', via: 'session' },
});
const ends: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of ends) await end();
});
// biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
type Any = any;
const code = (error: unknown) => (error instanceof CodedError ? error.code : String(error));

async function plant() {
  const w = await works();
  ends.push(() => w.test.end());
  const call = (id: keyof Handlers, input: object, role: Caller['role'] = 'engineer'): Promise<Any> =>
    Promise.resolve((w.quality.handlers[id] as (input: object, caller: Caller) => unknown)(input, as(role)));
  const report = (lots: string[], more: object = {}) =>
    call('openNonconformity', {
      body: {
        source: 'production',
        item: 'cap',
        lots,
        defect: 'flash',
        quantity: 30,
        text: '버 발생',
        pictures: [],
        ...more,
      },
    });
  return { ...w, call, report };
}

describe('nonconformities', () => {
  test('lots are held at once; the same entry sent twice is one', async () => {
    const p = await plant();
    await p.test.reopen([
      ...[{ module: 'quality', migrations: (await import('../src/module.ts')).qualityMigrations }],
      onceMigrations,
    ]);
    const lot = p.inventory.add('L1');
    const w = await works({ ledger: p.test.ledger, inventory: p.inventory as never });
    ends.push(() => w.test.end());
    const open = () =>
      (w.quality.handlers.openNonconformity as Any)(
        {
          body: {
            ...{ entryId: '0190a000-0000-7000-8000-000000000001', source: 'production', item: 'cap', lots: ['L1'] },
            ...{ defect: null, quantity: 1, text: 'x', pictures: [] },
          },
        },
        as('operator'),
      ) as Promise<Any>;
    const first = await open();
    assert.equal((await open()).number, first.number);
    assert.deepEqual(
      lot.holds.map((h) => h.reference),
      [`nonconformity/${first.id}`],
    );
  });

  test('concession needs the quality lead; it frees the lot and marks the inspection', async () => {
    const p = await plant();
    p.masterdata.plan({ code: 'FI', stage: 'final' });
    const lot = p.inventory.add('L1');
    const [i] = await p.inTx((tx) =>
      p.quality.ask(tx, { stage: 'final', item: 'cap', lot: lot.id, time: t0, actor: kim }),
    );
    const results = [{ characteristic: 'd', sample: 1, value: 10.15 }];
    const done = await p.call('recordInspection', { params: { id: i!.number }, body: { results, finish: true } });
    const body = { kind: 'concession', lots: [], reason: '기능에 영향 없음', approval: '고객 승인 C-12' };
    const params = { id: done.nonconformity };
    assert.equal(await p.call('decideNonconformity', { params, body }, 'supervisor').catch(code), 'quality.notAllowed');
    assert.equal(lot.status, 'hold');
    const decided = await p.call('decideNonconformity', { params, body });
    assert.deepEqual(
      [decided.status, decided.lots[0].held, decided.lots[0].decision, decided.decisions[0].by],
      ['decided', false, 'concession', '이름 engineer'],
    );
    assert.equal(lot.status, 'available');
    assert.equal((await p.call('inspection', { params: i! })).verdict, 'concession');
    const again = { ...body, lots: ['L1'] };
    assert.equal(await p.call('decideNonconformity', { params, body: again }).catch(code), 'quality.lotDecided');
  });

  test('rework: the lot is asked for a new inspection and waits for it', async () => {
    const p = await plant();
    p.masterdata.plan({ code: 'FI', stage: 'final' });
    const lot = p.inventory.add('L1');
    const nc = await p.report(['L1']);
    await p.call('decideNonconformity', {
      params: nc,
      body: { kind: 'rework', lots: [], reason: '사상', approval: '' },
    });
    const [i] = await p.quality.inspectionsOf({ lot: lot.id });
    assert.equal(i!.status, 'due');
    assert.deepEqual(
      lot.holds.map((h) => h.reference),
      [`inspection/${i!.id}`],
    );
  });

  test('a lot that was let go is held again when it turns out bad once more', async () => {
    const p = await plant();
    const lot = p.inventory.add('L1');
    const nc = await p.report(['L1']);
    const decide = (lots: string[]) =>
      p.call('decideNonconformity', { params: nc, body: { kind: 'release', lots, reason: '이상 없음', approval: '' } });
    assert.equal((await decide([])).status, 'decided');
    assert.equal(lot.status, 'available');
    const again = await p.call('changeNonconformity', { params: nc, body: { addLots: ['L1'] } });
    assert.deepEqual([again.status, again.lots[0].held, lot.status], ['open', true, 'hold']);
    assert.equal((await decide(['L1'])).lots[0].held, false);
    assert.equal(lot.status, 'available');
  });

  test('scrap takes the goods out of stock in the same act, return makes the lot unusable', async () => {
    const p = await plant();
    const [a, b] = [
      p.inventory.add('A', { onHand: 12.5, stock: [{ location: 'fg', quantity: 12.5 }] }),
      p.inventory.add('B'),
    ];
    const nc = await p.report(['A', 'B']);
    const first = await p.call('decideNonconformity', {
      params: nc,
      body: { kind: 'scrap', lots: ['A'], reason: '불량', approval: '' },
    });
    assert.equal(first.status, 'open', 'one lot is still held');
    assert.deepEqual(p.inventory.scrapped, [{ lot: a.id, quantity: 12_500_000 }]);
    const second = await p.call('decideNonconformity', {
      params: nc,
      body: { kind: 'return', lots: ['B'], reason: '반품', approval: '' },
    });
    assert.equal(second.status, 'decided');
    assert.equal(b.status, 'rejected');
  });

  test('8D: closed only with every measure done and its effect looked at; not effective opens it again', async () => {
    const p = await plant();
    const nc = await p.report([], {
      source: 'customer',
      partner: 'kia',
      partnerReference: 'CL-7',
      dueAt: t0 + 5 * minute,
    });
    assert.equal(await p.call('closeNonconformity', { params: nc }).catch(code), 'quality.notReady');
    assert.equal(
      await p.call('checkEffectiveness', { params: nc, body: { effective: true, evidence: 'x' } }).catch(code),
      'quality.noEightD',
    );
    const eightD = (doneAt: number | null) => ({
      ...{ team: '김, 이', problem: '버', rootCause: '금형 마모', escapeCause: '검사 누락', closing: '' },
      ...{ dueAt: t0 + minute, effectivenessDueAt: t0 + 9 * minute },
      actions: [{ discipline: 5, text: '금형 수리', owner: '박', dueAt: t0 + minute, doneAt }],
    });
    const saved = await p.call('saveEightD', { params: nc, body: eightD(null) });
    assert.deepEqual(openPoints(saved), ['actions', 'effectiveness']);
    await p.call('saveEightD', { params: nc, body: eightD(t0 + minute) });
    const failed = await p.call('checkEffectiveness', { params: nc, body: { effective: false, evidence: '재발' } });
    assert.equal(failed.status, 'open');
    assert.equal(await p.call('closeNonconformity', { params: nc }).catch(code), 'quality.notReady');
    await p.call('checkEffectiveness', { params: nc, body: { effective: true, evidence: '3로트 무결함' } });
    assert.equal((await p.call('closeNonconformity', { params: nc })).status, 'closed');
    assert.equal(await p.call('saveEightD', { params: nc, body: eightD(null) }).catch(code), 'quality.closed');
    assert.deepEqual((await p.call('nonconformities', { query: { status: 'running', limit: 10 } })).length, 0);
  });

  test('a gauge that fails puts what it measured in doubt: one nonconformity an item, lots still here held', async () => {
    const p = await plant();
    p.masterdata.plan({
      code: 'FI',
      stage: 'final',
      characteristics: [
        { id: 'd', name: '외경', kind: 'variable', critical: false, samples: 1, rules: [], gauge: 'G1' },
        { id: 'l', name: '길이', kind: 'variable', critical: false, samples: 1, rules: [], gauge: 'G2' },
      ],
    });
    const lots = [p.inventory.add('L1'), p.inventory.add('L2', { onHand: 0 }), p.inventory.add('L3')];
    for (const [n, lot] of lots.entries()) {
      const time = t0 + n * minute;
      const [i] = await p.inTx((tx) =>
        p.quality.ask(tx, { stage: 'final', item: 'cap', lot: lot.id, time, actor: kim }),
      );
      const results = [
        { characteristic: 'd', sample: 1, value: 10 },
        { characteristic: 'l', sample: 1, value: 20 },
      ];
      await p.inTx((tx) => p.quality.record(tx, { inspection: i!.id, results, finish: true, time, actor: kim }));
    }
    const window = { gauge: 'G1', from: t0 + minute, to: t0 + 10 * minute };
    const use = await p.quality.gaugeUse({ ...window, limit: 10 });
    assert.deepEqual(
      use.map((u) => [u.lotNumber, u.characteristics, u.values]),
      [
        ['L2', ['d'], 1],
        ['L3', ['d'], 1],
      ],
    );
    const failed = await p.inTx((tx) =>
      p.quality.gaugeFailed(tx, { ...window, text: '교정 부적합', time: t0 + 20 * minute, actor: kim }),
    );
    assert.equal(failed.lots, 1);
    assert.deepEqual(
      lots.map((l) => l.status),
      ['available', 'available', 'hold'],
    );
    const [nc] = await p.quality.nonconformities({ limit: 5 });
    assert.deepEqual([nc!.source, nc!.gauge, nc!.lots.map((l) => l.number)], ['audit', 'G1', ['L3']]);
  });
});

describe('studies, limit samples, sampling', () => {
  test('a study is evaluated when every cell is filled, and then stays as it is', async () => {
    const p = await plant();
    const values = (hole: boolean) =>
      Array.from({ length: 5 }, (_, part) =>
        Array.from({ length: 2 }, (_x, o) => [part + o * 0.01, part + 0.05, hole && part === 4 ? null : part - 0.05]),
      );
    const study = {
      ...{ kind: 'gageAnova', name: '외경 마이크로미터', gauge: 'G1', item: null, characteristic: null, unit: 'mm' },
      ...{ parts: ['1', '2', '3', '4', '5'], operators: ['김', '이'], trials: 3, lower: 0, upper: 10 },
      ...{ reference: null, alpha: 0.05, pool: null },
    };
    const first = await p.call('saveStudy', { body: { ...study, values: values(true) } });
    assert.equal(first.result, null);
    const second = await p.call('saveStudy', { body: { ...study, id: first.id, values: values(false) } });
    assert.equal(second.number, first.number);
    assert.deepEqual([second.result.method, second.result.pooled, second.result.alpha], ['anova', true, 0.05]);
    assert.ok(second.result.tolerance > 0);
    const third = p.call('saveStudy', { body: { ...study, id: first.id, values: values(false) } });
    assert.equal(await third.catch(code), 'quality.studyDone');
    const ragged = p.call('saveStudy', { body: { ...study, values: values(false).slice(1) } });
    assert.equal(await ragged.catch(code), 'quality.studyShape');
    assert.equal((await p.call('studies', { query: { gauge: 'G1', limit: 5 } })).length, 1);
  });

  test('limit samples in force only', async () => {
    const p = await plant();
    const body = {
      item: 'cap',
      defect: 'flash',
      name: '버 한도',
      side: 'limit',
      text: '',
      pictures: ['doc1'],
      validTo: null,
    };
    const sample = await p.call('saveLimitSample', { body });
    assert.equal((await p.call('limitSamples', { query: { item: 'cap', limit: 5 } })).length, 1);
    await p.call('saveLimitSample', { body: { ...body, id: sample.id, validTo: t0 } });
    assert.equal((await p.call('limitSamples', { query: { item: 'cap', limit: 5 } })).length, 0);
  });

  test('the three plans of a lot with their curves', async () => {
    const p = await plant();
    const plans = await p.call('samplingPlan', { query: { lotSize: 1000, level: 'II', aql: 1 } });
    assert.deepEqual(
      plans.map((s: Any) => [s.severity, s.sampleSize, s.acceptance]),
      [
        ['normal', 80, 2],
        ['tightened', 80, 1],
        ['reduced', 32, 1],
      ],
    );
    const one = plans[0].curve.find((c: Any) => c.share === 0.02);
    assert.equal(one.accepted.toFixed(6), '0.784419');
  });
});
