import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import type { KnowHowLinks } from '@deungdae/contracts/know-how.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { onceMigrations } from '@deungdae/ledger/once.ts';
import { openTestLedger, type TestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import type { PeopleModule } from '@deungdae/people/module.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { type KnowHowModule, knowHowMigrations, openKnowHow } from './module.ts';

const caller: Caller = { userId: 'u1', name: 'kiosk', role: 'operator', language: 'ko', via: 'session' };
const code = (expected: string) => (error: unknown) => error instanceof CodedError && error.code === expected;
const noLinks: KnowHowLinks = {
  ...{ defects: [], downtimeReasons: [], alarms: [], machines: [], items: [], tools: [], parameters: [] },
};
const people = {
  byBadge: async (badge: string) => (badge === 'E-007' ? { id: 'p7', name: '박기장' } : null),
} as unknown as PeopleModule;

describe('know-how', () => {
  let store: TestLedger;
  let cards: KnowHowModule;
  const clock = new FakeClock();
  const readings = new Map<string, number>();
  const open = () =>
    openKnowHow({ ledger: store.ledger, clock, people, reading: (signal) => readings.get(signal) ?? null });
  const call = (id: keyof KnowHowModule['handlers'], input: object) =>
    // biome-ignore lint/suspicious/noExplicitAny: routes are typed at their own door
    (cards.handlers[id] as any)({ params: undefined, query: undefined, body: undefined, ...input }, caller);
  const add = (symptom: string, action: string, links: Partial<KnowHowLinks> = {}, badge?: string) =>
    call('addKnowHow', {
      body: {
        ...{ symptom, cause: '', action, conditions: '', language: 'ko', documents: [] },
        links: { ...noLinks, ...links },
        badge,
      },
    });

  before(async () => {
    store = await openTestLedger({
      clock,
      modules: [onceMigrations, { module: 'knowhow', migrations: knowHowMigrations }],
    });
    cards = await open();
  });
  after(() => store.end());

  test('the author keeps the credit, every version is kept, and a lost race is told', async () => {
    const card = await add('버가 생김', '형체력을 올린다', {}, 'E-007');
    assert.deepEqual([card.number, card.version, card.author], ['KH-00001', 1, { id: 'p7', name: '박기장' }]);
    await assert.rejects(add('x', 'y', {}, 'E-999'), code('knowhow.badgeUnknown'));
    const body = { ...card, action: '형체력을 5톤 올린다', version: 1 };
    const { symptom, cause, action, conditions, language, links, documents, version } = body;
    const change = { symptom, cause, action, conditions, language, links, documents, version };
    const next = await call('changeKnowHow', { params: { id: card.id }, body: change });
    assert.deepEqual([next.version, next.author.name, next.editor.name], [2, '박기장', 'kiosk']);
    await assert.rejects(call('changeKnowHow', { params: { id: card.id }, body: change }), code('knowhow.changed'));
    const { versions } = await call('knowHowCard', { params: { id: card.id } });
    assert.deepEqual(
      versions.map((v: { action: string }) => v.action),
      ['형체력을 5톤 올린다', '형체력을 올린다'],
    );
  });

  test('a card that a tablet sends twice after a lost answer is one card', async () => {
    const body = {
      ...{ symptom: '은조', cause: '', action: '더 말린다', conditions: '', language: 'ko', documents: [] },
      ...{ links: noLinks, entryId: 'from-a-tablet-1' },
    };
    const first = await call('addKnowHow', { body });
    assert.equal((await call('addKnowHow', { body })).id, first.id);
    const retired = await call('judgeKnowHow', { params: { id: first.id }, body: { status: 'retired' } });
    assert.equal(retired.status, 'retired');
  });

  test('is offered when the same trouble comes back, not for another trouble of the same machine', async () => {
    const machine = 'hanbit/gimcheon/molding/imm-03';
    const hot = await add('은줄, 실린더가 뜨거울 때', '배압을 낮춘다', {
      ...{ defects: ['SILVER'], machines: [machine] },
      parameters: [{ signal: `${machine}/barrel-temp-3`, lower: 240, upper: null }],
    });
    const wet = await add('은줄, 원료가 젖었을 때', '다시 건조한다', { defects: ['SILVER'] });
    const offered = (trouble: object) => cards.offers(trouble, 3).map((hit) => hit.card.id);
    assert.deepEqual(offered({ machine, defect: 'SHORT' }), []);
    assert.deepEqual(offered({ machine, defect: 'SILVER' }), [hot.id, wet.id], 'same machine says more');
    readings.set(`${machine}/barrel-temp-3`, 210);
    assert.deepEqual(offered({ machine, defect: 'SILVER' }), [wet.id, hot.id], 'its parameter is outside the window');
    readings.set(`${machine}/barrel-temp-3`, 251);
    assert.deepEqual(cards.offers({ machine, defect: 'SILVER' }, 1)[0]?.because, [
      'defect',
      'machine',
      `parameter:${machine}/barrel-temp-3`,
    ]);
    readings.clear();
    const judge = (id: string, helped: boolean) =>
      call('knowHowHelped', { params: { id }, body: { helped, run: null } });
    for (let i = 0; i < 6; i++) await judge(hot.id, false);
    for (let i = 0; i < 6; i++) await judge(wet.id, true);
    assert.deepEqual(offered({ machine, defect: 'SILVER' }), [wet.id, hot.id], 'what helped comes first');
    await call('judgeKnowHow', { params: { id: wet.id }, body: { status: 'retired' } });
    assert.deepEqual(offered({ machine, defect: 'SILVER' }), [hot.id]);
  });

  test('a restart keeps everything; the chain holds every word', async () => {
    const found = await call('knowHow', { query: { q: '형체력', limit: 5 } });
    await store.reopen();
    cards = await open();
    assert.deepEqual(await call('knowHow', { query: { q: '형체력', limit: 5 } }), found);
    assert.equal(found[0].card.version, 2);
    assert.equal((await store.ledger.verify()).ok, true);
  });
});
