import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countChoices,
  countsOf,
  emptyCount,
  emptyDraft,
  idFrom,
  newOne,
  obviousState,
  placesOf,
  stateChoices,
} from './new-machine.ts';

test('ids are valid, made of Hangul too, and not taken', () => {
  assert.equal(idFrom('opc.tcp://10.0.0.1:4840', new Set(), 'x'), 'opc-tcp-10-0-0-1-4840');
  assert.equal(idFrom('Press', new Set(['press', 'press-2']), 'x'), 'press-3');
  assert.equal(idFrom('프레스 1호기', new Set(), 'x'), 'peureseu-1hogi');
  assert.equal(idFrom('사출반', new Set(), 'x'), 'sachulban');
  assert.equal(idFrom('設備', new Set(), 'equipment'), 'equipment');
  assert.match(idFrom('-'.repeat(3) + 'a '.repeat(90), new Set(), 'x'), /^[a-z0-9][a-z0-9-]*[a-z0-9]$/);
});

test('a new machine in a new area and line, or in what there is; nothing while an answer is missing', () => {
  const paths = new Set(['e', 'e/s', 'e/s/press', 'e/s/press/p-1', 'e/s/press/l1']);
  const draft = { ...emptyDraft, name: ' P 1 ', area: newOne, areaName: 'Press', line: newOne, lineName: 'Line A' };
  assert.deepEqual(placesOf(draft, paths, 'e/s'), [
    { path: 'e/s/press-2', level: 'area', name: 'Press' },
    { path: 'e/s/press-2/line-a', level: 'line', name: 'Line A' },
    { path: 'e/s/press-2/line-a/p-1', level: 'equipment', name: 'P 1' },
  ]);
  assert.deepEqual(placesOf({ ...emptyDraft, name: 'P 1', area: 'e/s/press' }, paths, 'e/s'), [
    { path: 'e/s/press/p-1-2', level: 'equipment', name: 'P 1' },
  ]);
  const inLine = { ...emptyDraft, name: 'x', id: 'P-9', area: 'e/s/press', line: 'e/s/press/l1' };
  assert.equal(placesOf(inLine, paths, 'e/s')![0]!.path, 'e/s/press/l1/p-9');
  for (const hole of [{ name: ' ' }, { areaName: '' }, { lineName: '' }, { area: null }])
    assert.equal(placesOf({ ...draft, ...hole }, paths, 'e/s'), null);
});

const proposal = (id: string, kind: string, name = id) =>
  ({ id, name, kind, unit: null, devicePath: [], value: null, address: {} }) as never;

test('what tells the state: execution, PackML, a bit that says so; a doubtful one is offered and not chosen', () => {
  const all = [proposal('door', 'boolean'), proposal('run', 'boolean'), proposal('part-count', 'integer')];
  const keys = stateChoices(all).map((c) => c.key);
  assert.deepEqual(keys, ['runningBit:run', 'runningBit:door', 'counter:part-count']);
  assert.equal(obviousState(stateChoices(all))?.key, 'runningBit:run');
  assert.equal(obviousState(stateChoices([all[0]!])), null);
  const cnc = stateChoices([
    proposal('execution', 'enum'),
    proposal('mode', 'enum'),
    proposal('avail', 'enum'),
    all[1]!,
  ]);
  assert.deepEqual(cnc[0]!.state, { preset: 'mtconnect', execution: 'execution', mode: 'mode', availability: 'avail' });
  assert.equal(stateChoices([proposal('state-current', 'integer', 'StateCurrent')])[0]!.means, 'packml');
  const told = { ...(proposal('state', 'text') as object), value: 'Execute' } as never;
  assert.deepEqual(stateChoices([told])[0]!.state, { preset: 'packml', signal: 'state' });
  assert.deepEqual(stateChoices([proposal('run', 'boolean'), proposal('run', 'boolean')]), [], 'two of one id');
});

test('what counts pieces: named so, not the scrap; nothing chosen is nothing written', () => {
  const picked = [proposal('bad-count', 'integer'), proposal('part-count', 'integer'), proposal('run', 'boolean')];
  const choices = countChoices(picked);
  assert.equal(choices.likely, 'part-count');
  assert.deepEqual(
    choices.counters.map((c) => c.id),
    ['bad-count', 'part-count'],
  );
  assert.deepEqual(countsOf(emptyCount, choices), {
    counters: [{ counts: 'total', signal: 'part-count', perIncrement: 1 }],
  });
  assert.deepEqual(countsOf({ total: 'part-count', scrap: 'bad-count', perIncrement: 4, seconds: 2.5 }, choices), {
    counters: [
      { counts: 'total', signal: 'part-count', perIncrement: 4 },
      { counts: 'scrap', signal: 'bad-count', perIncrement: 1 },
    ],
    cycleTimes: [{ product: '*', seconds: 2.5 }],
  });
  assert.deepEqual(countsOf({ ...emptyCount, total: '' }, choices), {});
  assert.equal(countChoices([proposal('temp', 'number')]).likely, '');
});
