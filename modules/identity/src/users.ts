import type { Caller, Handlers, RouteInput } from '@deungdae/contracts/api.ts';
import type { Role, User } from '@deungdae/contracts/api-entities.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { Transaction } from 'kysely';
import type { Attempts } from './attempts.ts';
import { identityError } from './errors.ts';
import { hashPassword, passwordMatches } from './passwords.ts';
import type { IdentityTables } from './schema.ts';

export function userOf(row: Omit<IdentityTables['users'], 'password_hash'>): User {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    role: row.role as Role,
    language: row.language,
    active: row.active === 1,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
  };
}

export function userHandlers(deps: { ledger: Ledger; clock: Clock; forget: () => void }): Handlers {
  const { ledger, clock, forget } = deps;
  const find = async (tx: Transaction<IdentityTables>, id: string) => {
    const row = await tx.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) throw identityError('identity.notFound', {}, { status: 404 });
    return row;
  };
  return {
    users: async () =>
      (await ledger.read<IdentityTables>().selectFrom('users').selectAll().orderBy('name').limit(1000).execute()).map(
        userOf,
      ),

    async createUser({ body }, caller) {
      const passwordHash = await hashPassword(body.password);
      const now = clock.nowUs();
      const name = body.name.normalize('NFC');
      return ledger.transaction<IdentityTables, User>(async (tx, emit) => {
        if (await tx.selectFrom('users').select('id').where('name', '=', name).executeTakeFirst()) {
          throw identityError('identity.nameTaken', { name }, { status: 409 });
        }
        const row = {
          id: uuidv7(Math.floor(now / 1000)),
          name,
          display_name: body.displayName || name,
          role: body.role,
          language: body.language,
          active: 1,
          password_hash: passwordHash,
          created_at: now,
          last_seen_at: null,
        };
        await tx.insertInto('users').values(row).execute();
        await emit({
          type: 'user.created',
          subject: `user/${row.id}`,
          actor: actorOf(caller),
          data: { name, role: row.role },
        });
        return userOf(row);
      });
    },

    async updateUser({ params, body }, caller) {
      const passwordHash = body.password ? await hashPassword(body.password) : null;
      const user = await ledger.transaction<IdentityTables, User>(async (tx, emit) => {
        const row = await find(tx, params.id);
        const next = {
          display_name: body.displayName ?? row.display_name,
          role: body.role ?? row.role,
          active: body.active === undefined ? row.active : Number(body.active),
          password_hash: passwordHash ?? row.password_hash,
        };
        if (row.role === 'administrator' && (next.role !== 'administrator' || next.active === 0))
          await keepOneAdministrator(tx, row.id);
        await tx.updateTable('users').set(next).where('id', '=', row.id).execute();
        if (passwordHash || next.active === 0) await tx.deleteFrom('sessions').where('user_id', '=', row.id).execute();
        const { password, ...changes } = body;
        await emit({
          type: 'user.changed',
          subject: `user/${row.id}`,
          actor: actorOf(caller),
          data: { ...changes, passwordChanged: password !== undefined },
        });
        return userOf({ ...row, ...next });
      });
      forget();
      return user;
    },

    async me(_input, caller) {
      const row = await ledger
        .read<IdentityTables>()
        .selectFrom('users')
        .selectAll()
        .where('id', '=', caller.userId)
        .executeTakeFirst();
      if (row) return userOf(row);
      return {
        id: caller.userId,
        name: caller.name,
        displayName: caller.name,
        role: caller.role,
        language: caller.language,
        active: true,
        createdAt: 0,
        lastSeenAt: null,
      };
    },
  };
}

/** Own name, language and password. Who holds a session only must not find out the password by trying. */
export async function changeMe(
  deps: { ledger: Ledger; attempts: Attempts; nowMs: number; address: string },
  body: RouteInput<'updateMe'>['body'],
  caller: Caller,
): Promise<User> {
  const { ledger, attempts, nowMs, address } = deps;
  const { currentPassword, newPassword, ...changes } = body;
  const row = await ledger
    .read<IdentityTables>()
    .selectFrom('users')
    .selectAll()
    .where('id', '=', caller.userId)
    .executeTakeFirst();
  if (!row) throw identityError('identity.notFound', {}, { status: 404 });
  if (newPassword) {
    const attempt = { name: row.name, address };
    const seconds = attempts.begin(attempt, nowMs);
    if (seconds > 0) throw identityError('identity.tooManyAttempts', { seconds }, { status: 429 });
    if (!(await passwordMatches(row.password_hash, currentPassword ?? '')))
      throw identityError('identity.passwordWrong', {}, { status: 403 });
    attempts.succeeded(attempt, nowMs);
  }
  const next = {
    display_name: changes.displayName ?? row.display_name,
    language: changes.language ?? row.language,
    ...(newPassword ? { password_hash: await hashPassword(newPassword) } : {}),
  };
  await ledger.transaction<IdentityTables, void>(async (tx, emit) => {
    await tx.updateTable('users').set(next).where('id', '=', row.id).execute();
    if (newPassword) await tx.deleteFrom('sessions').where('user_id', '=', row.id).execute();
    await emit({
      type: 'user.changed',
      subject: `user/${row.id}`,
      actor: actorOf(caller),
      data: { ...changes, passwordChanged: newPassword !== undefined },
    });
  });
  return userOf({ ...row, ...next });
}

async function keepOneAdministrator(tx: Transaction<IdentityTables>, except: string): Promise<void> {
  const others = await tx
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'administrator')
    .where('active', '=', 1)
    .where('id', '!=', except)
    .limit(1)
    .execute();
  if (others.length === 0) throw identityError('identity.lastAdministrator', {}, { status: 409 });
}
