import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Quality, type Sample, samplesOf } from '@deungdae/contracts/sample.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { createTcpProxy } from '@deungdae/testing/tcp-proxy.ts';
import { until } from '@deungdae/testing/until.ts';
import { connectorRig } from './rig.ts';
import { ServerPeer } from './server-peer.ts';

const speed = [{ path: 'speed', address: { node: 'nsu=urn:deungdae:opcua-test;s=Speed' } }];
const variables = [{ path: 'Speed', type: 'Double' as const, unit: 'mm/s', initial: 1 }];
let peer: ServerPeer;
before(async () => {
  peer = await ServerPeer.at({ variables, users: { op: 'right' } });
  await peer.makeCertificate();
  await peer.start();
});
after(() => peer.dispose());

const user = { name: 'op', password: 'right' };

async function refusal(rig: ReturnType<typeof connectorRig>): Promise<CodedError> {
  try {
    await rig.connect();
  } catch (error) {
    assert.ok(error instanceof CodedError, String(error));
    return error;
  } finally {
    await rig.dispose();
  }
  throw new Error('connected although it should not');
}

test('an unknown server certificate waits for a person, then is trusted by its file', async () => {
  const rig = connectorRig(peer, speed, { user, security: {} });
  try {
    const error = await rig.connect().then(
      () => null,
      (e: CodedError) => e,
    );
    assert.equal(error?.code, 'opcua.certificateUnknown');
    assert.equal(error?.params.thumbprint, peer.thumbprint);
    const folder = String(error?.params.trustedFolder);
    mkdirSync(folder, { recursive: true });
    copyFileSync(String(error?.params.file), join(folder, 'machine.der'));
    await rig.connect();
    await rig.shows('speed', 1);
    assert.ok(dirname(folder).startsWith(rig.stateDir), 'nothing is written outside the state folder');
  } finally {
    await rig.dispose();
  }
});

test('wrong password, missing endpoint and a plain password are refused with their own codes; nothing is lowered', async () => {
  const wrong = await refusal(connectorRig(peer, speed, { user: { name: 'op', password: 'wrong' } }));
  assert.equal(wrong.code, 'opcua.loginRefused');
  assert.ok(!JSON.stringify(wrong.params).includes('wrong'));
  assert.equal((await refusal(connectorRig(peer, speed))).code, 'opcua.loginRefused', 'anonymous');
  const none = await refusal(connectorRig(peer, speed, { user, security: { mode: 'None' } }));
  assert.equal(none.code, 'opcua.noSuchEndpoint');
  assert.match(String(none.params.offered), /SignAndEncrypt/);
});

test('a certificate for another host or out of its dates is refused although it is trusted', async () => {
  for (const [certificate, code] of [
    [{ host: 'press-7.example' }, 'opcua.certificateWrongHost'],
    [{ validFromMs: Date.now() - 90 * 86_400_000, validDays: 30 }, 'opcua.certificateExpired'],
  ] as const) {
    const other = await ServerPeer.at({ variables, certificate });
    try {
      await other.start();
      assert.equal((await refusal(connectorRig(other, speed))).code, code);
    } finally {
      await other.dispose();
    }
  }
});

test('after a restart with other namespace indices the values go on, with no person', async () => {
  const other = await ServerPeer.at({ variables });
  await other.makeCertificate();
  await other.start();
  const rig = connectorRig(other, speed);
  try {
    await rig.connect();
    await rig.shows('speed', 1);
    await other.stop();
    await until(() => rig.error() !== null, 'the loss');
    assert.equal((rig.error() as CodedError).code, 'opcua.connectionLost');
    other.setup = { ...other.setup, namespacesBefore: ['urn:a', 'urn:b', 'urn:c'] };
    await other.start();
    await rig.connect();
    await other.set('Speed', 7);
    await rig.shows('speed', 7);
  } finally {
    await rig.dispose();
    await other.dispose();
  }
});

test('the first value after a reconnect is confirmed at the connect, so that it ends the gap', async () => {
  const rig = connectorRig(peer, speed, { user });
  try {
    const longAgo = Date.now() * 1000 - 600_000_000;
    await peer.set('Speed', 3, longAgo);
    await rig.connect();
    await until(() => rig.of('speed').length === 2, 'two samples');
    const [old, confirmed] = rig.of('speed');
    assert.deepEqual([old?.time, old?.value, confirmed?.value], [longAgo, 3, 3]);
    assert.ok(Math.abs(confirmed!.time / 1000 - Date.now()) < 2000);
  } finally {
    await rig.dispose();
  }
});

test('a half-open link is noticed by the silence of the keep-alive', async () => {
  const proxy = await createTcpProxy({ port: peer.port });
  const rig = connectorRig(peer, speed, { user, resumeMs: 0 }, proxy.port);
  try {
    await rig.connect();
    await until(() => rig.of('speed').length > 0, 'a value');
    const start = performance.now();
    proxy.swallow();
    await until(() => rig.error() !== null, 'the silence', 4000);
    assert.equal((rig.error() as CodedError).code, 'opcua.silent');
    assert.ok(performance.now() - start < 2500, '2.5 heartbeats of 500 ms, and the step of the watch');
    await rig.connector.close();
    await until(() => proxy.open() === 0, 'the dead socket to go', 3000);
  } finally {
    await rig.dispose();
    await proxy.close();
  }
});

test('while nothing is read the server keeps the values, and they come later', async () => {
  const rig = connectorRig(peer, speed, { user, bufferSamples: 100, queueSize: 1000, samplingIntervalMs: 10 });
  try {
    await rig.connector.connect(rig.abort);
    for (let i = 0; i < 240; i++) {
      await peer.set('Speed', 1000 + i);
      await new Promise((resolve) => setTimeout(resolve, 14));
    }
    const taken: Sample[] = [];
    const take = async () => taken.push(...samplesOf((await rig.connector.read(rig.abort)).batch));
    await take();
    const held = taken.length;
    assert.ok(held >= 100 && held < 150, `${held} taken although nobody read`);
    while (!taken.some((s) => s.value === 1239)) await take();
    assert.ok(taken.length - held > 30, `${taken.length - held} values of the meantime came`);
    assert.equal(rig.told('opcua.queueOverflow').length, 0);
  } finally {
    await rig.dispose();
  }
});

test('a queue that overflows on the server is told', async () => {
  const rig = connectorRig(peer, speed, { user, queueSize: 3, samplingIntervalMs: 10, publishingIntervalMs: 1000 });
  try {
    await rig.connect();
    await until(() => rig.of('speed').length > 0, 'a value');
    for (let i = 0; i < 20; i++) {
      await peer.set('Speed', 5000 + i);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await rig.shows('speed', 5019);
    assert.equal(rig.told('opcua.queueOverflow')[0]?.params?.signal, 'speed');
    assert.ok(!rig.samples.some((s) => s.quality === Quality.gap), 'the setting is too small, the line is not broken');
  } finally {
    await rig.dispose();
  }
});

test('ten thousand items and more are subscribed in batches', async () => {
  const many = await ServerPeer.at({
    variables: Array.from({ length: 200 }, (_, i) => ({ path: `V${i}`, type: 'Double' as const, initial: i })),
  });
  await many.makeCertificate();
  await many.start();
  const signals = Array.from({ length: 12_000 }, (_, i) => ({
    path: `s${i}`,
    address: { node: `nsu=urn:deungdae:opcua-test;s=V${i % 200}`, samplingIntervalMs: 200 + Math.floor(i / 200) },
  }));
  const rig = connectorRig(many, signals, {
    heartbeatMs: 5000,
    publishingIntervalMs: 200,
    maxItemsPerSubscription: 5000,
  });
  try {
    await rig.connect();
    await until(
      () => new Set(rig.samples.map((s) => s.signal)).size === signals.length,
      'a value of each',
      20_000,
      () => rig.samples.length,
    );
    assert.ok(rig.samples.every((s) => s.quality === Quality.good));
  } finally {
    await rig.dispose();
    await many.dispose();
  }
});
