import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { advise, CodedError, defineErrors, errorCatalogue, explain } from './errors.ts';
import { nearest } from './nearest.ts';
import './plant-errors.ts';
import { plantJsonSchema, plantReference } from './plant-schema.ts';
import { isUnit, nearestUnit } from './plant-unit.ts';

test('every plant error names the same parameters in Korean and English', () => {
  const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  let checked = 0;
  for (const [code, text] of errorCatalogue()) {
    assert.deepEqual(holes(text.ko), holes(text.en), code);
    assert.deepEqual(holes(text.doKo), holes(text.doEn), code);
    assert.match(text.ko + text.doKo, /[가-힣]/, code);
    checked++;
  }
  assert.ok(checked > 20);
});

test('errors carry code, status and both languages; a code declared twice with other words is refused', () => {
  const text = { ko: '{a} 없음', en: 'no {a}', doKo: '{a} 추가', doEn: 'add {a}' };
  const make = defineErrors({ KERNEL_TEST: text });
  const error = make('KERNEL_TEST', { a: 'x' }, { status: 404 });
  assert.ok(error instanceof CodedError && error.status === 404);
  assert.equal(explain(error.code, error.params, 'ko'), 'x 없음');
  assert.equal(advise(error.code, error.params, 'en'), 'add x');
  assert.throws(() => defineErrors({ KERNEL_TEST: { ...text, en: 'other {a}' } }));
});

test('the nearest name: typing errors yes, other words no', () => {
  const names = ['connection', 'calendar', 'cycleTimes', 'counters'];
  assert.equal(nearest('conection', names), 'connection');
  assert.equal(nearest('Calender', names), 'calendar');
  assert.equal(nearest('cycletimes', names), 'cycleTimes');
  assert.equal(nearest('temperature', names), null);
  assert.equal(nearest('x', names), null);
  assert.equal(nearest('ab', ['ba', 'cd']), 'ba', 'two letters swapped');
});

test('units of a factory are units; what people write instead is mended', () => {
  for (const unit of [
    'Cel',
    'kPa',
    'mm/s',
    'kW.h',
    '1',
    '%',
    'm3/h',
    'N.m',
    '{rpm}/min',
    '/min',
    'mm2',
    'kg/m3',
    'm/s2',
    'dB',
    '[psi]',
    '10*3',
    'g.m-2',
    'kV.A',
    'L/min',
    'um',
    '(kg.m)/s2',
  ])
    assert.equal(isUnit(unit), true, unit);
  for (const unit of ['', '℃', 'kWh', 'rpm', 'foo', 'mm//s', 'mm/', '(kg', 'kg)', '{pcs'])
    assert.equal(isUnit(unit), false, unit);
  assert.deepEqual(
    ['℃', 'kWh', 'rpm', 'kpa', 'psi', 'mm/sec', '개'].map((u) => nearestUnit(u)),
    ['Cel', 'kW.h', '{rpm}/min', 'kPa', '[psi]', 'mm/s', '{pcs}'],
  );
  for (const unit of ['℃', 'kWh', 'rpm', 'kpa', 'psi', '개']) assert.ok(isUnit(nearestUnit(unit)!), unit);
});

test('the JSON Schema knows each connector, and the reference page names every key of the schema', () => {
  const connectors = [
    {
      type: 'modbus',
      config: z.strictObject({ host: z.string().meta({ description: 'Name or address' }) }),
      address: z.strictObject({ register: z.int() }),
    },
  ];
  const schema = plantJsonSchema(connectors) as { $defs: object; properties: { connections: { items: object } } };
  assert.ok('connection-modbus' in schema.$defs && 'source-modbus' in schema.$defs);
  assert.match(JSON.stringify(schema.properties.connections.items), /"const":"modbus"/);
  const page = plantReference(connectors);
  for (const word of [
    '`timeZone`',
    '`cycleTimes`',
    '`unchangedFor`',
    '`wrapsAt`',
    '`host`',
    '`register`',
    'Name or address',
  ])
    assert.ok(page.includes(word), word);
  assert.equal(page, plantReference(connectors));
});
