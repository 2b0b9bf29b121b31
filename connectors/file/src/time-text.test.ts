import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTimeUs } from '@deungdae/connector-mtconnect/shdr-time.ts';
import { timeReader } from './time-text.ts';
import { ZonedTime } from './zoned-time.ts';

const read = (
  text: string,
  timeZone = 'UTC',
  timeFormat: 'auto' | 'iso' | 'excel' | 'epochS' = 'auto',
  decimal: '.' | ',' = '.',
) => {
  const us = timeReader({ timeFormat, timeZone, decimal })(text);
  return Number.isNaN(us) ? null : formatTimeUs(us);
};

test('times as people, spreadsheets and programs write them', () => {
  assert.equal(read('2026-11-25T08:00:00.123456Z'), '2026-11-25T08:00:00.123456Z');
  assert.equal(read('2026-11-25 17:00:00', 'Asia/Seoul'), '2026-11-25T08:00:00.000000Z');
  assert.equal(read('2026-11-25 08:00:00+00:00', 'Asia/Seoul'), '2026-11-25T08:00:00.000000Z');
  assert.equal(read('2026/11/5 9:07', 'Asia/Seoul'), '2026-11-05T00:07:00.000000Z');
  assert.equal(read('2026-11-25 오후 5:00:01', 'Asia/Seoul'), '2026-11-25T08:00:01.000000Z');
  assert.equal(read('2026-11-25 오전 12:00:00', 'Asia/Seoul'), '2026-11-24T15:00:00.000000Z');
  assert.equal(read('2026. 11. 25. 08:00:00'), '2026-11-25T08:00:00.000000Z');
  assert.equal(read('2026-11-25 5:00:01 PM'), '2026-11-25T17:00:01.000000Z');
  assert.equal(read('25.11.2026 08:00:00,5'), '2026-11-25T08:00:00.500000Z');
  assert.equal(read('1764057600'), '2025-11-25T08:00:00.000000Z');
  assert.equal(read('1764057600123'), '2025-11-25T08:00:00.123000Z');
  assert.equal(read('46351.333333333336'), '2026-11-25T08:00:00.000000Z');
  assert.equal(read('46351,5', 'Asia/Seoul', 'excel', ','), '2026-11-25T03:00:00.000000Z');
  for (const bad of ['', 'noon', '2026-13-01 00:00:00', '2026-11-25 오후 15:00', '17', '2026-02-30'])
    assert.equal(read(bad), null, bad);
});

test('clocks set back and forward', () => {
  const berlin = new ZonedTime('Europe/Berlin');
  const utc = (wall: string) => new Date(berlin.toUtc(Date.parse(`${wall}Z`) * 1000) / 1000).toISOString();
  assert.equal(utc('2026-10-25T01:59:59.000'), '2026-10-24T23:59:59.000Z');
  assert.equal(utc('2026-10-25T02:30:00.000'), '2026-10-25T00:30:00.000Z', 'of a doubled hour the first');
  assert.equal(utc('2026-10-25T03:00:00.000'), '2026-10-25T02:00:00.000Z');
  assert.equal(utc('2026-03-29T01:59:00.000'), '2026-03-29T00:59:00.000Z');
  assert.equal(utc('2026-03-29T02:30:00.000'), '2026-03-29T01:30:00.000Z', 'an hour that never was is moved on');
  assert.equal(utc('2026-03-29T03:00:00.000'), '2026-03-29T01:00:00.000Z');
  assert.throws(() => new ZonedTime('Mars/Olympus'), RangeError);
});
