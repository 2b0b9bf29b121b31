import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Inspection } from '@deungdae/contracts/inspection.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { kim, minute, t0, works } from './fixtures.ts';

const ends: (() => Promise<void>)[] = [];
after(async () => {
  for (const end of ends) await end();
});
async function plant() {
  const w = await works();
  ends.push(() => w.test.end());
  const ask = (stage: Inspection['stage'], more: object = {}) =>
    w.inTx((tx) => w.quality.ask(tx, { stage, item: 'cap', time: t0, actor: kim, ...more }));
  const enter = (inspection: Inspection, values: (number | boolean)[], time = t0 + minute, more: object = {}) =>
    w.inTx((tx) =>
      w.quality.record(tx, {
        inspection: inspection.id,
        results: values.map((v, i) => ({
          characteristic: inspection.characteristics[0]!.id,
          sample: i + 1,
          ...(typeof v === 'number' ? { value: v } : { pass: v }),
        })),
        finish: true,
        time,
        actor: kim,
        ...more,
      }),
    );
  return { ...w, ask, enter };
}
const code = (error: unknown) => (error instanceof CodedError ? error.code : String(error));

describe('first piece', () => {
  test('counting waits for an accepted first piece; a rejected one is asked for again', async () => {
    const p = await plant();
    p.masterdata.plan({ code: 'FP', stage: 'first', sampling: { type: 'fixed', size: 2 } });
    const [first] = await p.ask('first', { run: 'r1', machine: 'm1' });
    assert.equal(first!.number, 'QI-260302-0001');
    assert.equal((await p.quality.runBlock('r1'))?.code, 'quality.firstPieceDue');
    assert.equal((await p.ask('first', { run: 'r1' }))[0]!.id, first!.id, 'asked twice, one inspection');

    const rejected = await p.enter(first!, [10, 10.2]);
    assert.equal(rejected.verdict, 'rejected');
    const block = await p.quality.runBlock('r1');
    assert.equal(block?.code, 'quality.firstPieceRejected');
    assert.match(block!.ko, /초물/);
    const [again] = await p.quality.inspectionsOf({ run: 'r1' });
    assert.equal(again!.status, 'due');
    assert.equal((await p.enter(again!, [10.1, 9.9])).verdict, 'accepted', 'on the limit is within it');
    assert.equal(await p.quality.runBlock('r1'), null);
  });

  test('no plan, no block; done once is not asked again, but after a 4M change it is', async () => {
    const p = await plant();
    assert.deepEqual(await p.ask('first', { run: 'r1' }), []);
    assert.equal(await p.quality.runBlock('r1'), null);
    p.masterdata.plan({ code: 'FP', stage: 'first' });
    const [first] = await p.ask('first', { run: 'r1' });
    await p.enter(first!, [10]);
    assert.equal((await p.ask('first', { run: 'r1', time: t0 + minute }))[0]!.id, first!.id);
    const [second] = await p.ask('first', { run: 'r1', again: true, time: t0 + minute });
    assert.notEqual(second!.id, first!.id);
    assert.equal((await p.quality.runBlock('r1'))?.code, 'quality.firstPieceDue');
  });
});

describe('values', () => {
  test('the same entry twice changes nothing; other values after the verdict are refused', async () => {
    const p = await plant();
    p.masterdata.plan({ code: 'FP', stage: 'first' });
    const [i] = await p.ask('first', { run: 'r1' });
    const done = await p.enter(i!, [10]);
    assert.deepEqual((await p.enter(i!, [10])).doneAt, done.doneAt);
    assert.equal(await p.enter(i!, [10.05]).catch(code), 'quality.alreadyDone');
  });

  test('a verdict needs every value; a lost decimal point is asked about', async () => {
    const p = await plant();
    p.masterdata.plan({ code: 'FP', stage: 'first', sampling: { type: 'fixed', size: 3 } });
    const [i] = await p.ask('first', { run: 'r1' });
    assert.equal(await p.enter(i!, [10, 10]).catch(code), 'quality.incomplete');
    assert.equal(await p.enter(i!, [10, 101, 10]).catch(code), 'quality.unlikelyValue');
    assert.equal((await p.enter(i!, [10, 101, 10], t0, { confirmed: true })).verdict, 'rejected');
  });

  test('judged characteristics are coded values, and a text is refused at the schema’s door', async () => {
    const p = await plant();
    const flash = { id: 'flash', name: '버', kind: 'attribute' as const, critical: false, samples: 1, rules: [] };
    p.masterdata.plan({ code: 'FP', stage: 'first', characteristics: [flash] });
    const [i] = await p.ask('first', { run: 'r1' });
    assert.equal(await p.enter(i!, [1]).catch(code), 'quality.valueMissing');
    assert.equal((await p.enter(i!, [true])).verdict, 'accepted');
  });

  test('a count that is corrected takes the place of the earlier one', async () => {
    const p = await plant();
    const flash = { id: 'flash', name: '버', kind: 'attribute' as const, critical: false, samples: 1, rules: [] };
    p.masterdata.plan({ code: 'FP', stage: 'first', characteristics: [flash], sampling: { type: 'fixed', size: 20 } });
    const [i] = await p.ask('first', { run: 'r1' });
    const send = (results: object[], finish: boolean) =>
      p.inTx((tx) =>
        p.quality.record(tx, { inspection: i!.id, results: results as never, finish, time: t0 + minute, actor: kim }),
      );
    const rows = (good: number, bad: number) => [
      { characteristic: 'flash', sample: 1, pass: true, count: good },
      ...(bad > 0 ? [{ characteristic: 'flash', sample: 2, pass: false, count: bad }] : []),
    ];
    await send(rows(18, 2), false);
    const done = await send(rows(20, 0), true);
    assert.deepEqual([done.verdict, done.results.length], ['accepted', 1]);
    assert.equal((await p.ledger.events({ limit: 5, type: 'inspection.resultsCorrected' })).length, 1);
  });
});

describe('lots', () => {
  test('a lot waits for its final inspection: held until accepted, then free', async () => {
    const p = await plant();
    p.masterdata.plan({ code: 'FI', stage: 'final' });
    const lot = p.inventory.add('L1');
    const [i] = await p.ask('final', { lot: lot.id });
    assert.equal(lot.status, 'hold');
    assert.equal(lot.holds[0]!.reference, `inspection/${i!.id}`);
    await p.enter(i!, [10]);
    assert.equal(lot.status, 'available');
  });

  test('a rejected lot stays held, by the nonconformity that was opened for it', async () => {
    const p = await plant();
    p.masterdata.plan({ code: 'FI', stage: 'final' });
    const lot = p.inventory.add('L1');
    const [i] = await p.ask('final', { lot: 'L1' });
    const done = await p.enter(i!, [10.3]);
    assert.equal(done.verdict, 'rejected');
    assert.ok(done.nonconformity);
    assert.deepEqual(
      lot.holds.map((h) => h.reference),
      [`nonconformity/${done.nonconformity}`],
    );
    const events = await p.ledger.events({ limit: 50, type: 'nonconformity.opened' });
    assert.equal(events.length, 1);
  });

  test('AQL: sample and acceptance by lot size; two of five rejected lots tighten; the history names why', async () => {
    const p = await plant();
    p.masterdata.plan({
      code: 'IQ',
      stage: 'incoming',
      sampling: { type: 'aql', level: 'II', aql: 1 },
      characteristics: [{ id: 'look', name: '외관', kind: 'attribute', critical: false, samples: 1, rules: [] }],
    });
    const inspect = async (n: number, bad: number) => {
      const lot = p.inventory.add(`S${n}`, { supplier: 'acme', onHand: 1000 });
      const [i] = await p.ask('incoming', { lot: lot.id, time: t0 + n * minute });
      const results = [
        { characteristic: 'look', sample: 1, pass: true, count: i!.sampleSize - bad },
        ...(bad > 0 ? [{ characteristic: 'look', sample: 2, pass: false, count: bad }] : []),
      ];
      return p.inTx((tx) =>
        p.quality.record(tx, { inspection: i!.id, results, finish: true, time: t0 + n * minute, actor: kim }),
      );
    };
    const one = await inspect(1, 2);
    assert.deepEqual([one.codeLetter, one.sampleSize, one.acceptance, one.verdict], ['J', 80, 2, 'accepted']);
    assert.equal((await inspect(2, 3)).verdict, 'rejected');
    assert.equal((await inspect(3, 3)).severity, 'normal');
    const four = await inspect(4, 2);
    assert.deepEqual([four.severity, four.acceptance, four.verdict], ['tightened', 1, 'rejected']);
    const switched = await p.ledger.events({ limit: 10, type: 'severity.switched' });
    assert.equal(switched[0]!.data.reason, 'twoOfFive');
  });

  test('an unknown lot says so', async () => {
    const p = await plant();
    p.masterdata.plan({ code: 'FI', stage: 'final' });
    assert.equal(await p.ask('final', { lot: 'nope' }).catch(code), 'quality.unknownLot');
  });
});

describe('a running process', () => {
  test('a patrol check comes again after its interval; rejected, it stops counting until repeated', async () => {
    const p = await plant();
    p.masterdata.plan({ code: 'PA', stage: 'patrol', everyMinutes: 120 });
    const [i] = await p.ask('patrol', { run: 'r1' });
    await p.enter(i!, [10], t0 + minute);
    const [next] = await p.quality.inspectionsOf({ run: 'r1' });
    assert.equal(next!.dueAt, t0 + 121 * minute);
    assert.equal(await p.quality.runBlock('r1'), null);
    const bad = await p.enter(next!, [10.2], t0 + 122 * minute);
    assert.ok(bad.nonconformity);
    assert.equal((await p.quality.runBlock('r1'))?.code, 'quality.inProcessRejected');
    const [repeat] = await p.quality.inspectionsOf({ run: 'r1' });
    await p.enter(repeat!, [10], t0 + 123 * minute);
    assert.equal(await p.quality.runBlock('r1'), null);
    await p.inTx((tx) => p.quality.runEnded(tx, { run: 'r1', time: t0 + 200 * minute, actor: kim }));
    assert.equal((await p.quality.inspectionsOf({ run: 'r1' }))[0]!.status, 'skipped');
  });

  test('when a transaction fails, neither inspection nor hold nor event is left', async () => {
    const p = await plant();
    p.masterdata.plan({ code: 'FP', stage: 'first' });
    await p
      .inTx(async (tx) => {
        await p.quality.ask(tx, { stage: 'first', item: 'cap', run: 'r9', time: t0, actor: kim });
        throw new Error('later step fails');
      })
      .catch(() => {});
    assert.deepEqual(await p.quality.inspectionsOf({ run: 'r9' }), []);
    assert.equal((await p.ledger.events({ limit: 5, type: 'inspection.asked' })).length, 0);
  });
});
