import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { openTestLedger, type TestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { type Identity, identityMigrations, openIdentity } from './module.ts';

const password = 'correct horse battery';
const administrator: Caller = { userId: 'u1', name: '관리자', role: 'administrator', language: 'ko', via: 'session' };
const code = (expected: string) => (error: unknown) => error instanceof CodedError && error.code === expected;
const nothing = { params: undefined, query: undefined };

describe('identity', () => {
  let opened: TestLedger;
  let ledger: Ledger;
  let identity: Identity;
  const clock = new FakeClock();

  before(async () => {
    opened = await openTestLedger({ clock, modules: [{ module: 'identity', migrations: identityMigrations }] });
    ledger = opened.ledger;
    identity = openIdentity({ ledger, clock });
  });
  after(async () => {
    await opened.end();
  });

  test('the first-run link works once and only with its token', async () => {
    assert.equal(await identity.setupNeeded(), true);
    const token = (await identity.setupToken())!;
    const input = { name: '관리자', displayName: '김관리', password, language: 'ko' };
    await assert.rejects(identity.setUp({ ...input, token: 'guess' }), code('identity.setupTokenWrong'));
    const { user, session } = await identity.setUp({ ...input, token });
    assert.equal(user.role, 'administrator');
    assert.equal((await identity.callerOf({ session }))?.userId, user.id);
    await assert.rejects(identity.setUp({ ...input, token }), code('identity.setupDone'));
    assert.equal(await identity.setupToken(), null);
  });

  test('a wrong name and a wrong password answer alike', async () => {
    const wrong = (name: string) =>
      identity.signIn({ name, password: 'nothing at all' }, '10.0.0.9').catch((error: CodedError) => error.code);
    assert.equal(await wrong('관리자'), 'identity.signInFailed');
    assert.equal(await wrong('nobody'), 'identity.signInFailed');
  });

  test('guessing is slowed down by name and by address, and ends with time', async () => {
    await identity.handlers.createUser!(
      { ...nothing, body: { name: 'victim', displayName: '', role: 'operator', language: 'ko', password } },
      administrator,
    );
    for (let i = 0; i < 5; i++) await identity.signIn({ name: 'victim', password: 'x' }, '10.0.0.1').catch(() => {});
    await assert.rejects(identity.signIn({ name: 'victim', password }, '10.0.0.2'), code('identity.tooManyAttempts'));
    await clock.advance(16 * 60_000);
    assert.equal((await identity.signIn({ name: 'victim', password }, '10.0.0.2')).user.name, 'victim');
  });

  test('many attempts at once are not free, and an own sign-in does not hide guesses from an address', async () => {
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        identity.signIn({ name: 'victim', password: `guess ${i}` }, `10.1.0.${i}`).catch((e: CodedError) => e.code),
      ),
    );
    assert.equal(tries.filter((t) => t === 'identity.signInFailed').length, 5);
    assert.equal(tries.filter((t) => t === 'identity.tooManyAttempts').length, 7);
    for (let i = 0; i < 20; i++) {
      await identity.signIn({ name: `guess-${i}`, password: 'x' }, '10.2.0.1').catch(() => {});
      if (i % 4 === 3 && i < 19) await identity.signIn({ name: '관리자', password }, '10.2.0.1');
    }
    await assert.rejects(
      identity.signIn({ name: 'guess-99', password: 'x' }, '10.2.0.1'),
      code('identity.tooManyAttempts'),
    );
    await clock.advance(16 * 60_000);
  });

  test('an own new password needs the old one, ends the other sessions at once, and cannot be found by trying', async () => {
    const { user, session } = await identity.signIn({ name: 'victim', password }, '10.3.0.1');
    const other = await identity.signIn({ name: 'victim', password }, '10.3.0.2');
    const caller = (await identity.callerOf({ session }))!;
    assert.ok(await identity.callerOf({ session: other.session }));
    const change = (currentPassword: string, newPassword = 'a new password') =>
      identity.updateMe({ currentPassword, newPassword }, caller, '10.3.0.1');
    await assert.rejects(change('wrong'), code('identity.passwordWrong'));
    const changed = await change(password);
    assert.equal(changed.user.id, user.id);
    assert.equal(await identity.callerOf({ session }), null);
    assert.equal(await identity.callerOf({ session: other.session }), null);
    assert.ok(await identity.callerOf({ session: changed.session! }));
    assert.equal((await identity.updateMe({ language: 'en' }, caller, '10.3.0.1')).session, null);
    for (let i = 0; i < 5; i++) await change(`guess ${i}`).catch(() => {});
    await assert.rejects(change('a new password'), code('identity.tooManyAttempts'));
    await clock.advance(16 * 60_000);
    await change('a new password', password);
  });

  test('signing out ends the session at once, also while it is being looked up, and is an event', async () => {
    const { session } = await identity.signIn({ name: 'victim', password }, '10.4.0.1');
    assert.ok(await identity.callerOf({ session }));
    await Promise.all([identity.signOut(session), identity.callerOf({ session })]);
    assert.equal(await identity.callerOf({ session }), null);
    const [last] = await ledger.events({ limit: 1 });
    assert.equal(last!.type, 'session.closed');
  });

  test('a session ends after twelve idle hours', async () => {
    const { session } = await identity.signIn({ name: '관리자', password }, '10.0.0.3');
    await clock.advance(11 * 3_600_000);
    assert.ok(await identity.callerOf({ session }));
    await clock.advance(11 * 3_600_000);
    assert.ok(await identity.callerOf({ session }), 'used within the twelve hours');
    await clock.advance(12.5 * 3_600_000);
    assert.equal(await identity.callerOf({ session }), null);
  });

  test('a changed password ends the sessions; names are unique; the last administrator stays', async () => {
    const user = await identity.handlers.createUser!(
      { ...nothing, body: { name: 'engineer', displayName: '이기사', role: 'engineer', language: 'ko', password } },
      administrator,
    );
    await assert.rejects(
      async () =>
        identity.handlers.createUser!(
          { ...nothing, body: { name: 'engineer', displayName: '', role: 'operator', language: 'ko', password } },
          administrator,
        ),
      code('identity.nameTaken'),
    );
    const { session } = await identity.signIn({ name: 'engineer', password }, '10.0.0.4');
    assert.ok(await identity.callerOf({ session }));
    await identity.handlers.updateUser!(
      { params: { id: user.id }, query: undefined, body: { password: 'another password' } },
      administrator,
    );
    assert.equal(await identity.callerOf({ session }), null);
    const [admin] = (await identity.handlers.users!({ ...nothing, body: undefined }, administrator)).filter(
      (u) => u.role === 'administrator',
    );
    await assert.rejects(
      async () =>
        identity.handlers.updateUser!(
          { params: { id: admin!.id }, query: undefined, body: { active: false } },
          administrator,
        ),
      code('identity.lastAdministrator'),
    );
  });

  test('an API token carries its role, expires, and can be revoked; neither it nor a password is stored or logged as text', async () => {
    const made = await identity.handlers.createToken!(
      { ...nothing, body: { name: 'erp', role: 'auditor', days: 1 } },
      administrator,
    );
    assert.equal((await identity.callerOf({ token: made.token }))?.role, 'auditor');
    await identity.handlers.revokeToken!({ params: { id: made.id }, query: undefined, body: undefined }, administrator);
    assert.equal(await identity.callerOf({ token: made.token }), null);
    const short = await identity.handlers.createToken!(
      { ...nothing, body: { name: 'erp', role: 'auditor', days: 1 } },
      administrator,
    );
    await clock.advance(25 * 3_600_000);
    assert.equal(await identity.callerOf({ token: short.token }), null);
    const events = JSON.stringify(await ledger.events({ limit: 1000 }));
    assert.ok(events.includes('token.revoked'));
    for (const secret of [password, 'another password', made.token, short.token]) assert.ok(!events.includes(secret));
    assert.equal((await ledger.verify()).ok, true);
  });
});
