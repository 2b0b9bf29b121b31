import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { addBindings, addConnection, addSignals } from './plant-edit.ts';
import { addPlaces } from './plant-edit-places.ts';

const empty = `# our plant
deungdae: 1
enterprise: { id: e }
connections: [] # none yet
sites:
  - id: s   # the only one
    timeZone: Asia/Seoul
    areas: []
`;
const proposal = {
  ...{ id: 'temp', name: 'temp', kind: 'number' as const, unit: 'Cel', devicePath: [], value: null },
  address: { topic: 't' },
};

test('the first area, line and machine of an empty plant, with its connection and a signal', () => {
  const state = { preset: 'runningBit' as const, signal: 'run' };
  const counters = [
    { counts: 'total' as const, signal: 'n', perIncrement: 4 },
    { counts: 'scrap' as const, signal: 'bad', perIncrement: 1 },
  ];
  const cycleTimes = [{ product: '*', seconds: 2.5 }];
  const places = [
    { path: 'e/s/press', level: 'area' as const, name: '프레스' },
    { path: 'e/s/press/l1', level: 'line' as const, name: '' },
    { path: 'e/s/press/l1/p-01', level: 'equipment' as const, name: 'Press: 1', state, counters, cycleTimes },
  ];
  const connected = addPlaces(addConnection(empty, { id: 'c', type: 'mqtt', url: 'mqtt://x' }), places, 'c');
  const { text } = addBindings(connected, { equipment: 'e/s/press/l1/p-01', connection: 'c', proposals: [proposal] });
  assert.equal(
    text,
    `# our plant
deungdae: 1
enterprise: { id: e }
connections: # none yet
  - id: c
    type: mqtt
    url: mqtt://x
sites:
  - id: s   # the only one
    timeZone: Asia/Seoul
    areas:
      - id: press
        name: 프레스
        lines:
          - id: l1
            equipment:
              - id: p-01
                name: "Press: 1"
                connection: c
                state:
                  preset: runningBit
                  signal: run
                counters:
                  - counts: total
                    signal: n
                    perIncrement: 4
                  - counts: scrap
                    signal: bad
                cycleTimes:
                  - product: "*"
                    seconds: 2.5
                signals:
                  - id: temp
                    unit: Cel
                    source:
                      topic: t
`,
  );
});

test('a place in use, one without a parent, and one at the wrong level are refused', () => {
  const area = [{ path: 'e/s/a', level: 'area' as const, name: '' }];
  const once = addPlaces(empty, area, 'c');
  assert.throws(() => addPlaces(once, area, 'c'), { code: 'plant.editTaken', status: 409 });
  const add = (path: string, level: 'line' | 'equipment') => () => addPlaces(once, [{ path, level, name: '' }], 'c');
  assert.throws(add('e/s/b/m', 'equipment'), { code: 'plant.editTarget', status: 404 });
  assert.throws(add('e/s/m', 'equipment'), { code: 'plant.editTarget' });
  assert.throws(add('e/m', 'line'), { code: 'plant.editTarget' });
});

test('a machine in flow style is written out as lines; its comments and its neighbours stay', () => {
  const flow = `deungdae: 1
enterprise: { id: e }
sites:
  - id: s
    timeZone: Asia/Seoul
    areas:
      - id: z
        equipment:
          # the big one
          - { id: m1, name: { ko: 가, en: b }, signals: [{ id: x, source: { topic: a } }] } # left hall
          # behind it
          - { id: m2 }
          - { id: m3, # bought used
              signals: [
                # oil
                { id: q } ] }
      - { id: y, equipment: [{ id: m4 }, { id: m5 }] }
`;
  const bound = (text: string, at: string) => addSignals(text, `e/s/${at}`, [{ id: 'p', source: { topic: 'p' } }]);
  const after = ['z/m1', 'z/m3', 'y/m4'].reduce(bound, flow);
  assert.equal(
    after.slice(after.indexOf('          # the big')),
    `          # the big one
          - id: m1 # left hall
            name: { ko: 가, en: b }
            signals:
              - { id: x, source: { topic: a } }
              - id: p
                source:
                  topic: p
          # behind it
          - { id: m2 }
          - id: m3 # bought used
            signals:
              # oil
              - { id: q }
              - id: p
                source:
                  topic: p
      - id: y
        equipment:
          - id: m4
            signals:
              - id: p
                source:
                  topic: p
          - { id: m5 }
`,
  );
});

test('an anchored machine keeps its anchor, and aliases of others stay aliases', () => {
  const text = `deungdae: 1
enterprise: { id: e }
sites:
  - id: s
    timeZone: Asia/Seoul
    areas:
      - id: z
        equipment:
          - { id: m1, limits: &l { min: 0 } }
`.replace('limits: &l { min: 0 }', 'signals: [{ id: a, limits: &l { min: 0 } }, { id: b, limits: *l }]');
  const after = addSignals(text, 'e/s/z/m1', [{ id: 'p' }]);
  assert.match(after, /&l .*\n.*\*l/);
  assert.equal(parse(after).sites[0].areas[0].equipment[0].signals.length, 3);
  const anchored = text.replace('- { id: m1', '- &m { id: m1');
  assert.equal(parse(addSignals(anchored, 'e/s/z/m1', [{ id: 'p' }])).sites[0].areas[0].equipment[0].signals.length, 3);
});
