import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { type PlantProblem, plantTextLimit, readPlantText } from './plant-file.ts';
import { resolvePlant } from './plant-resolve.ts';

const connectors = [
  {
    type: 'modbus',
    config: z.strictObject({ host: z.string(), port: z.number().int().min(1).max(65535).default(502) }),
    address: z.strictObject({
      register: z.union([z.int().min(0), z.strictObject({ coil: z.int() })]),
      wordOrder: z.enum(['big', 'little']).default('big'),
    }),
  },
  { type: 'mqtt', config: z.strictObject({ url: z.url() }), address: z.strictObject({ topic: z.string() }) },
];

const good = `# our plant
deungdae: 1
enterprise: { id: hanbit, name: { ko: 한빛, en: Hanbit } }
connections:
  - id: line-a
    type: modbus
    host: 10.0.0.1
calendars:
  - id: two
    shifts:
      - { id: day, start: "08:00", end: "20:00", breaks: [{ start: "12:00", end: "13:00" }] }
      - { id: night, start: "20:00", end: "08:00", breaks: [{ start: "00:00", end: "00:30" }] }
types:
  - id: imm
    connection: line-a
    minorStopBelow: 5min
    state: { preset: runningBit, signal: run }
    counters:
      - { counts: good, signal: shots, wrapsAt: 65536, perIncrement: 2 }
    cycleTimes: [{ seconds: 30 }]
    signals:
      - id: run
        kind: boolean
        source: { register: "\${base}" }
      - id: shots
        name: "shots of \${label}"
        kind: integer
        source: { register: 7, wordOrder: little }
      - id: barrel
        unit: Cel
        deadband: 0.5
        source: { register: 9 }
sites:
  - id: gimcheon
    timeZone: Asia/Seoul
    calendar: two
    areas:
      - id: molding
        lines:
          - id: l1
            equipment:
              - id: imm-01
                type: imm
                with: { base: 100, label: "1호기" }
                signals:
                  - id: barrel
                    unit: K
                  - id: extra
`;

function read(text: string, language = 'en') {
  return readPlantText(text, { fileName: 'plant.yaml', connectors, language });
}

/** The one problem of the good file with `from` changed to `to`. */
function broken(from: string, to: string, language = 'en'): PlantProblem {
  assert.ok(good.includes(from), `the sample file has no ${from}`);
  const { plant, problems } = read(good.replace(from, to), language);
  assert.equal(plant, null);
  assert.equal(problems.length, 1, JSON.stringify(problems, null, 1));
  return problems[0]!;
}

test('a good file has no problems and resolves', async () => {
  const { plant, problems } = read(good);
  assert.deepEqual(problems, []);
  let next = 1;
  const idsOf = async (paths: readonly string[]) => new Map(paths.map((p) => [p, next++]));
  const model = await resolvePlant(plant!, good, { idsOf });
  const machine = model.equipment.get('hanbit/gimcheon/molding/l1/imm-01')!;
  assert.equal(machine.line, 'hanbit/gimcheon/molding/l1');
  assert.equal(machine.calendar?.id, 'two');
  assert.equal(machine.minorStopBelowMs, 300_000);
  assert.deepEqual(machine.state?.decisive, ['run']);
  assert.equal(machine.counters[0]!.signal.name, 'shots');
  assert.equal(machine.cycleTimes.get('*'), 30);
  const byName = Object.fromEntries(machine.signals.map((s) => [s.name, s]));
  assert.deepEqual(
    byName.run!.address,
    { register: 100, wordOrder: 'big' },
    'the hole keeps its number, defaults filled',
  );
  assert.equal(byName.shots!.label, 'shots of 1호기');
  assert.equal(byName.barrel!.unit, 'K', 'the equipment changes the field it gives');
  assert.equal(byName.barrel!.deadband, 0.5, 'and keeps the others of its type');
  assert.deepEqual(byName.barrel!.address, { register: 9, wordOrder: 'big' });
  assert.equal(byName.extra!.connection, null);
  assert.deepEqual(model.connections.get('line-a')!.config, { host: '10.0.0.1', port: 502 });
  assert.equal(model.connections.get('line-a')!.signals.length, 3);
  assert.deepEqual(
    model.nodes.map((n) => n.level),
    ['enterprise', 'site', 'area', 'line', 'equipment'],
  );
});

test('a fingerprint changes with settings and bindings and with nothing else', async () => {
  const idsOf = async (paths: readonly string[]) => new Map(paths.map((p, i) => [p, i + 1]));
  const fingerprint = async (text: string) =>
    (await resolvePlant(read(text).plant!, text, { idsOf })).connections.get('line-a')!.fingerprint;
  const first = await fingerprint(good);
  assert.equal(await fingerprint(good.replace('# our plant', '# another comment')), first);
  assert.equal(await fingerprint(good.replace('seconds: 30', 'seconds: 31')), first);
  assert.notEqual(await fingerprint(good.replace('10.0.0.1', '10.0.0.2')), first);
  assert.notEqual(await fingerprint(good.replace('base: 100', 'base: 101')), first);
});

test('an unknown key: line, column, nearest name, both languages', () => {
  const p = broken('minorStopBelow: 5min', 'minorStopBelo: 5min');
  assert.deepEqual(
    [p.code, p.line, p.column, p.path, p.suggestion],
    ['plant.unknownKey', 16, 5, 'types[0].minorStopBelo', 'minorStopBelow'],
  );
  assert.match(p.message, /Unknown key: minorStopBelo/);
  assert.match(broken('minorStopBelow: 5min', 'minorStopBelo: 5min', 'ko').message, /알 수 없는 항목/);
});

const cases: [name: string, from: string, to: string, code: string, suggestion: string | null][] = [
  ['wrong type', 'deadband: 0.5', 'deadband: lots', 'plant.type', null],
  ['wrong enumeration value', 'kind: boolean', 'kind: bolean', 'plant.value', 'boolean'],
  ['unknown preset', 'preset: runningBit', 'preset: runingBit', 'plant.value', 'runningBit'],
  ['unknown key of a preset', 'signal: run }', 'signal: run, faultSignl: run }', 'plant.unknownKey', 'faultSignal'],
  ['bad duration', '5min', '5 minutes', 'plant.format', null],
  ['bad duration, mended', '5min', '5 m', 'plant.format', '5min'],
  ['bad id', 'id: imm-01', 'id: IMM 01', 'plant.format', 'imm-01'],
  ['unknown connection', 'connection: line-a', 'connection: lin-a', 'plant.reference', 'line-a'],
  ['unknown equipment type', 'type: imm', 'type: inm', 'plant.reference', 'imm'],
  ['unknown calendar', 'calendar: two', 'calendar: tow', 'plant.reference', 'two'],
  ['unknown signal of a state', 'signal: run }', 'signal: rum }', 'plant.reference', 'run'],
  ['unknown signal of a counter', 'signal: shots,', 'signal: shot,', 'plant.reference', 'shots'],
  ['unknown time zone', 'Asia/Seoul', 'Asia/Soul', 'plant.timeZone', 'Asia/Seoul'],
  ['unknown unit', 'unit: Cel', 'unit: °C', 'plant.unit', 'Cel'],
  ['duplicate signal', '- id: extra', '- id: barrel', 'plant.duplicateId', null],
  ['overlapping shifts', 'end: "20:00"', 'end: "20:30"', 'plant.shiftOverlap', null],
  ['break outside', 'start: "12:00"', 'start: "07:00"', 'plant.breakOutside', null],
  ['connector type', 'type: modbus', 'type: modbuss', 'plant.value', 'modbus'],
  ['connector setting', 'host: 10.0.0.1', 'hots: 10.0.0.1', 'plant.unknownKey', 'host'],
  ['binding key', 'wordOrder: little', 'wordOder: little', 'plant.unknownKey', 'wordOrder'],
  ['binding value', 'register: 9', 'register: -9', 'plant.range', null],
  ['missing parameter', 'base: 100', 'bse: 100', 'plant.parameter', 'bse'],
  ['duplicate key', 'type: modbus', 'type: modbus\n    type: mqtt', 'plant.duplicateKey', null],
  ['syntax', 'enterprise: { id', 'enterprise: { id: [', 'plant.syntax', null],
];

/** Where the fault shows on another line than the change: the second of two, or the end of what was opened. */
const lineShift: Record<string, number> = { 'overlapping shifts': 1, 'duplicate key': 1, 'duplicate signal': 0 };
const lineOf = (part: string) => good.slice(0, good.indexOf(part)).split('\n').length;

for (const [name, from, to, code, suggestion] of cases) {
  test(`problem: ${name}`, () => {
    const { plant, problems } = read(good.replace(from, to));
    assert.equal(plant, null);
    const found = problems.find((p) => p.code === code);
    assert.ok(found, JSON.stringify(problems, null, 1));
    assert.equal(found.line, lineOf(from) + (lineShift[name] ?? 0), JSON.stringify(problems, null, 1));
    assert.equal(found.suggestion, suggestion, found.message);
    assert.ok(found.column >= 1 && found.advice.length > 0);
    assert.doesNotMatch(found.message + found.advice, /\{\w+\}/, 'every hole is filled');
  });
}

test('an unknown connection of a type is told once, however many machines have it', () => {
  const twice = good.replace(
    '              - id: imm-01',
    '              - { id: imm-00, type: imm, with: { base: 1, label: b } }\n              - id: imm-01',
  );
  const { problems } = read(twice.replace('wordOrder: little', 'wordOrder: litle'));
  assert.equal(problems.length, 1);
  assert.equal(problems[0]!.suggestion, 'little');
});

test('anchors that blow up are refused quickly', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
    .split('')
    .map((l, i) => `${l}: &${l} [${Array(9).fill(`*${'abcdefg'[i]}`).join(',')}]`)
    .join('\n')}\n`;
  const started = performance.now();
  const { plant, problems } = read(bomb);
  assert.equal(plant, null);
  assert.equal(problems[0]!.code, 'plant.aliases');
  assert.ok(performance.now() - started < 2000);
});

test('a file over the limit is refused before it is parsed', () => {
  assert.equal(read(`#${' '.repeat(plantTextLimit)}`).problems[0]!.code, 'plant.tooLarge');
});

test('empty, scalar and list files are problems, not exceptions', () => {
  for (const text of ['', '5', '- 1', 'null', '\u0000', '%YAML 9\n---\nx', '{', '[1,2']) {
    const { plant, problems } = read(text);
    assert.equal(plant, null);
    assert.ok(problems.length > 0, text);
  }
});

test('a mistyped required key is one problem, not also a missing one', () => {
  const text = 'deungdae: 1\nenterprise: { id: a }\nsites:\n  - id: s\n    timezone: Asia/Seoul\n';
  const { problems } = readPlantText(text, { connectors: [], language: 'en' });
  assert.deepEqual(
    problems.map((p) => [p.code, p.line, p.suggestion]),
    [['plant.unknownKey', 5, 'timeZone']],
  );
});
