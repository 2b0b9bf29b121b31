import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Route, type RouteId, routes } from '@deungdae/contracts/api.ts';
import { limited, open, signedIn } from './access-table.ts';
import { assertRefused, korean, password, Rig, roles, secret } from './rig.ts';

const mayCall = (id: string, role: string): boolean =>
  role === 'administrator' ||
  open.includes(id) ||
  signedIn.includes(id) ||
  Object.entries(limited).some(([who, ids]) => ids.includes(id) && who.split(' ').includes(role));

describe('who may do what', () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.open();
    await rig.people();
    await rig.connect();
  });
  after(() => rig.close());

  const ids = (Object.keys(routes) as RouteId[]).sort((a, b) => Number(a === 'signOut') - Number(b === 'signOut'));

  test('every route is in the table of this test', () => {
    assert.deepEqual([...ids].sort(), [...open, ...signedIn, ...Object.values(limited).flat()].sort());
    for (const id of ids) assert.equal((routes[id] as Route).access === 'public', open.includes(id), id);
  });

  test('without a session every route but the public ones answers 401', async () => {
    for (const id of ids) {
      const answer = await rig.probe(id);
      if (open.includes(id)) assert.ok(![401, 403].includes(answer.status), `${id} ${answer.status}`);
      else assertRefused(answer, 401, 'server.notSignedIn');
    }
    for (const as of ['deungdae_session=guess', 'ddt_guess', `deungdae_session=${'x'.repeat(4000)}`])
      assertRefused(await rig.call('/floor', { as }), 401, 'server.notSignedIn');
  });

  for (const role of roles)
    test(`a session of the role ${role} opens exactly its routes`, async () => {
      for (const id of ids) {
        const answer = await rig.probe(id, rig.as[role]);
        if (mayCall(id, role)) {
          assert.ok(![401, 403].includes(answer.status), `${role} ${id}: ${answer.status}`);
          assert.ok(answer.status < 500, `${role} ${id}: ${answer.status} ${JSON.stringify(answer.body)}`);
          assert.equal(answer.headers.get('cache-control'), 'no-store', id);
        } else assertRefused(answer, 403, 'server.notAllowed');
        if (id !== 'plantFile') assert.ok(!JSON.stringify(answer.body).includes(secret), `${id} tells a secret`);
      }
      assertRefused(await rig.call('/session', { as: rig.as[role] }), 401, 'server.notSignedIn');
      rig.as[role] = await rig.signIn(role === 'administrator' ? 'admin' : `the-${role}`);
    });

  test('a token opens the routes of its role, and none when revoked', async () => {
    const admin = rig.as.administrator;
    const body = { name: 'erp', role: 'auditor', days: 1 };
    const made = (await rig.call('/tokens', { method: 'POST', as: admin, body })).body;
    for (const id of ids.filter((id) => id !== 'signOut' && id !== 'updateMe')) {
      const { status } = await rig.probe(id, made.token);
      assert.equal(status !== 401 && status !== 403, mayCall(id, 'auditor'), `${id} ${status}`);
    }
    assert.ok(!JSON.stringify((await rig.call('/tokens', { as: admin })).body).includes(made.token));
    await rig.call(`/tokens/${made.id}`, { method: 'DELETE', as: admin });
    assertRefused(await rig.call('/floor', { as: made.token }), 401, 'server.notSignedIn');
  });

  test('a refusal speaks the person’s language, or the browser’s when nobody is signed in', async () => {
    const message = async (as?: string, language?: string) =>
      (await rig.call('/users', { as, headers: language ? { 'accept-language': language } : {} })).body.message;
    assert.match(await message(rig.as.operator, 'ko-KR'), /^The role operator/);
    assert.match(await message(undefined, 'ko-KR,ko;q=0.9,en;q=0.8'), korean);
    assert.match(await message(undefined, 'de-DE,de;q=0.9,en;q=0.8'), /^Sign in/);
    assert.match(await message(undefined, 'fr'), korean);
  });

  test('a person who is switched off, lowered or whose password was set is out at once', async () => {
    const admin = rig.as.administrator;
    const user = { name: 'leaver', displayName: '', role: 'engineer', language: 'ko', password };
    const { id } = (await rig.call('/users', { method: 'POST', as: admin, body: user })).body;
    const change = (body: object) => rig.call(`/users/${id}`, { method: 'PATCH', as: admin, body });
    const leaver = await rig.signIn('leaver');
    assert.equal((await rig.call('/plant/file', { as: leaver })).status, 200);
    await change({ role: 'operator' });
    assertRefused(await rig.call('/plant/file', { as: leaver }), 403, 'server.notAllowed');
    await change({ password });
    assertRefused(await rig.call('/floor', { as: leaver }), 401, 'server.notSignedIn');
    const again = await rig.signIn('leaver');
    await change({ active: false });
    assertRefused(await rig.call('/floor', { as: again }), 401, 'server.notSignedIn');
    const refused = await rig.call('/session', { method: 'POST', body: { name: 'leaver', password } });
    assertRefused(refused, 401, 'identity.signInFailed');
  });

  test('metrics are for this computer itself and for the firm, not for partners or through a proxy', async () => {
    const metrics = (headers: Record<string, string>) => fetch(`${rig.url}/metrics`, { headers });
    const own = await metrics({});
    assert.equal(own.status, 200);
    const text = await own.text();
    assert.match(text, /^deungdae_connection_up\{connection="/m);
    assert.ok(!text.includes(secret));
    const proxied = { 'x-forwarded-for': '203.0.113.9' };
    assert.equal((await metrics(proxied)).status, 401);
    assert.equal((await metrics({ ...proxied, cookie: rig.as.partner! })).status, 403);
    assert.equal((await metrics({ ...proxied, cookie: rig.as.auditor! })).status, 200);
  });
});
