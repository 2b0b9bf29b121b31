import assert from 'node:assert/strict';
import { test } from 'node:test';
import en from './en.ts';
import { makeFormats } from './format.ts';
import { fill, type Translate } from './i18n.ts';
import ko from './ko.ts';

const koText: Translate = (key, params) => fill(ko[key], params);
const enText: Translate = (key, params) => fill(en[key], params);
const korean = makeFormats('ko', 'Asia/Seoul', koText);
const english = makeFormats('en', 'Asia/Seoul', enText);
const noon = Date.UTC(2026, 10, 25, 3, 4, 5);

test('large numbers as people of the language write them', () => {
  assert.equal(korean.short(34_110), '3.4만');
  assert.equal(korean.short(1_234_567_890), '12.3억');
  assert.equal(english.short(34_110), '34.1K');
  assert.equal(korean.number(1234567, 0), '1,234,567');
});

test('what is not known is a dash, never a zero', () => {
  assert.equal(korean.number(null), '–');
  assert.equal(korean.percent(undefined), '–');
  assert.equal(korean.since(0, noon), '–');
  assert.equal(korean.percent(0.8123), '81.2');
});

test('times are of the plant, whatever the zone of the browser', () => {
  assert.equal(korean.time(noon), '12:04');
  assert.equal(korean.dateTimeSeconds(noon), '2026-11-25 12:04:05');
});

test('lengths of time in their two largest parts', () => {
  assert.equal(korean.duration(45_000), '45초');
  assert.equal(korean.duration(3_660_000), '1시간 1분');
  assert.equal(english.duration(90_000_000), '1 d 1 h');
  assert.equal(korean.clock(3_723_000), '1:02:03');
});

test('process values show four figures', () => {
  assert.deepEqual(
    [0.12345, 12.345, 123.45, 1234.5].map((v) => korean.number(v)),
    ['0.123', '12.35', '123.5', '1,235'],
  );
});
