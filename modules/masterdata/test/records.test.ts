import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { actor, day, engineer, openTest, product, t0 } from './fixtures.ts';

const coded = (code: string) => (error: unknown) => error instanceof CodedError && error.code === code;

test('put is idempotent, and counts what it did', async (t) => {
  const { master, ledger } = await openTest(t);
  const records = [
    { kind: 'item', code: 'A', data: product('사출 커버') },
    { kind: 'item', code: 'B', data: { name: 'resin', kind: 'rawMaterial', unit: 'kg' } },
  ] as const;
  assert.deepEqual(await master.put(records, actor), { added: 2, changed: 0, same: 0 });
  assert.deepEqual(await master.put(records, actor), { added: 0, changed: 0, same: 2 });
  const events = await ledger.events({ limit: 10 });
  assert.equal(events.length, 2);
  const found = await master.need('item', 'A', t0);
  assert.equal(found.data.tracking, 'lot');
});

test('an engineering change ends the revision before it, and each day sees its own', async (t) => {
  const { master } = await openTest(t, { nowUs: () => t0 });
  const change = t0 + 10 * day;
  await master.put([{ kind: 'item', code: 'A', revision: '1', data: product('one') }], actor);
  const revise = master.handlers.reviseMasterRecord!;
  const made = await revise(
    {
      params: { kind: 'item', code: 'A' },
      query: undefined,
      body: { revision: '2', validFrom: change, data: product('two'), reason: 'ECO-7' },
    },
    engineer,
  );
  assert.equal(made.validFrom, change);
  assert.equal((await master.need('item', 'A', change - 1)).data.name, 'one');
  assert.equal((await master.need('item', 'A', change)).data.name, 'two');
  // A third one between them ends where the second begins.
  await master.put(
    [{ kind: 'item', code: 'A', revision: '1b', validFrom: t0 + 5 * day, data: product('between') }],
    actor,
  );
  assert.equal((await master.need('item', 'A', t0 + 7 * day)).revision, '1b');
  assert.equal((await master.need('item', 'A', change)).revision, '2');
  await assert.rejects(
    master.put([{ kind: 'item', code: 'A', revision: '9', validFrom: change, data: product('same day') }], actor),
    coded('master.overlap'),
  );
});

test('a change names the version it was made on', async (t) => {
  const { master } = await openTest(t);
  const save = (version: number | null, name: string) =>
    master.handlers.saveMasterRecord!(
      {
        params: { kind: 'item', code: 'A' },
        query: undefined,
        body: { revision: '', data: product(name), version },
      },
      engineer,
    );
  assert.equal((await save(null, 'one')).version, 1);
  await assert.rejects(async () => save(null, 'again'), coded('master.exists'));
  assert.equal((await save(1, 'two')).version, 2);
  await assert.rejects(async () => save(1, 'stale'), coded('master.conflict'));
});

test('what is missing is named with the nearest code, in both languages', async (t) => {
  const { master } = await openTest(t);
  await master.put([{ kind: 'item', code: 'PX-1001', data: product('x') }], actor);
  const { explain } = await import('@deungdae/kernel/errors.ts');
  const error = await master.need('item', 'PX-1010', t0).catch((e: CodedError) => e);
  assert.ok(error instanceof CodedError);
  assert.equal(error.params.nearest, 'PX-1001');
  assert.match(explain(error.code, error.params, 'en'), /no item PX-1010.*PX-1001/);
  assert.match(explain(error.code, error.params, 'ko'), /품목 PX-1010.*PX-1001/);
});

test('a bill of materials needs its items, and may not contain itself', async (t) => {
  const { master } = await openTest(t);
  const bom = (item: string, ...components: string[]) => ({
    kind: 'bom' as const,
    code: item,
    data: { item, lines: components.map((component) => ({ component, quantity: 1 })) },
  });
  await master.put(
    ['A', 'B', 'C'].map((code) => ({ kind: 'item' as const, code, data: product(code) })),
    actor,
  );
  await assert.rejects(master.put([bom('A', 'Z')], actor), coded('master.reference'));
  await master.put([bom('A', 'B'), bom('B', 'C')], actor);
  await assert.rejects(master.put([bom('C', 'A')], actor), coded('master.cycle'));
  await assert.rejects(master.put([bom('B', 'B')], actor), coded('master.cycle'));
  assert.equal(await master.bomOf('C', t0), null, 'nothing of a refused change is kept');
  assert.equal((await master.bomOf('A', t0))?.data.lines[0]?.component, 'B');
  const uses = await master.handlers.masterRecord!(
    { params: { kind: 'item', code: 'B' }, query: undefined, body: undefined },
    engineer,
  );
  assert.deepEqual(
    uses.usedBy.map((u) => `${u.kind} ${u.code} ${u.role}`),
    ['bom A component', 'bom B item'],
  );
});

test('circles that never hold on one day are none', async (t) => {
  const { master } = await openTest(t, { nowUs: () => t0 });
  await master.put(
    ['A', 'B', 'X'].map((code) => ({ kind: 'item' as const, code, data: product(code) })),
    actor,
  );
  const bom = (item: string, component: string, revision: string, validFrom: number | null) => ({
    ...{ kind: 'bom' as const, code: item, revision, validFrom },
    data: { item, lines: [{ component, quantity: 1 }] },
  });
  await master.put([bom('A', 'B', '1', null), bom('A', 'X', '2', t0 + 5 * day)], actor);
  await master.put([bom('B', 'X', '1', null), bom('B', 'A', '2', t0 + 5 * day)], actor);
  await assert.rejects(master.put([bom('B', 'A', '3', t0 + 2 * day)], actor), coded('master.cycle'));
});

test('search finds words and initial consonants', async (t) => {
  const { master } = await openTest(t);
  await master.put(
    [
      { kind: 'item', code: 'P-1', data: product('사출 커버') },
      { kind: 'item', code: 'P-2', data: product('프레스 브라켓') },
    ],
    actor,
  );
  const search = async (text: string) =>
    (
      await master.handlers.masterRecords!(
        { params: { kind: 'item' }, query: { search: text, limit: 10 }, body: undefined },
        engineer,
      )
    ).records.map((r) => r.code);
  assert.deepEqual(await search('ㅅㅊ'), ['P-1']);
  assert.deepEqual(await search('브라켓 p-2'), ['P-2']);
  assert.deepEqual(await search('없는것'), []);
});

test('the cache never answers with what a transaction replaced, nor with what was rolled back', async (t) => {
  const { master, ledger } = await openTest(t);
  await master.put([{ kind: 'item', code: 'A', data: product('one') }], actor);
  assert.equal((await master.need('item', 'A', t0)).data.name, 'one');
  await ledger.transaction(async (db, emit) => {
    const tx = { db, emit };
    await master.put([{ kind: 'item', code: 'A', data: product('two') }], actor, tx);
    assert.equal((await master.need('item', 'A', t0, tx)).data.name, 'two', 'inside');
    assert.equal((await master.need('item', 'A', t0)).data.name, 'one', 'beside');
  });
  assert.equal((await master.need('item', 'A', t0)).data.name, 'two');
  await assert.rejects(
    ledger.transaction(async (db, emit) => {
      await master.put([{ kind: 'item', code: 'A', data: product('three') }], actor, { db, emit });
      assert.equal((await master.need('item', 'A', t0, { db, emit })).data.name, 'three');
      throw new Error('no');
    }),
    /no/,
  );
  assert.equal((await master.need('item', 'A', t0)).data.name, 'two');
});

test('plans, routings and reasons are found through what they refer to', async (t) => {
  const { master } = await openTest(t);
  await master.put(
    [
      { kind: 'item', code: 'A', data: product('A') },
      { kind: 'workCentre', code: 'W', data: { name: 'Moulding' } },
      {
        kind: 'routing',
        code: 'A',
        data: { item: 'A', operations: [{ number: 10, name: 'mould', workCentre: 'W' }] },
      },
      {
        kind: 'inspectionPlan',
        code: 'A-first',
        data: { name: 'first', item: 'A', stage: 'first', characteristics: [{ id: 'd', name: 'd' }] },
      },
      { kind: 'reason', code: 'D', data: { name: '불량', tree: 'defect' } },
      { kind: 'reason', code: 'D1', data: { name: '흑점', tree: 'defect', parent: 'D' } },
    ],
    actor,
  );
  assert.equal((await master.routingOf('A', t0))?.data.operations[0]?.crew, 1);
  assert.equal((await master.plansOf('A', t0, { stage: 'first', operation: 10 })).length, 1);
  assert.equal((await master.plansOf('A', t0, { stage: 'final' })).length, 0);
  assert.deepEqual(await master.reasonPath('D1', t0), ['D', 'D1']);
  await assert.rejects(
    master.put([{ kind: 'reason', code: 'D', data: { name: '불량', tree: 'defect', parent: 'D1' } }], actor),
    coded('master.cycle'),
  );
});

test('names of codes come in their languages, of what is not in force any more too', async (t) => {
  const { master } = await openTest(t);
  const names = { en: 'Flash' };
  await master.put(
    [
      { kind: 'item', code: 'A', data: product('커버') },
      { kind: 'reason', code: 'BURR', data: { name: '버', names, tree: 'defect' } },
      { kind: 'reason', code: 'OLD', active: false, data: { name: '옛날 사유', tree: 'defect' } },
    ],
    actor,
  );
  const operations = [{ number: 10, name: '사출', names: { en: 'Moulding' }, workCentre: 'INJ' }];
  await master.put(
    [
      { kind: 'workCentre', code: 'INJ', data: { name: '사출' } },
      { kind: 'routing', code: 'R-A', data: { item: 'A', operations } },
    ],
    actor,
  );
  const body = { item: ['A', 'GONE'], reason: ['BURR', 'OLD', 'A'], routing: ['A', 'GONE'] };
  const found = await master.handlers.masterNames!({ params: undefined, query: undefined, body }, engineer);
  assert.deepEqual(found, {
    item: { A: { ko: '커버' } },
    reason: { BURR: { ko: '버', en: 'Flash' }, OLD: { ko: '옛날 사유' } },
    routing: { 'A/10': { ko: '사출', en: 'Moulding' } },
  });
});
