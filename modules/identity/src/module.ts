import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller, Handlers, RouteInput } from '@deungdae/contracts/api.ts';
import type { User } from '@deungdae/contracts/api-entities.ts';
import type { KioskDevice } from '@deungdae/contracts/device.ts';
import type { NewEvent } from '@deungdae/contracts/event.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { Attempts } from './attempts.ts';
import { describeDevice, deviceCaller, deviceHandlers, type PlaceOf, pairDevice } from './devices.ts';
import { identityError } from './errors.ts';
import { keyHash } from './keys.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import type { IdentityTables } from './schema.ts';
import { tokenCaller, tokenHandlers } from './tokens.ts';
import { changeMe, userHandlers, userOf } from './users.ts';

export { deviceMay, openToDevices } from './device-rights.ts';
export { identityMigrations } from './schema.ts';

/** Idle sessions end after twelve hours (a long shift), all sessions after thirty days. */
const idleUs = 12 * 3_600_000_000;
const absoluteUs = 30 * 86_400_000_000;
const cacheMs = 5_000;

export interface Identity {
  handlers: Handlers;
  /** True until an administrator exists. */
  setupNeeded(): Promise<boolean>;
  /** The secret of the first-run link; null when there is no need. Made anew at each start. */
  setupToken(): Promise<string | null>;
  setUp(input: {
    token: string;
    name: string;
    displayName: string;
    password: string;
    language: string;
  }): Promise<{ user: User; session: string }>;
  /** `address` is the caller's network address: failures are counted by name and by address. */
  signIn(input: { name: string; password: string }, address: string): Promise<{ user: User; session: string }>;
  signOut(session: string): Promise<void>;
  /** Own name, language or password. A new password ends every session of the person and opens a new one. */
  updateMe(
    input: RouteInput<'updateMe'>['body'],
    caller: Caller,
    address: string,
  ): Promise<{ user: User; session: string | null }>;
  /** Who holds this session cookie or `Authorization: Bearer` token; null when nobody. */
  callerOf(credential: {
    session?: string | undefined;
    token?: string | undefined;
    device?: string | undefined;
  }): Promise<Caller | null>;
  /** A tablet gives its code; `device` is the key that it keeps. Throws `identity.codeWrong`, `identity.tooManyCodes`. */
  pair(code: string, address: string): Promise<{ kiosk: KioskDevice; device: string }>;
  /** What the tablet with this key shows of itself; null when it is not, or no longer, paired. */
  kioskDevice(device: string | undefined): Promise<KioskDevice | null>;
}

/** Who holds a credential: a person before a token before a tablet. `placeOf` names the machines of tablets. */
export function openIdentity(deps: { ledger: Ledger; clock: Clock; placeOf?: PlaceOf }): Identity {
  const { ledger, clock } = deps;
  const attempts = new Attempts();
  const setup = randomBytes(24).toString('base64url');
  const cache = new Map<string, { caller: Caller | null; untilMs: number }>();
  let age = 0;
  /** After a change has been committed: an answer read before it must not be remembered after it. */
  const forget = () => {
    age++;
    cache.clear();
  };
  const db = () => ledger.read<IdentityTables>();

  const placeOf = deps.placeOf ?? ((path) => ({ name: path, area: '' }));
  const deviceDeps = { ledger, clock, attempts, placeOf, forget };
  const setupNeeded = async () =>
    (await db().selectFrom('users').select('id').where('role', '=', 'administrator').limit(1).execute()).length === 0;

  const openSession = async (userId: string, address: string | null): Promise<string> => {
    const key = randomBytes(32).toString('base64url');
    const now = clock.nowUs();
    await ledger.transaction<IdentityTables, void>(async (tx, emit) => {
      await tx
        .deleteFrom('sessions')
        .where('created_at', '<', now - absoluteUs)
        .execute();
      await tx
        .insertInto('sessions')
        .values({ key_hash: keyHash(key), user_id: userId, created_at: now, last_seen_at: now })
        .execute();
      await tx.updateTable('users').set({ last_seen_at: now }).where('id', '=', userId).execute();
      if (address !== null) await emit(sessionEvent('session.opened', userId, { address }));
    });
    return key;
  };

  const sessionCaller = async (key: string): Promise<Caller | null> => {
    const hash = keyHash(key);
    const now = clock.nowUs();
    const row = await db()
      .selectFrom('sessions')
      .innerJoin('users', 'users.id', 'sessions.user_id')
      .selectAll('users')
      .select(['sessions.created_at as opened_at', 'sessions.last_seen_at as used_at'])
      .where('key_hash', '=', hash)
      .executeTakeFirst();
    if (row?.active !== 1 || row.used_at < now - idleUs || row.opened_at < now - absoluteUs) return null;
    if (row.used_at < now - 300_000_000) {
      await ledger.transaction<IdentityTables, void>(async (tx) => {
        await tx.updateTable('sessions').set({ last_seen_at: now }).where('key_hash', '=', hash).execute();
        await tx.updateTable('users').set({ last_seen_at: now }).where('id', '=', row.id).execute();
      });
    }
    const user = userOf(row);
    const { id: userId, name, displayName, role, language } = user;
    return { userId, name, displayName, role, language, via: 'session' };
  };

  /** The caller of a credential, as looked up in the last seconds. */
  const known = async (credential: string, look: () => Promise<Caller | null>): Promise<Caller | null> => {
    if (credential.length > 200) return null;
    const key = keyHash(credential);
    const seen = cache.get(key);
    if (seen && seen.untilMs > clock.monotonicMs()) return seen.caller;
    const read = age;
    const caller = await look();
    if (cache.size > 5_000) cache.clear();
    if (read === age) cache.set(key, { caller, untilMs: clock.monotonicMs() + cacheMs });
    return caller;
  };

  return {
    handlers: {
      ...userHandlers({ ledger, clock, forget }),
      ...tokenHandlers({ ledger, clock, forget }),
      ...deviceHandlers(deviceDeps),
    },
    setupNeeded,
    setupToken: async () => ((await setupNeeded()) ? setup : null),

    async setUp(input) {
      if (!(await setupNeeded())) throw identityError('identity.setupDone', {}, { status: 409 });
      if (!sameText(input.token, setup)) throw identityError('identity.setupTokenWrong', {}, { status: 403 });
      const passwordHash = await hashPassword(input.password);
      const now = clock.nowUs();
      const user = await ledger.transaction<IdentityTables, User>(async (tx, emit) => {
        if (await tx.selectFrom('users').select('id').where('role', '=', 'administrator').executeTakeFirst()) {
          throw identityError('identity.setupDone', {}, { status: 409 });
        }
        const row = {
          id: uuidv7(Math.floor(now / 1000)),
          name: input.name.normalize('NFC'),
          display_name: input.displayName || input.name,
          role: 'administrator',
          language: input.language,
          active: 1,
          password_hash: passwordHash,
          created_at: now,
          last_seen_at: now,
        };
        await tx.insertInto('users').values(row).execute();
        await emit({
          type: 'user.created',
          subject: `user/${row.id}`,
          actor: { kind: 'system', id: 'first-run' },
          data: { name: row.name, role: row.role },
        });
        return userOf(row);
      });
      return { user, session: await openSession(user.id, null) };
    },

    async signIn(input, address) {
      const name = input.name.normalize('NFC').trim();
      const attempt = { name, address };
      const nowMs = clock.monotonicMs();
      const seconds = attempts.begin(attempt, nowMs);
      if (seconds > 0) throw identityError('identity.tooManyAttempts', { seconds }, { status: 429 });
      const row = await db().selectFrom('users').selectAll().where('name', '=', name).executeTakeFirst();
      const matches = await passwordMatches(row?.password_hash ?? null, input.password);
      if (!row || !matches || row.active !== 1) throw identityError('identity.signInFailed', {}, { status: 401 });
      attempts.succeeded(attempt, nowMs);
      const session = await openSession(row.id, address);
      return { user: userOf({ ...row, last_seen_at: clock.nowUs() }), session };
    },

    async signOut(session) {
      await ledger.transaction<IdentityTables, void>(async (tx, emit) => {
        const row = await tx
          .selectFrom('sessions')
          .select('user_id')
          .where('key_hash', '=', keyHash(session))
          .executeTakeFirst();
        if (!row) return;
        await tx.deleteFrom('sessions').where('key_hash', '=', keyHash(session)).execute();
        await emit(sessionEvent('session.closed', row.user_id, {}));
      });
      forget();
    },

    async updateMe(input, caller, address) {
      const user = await changeMe({ ledger, attempts, nowMs: clock.monotonicMs(), address }, input, caller);
      forget();
      return { user, session: input.newPassword ? await openSession(user.id, null) : null };
    },

    async callerOf({ session, token, device }) {
      if (token) return known(`t${token}`, () => tokenCaller({ ledger, clock }, token));
      const person = session ? await known(`s${session}`, () => sessionCaller(session)) : null;
      if (person || !device) return person;
      return known(`d${device}`, () => deviceCaller({ ledger, clock }, device));
    },

    async pair(code, address) {
      const { device, key } = await pairDevice(deviceDeps, code, address);
      return { kiosk: device, device: key };
    },

    async kioskDevice(device) {
      const caller = device ? await known(`d${device}`, () => deviceCaller({ ledger, clock }, device)) : null;
      return caller && describeDevice(caller, placeOf);
    },
  };
}

function sessionEvent(type: string, userId: string, data: NewEvent['data']): NewEvent {
  return { type, subject: `user/${userId}`, actor: actorOf({ userId, via: 'session' }), data };
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest()];
  return timingSafeEqual(left, right);
}
