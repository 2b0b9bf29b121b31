import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ShdrItem, ShdrParser, type ShdrShape } from './shdr.ts';
import { formatTimeUs, parseTimeUs } from './shdr-time.ts';

interface Item extends ShdrItem {
  name: string;
}

/** Parses text with the given tags and tells all that came out, one line each. */
function told(
  text: string,
  shapes: Record<string, ShdrShape>,
  cut = text.length,
  arrivalUs = () => Number.NaN,
): string[] {
  const out: string[] = [];
  const parser = new ShdrParser<Item>(
    {
      resolve: (key) => (shapes[key] ? { name: key, shape: shapes[key] } : null),
      value: (i, t, v, d) => out.push(`${t} ${i.name}=${v}${Number.isNaN(d) ? '' : ` for ${d}`}`),
      condition: (i, t, ...f) => out.push(`${t} ${i.name}: ${f.join('/')}`),
      message: (i, t, code, v) => out.push(`${t} ${i.name} message ${code}/${v}`),
      timeSeries: (i, t, n, r, v) => out.push(`${t} ${i.name} series ${n} at ${r}: ${v}`),
      asset: (t, o) => out.push(`${t} ${JSON.stringify(o)}`),
      command: (n, v) => out.push(`* ${n}=${v}`),
      reject: (line, reason, v) => out.push(`reject ${line} ${reason} ${v.slice(0, 20)}`),
      unknown: (key, line) => out.push(`unknown ${key} ${line}`),
    },
    { maxLine: 200, maxAsset: 500, arrivalUs },
  );
  for (let i = 0; i < text.length; i += cut) parser.push(text.slice(i, i + cut));
  parser.end();
  return out;
}

const at = '2016-10-25T12:50:30.410Z';
const us = Date.parse(at) * 1000;

test('three to nine digits of a second come to whole microseconds, rounded', () => {
  assert.equal(parseTimeUs('2016-10-25T12:50:30Z'), Date.UTC(2016, 9, 25, 12, 50, 30) * 1000);
  assert.equal(parseTimeUs('2016-10-25T12:50:30.123Z') % 1e6, 123_000);
  assert.equal(parseTimeUs('2016-10-25T12:50:30.123456Z') % 1e6, 123_456);
  assert.equal(parseTimeUs('2017-02-01T15:10:39.5937500Z') % 1e6, 593_750);
  assert.equal(parseTimeUs('2022-08-08T13:51:34.7167146Z') % 1e6, 716_715);
  assert.equal(parseTimeUs('2016-10-25T12:50:30.123456499Z') % 1e6, 123_456);
  assert.equal(parseTimeUs('2016-10-25T12:50:30.9999999Z'), Date.UTC(2016, 9, 25, 12, 50, 31) * 1000);
  assert.equal(parseTimeUs('2016-10-25T21:50:30.41+09:00'), us);
  assert.equal(parseTimeUs('2016-10-25T07:50:30,41-05'), us);
  assert.equal(parseTimeUs('1969-12-31T23:59:59.5Z'), -500_000);
  assert.equal(formatTimeUs(us + 7), '2016-10-25T12:50:30.410007Z');
});

test('what is no time is none', () => {
  for (const bad of [
    '2017',
    '2017.919363',
    '2016-13-01T00:00:00Z',
    '2015-02-29T00:00:00Z',
    '2016-10-25T25:00:00Z',
    '2016-10-25T12:50:30.Z',
    '2016-10-25T12:50:30.1X',
    '2016-10-25T12:5x:30Z',
    '2016-10-25 12:50',
    '2016-10-25T12:50:30+9',
  ])
    assert.ok(Number.isNaN(parseTimeUs(bad)), bad);
  assert.equal(parseTimeUs('2016-02-29T00:00:00Z'), Date.UTC(2016, 1, 29) * 1000);
});

test('pairs, conditions, messages and series, cut anywhere', () => {
  const text = [
    `${at}|pos|1.5`,
    `${at}|pos|1.5|load|7|prog|a b.NC`,
    `${at}@12.5|load|9`,
    `${at}|logic|Fault|81000046|||70 FEED OVERRIDE = 0 %`,
    `${at}|logic|Normal||||`,
    `${at}|logic|UNAVAILABLE`,
    `${at}|msg|CHG|Change inserts`,
    `${at}|wave|5|100|1 2 3 4 5`,
    `${at}|wave|3||1 2 3`,
    `${at}|wave|UNAVAILABLE`,
    '* PING',
    '*adapterVersion: 2.1',
    `${at}|dev1:pos|8`,
    `${at}|other|NORMAL|1|2|3|text`,
    '',
  ].join('\r\n');
  const shapes = {
    pos: 'value',
    load: 'value',
    prog: 'value',
    logic: 'condition',
    msg: 'message',
    wave: 'timeSeries',
    'dev1:pos': 'value',
  } as const;
  const expected = [
    `${us} pos=1.5`,
    `${us} pos=1.5`,
    `${us} load=7`,
    `${us} prog=a b.NC`,
    `${us} load=9 for 12.5`,
    `${us} logic: FAULT/81000046///70 FEED OVERRIDE = 0 %`,
    `${us} logic: NORMAL////`,
    `${us} logic: UNAVAILABLE////`,
    `${us} msg message CHG/Change inserts`,
    `${us} wave series 5 at 100: 1 2 3 4 5`,
    `${us} wave series 3 at NaN: 1 2 3`,
    `${us} wave=UNAVAILABLE`,
    '* PING=',
    '* adapterVersion=2.1',
    `${us} dev1:pos=8`,
    'unknown other 14',
  ];
  for (const cut of [text.length, 1, 7, 64]) assert.deepEqual(told(text, shapes, cut), expected, `cut ${cut}`);
});

test('without a model a condition is told by its form, three pairs are not taken for one', () => {
  const shapes = { c: 'auto', d: 'auto', e: 'auto' } as const;
  assert.deepEqual(told(`${at}|c|Fault|7||HIGH|hot`, shapes), [`${us} c: FAULT/7//HIGH/hot`]);
  assert.deepEqual(told(`${at}|c|Unavailable||||`, shapes), [`${us} c: UNAVAILABLE////`]);
  assert.deepEqual(told(`${at}|c|UNAVAILABLE|d|2|e|3`, shapes), [`${us} c=UNAVAILABLE`, `${us} d=2`, `${us} e=3`]);
});

test('a torn line is dropped whole, its neighbours stay', () => {
  const text = `${at}|a|1\n2017\n${at}|a\n${at}|a|1|b\n${at.slice(3)}|a|3\n${at}|c|STRANGE|1|2|3|4\n${at}|a|4\n${'x'.repeat(300)}\n${at}|a|5`;
  const shapes = { a: 'value', b: 'value', c: 'condition' } as const;
  const expected = [
    `${us} a=1`,
    'reject 2 noSeparator 2017',
    `reject 3 missingValue ${at.slice(0, 20)}`,
    `reject 4 missingValue ${at.slice(0, 20)}`,
    `reject 5 badTime ${at.slice(3, 23)}`,
    `reject 6 badLevel ${at.slice(0, 20)}`,
    `${us} a=4`,
    `reject 8 tooLong ${'x'.repeat(20)}`,
    `${us} a=5`,
  ];
  assert.deepEqual(told(text, shapes), expected);
  assert.deepEqual(told(text, shapes, 10), expected);
});

test('a line that never ends does not fill the memory', () => {
  assert.deepEqual(told(`${'z'.repeat(5000)}\n${at}|a|1\n`, { a: 'value' }, 50), [
    `reject 1 tooLong ${'z'.repeat(20)}`,
    `${us} a=1`,
  ]);
});

test('a pipe in quotes belongs to the value', () => {
  const shapes = { a: 'value', b: 'value' } as const;
  assert.deepEqual(told(String.raw`${at}|a|"x\|y"|b|2`, shapes), [`${us} a=x|y`, `${us} b=2`]);
  assert.deepEqual(told(`${at}|a|"plain"`, shapes), [`${us} a=plain`]);
  assert.deepEqual(told(`${at}|a|"no end|b|3`, shapes), [`${us} a="no end`, `${us} b=3`]);
  assert.deepEqual(told(`${at}|a|2" pipe`, shapes), [`${us} a=2" pipe`]);
});

test('assets over one line or many, changed and removed', () => {
  const text = [
    `${at}|@ASSET@|t1|CuttingTool|<CuttingTool assetId="t1"/>`,
    `${at}|@ASSET@|t2|CuttingTool|--multiline--ABCD`,
    '<CuttingTool>',
    `${at}|a|not data`,
    '--multiline--ABCD',
    `${at}|@UPDATE_ASSET@|t1|CuttingTool|ToolLife|12|Location|3`,
    `${at}|@REMOVE_ASSET@|t1`,
    `${at}|@REMOVE_ALL_ASSETS@|CuttingTool`,
    `${at}|@ASSET@|t3|CuttingTool|--multiline--X`,
    '<half',
  ].join('\n');
  assert.deepEqual(told(text, { a: 'value' }, 11), [
    `${us} {"kind":"update","assetId":"t1","type":"CuttingTool","document":"<CuttingTool assetId=\\"t1\\"/>"}`,
    `${us} {"kind":"update","assetId":"t2","type":"CuttingTool","document":"<CuttingTool>\\n${at}|a|not data"}`,
    `${us} {"kind":"patch","assetId":"t1","type":"CuttingTool","changes":[["ToolLife","12"],["Location","3"]]}`,
    `${us} {"kind":"remove","assetId":"t1","type":""}`,
    `${us} {"kind":"removeAll","assetId":"","type":"CuttingTool"}`,
    'reject 9 unfinishedAsset t3',
  ]);
});

test('a line without a time takes that of its arrival, or is rejected', () => {
  assert.deepEqual(
    told('a|1\n|a|2\n', { a: 'value' }, 99, () => 7),
    ['7 a=1', '7 a=2'],
  );
  assert.deepEqual(told('a|1\n', { a: 'value' }), ['reject 1 noTime a|1']);
});

test('random bytes never make it throw', () => {
  let seed = 12345;
  const random = () => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };
  const alphabet = `|"\\\n\r*@:2016-10-25T12:50:30Zabc ${at}`;
  for (let round = 0; round < 300; round++) {
    let text = '';
    for (let i = 0; i < 400; i++) text += alphabet[Math.floor(random() * alphabet.length)];
    told(text, { a: 'value', b: 'condition', c: 'timeSeries' }, 1 + Math.floor(random() * 90));
  }
});
