import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { onceMigrations } from '@deungdae/ledger/once.ts';
import { openTestLedger, type TestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { openPeople, type PeopleModule, peopleMigrations } from './module.ts';

const leader: Caller = { userId: 'u-leader', name: '김반장', role: 'supervisor', language: 'ko', via: 'session' };
const code = (expected: string) => (error: unknown) => error instanceof CodedError && error.code === expected;
const monthUs = 30.4375 * 86_400_000_000;

/** Knows two skills: press work for a year, forklift for ever. */
const masterdata = {
  need: async (_kind: string, skill: string) => {
    if (skill === 'PRESS') return { data: { name: '프레스', validMonths: 12 } };
    if (skill === 'FORK') return { data: { name: '지게차' } };
    throw new Error(`no skill ${skill}`);
  },
} as unknown as MasterDataModule;

describe('people', () => {
  let store: TestLedger;
  let people: PeopleModule;
  const clock = new FakeClock();
  const call = <Id extends keyof typeof people.handlers>(id: Id, input: object) =>
    // biome-ignore lint/suspicious/noExplicitAny: routes are typed at their own door
    (people.handlers[id] as any)({ params: undefined, query: undefined, body: undefined, ...input }, leader);
  const add = (badge: string, name: string) =>
    call('createPerson', { body: { badge, name, language: 'ko', team: null, userId: null } });

  before(async () => {
    store = await openTestLedger({
      clock,
      modules: [onceMigrations, { module: 'people', migrations: peopleMigrations }],
    });
    people = openPeople({ ledger: store.ledger, clock, masterdata });
  });
  after(() => store.end());

  test('a badge belongs to one active person, and is free again when they have left', async () => {
    const kim = await add('E-001', '김철수');
    await assert.rejects(add('E-001', '이영희'), code('people.badgeTaken'));
    assert.equal((await people.byBadge(' E-001 '))?.name, '김철수');
    await call('updatePerson', { params: { id: kim.id }, body: { active: false } });
    assert.equal(await people.byBadge('E-001'), null);
    const lee = await add('E-001', '이영희');
    assert.equal((await people.byBadge('E-001'))?.id, lee.id);
    await assert.rejects(
      call('updatePerson', { params: { id: kim.id }, body: { active: true } }),
      code('people.badgeTaken'),
    );
    assert.equal((await people.person(kim.id))?.active, false);
  });

  test('who learns, whose skill has expired, or who has none may not start alone', async () => {
    const { id } = await add('E-010', 'Nguyễn Văn An');
    const at = clock.nowUs();
    assert.deepEqual(await people.missingSkills(id, ['PRESS', 'FORK'], at), ['PRESS', 'FORK']);
    await call('grantSkill', { params: { id }, body: { skill: 'PRESS', level: 1 } });
    assert.deepEqual(await people.missingSkills(id, ['PRESS'], at), ['PRESS']);
    await call('grantSkill', { params: { id }, body: { skill: 'PRESS', level: 3 } });
    await call('grantSkill', { params: { id }, body: { skill: 'FORK', level: 2 } });
    assert.deepEqual(await people.missingSkills(id, ['PRESS', 'FORK'], at), []);
    assert.deepEqual(await people.missingSkills(id, ['PRESS', 'FORK'], at + 13 * monthUs), ['PRESS']);
    await call('withdrawSkill', { params: { id, skill: 'FORK' } });
    assert.deepEqual(await people.missingSkills(id, ['FORK'], at), ['FORK']);
    await assert.rejects(call('withdrawSkill', { params: { id, skill: 'FORK' } }), code('people.skillMissing'));
  });

  test('a training grants its skills to who passed, and shows what expires', async () => {
    const passed = await add('E-020', '박지성');
    const failed = await add('E-021', '손흥민');
    const training = await call('recordTraining', {
      body: {
        ...{ title: '프레스 재교육', kind: 'job', heldAt: clock.nowUs(), minutes: 60, trainer: '최기사', text: '' },
        ...{ documents: [], translations: { vi: 'Đào tạo lại' } },
        attendees: [
          { person: passed.id, passed: true },
          { person: failed.id, passed: false },
        ],
        grants: [{ skill: 'PRESS', level: 3 }],
      },
    });
    assert.deepEqual(await people.missingSkills(passed.id, ['PRESS'], clock.nowUs()), []);
    assert.deepEqual(await people.missingSkills(failed.id, ['PRESS'], clock.nowUs()), ['PRESS']);
    const log = await call('trainings', { query: { person: failed.id, limit: 10 } });
    assert.deepEqual(
      log.map((t: { id: string }) => t.id),
      [training.id],
    );
    const soon = await call('expiringSkills', { query: { days: 365 } });
    assert.ok(soon.some((s: { name: string; skill: string }) => s.name === '박지성' && s.skill === 'PRESS'));
    assert.deepEqual(await call('expiringSkills', { query: { days: 30 } }), []);
  });

  test('a training with somebody unknown leaves nothing behind', async () => {
    const body = {
      ...{ title: 'x', kind: 'job', heldAt: 1, minutes: 1, trainer: 'y', text: '', documents: [], translations: {} },
      attendees: [{ person: 'nobody', passed: true }],
      grants: [],
    };
    const before = await call('trainings', { query: { limit: 100 } });
    await assert.rejects(call('recordTraining', { body }), code('people.notFound'));
    assert.deepEqual(await call('trainings', { query: { limit: 100 } }), before);
  });

  test('a near miss is open until its measures are done', async () => {
    const body = {
      ...{ kind: 'nearMiss', place: 'hanbit/gimcheon/press/pr-01', text: '광커튼이 꺼져 있었음', badge: 'E-010' },
      ...{ translations: {}, documents: [], people: [], hazards: [] },
      measures: [{ text: '인터록 배선', owner: null, due: null }],
    };
    const record = await call('reportSafety', { body });
    assert.match(record.number, /^NM-\d{4}-0001$/);
    assert.equal(record.reporter, (await people.byBadge('E-010'))?.id);
    await assert.rejects(call('closeSafety', { params: { id: record.id } }), code('people.measureOpen'));
    const measure = record.measures[0].id;
    await call('finishSafetyMeasure', { params: { id: record.id, measure }, body: { proof: '사진 3' } });
    assert.equal((await call('closeSafety', { params: { id: record.id } })).status, 'closed');
    await assert.rejects(
      call('addSafetyMeasure', { params: { id: record.id }, body: { text: 'x', owner: null, due: null } }),
      code('people.recordClosed'),
    );
    const again = { ...body, entryId: 'from-a-tablet-1' };
    const second = await call('reportSafety', { body: again });
    assert.match(second.number, /-0002$/);
    assert.deepEqual(await call('reportSafety', { body: again }), second, 'sent twice after a lost answer, kept once');
    assert.equal((await call('safetyRecords', { query: { kind: 'nearMiss', status: 'open', limit: 10 } })).length, 1);
  });

  test('a risk assessment comes back after a year, and a measure past its day is reminded of', async () => {
    const now = clock.nowUs();
    const reminders = async () => {
      const { reviews, measures } = await call('peopleReminders', { query: { days: 30 } });
      const numbers = (records: { number: string }[]) => records.map((record) => record.number);
      return [numbers(reviews), numbers(measures)];
    };
    const before = await reminders();
    const assessment = await call('reportSafety', {
      body: {
        ...{ kind: 'riskAssessment', place: 'hanbit/gimcheon/press', text: '프레스 금형 교체', translations: {} },
        ...{ documents: [], people: [] },
        hazards: [{ hazard: '끼임', likelihood: 3, severity: 4, likelihoodAfter: 1, severityAfter: 4 }],
        measures: [{ text: '안전블록', owner: null, due: now + 86_400_000_000 }],
      },
    });
    assert.deepEqual(await reminders(), before);
    clock.jump(340 * 86_400_000);
    assert.deepEqual(await reminders(), [[assessment.number], [assessment.number]]);
    const measure = assessment.measures[0].id;
    await call('finishSafetyMeasure', { params: { id: assessment.id, measure }, body: { proof: null } });
    await call('closeSafety', { params: { id: assessment.id } });
    assert.deepEqual(await reminders(), [[assessment.number], []]);
    const params = { id: assessment.id };
    const reviewed = await call('reviewSafety', { params, body: { note: '변경 없음' } });
    assert.ok(reviewed.reviewDue > clock.nowUs() + 364 * 86_400_000_000);
    assert.deepEqual(await reminders(), [[], []]);
    const [miss] = await call('safetyRecords', { query: { kind: 'nearMiss', limit: 1 } });
    await assert.rejects(
      call('reviewSafety', { params: { id: miss.id }, body: { note: '' } }),
      code('people.notReviewed'),
    );
  });

  test('training log and safety records are files with names', async () => {
    const file = async (what: string) => {
      const answer = await call('peopleFile', { query: { what, format: 'csv' } });
      return new TextDecoder().decode(answer.bytes).trim().split('\r\n');
    };
    const trainings = await file('trainings');
    assert.match(trainings[0]!, /^일시,교육,/);
    assert.ok(trainings.some((line) => /프레스 재교육,직무,최기사,60,박지성,O,PRESS 3/.test(line)));
    assert.ok(trainings.some((line) => /손흥민,X,,/.test(line)));
    const safety = await file('safety');
    assert.ok(safety.some((line) => /^RA-.*끼임,3,4,12,안전블록,1\/1,종결$/.test(line)));
  });

  test('every change is in the chain', async () => {
    const types = new Set((await store.ledger.events({ limit: 1000 })).map((event) => event.type));
    for (const type of ['person.added', 'person.changed', 'skill.granted', 'skill.withdrawn', 'training.recorded'])
      assert.ok(types.has(type), type);
    assert.equal((await store.ledger.verify()).ok, true);
  });
});
