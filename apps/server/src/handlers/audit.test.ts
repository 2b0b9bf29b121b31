import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import type { BusinessEvent } from '@deungdae/contracts/event.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { auditHandlers } from './audit.ts';

const event = (type: string, subject: string, kind: BusinessEvent['actor']['kind'], id: string, name?: string) => ({
  ...{ id: `${type} ${subject}`, type, time: 1, subject, actor: { kind, id }, previousHash: '', hash: '' },
  data: name === undefined ? {} : { name },
});
const events: BusinessEvent[] = [
  event('user.created', 'user/u1', 'system', 'first-run', 'kim'),
  event('device.added', 'device/d1', 'person', 'u1', '사출 1호기 태블릿'),
  event('run.started', 'run/r1', 'person', 'p1'),
  event('device.paired', 'device/d1', 'token', 'd1'),
  event('skill.granted', 'person/p1', 'person', 'gone'),
];
const ledger = {
  events: async ({ type }: { type?: string }) => events.filter((e) => type === undefined || e.type === type),
} as unknown as Ledger;

test('users, people with a badge and tablets stand by their names, as doers and as what is done to', async () => {
  const { audit } = auditHandlers(ledger, async (id) => (id === 'p1' ? '박기장' : null));
  const shown = await audit!({ params: undefined, query: { limit: 100 }, body: undefined }, {} as Caller);
  const names = shown.map((e) => [e.type, e.actorName, e.subjectName]);
  assert.deepEqual(names, [
    ['user.created', null, 'kim'],
    ['device.added', 'kim', '사출 1호기 태블릿'],
    ['run.started', '박기장', null],
    ['device.paired', '사출 1호기 태블릿', '사출 1호기 태블릿'],
    ['skill.granted', null, '박기장'],
  ]);
});
