import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fill, type Translate } from '../i18n/i18n.ts';
import ko from '../i18n/ko.ts';
import { causeText } from './cause.ts';

const t: Translate = (key, params) => fill((ko as Record<string, string>)[key] ?? key, params);

test('our own rule names come in words, the plant file’s as they stand, what repeats the state not at all', () => {
  assert.equal(causeText('Held', t, 'unplannedStop'), ko['cause.Held']);
  assert.equal(causeText('counter stopped', t, 'unplannedStop'), ko['cause.counter_stopped']);
  assert.equal(causeText('no data: availability', t, 'noData'), 'availability 값이 없음');
  assert.equal(causeText('rule 3', t, 'idle'), '상태 규칙 3');
  assert.equal(causeText('person: 김반장', t, 'setup'), '김반장 입력');
  assert.equal(causeText('running', t, 'running'), '');
  assert.equal(causeText('otherwise', t, 'off'), '');
  assert.equal(causeText('금형 온도 낮음', t, 'idle'), '금형 온도 낮음');
});
