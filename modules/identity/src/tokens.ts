import { randomBytes } from 'node:crypto';
import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { ApiToken, Role } from '@deungdae/contracts/api-entities.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { identityError } from './errors.ts';
import { keyHash } from './keys.ts';
import type { IdentityTables } from './schema.ts';

/** So that a leaked token is recognised by secret scanners. */
const prefix = 'ddt_';
const dayUs = 86_400_000_000;

function tokenOf(row: IdentityTables['tokens']): ApiToken {
  return {
    id: row.id,
    name: row.name,
    role: row.role as Role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}

export function tokenHandlers(deps: { ledger: Ledger; clock: Clock; forget: () => void }): Handlers {
  const { ledger, clock, forget } = deps;
  return {
    tokens: async () =>
      (
        await ledger
          .read<IdentityTables>()
          .selectFrom('tokens')
          .selectAll()
          .where('revoked_at', 'is', null)
          .orderBy('created_at', 'desc')
          .limit(1000)
          .execute()
      ).map(tokenOf),

    async createToken({ body }, caller) {
      const token = prefix + randomBytes(32).toString('base64url');
      const now = clock.nowUs();
      const row = {
        id: uuidv7(Math.floor(now / 1000)),
        name: body.name,
        role: body.role,
        key_hash: keyHash(token),
        created_at: now,
        expires_at: now + body.days * dayUs,
        last_used_at: null,
        revoked_at: null,
        created_by: caller.userId,
      };
      await ledger.transaction<IdentityTables, void>(async (tx, emit) => {
        await tx.insertInto('tokens').values(row).execute();
        await emit({
          type: 'token.created',
          subject: `token/${row.id}`,
          actor: actorOf(caller),
          data: { name: row.name, role: row.role, days: body.days },
        });
      });
      return { ...tokenOf(row), token };
    },

    async revokeToken({ params }, caller) {
      await ledger.transaction<IdentityTables, void>(async (tx, emit) => {
        const row = await tx
          .selectFrom('tokens')
          .select('id')
          .where('id', '=', params.id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        if (!row) throw identityError('identity.notFound', {}, { status: 404 });
        await tx.updateTable('tokens').set({ revoked_at: clock.nowUs() }).where('id', '=', params.id).execute();
        await emit({ type: 'token.revoked', subject: `token/${params.id}`, actor: actorOf(caller), data: {} });
      });
      forget();
      return { ok: true as const };
    },
  };
}

export async function tokenCaller(deps: { ledger: Ledger; clock: Clock }, token: string): Promise<Caller | null> {
  if (!token.startsWith(prefix)) return null;
  const now = deps.clock.nowUs();
  const row = await deps.ledger
    .read<IdentityTables>()
    .selectFrom('tokens')
    .selectAll()
    .where('key_hash', '=', keyHash(token))
    .executeTakeFirst();
  if (!row || row.revoked_at !== null || row.expires_at < now) return null;
  if (row.last_used_at === null || row.last_used_at < now - 60_000_000) {
    await deps.ledger.transaction<IdentityTables, void>(async (tx) => {
      await tx.updateTable('tokens').set({ last_used_at: now }).where('id', '=', row.id).execute();
    });
  }
  return { userId: `token/${row.id}`, name: row.name, role: row.role as Role, language: 'en', via: 'token' };
}
