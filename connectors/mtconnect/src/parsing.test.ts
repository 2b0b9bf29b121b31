import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { BatchBuilder, Quality, samplesOf } from '@deungdae/contracts/sample.ts';
import { isUnit } from '@deungdae/kernel/plant-unit.ts';
import { parseDataSet } from './data-set.ts';
import { ItemIndex, kindOf, parseDevices, shapeOf } from './device-model.ts';
import { MergedSet } from './merged-set.ts';
import { MultipartParser } from './multipart.ts';
import { decimal } from './observation.ts';
import { proposePlant } from './propose.ts';
import { addObservation, type ItemTarget } from './stream-samples.ts';
import { parseStreams } from './streams.ts';
import { millDevices } from './test-peers/mill.ts';
import { assertValid, noSchemas } from './test-peers/schemas.ts';
import { ucumOf } from './units.ts';

const shared = resolve(process.env.DEUNGDAE_SHARED_DATA ?? '../shared/data');
const absent = (file: string) => (existsSync(join(shared, file)) ? false : `${join(shared, file)} not present`);

test('data sets: quotes, braces, escapes, removals, resets, tables', () => {
  const plain = (text: string, table = false) => JSON.parse(JSON.stringify(parseDataSet(text, { table }).entries));
  assert.deepEqual(plain('a=10 b=2.0 c="ab cd" d= e'), { a: 10, b: 2, c: 'ab cd', d: null, e: null });
  assert.deepEqual(plain(String.raw`x={ a \} b } y=' it\'s '`), { x: ' a } b ', y: " it's " });
  assert.equal(parseDataSet(':MANUAL a=1').reset, 'MANUAL');
  assert.deepEqual(plain(':MANUAL a=1'), { a: 1 });
  assert.deepEqual(plain('a=1Bch b=2.x'), { a: '1Bch', b: '2.x' });
  assert.deepEqual(plain('G54={X=1 Y="two" Z=} G55={X=3}', true), { G54: { X: 1, Y: 'two', Z: null }, G55: { X: 3 } });
  assert.deepEqual(plain('a=1 b={never closed'), { a: 1 });
  assert.deepEqual(plain('__proto__=1 constructor=2'), { ['__proto__']: 1, constructor: 2 });
});

test('only decimal numbers are numbers', () => {
  for (const [text, n] of [
    ['1', 1],
    ['-1.5e3', -1500],
    ['+.5', 0.5],
    [' 7 ', 7],
    ['00012', 12],
  ] as const)
    assert.equal(decimal(text), n);
  for (const text of ['', ' ', '0x10', 'Infinity', '-Infinity', 'NaN', '1,5', '12 34', 'true', '1_000'])
    assert.ok(Number.isNaN(decimal(text)), text);
});

test('observations of a Streams document that are valid become the set as it stands (shared data: mtconnect)', {
  skip: noSchemas,
}, async () => {
  const document = (sets: string) => `<?xml version="1.0" encoding="UTF-8"?>
<MTConnectStreams xmlns="urn:mtconnect.org:MTConnectStreams:2.7">
  <Header creationTime="2026-01-02T00:00:10Z" sender="x" instanceId="9" version="2.7" deviceModelChangeTime="2026-01-01T00:00:00Z" bufferSize="64" nextSequence="9" firstSequence="1" lastSequence="8"/>
  <Streams><DeviceStream name="Mill" uuid="mill-1"><ComponentStream component="Path" name="path" componentId="path"><Events>${sets}</Events></ComponentStream></DeviceStream></Streams>
</MTConnectStreams>`;
  const xml = document(`
    <VariableDataSet dataItemId="vars" sequence="1" timestamp="2026-01-02T00:00:01Z" count="2"><Entry key="100">1.50</Entry><Entry key="B.C">A &amp; B</Entry></VariableDataSet>
    <VariableDataSet dataItemId="vars" sequence="2" timestamp="2026-01-02T00:00:02Z" count="2"><Entry key="100" removed="true"/><Entry key="20">7</Entry></VariableDataSet>
    <WorkOffsetTable dataItemId="offsets" sequence="3" timestamp="2026-01-02T00:00:03Z" count="2"><Entry key="G54"><Cell key="Y">2</Cell><Cell key="X">1.5</Cell></Entry><Entry key="G55"><Cell key="X">0</Cell></Entry></WorkOffsetTable>
    <WorkOffsetTable dataItemId="offsets" sequence="4" timestamp="2026-01-02T00:00:04Z" count="1"><Entry key="G54"><Cell key="X">9</Cell></Entry></WorkOffsetTable>
    <VariableDataSet dataItemId="vars" sequence="5" timestamp="2026-01-02T00:00:05Z" count="1" resetTriggered="SHIFT"><Entry key="new">1</Entry></VariableDataSet>
    <VariableDataSet dataItemId="vars" sequence="6" timestamp="2026-01-02T00:00:06Z" count="0">UNAVAILABLE</VariableDataSet>
    <VariableDataSet dataItemId="vars" sequence="7" timestamp="2026-01-02T00:00:07Z" count="1"><Entry key="z">UNAVAILABLE</Entry></VariableDataSet>
    <WorkOffsetTable dataItemId="offsets" sequence="8" timestamp="2026-01-02T00:00:08Z" count="0"/>`);
  await assertValid(xml, 'Streams');
  const read = parseStreams(xml);
  assert.equal(read.kind, 'streams');
  if (read.kind !== 'streams') return;
  const index = new ItemIndex(parseDevices(millDevices).devices);
  const target = (id: string, signal: number): ItemTarget => {
    const item = index.find(id)!;
    return { signal, kind: kindOf(item), shape: shapeOf(item), item, set: new MergedSet(true) };
  };
  const targets = new Map([
    ['vars', target('vars', 1)],
    ['offsets', target('offsets', 2)],
  ]);
  const batch = new BatchBuilder();
  for (const o of read.observations) addObservation(batch, targets.get(o.dataItemId)!, o);
  assert.deepEqual(
    [...samplesOf(batch.take())].map((s) => [s.signal, (s.time / 1e6) % 60, s.value, s.quality]),
    [
      [1, 1, '{"100":1.5,"B.C":"A & B"}', Quality.good],
      [1, 2, '{"20":7,"B.C":"A & B"}', Quality.good],
      [2, 3, '{"G54":{"X":1.5,"Y":2},"G55":{"X":0}}', Quality.good],
      [2, 4, '{"G54":{"X":9},"G55":{"X":0}}', Quality.good],
      [1, 5, '{"new":1}', Quality.good],
      [1, 6, null, Quality.gap],
      [1, 7, '{"z":"UNAVAILABLE"}', Quality.good],
      [2, 8, '{"G54":{"X":9},"G55":{"X":0}}', Quality.good],
    ],
  );
});

test('the mill: kinds, shapes, units, keys, preset, counter', () => {
  const { version, devices } = parseDevices(millDevices);
  assert.equal(version, '2.7');
  const index = new ItemIndex(devices);
  const kinds = Object.fromEntries(devices[0]!.items.map((i) => [i.id, `${kindOf(i)} ${shapeOf(i)} ${i.unit}`]));
  assert.equal(kinds.xpos, 'number value mm');
  assert.equal(kinds.xwave, 'number timeSeries %');
  assert.equal(kinds.logic, 'condition condition null');
  assert.equal(kinds.vars, 'json dataSet null');
  assert.equal(kinds.offsets, 'json table null');
  assert.equal(kinds.pos, 'vector value mm');
  assert.equal(kinds.msg, 'text message null');
  assert.equal(kinds.exec, 'enum value null');
  assert.equal(index.find('Mill:Xpos')!.id, 'xpos');
  assert.equal(index.find('mill-1:xpos')!.id, 'xpos');
  const [mill] = proposePlant(devices);
  assert.deepEqual(mill!.state, { preset: 'mtconnect', execution: 'execution', mode: 'mode', availability: 'avail' });
  assert.deepEqual(mill!.counters, [{ counts: 'total', signal: 'parts' }]);
});

test('every unit has a UCUM code that the plant file takes', () => {
  for (const units of [
    'MILLIMETER',
    'MILLIMETER_3D',
    'DEGREE/SECOND',
    'REVOLUTION/MINUTE',
    'NEWTON_METER',
    'PERCENT',
    'CELSIUS',
    'KILOWATT_HOUR',
    'VOLT_AMPERE_REACTIVE',
    'MILLIMETER/REVOLUTION',
    'PASCAL_SECOND',
    'FAHRENHEIT',
    'MICRO_RADIAN',
    'PH',
    'BYTE',
    'COUNT/SECOND',
    'MILLIGRAM/CUBIC_MILLIMETER',
  ]) {
    const unit = ucumOf(units);
    assert.ok(unit !== null && isUnit(unit), `${units}: ${unit}`);
  }
  assert.equal(ucumOf('x:METER'), null);
});

test('real device files (shared data: nist-sms, mtconnect)', {
  skip: absent('nist-sms/Devices.xml') || absent('mtconnect/okuma-Devices.xml'),
}, () => {
  const read = (file: string) => parseDevices(readFileSync(join(shared, file), 'utf8'));
  const nist = read('nist-sms/Devices.xml');
  assert.equal(nist.version, '1.3');
  assert.equal(nist.devices.length, 8);
  assert.equal(
    nist.devices.reduce((sum, d) => sum + d.items.length, 0),
    226,
  );
  assert.equal(nist.devices[0]!.items.filter((i) => i.category === 'CONDITION').length, 8);
  assert.equal(new ItemIndex(nist.devices).find('move')!.type, 'x:MOTION');
  const okuma = read('mtconnect/okuma-Devices.xml');
  assert.deepEqual([okuma.version, okuma.devices[0]!.items.length], ['2.7', 100]);
});

test('multipart: with and without length, cut anywhere, too large, endless', () => {
  const body = Buffer.from(
    '--B\r\nContent-type: text/xml\r\nContent-length: 5\r\n\r\nhello\r\n--B\r\nContent-type: text/xml\r\n\r\nwörld--B\r\nContent-length: 0\r\n\r\n\r\n--B--\r\n',
  );
  for (let cut = 1; cut <= body.length; cut++) {
    const parser = new MultipartParser('B', 1000);
    const parts: string[] = [];
    for (let i = 0; i < body.length; i += cut) {
      parser.push(body.subarray(i, i + cut));
      for (let part = parser.next(); part; part = parser.next()) parts.push(part.toString());
    }
    assert.deepEqual(parts, ['hello', 'wörld', ''], `cut ${cut}`);
    assert.ok(parser.ended);
  }
  const refuses = (text: string) => {
    const parser = new MultipartParser('B', 1000);
    parser.push(Buffer.from(text));
    assert.throws(() => parser.next(), /mtconnect\.(tooLarge|badDocument)/);
  };
  refuses('--B\r\nContent-length: 99999\r\n\r\n');
  refuses(`--B\r\n\r\n${'x'.repeat(2000)}`);
  refuses('y'.repeat(10_000));
  refuses(`--B\r\n${'h: 1\r\n'.repeat(3000)}`);
});

test('random documents give an error, never a crash', () => {
  let seed = 7;
  const random = (n: number) => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed % n;
  };
  const pieces = [
    '<a>',
    '</a>',
    '<MTConnectStreams>',
    '<Header instanceId="1"',
    '/>',
    '&lt;',
    '&#99999999;',
    '<![CDATA[',
    ']]>',
    '<!--',
    '"',
    "'",
    '=',
    'x',
    '<Streams>',
    '<?xml?>',
  ];
  for (let round = 0; round < 500; round++) {
    let text = '';
    for (let i = random(30); i >= 0; i--) text += pieces[random(pieces.length)];
    try {
      parseStreams(text);
    } catch (error) {
      assert.match(String((error as { code?: string }).code), /^mtconnect\./, text);
    }
  }
});
