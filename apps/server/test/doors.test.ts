import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { createHttp } from '../src/http.ts';
import { assertRefused, korean, password, Rig, sessionOf } from './rig.ts';

describe('the doors', () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.open();
  });
  after(() => rig.close());

  test('first run: only the link makes the administrator, once', async () => {
    assert.deepEqual((await rig.call('/setup')).body, {
      needed: true,
      demo: false,
      plant: '시험공장',
      version: '0.0.0',
    });
    const setUp = (token: unknown) =>
      rig.call('/setup', {
        method: 'POST',
        body: { token, name: 'admin', displayName: '', password, language: 'ko' },
      });
    assertRefused(await setUp('guess'), 403, 'identity.setupTokenWrong');
    const token = await rig.plant.identity.setupToken();
    const done = await setUp(token);
    const cookie = done.headers.get('set-cookie')!;
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/']) assert.ok(cookie.includes(part), cookie);
    assert.deepEqual(
      Object.keys(done.body).sort(),
      Object.keys((await rig.call('/session', { as: sessionOf(done) })).body).sort(),
    );
    assert.ok(!JSON.stringify(done.body).includes(cookie.split(/[=;]/)[1]!), 'the session is in the cookie only');
    assertRefused(await setUp(token), 409, 'identity.setupDone');
    assert.equal((await rig.call('/setup')).body.needed, false);
    await rig.plant.identity.setupToken().then((left) => assert.equal(left, null));
    for (const role of ['operator', 'engineer']) {
      const user = { name: `the-${role}`, displayName: '', role, language: 'en', password };
      await rig.call('/users', { method: 'POST', as: sessionOf(done), body: user });
      rig.as[role] = await rig.signIn(`the-${role}`);
    }
    rig.as.administrator = sessionOf(done);
  });

  test('signing out takes the cookie and the session away', async () => {
    const session = await rig.signIn('the-operator');
    const out = await rig.call('/session', { method: 'DELETE', as: session });
    assert.match(out.headers.get('set-cookie')!, /^deungdae_session=; .*Max-Age=0/);
    assertRefused(await rig.call('/session', { as: session }), 401, 'server.notSignedIn');
  });

  test('a new password moves the person to a new session', async () => {
    const [here, there] = [await rig.signIn('the-operator'), await rig.signIn('the-operator')];
    const body = { currentPassword: password, newPassword: password };
    const changed = await rig.call('/session', { method: 'PATCH', as: here, body });
    assert.equal((await rig.call('/session', { as: sessionOf(changed) })).status, 200);
    for (const old of [here, there]) assertRefused(await rig.call('/session', { as: old }), 401, 'server.notSignedIn');
    rig.as.operator = sessionOf(changed);
  });

  test('another site cannot act, even with the cookie', async () => {
    const body = { name: 'the-operator', password };
    for (const origin of ['https://evil.example', 'null', `${rig.url}0`, 'http://127.0.0.1']) {
      const headers = { origin };
      assertRefused(await rig.call('/session', { method: 'POST', body, headers }), 403, 'server.wrongOrigin');
      const out = await rig.call('/session', { method: 'DELETE', as: rig.as.operator, headers });
      assertRefused(out, 403, 'server.wrongOrigin');
    }
    assert.equal((await rig.call('/session', { method: 'POST', body, headers: { origin: rig.url } })).status, 200);
    assert.equal((await rig.call('/session', { as: rig.as.operator })).status, 200);
  });

  test('bad input is told in the person’s language, with a code and where', async () => {
    const [ko, en] = [rig.as.administrator, rig.as.engineer];
    const put = (as: string | undefined, call: object) => rig.call('/plant/file', { method: 'PUT', as, ...call });
    for (const [as, language] of [
      [ko, korean],
      [en, /^[^가-힣]*$/],
    ] as const) {
      const notJson = await put(as, { raw: '{"text": ' });
      assertRefused(notJson, 400, 'server.bodyNotJson');
      assert.match(notJson.body.message, language);
      const typed = await put(as, { body: { text: 7, revision: 'x' } });
      assertRefused(typed, 400, 'server.inputWrong');
      assert.equal(typed.body.params.path, 'body.text');
      assert.match(typed.body.message, language);
      const unknownKey = await put(as, { body: { text: '', revision: '', more: 1 } });
      assertRefused(unknownKey, 400, 'server.inputWrong');
      assertRefused(await put(as, { body: { text: 'x'.repeat(9_000_000), revision: '' } }), 413, 'server.bodyTooLarge');
      assertRefused(await put(as, { body: { text: 'x'.repeat(4_100_000), revision: '' } }), 400, 'server.inputWrong');
      const xml = await put(as, { raw: '<a/>', headers: { 'content-type': 'application/xml' } });
      assertRefused(xml, 415, 'server.bodyNotJson');
      assertRefused(await put(as, { raw: '{"__proto__": {"admin": true}}' }), 400, 'server.bodyNotJson');
      assertRefused(await put(as, { raw: '{"text": "a\\u0000b"}' }), 400, 'server.badText');
      const written = await put(as, { raw: '{"text": "a\\\\u0000b"}' });
      assert.notEqual(written.body.code, 'server.badText', 'a backslash and letters are text');
      for (const query of [
        'ids=x&from=1&to=2',
        'ids=1&from=a&to=2',
        'ids=1&from=1&to=2&width=1e9',
        'ids=1&ids=2&from=1&to=2',
      ])
        assertRefused(await rig.call(`/trend?${query}`, { as }), 400, 'server.inputWrong');
      assertRefused(await rig.call('/trend?ids=1&from=2&to=1', { as }), 400, 'trends.windowWrong');
      assertRefused(await rig.call('/signals/latest?ids=999999', { as }), 404, 'trends.unknownSignal');
      assertRefused(await rig.call(`/signals/latest?ids=${'1,'.repeat(60)}1`, { as }), 400, 'trends.tooManySignals');
      assertRefused(await rig.call('/no/such/thing', { as }), 404, 'server.notFound');
    }
  });

  test('a stranger’s large body is refused before it is read', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const call = request(`${rig.url}/api/plant/file`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', 'content-length': 8_000_000 },
      });
      call.on('response', (response) => {
        resolve(response.statusCode!);
        call.destroy();
      });
      call.on('error', reject);
      call.write('{');
    });
    assert.equal(status, 401);
  });

  test('names of backups cannot leave their folder', async () => {
    for (const name of ['..', '.', '../x', 'a/b', '', '.hidden', 'x'.repeat(90), 'a\tb']) {
      const answer = await rig.call('/system/backup', { method: 'POST', as: rig.as.administrator, body: { name } });
      assertRefused(answer, 400, 'server.inputWrong');
    }
  });

  test('files of the web are served from their folder only; pages, but not files, fall back to the page', async () => {
    const folder = join(rig.folder, 'web');
    const http = await createHttp({
      ...({ handlers: new Proxy({}, { get: () => () => ({}) }), identity: { callerOf: async () => null } } as never as {
        handlers: object;
        identity: never;
      }),
      live: {} as never,
      log: silentLogger,
      health: async () => ({ ok: true }),
      metrics: async () => '',
      webFolder: folder,
      requestsPerMinute: 1000,
    });
    const get = (url: string) => http.inject({ url });
    try {
      assert.equal((await get('/')).statusCode, 404, 'not built yet');
      await mkdir(join(folder, 'assets'), { recursive: true });
      await writeFile(join(folder, 'index.html'), '<p>one');
      await writeFile(join(folder, 'icon.svg'), '<svg/>');
      await writeFile(join(folder, 'assets', 'a-1234.js'), '1');
      await writeFile(join(rig.folder, 'outside.txt'), 'secret');
      const page = await get('/machines/x?y=1');
      assert.equal(page.body, '<p>one', 'a build made later shows without a restart');
      assert.equal(page.headers['cache-control'], 'no-cache');
      assert.match(String(page.headers['content-security-policy']), /default-src 'self'.*frame-ancestors 'none'/);
      assert.equal(page.headers['x-content-type-options'], 'nosniff');
      assert.equal((await get('/icon.svg')).headers['cache-control'], 'no-cache');
      assert.match(String((await get('/assets/a-1234.js')).headers['cache-control']), /immutable/);
      await rm(join(folder, 'assets', 'a-1234.js'));
      await writeFile(join(folder, 'assets', 'b-5678.js'), '2');
      assert.equal((await get('/assets/a-1234.js')).statusCode, 404);
      assert.equal((await get('/assets/b-5678.js')).body, '2');
      for (const path of [
        '/../outside.txt',
        '/%2e%2e/outside.txt',
        '/assets/..%2f..%2foutside.txt',
        '/..%5coutside.txt',
      ])
        assert.ok(!(await get(path)).body.includes('secret'), path);
    } finally {
      await http.close();
    }
  });

  test('too many requests and too many guesses wait', async () => {
    const busy = await Rig.open({ requestsPerMinute: 20 });
    try {
      const answers = [];
      for (let i = 0; i < 25; i++) answers.push(await busy.call('/setup', { headers: { 'accept-language': 'en' } }));
      assert.equal(answers.filter((a) => a.status === 200).length, 20);
      assertRefused(answers.at(-1)!, 429, 'server.tooManyRequests');
      assert.ok(Number(answers.at(-1)!.headers.get('retry-after')) > 0);
      assert.equal(answers.at(-1)!.body.params.seconds, Number(answers.at(-1)!.headers.get('retry-after')));
      const file = await fetch(`${busy.url}/assets/part-1a2b.js`);
      assert.notEqual(file.status, 429, 'the web’s own files have an allowance of their own');
    } finally {
      await busy.close();
    }
    const guess = (secret: string) =>
      rig.call('/session', { method: 'POST', body: { name: 'the-engineer', password: secret } });
    for (let i = 0; i < 5; i++) assertRefused(await guess('nothing'), 401, 'identity.signInFailed');
    assertRefused(await guess(password), 429, 'identity.tooManyAttempts');
    assert.equal((await rig.call('/session', { as: rig.as.engineer })).status, 200, 'who is in stays in');
  });
});
