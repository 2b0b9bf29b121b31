import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { advise, explain } from '@deungdae/kernel/errors.ts';
import { until } from '@deungdae/testing/until.ts';
import { reasonError } from './errors.ts';
import { type MosquittoPeer, noMosquitto, startMosquitto } from './mosquitto-peer.ts';
import { type Incoming, MqttSession, type SessionOptions } from './session.ts';

describe('MQTT session against Mosquitto', { skip: noMosquitto }, () => {
  let broker: MosquittoPeer;
  before(async () => {
    broker = await startMosquitto();
  });
  after(() => broker.close());

  const open = (clientId: string, onMessage: (m: Incoming) => void, more: Partial<SessionOptions> = {}) =>
    MqttSession.open({ url: broker.url, version: 5, clientId, keepAliveS: 1, clean: true, ...more }, onMessage);

  for (const version of [4, 5] as const) {
    it(`holds the source back while paused, stays alive, and goes on (MQTT ${version})`, async () => {
      let seen = 0;
      const reader = await open(`paused${version}`, () => seen++, { version });
      await reader.subscribe([`flood${version}`], 0);
      const writer = await open(`writer${version}`, () => {});
      await writer.publish(`flood${version}`, Buffer.alloc(10), { qos: 0, retain: false });
      await until(() => seen === 1, 'the first');
      reader.pause();
      for (let i = 0; i < 500; i++)
        await writer.publish(`flood${version}`, Buffer.alloc(1000), { qos: 0, retain: false });
      // Three keep-alive periods: the broker would drop a silent client after one and a half.
      await systemClock.sleep(3_000);
      assert.ok(seen <= 2, `${seen} were taken while paused`);
      assert.equal(reader.error, null);
      reader.resume();
      await until(
        () => seen === 501,
        'the rest',
        3_000,
        () => seen,
      );
      await systemClock.sleep(1_200);
      assert.equal(reader.error, null, 'the keep-alive goes on as before');
      await reader.close();
      await writer.close();
    });
  }

  it('keeps its session over thousands of short pauses', async () => {
    let seen = 0;
    const reader = await open('restless', () => {
      seen++;
      reader.pause();
      setImmediate(() => reader.resume());
    });
    await reader.subscribe(['restless'], 0);
    const writer = await open('restless-writer', () => {});
    const end = performance.now() + 2_500;
    while (performance.now() < end) {
      await writer.publish('restless', Buffer.alloc(10), { qos: 0, retain: false });
      await systemClock.sleep(2);
    }
    assert.equal(reader.error, null);
    assert.ok(seen > 100);
    await reader.close();
    await writer.close();
  });

  it('is lost when another client takes the session over', async () => {
    const first = await open('twin', () => {});
    let code = '';
    first.onLost = (error) => {
      code = error.code;
    };
    const second = await open('twin', () => {});
    await until(() => code !== '', 'the loss');
    // Mosquitto 2.0.11 closes without the DISCONNECT that would name the reason.
    assert.match(code, /^mqtt\.(takenOver|lost)$/);
    await second.close();
  });

  it('has a coded error in both languages for the reasons that people can do something about', () => {
    const params = { url: 'mqtt://b', clientId: 'c', version: 5, reason: 'r' };
    const codes = [1, 2, 3, 4, 5, 132, 133, 134, 135, 136, 137, 138, 140, 142, 159].map((code) =>
      reasonError(code, params),
    );
    for (const error of codes) {
      assert.ok(error);
      for (const language of ['ko', 'en']) {
        const text = explain(error.code, error.params, language) + advise(error.code, error.params, language);
        assert.ok(text.length > 20 && !/\{\w+\}/.test(text), text);
      }
    }
    assert.equal(reasonError(142, params)?.code, 'mqtt.takenOver');
    assert.equal(reasonError(150, params), undefined);
  });

  it('names a refused subscription', async () => {
    const session = await open('wrong', () => {});
    await assert.rejects(session.subscribe(['a/#/b'], 1), { code: 'mqtt.subscribeRefused' });
    await session.close();
  });

  it('ends an attempt at once when it is aborted', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const attempt = MqttSession.open(
      { url: broker.url, version: 5, clientId: 'aborted', keepAliveS: 1, clean: true },
      () => {},
      abort.signal,
    );
    abort.abort(reason);
    await assert.rejects(attempt, reason);
  });
});

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('MQTT over TLS', { skip: noMosquitto || (!hasOpenssl && 'openssl is not installed') }, () => {
  let folder: string;
  let broker: MosquittoPeer;
  const file = (name: string) => join(folder, name);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deungdae-tls-'));
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore', cwd: folder });
    const key = (name: string) => [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      `${name}.key`,
    ];
    for (const ca of ['ca', 'other'])
      openssl('req', '-x509', ...key(ca), '-out', `${ca}.pem`, '-days', '2', '-subj', `/CN=Test ${ca}`);
    for (const name of ['server', 'client']) {
      openssl(
        'req',
        ...key(name),
        '-out',
        `${name}.csr`,
        '-subj',
        `/CN=${name === 'server' ? 'broker.test' : name}`,
        '-addext',
        'subjectAltName=DNS:broker.test',
      );
      openssl(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-out',
        `${name}.pem`,
        '-days',
        '2',
        '-copy_extensions',
        'copy',
      );
    }
    broker = await startMosquitto({
      lines: [
        `cafile ${file('ca.pem')}`,
        `certfile ${file('server.pem')}`,
        `keyfile ${file('server.key')}`,
        'require_certificate true',
        'allow_anonymous true',
      ],
    });
  });
  after(async () => {
    await broker.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (tls: SessionOptions['tls']) =>
    MqttSession.open(
      { url: broker.url.replace('mqtt:', 'mqtts:'), version: 5, clientId: 'tls', keepAliveS: 5, clean: true, tls },
      () => {},
    );
  const own = () => ({ cert: file('client.pem'), key: file('client.key') });

  it('connects with the right authority, server name and own certificate', async () => {
    const session = await open({ ca: file('ca.pem'), servername: 'broker.test', ...own() });
    assert.equal(session.error, null);
    await session.close();
  });

  it('never connects to a broker that it cannot trust', async () => {
    await assert.rejects(open({ servername: 'broker.test', ...own() }), { code: 'mqtt.tls' }, 'unknown authority');
    await assert.rejects(open({ ca: file('other.pem'), servername: 'broker.test', ...own() }), { code: 'mqtt.tls' });
    await assert.rejects(open({ ca: file('ca.pem'), servername: 'elsewhere.test', ...own() }), { code: 'mqtt.tls' });
  });

  it('says that a certificate of its own is wanted, or cannot be read', async () => {
    await assert.rejects(open({ ca: file('ca.pem'), servername: 'broker.test' }), { code: 'mqtt.tls' });
    await assert.rejects(open({ ca: file('none.pem') }), { code: 'mqtt.fileMissing' });
  });
});
