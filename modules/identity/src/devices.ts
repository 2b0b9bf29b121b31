import { randomBytes, randomInt } from 'node:crypto';
import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { Device, KioskDevice } from '@deungdae/contracts/device.ts';
import type { LocalText } from '@deungdae/contracts/text.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { Attempts } from './attempts.ts';
import { identityError } from './errors.ts';
import { keyHash } from './keys.ts';
import type { IdentityTables } from './schema.ts';

type DeviceRow = IdentityTables['devices'];

/** A code is typed or scanned while somebody stands there. */
const codeLifeUs = 15 * 60_000_000;
/** A tablet that nobody used so long has to be paired again. */
const idleUs = 180 * 86_400_000_000;
/** Revoked ones stay listed so long. */
const shownUs = 30 * 86_400_000_000;
const seenEveryUs = 60_000_000;
const mostDevices = 1000;

/** A machine's name and area by its path; null when the plant has none. */
export type PlaceOf = (path: string) => { name: LocalText; area: string } | null;

interface Deps {
  ledger: Ledger;
  clock: Clock;
  attempts: Attempts;
  placeOf: PlaceOf;
  forget: () => void;
}

function deviceOf(row: DeviceRow, now: number): Device {
  const open = row.code_hash !== null && row.code_until !== null && row.code_until > now;
  const unpaired = open ? 'waiting' : 'expired';
  return {
    ...{ id: row.id, name: row.name, machines: JSON.parse(row.machines) as string[] },
    status: row.revoked_at !== null ? 'revoked' : row.key_hash !== null ? 'paired' : unpaired,
    ...{ createdAt: row.created_at, createdBy: row.created_by, codeUntil: open ? row.code_until : null },
    ...{ pairedAt: row.paired_at, lastSeenAt: row.last_seen_at },
  };
}

/** Eight digits: read aloud across a hall, typed on a number pad. */
function newCode(): string {
  return String(randomInt(0, 100_000_000)).padStart(8, '0');
}

export function deviceHandlers(deps: Deps): Handlers {
  const { ledger, clock, forget, placeOf } = deps;
  const find = async (db: Pick<ReturnType<typeof ledger.read<IdentityTables>>, 'selectFrom'>, id: string) => {
    const row = await db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row || row.revoked_at !== null) throw identityError('identity.unknownDevice', {}, { status: 404 });
    return row;
  };
  const checked = (machines: readonly string[]) => {
    for (const machine of machines)
      if (!placeOf(machine)) throw identityError('identity.unknownMachine', { machine }, { status: 400 });
    return JSON.stringify([...new Set(machines)]);
  };
  const shown = (row: DeviceRow, code: string) => ({
    ...{ ...deviceOf(row, clock.nowUs()), code, address: `/kiosk#pair=${code}` },
  });
  return {
    async devices() {
      const now = clock.nowUs();
      const rows = await ledger
        .read<IdentityTables>()
        .selectFrom('devices')
        .selectAll()
        .where((e) => e.or([e('revoked_at', 'is', null), e('revoked_at', '>', now - shownUs)]))
        .orderBy('name')
        .limit(mostDevices)
        .execute();
      return rows.map((row) => deviceOf(row, now));
    },

    async createDevice({ body }, caller) {
      const now = clock.nowUs();
      const code = newCode();
      const row: DeviceRow = {
        ...{ id: uuidv7(Math.floor(now / 1000)), name: body.name, machines: checked(body.machines) },
        ...{ code_hash: keyHash(code), code_until: now + codeLifeUs, key_hash: null, created_at: now },
        ...{ created_by: caller.name, paired_at: null, last_seen_at: null, revoked_at: null },
      };
      await ledger.transaction<IdentityTables, void>(async (tx, emit) => {
        await tx.insertInto('devices').values(row).execute();
        const data = { name: row.name, machines: body.machines };
        await emit({ type: 'device.added', subject: `device/${row.id}`, actor: actorOf(caller), data });
      });
      return shown(row, code);
    },

    async renewDeviceCode({ params }, caller) {
      const code = newCode();
      const patch = { code_hash: keyHash(code), code_until: clock.nowUs() + codeLifeUs };
      const row = await ledger.transaction<IdentityTables, DeviceRow>(async (tx, emit) => {
        const found = await find(tx, params.id);
        await tx.updateTable('devices').set(patch).where('id', '=', found.id).execute();
        await emit({ type: 'device.codeRenewed', subject: `device/${found.id}`, actor: actorOf(caller), data: {} });
        return { ...found, ...patch };
      });
      return shown(row, code);
    },

    async updateDevice({ params, body }, caller) {
      const patch = {
        ...(body.name === undefined ? {} : { name: body.name }),
        ...(body.machines === undefined ? {} : { machines: checked(body.machines) }),
      };
      const row = await ledger.transaction<IdentityTables, DeviceRow>(async (tx, emit) => {
        const found = await find(tx, params.id);
        if (Object.keys(patch).length > 0)
          await tx.updateTable('devices').set(patch).where('id', '=', found.id).execute();
        const data = { ...body };
        await emit({ type: 'device.changed', subject: `device/${found.id}`, actor: actorOf(caller), data });
        return { ...found, ...patch };
      });
      forget();
      return deviceOf(row, clock.nowUs());
    },

    async revokeDevice({ params }, caller) {
      await ledger.transaction<IdentityTables, void>(async (tx, emit) => {
        const found = await find(tx, params.id);
        const patch = { revoked_at: clock.nowUs(), key_hash: null, code_hash: null, code_until: null };
        await tx.updateTable('devices').set(patch).where('id', '=', found.id).execute();
        const data = { name: found.name };
        await emit({ type: 'device.revoked', subject: `device/${found.id}`, actor: actorOf(caller), data });
      });
      forget();
      return { ok: true as const };
    },
  };
}

/**
 * Takes a code and answers the key of the tablet, once. Guessing is slowed down by address. Throws
 * `identity.codeWrong`, also for a code whose time is over or that was used.
 */
export async function pairDevice(
  deps: Deps,
  given: string,
  address: string,
): Promise<{ device: KioskDevice; key: string }> {
  const { ledger, clock, attempts, placeOf } = deps;
  const attempt = { name: `pairing ${address}`, address };
  const seconds = attempts.begin(attempt, clock.monotonicMs());
  if (seconds > 0) throw identityError('identity.tooManyCodes', { seconds }, { status: 429 });
  const code = given.replace(/\D/g, '');
  const key = randomBytes(32).toString('base64url');
  const now = clock.nowUs();
  const row = await ledger.transaction<IdentityTables, DeviceRow | null>(async (tx, emit) => {
    const found = await tx
      .updateTable('devices')
      .set({ key_hash: keyHash(key), code_hash: null, code_until: null, paired_at: now, last_seen_at: now })
      .where('code_hash', '=', keyHash(code))
      .where('code_until', '>', now)
      .where('revoked_at', 'is', null)
      .returningAll()
      .executeTakeFirst();
    if (!found) return null;
    const actor = { kind: 'token' as const, id: `device/${found.id}` };
    await emit({ type: 'device.paired', subject: `device/${found.id}`, actor, data: { name: found.name, address } });
    return found;
  });
  if (!row) throw identityError('identity.codeWrong', {}, { status: 403 });
  attempts.succeeded(attempt, clock.monotonicMs());
  deps.forget();
  return { device: kioskDeviceOf(row, placeOf), key };
}

function kioskDeviceOf(row: Pick<DeviceRow, 'id' | 'name' | 'machines'>, placeOf: PlaceOf): KioskDevice {
  const machines = (JSON.parse(row.machines) as string[]).flatMap((path) => {
    const place = placeOf(path);
    return place ? [{ path, ...place }] : [];
  });
  return { id: row.id, name: row.name, machines };
}

/** The tablet that holds this key: an operator's hands without a name, at its own machines only. */
export async function deviceCaller(deps: Pick<Deps, 'ledger' | 'clock'>, key: string): Promise<Caller | null> {
  const now = deps.clock.nowUs();
  const row = await deps.ledger
    .read<IdentityTables>()
    .selectFrom('devices')
    .selectAll()
    .where('key_hash', '=', keyHash(key))
    .executeTakeFirst();
  if (!row || row.revoked_at !== null || (row.last_seen_at ?? 0) < now - idleUs) return null;
  if ((row.last_seen_at ?? 0) < now - seenEveryUs)
    await deps.ledger.transaction<IdentityTables, void>(async (tx) => {
      await tx.updateTable('devices').set({ last_seen_at: now }).where('id', '=', row.id).execute();
    });
  return {
    ...{ userId: `device/${row.id}`, name: row.name, role: 'operator', language: 'ko', via: 'device' },
    machines: JSON.parse(row.machines) as string[],
  };
}

/** What a tablet shows of itself. */
export function describeDevice(caller: Caller, placeOf: PlaceOf): KioskDevice {
  const { userId, name, machines = [] } = caller;
  return kioskDeviceOf({ id: userId.slice('device/'.length), name, machines: JSON.stringify(machines) }, placeOf);
}
