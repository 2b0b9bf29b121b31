import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Caller, routes } from '@deungdae/contracts/api.ts';
import { deviceRoutes } from '@deungdae/contracts/device.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { openTestLedger, type TestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { deviceMay } from './device-rights.ts';
import { type Identity, identityMigrations, openIdentity } from './module.ts';

const engineer: Caller = { userId: 'u1', name: '이기사', role: 'engineer', language: 'ko', via: 'session' };
const code = (expected: string) => (error: unknown) => error instanceof CodedError && error.code === expected;
const nothing = { params: undefined, query: undefined, body: undefined };
const [imm1, imm2] = ['han/gim/mold/imm-01', 'han/gim/mold/imm-02'];

describe('tablets', () => {
  let opened: TestLedger;
  let identity: Identity;
  const clock = new FakeClock();

  before(async () => {
    opened = await openTestLedger({ clock, modules: [{ module: 'identity', migrations: identityMigrations }] });
    const placeOf = (path: string) => (path.includes('imm') ? { name: path.slice(-6), area: 'mold' } : null);
    identity = openIdentity({ ledger: opened.ledger, clock, placeOf });
  });
  after(() => opened.end());

  const add = (name: string, machines = [imm1!]) =>
    identity.handlers.createDevice!({ ...nothing, body: { name, machines } }, engineer);
  const list = () => identity.handlers.devices!({ ...nothing }, engineer);
  const byId = (id: string) => ({ ...nothing, params: { id } });

  test('a code lets one tablet in once, for its machines, as nobody; the list says when it was last seen', async () => {
    const made = await add('1호기 태블릿');
    assert.equal(made.status, 'waiting');
    assert.match(made.code, /^\d{8}$/);
    assert.equal(made.address, `/kiosk#pair=${made.code}`);
    const { kiosk, device } = await identity.pair(`${made.code.slice(0, 4)} ${made.code.slice(4)}`, '10.0.0.1');
    assert.deepEqual(kiosk, {
      id: made.id,
      name: '1호기 태블릿',
      machines: [{ path: imm1, name: 'imm-01', area: 'mold' }],
    });
    await assert.rejects(identity.pair(made.code, '10.0.0.2'), code('identity.codeWrong'));
    const caller = (await identity.callerOf({ device }))!;
    assert.deepEqual(
      [caller.via, caller.role, caller.userId, caller.machines],
      ['device', 'operator', `device/${made.id}`, [imm1]],
    );
    await clock.advance(3 * 3_600_000);
    await identity.callerOf({ device });
    const [shown] = await list();
    assert.deepEqual([shown?.status, shown?.lastSeenAt], ['paired', clock.nowUs()]);
    assert.deepEqual((await identity.kioskDevice(device))?.id, made.id);
    assert.equal(await identity.kioskDevice('guess'), null);
  });

  test('it stays in for months, is out at once when revoked, and lapses when nobody used it for half a year', async () => {
    const [first, second] = [await add('a'), await add('b')];
    const [a, b] = [await identity.pair(first.code, '10.0.1.1'), await identity.pair(second.code, '10.0.1.1')];
    for (let month = 0; month < 12; month++) {
      await clock.advance(30 * 86_400_000);
      assert.ok(await identity.callerOf({ device: a.device }), `month ${month}`);
    }
    assert.equal(await identity.callerOf({ device: b.device }), null, 'never used');
    await identity.handlers.revokeDevice!(byId(first.id), engineer);
    assert.equal(await identity.callerOf({ device: a.device }), null);
    await assert.rejects(
      async () => identity.handlers.revokeDevice!(byId(first.id), engineer),
      code('identity.unknownDevice'),
    );
    assert.equal((await list()).find((d) => d.id === first.id)?.status, 'revoked');
  });

  test('a code ends after fifteen minutes; a new one shuts the old tablet out when it is used, not before', async () => {
    const made = await add('c');
    await clock.advance(16 * 60_000);
    assert.equal((await list()).find((d) => d.id === made.id)?.status, 'expired');
    await assert.rejects(identity.pair(made.code, '10.0.2.1'), code('identity.codeWrong'));
    const again = await identity.handlers.renewDeviceCode!(byId(made.id), engineer);
    const old = await identity.pair(again.code, '10.0.2.2');
    const third = await identity.handlers.renewDeviceCode!(byId(made.id), engineer);
    assert.ok(await identity.callerOf({ device: old.device }));
    const fresh = await identity.pair(third.code, '10.0.2.3');
    assert.equal(await identity.callerOf({ device: old.device }), null);
    assert.ok(await identity.callerOf({ device: fresh.device }));
  });

  test('codes cannot be found by trying', async () => {
    for (let i = 0; i < 5; i++) await identity.pair(`${i}`.padStart(8, '0'), '10.0.3.1').catch(() => {});
    const made = await add('d');
    await assert.rejects(identity.pair(made.code, '10.0.3.1'), code('identity.tooManyCodes'));
    assert.ok(await identity.pair(made.code, '10.0.3.2'), 'the next tablet is not held up');
  });

  test('machines can be changed and must be the plant’s; a person’s session goes before the tablet’s', async () => {
    await assert.rejects(async () => add('e', ['han/gim/none']), code('identity.unknownMachine'));
    const made = await add('e');
    const { device } = await identity.pair(made.code, '10.0.4.1');
    await identity.handlers.updateDevice!(
      { ...byId(made.id), body: { machines: [imm1!, imm2!], name: '둘' } },
      engineer,
    );
    assert.deepEqual((await identity.callerOf({ device }))?.machines, [imm1, imm2]);
    assert.equal((await identity.callerOf({ session: 'gone', device }))?.via, 'device');
  });

  test('neither code nor key is stored or logged as text', async () => {
    const made = await add('f');
    const { device } = await identity.pair(made.code, '10.0.5.1');
    const rows = JSON.stringify(
      await opened.ledger.read<{ devices: unknown }>().selectFrom('devices').selectAll().execute(),
    );
    const events = JSON.stringify(await opened.ledger.events({ limit: 1000 }));
    assert.ok(events.includes('device.paired'));
    for (const text of [rows, events]) for (const key of [made.code, device]) assert.ok(!text.includes(`"${key}"`));
    assert.equal((await opened.ledger.verify()).ok, true);
  });
});

test('what a tablet may call: only routes that are, at its own machines, and of master data only item and tool', () => {
  for (const id of Object.keys(deviceRoutes)) assert.ok(id in routes, `${id} is a route`);
  const may = (id: string, input: object) => deviceMay(id, input, [imm1!]);
  assert.deepEqual(may('kioskState', { query: { machine: imm1 } }), { allowed: true, machine: null });
  assert.deepEqual(may('kioskState', { query: { machine: imm2 } }), { allowed: false, machine: imm2 });
  assert.equal(may('kioskState', { query: {} }).allowed, false);
  assert.equal(may('kioskSync', { body: { machine: imm2, entries: [] } }).allowed, false);
  assert.equal(may('masterRecord', { params: { kind: 'tool', code: 'M-1' } }).allowed, true);
  assert.equal(may('masterRecord', { params: { kind: 'partner', code: 'HMC' } }).allowed, false);
  assert.equal(may('checksDue', { query: {} }).allowed, false);
  assert.equal(may('doCheck', { body: { subject: { kind: 'tool', id: 'M-1' } } }).allowed, true);
  assert.equal(may('doCheck', { body: { subject: { kind: 'machine', id: imm2 } } }).allowed, false);
  for (const id of ['workOrders', 'users', 'confirmRun', 'constructor', 'toString'])
    assert.equal(may(id, {}).allowed, false, id);
});
