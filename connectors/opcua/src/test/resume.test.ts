import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Quality } from '@deungdae/contracts/sample.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { createTcpProxy, type TcpProxy } from '@deungdae/testing/tcp-proxy.ts';
import { until } from '@deungdae/testing/until.ts';
import { connectorRig } from './rig.ts';
import { ServerPeer } from './server-peer.ts';

const signals = [{ path: 'count', address: { node: 'nsu=urn:deungdae:opcua-test;s=Count' } }];
const user = { name: 'op', password: 'right' };
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

let peer: ServerPeer;
let proxy: TcpProxy;
before(async () => {
  peer = await ServerPeer.at({
    variables: [{ path: 'Count', type: 'Double', initial: 0 }],
    users: { op: 'right' },
    // Each change is queued as it is set: what is missing then is missing through the break, not between two samplings.
    everyChange: true,
  });
  await peer.makeCertificate();
  await peer.start();
  proxy = await createTcpProxy({ port: peer.port });
});
beforeEach(() => peer.set('Count', 0));
after(async () => {
  await proxy.close();
  await peer.dispose();
});

function rigOf(extra: Record<string, unknown> = {}) {
  const settings = { user, samplingIntervalMs: 0, queueSize: 1000, resumeMs: 4000, ...extra };
  return connectorRig(peer, signals, settings, proxy.port);
}

/** Counts up every 25 ms until stopped; resolves with the last number. */
function counting() {
  let on = true;
  const done = (async () => {
    let n = 0;
    while (on) {
      await peer.set('Count', ++n);
      await sleep(25);
    }
    return n;
  })();
  return async () => {
    on = false;
    return done;
  };
}

/** Every number from the first that came to `last` came once, in order, with nothing between. */
function assertWhole(rig: ReturnType<typeof connectorRig>, last: number): void {
  const came = rig.of('count');
  // The first value of a session is confirmed by a second sample at the time of the connect.
  const numbers = came.map((s) => s.value as number).filter((v, i, all) => i !== 1 || v !== all[0]);
  assert.deepEqual(
    numbers,
    Array.from({ length: last - numbers[0]! + 1 }, (_, i) => numbers[0]! + i),
  );
  assert.ok(came.every((s) => s.quality === Quality.good));
  assert.ok(came.every((s, i) => i === 0 || s.time > came[i - 1]!.time));
}

test('connections that end or are reset under way lose and repeat nothing, and cost the server one session', async () => {
  const rig = rigOf();
  try {
    await rig.connect();
    await until(() => rig.of('count').length > 0, 'a first value');
    const stop = counting();
    for (let i = 0; i < 6; i++) {
      await sleep(333);
      const resumed = rig.told('opcua.resumed').length;
      if (i % 2 === 0) proxy.reset();
      else proxy.cut();
      await until(() => rig.told('opcua.resumed').length > resumed || rig.error() !== null, 'the session to go on');
    }
    const last = await stop();
    await rig.shows('count', last);
    assert.equal(rig.error(), null);
    assert.equal(rig.told('opcua.resumed').length, 6);
    assertWhole(rig, last);
    assert.equal(await peer.order('sessions'), 1);
    assert.ok(proxy.open() <= 1);
  } finally {
    await rig.dispose();
  }
});

test('a second without a network, and a link that swallows everything, bring what the server queued', async () => {
  for (const reset of [true, false]) {
    await peer.set('Count', 0);
    const rig = rigOf();
    try {
      await rig.connect();
      await until(() => rig.last('count')?.value === 0, 'a first value');
      const stop = counting();
      await sleep(300);
      proxy.swallow();
      if (reset) proxy.reset();
      await sleep(1000);
      proxy.pass();
      await until(
        () => rig.told('opcua.resumed').length === 1,
        'the session to go on',
        6000,
        () => rig.error(),
      );
      assert.ok(Number(rig.told('opcua.resumed')[0]?.params?.awayMs) >= 900);
      const last = await stop();
      await rig.shows('count', last);
      assert.equal(rig.error(), null);
      assertWhole(rig, last);
    } finally {
      proxy.pass();
      await rig.dispose();
    }
  }
});

test('what the queue of the server could not hold is told and marked with a gap', async () => {
  const rig = rigOf({ queueSize: 5 });
  try {
    await rig.connect();
    await until(() => rig.of('count').length > 0, 'a first value');
    proxy.swallow();
    proxy.reset();
    const stop = counting();
    await sleep(800);
    proxy.pass();
    await until(() => rig.told('opcua.resumed').length === 1, 'the session to go on', 6000);
    const last = await stop();
    await rig.shows('count', last);
    const came = rig.of('count');
    assert.ok(
      came.some((s) => s.quality === Quality.gap),
      'a gap',
    );
    assert.equal(rig.told('opcua.queueOverflow')[0]?.params?.signal, 'count');
    assert.ok(came.every((s, i) => i === 0 || s.time > came[i - 1]!.time));
  } finally {
    await rig.dispose();
  }
});

test('a network that stays away ends the session, with a gap from when the server was last heard', async () => {
  const rig = rigOf({ resumeMs: 1500 });
  try {
    await rig.connect();
    await until(() => rig.of('count').length > 0, 'a first value');
    await peer.set('Count', 1);
    await rig.shows('count', 1);
    await sleep(700);
    const goneMs = Date.now();
    proxy.swallow();
    await until(() => rig.error() !== null, 'the end', 8000);
    const endedMs = Date.now();
    assert.equal((rig.error() as CodedError).code, 'opcua.silent');
    const gap = rig.last('count')!;
    assert.equal(gap.quality, Quality.gap);
    assert.ok(endedMs - goneMs > 2000, 'the attempts took their time');
    const late = gap.time / 1000 - goneMs;
    assert.ok(late > -700 && late < 100, `the gap begins ${late} ms after the break; a heartbeat is 500 ms`);
    await rig.connector.close();
    await until(() => proxy.open() === 0, 'the dead sockets to go', 3000);
  } finally {
    proxy.pass();
    await rig.dispose();
  }
});

test('a server that was restarted has no such session, and 0 turns it off: a new session is the answer at once', async () => {
  const restarted = rigOf();
  try {
    await restarted.connect();
    await until(() => restarted.of('count').length > 0, 'a first value');
    proxy.swallow();
    await peer.stop();
    await peer.start();
    proxy.reset();
    proxy.pass();
    await until(() => restarted.error() !== null, 'the end', 6000);
    assert.match((restarted.error() as CodedError).code, /opcua\.(?:connectionLost|silent)/);
    assert.equal(restarted.told('opcua.resumed').length, 0);
    await restarted.connect();
    await peer.set('Count', 77);
    await restarted.shows('count', 77);
  } finally {
    proxy.pass();
    await restarted.dispose();
  }
  const off = rigOf({ resumeMs: 0 });
  try {
    await off.connect();
    await until(() => off.of('count').length > 0, 'a first value');
    proxy.reset();
    await until(() => off.error() !== null, 'the end', 2000);
    assert.equal((off.error() as CodedError).code, 'opcua.connectionLost');
  } finally {
    await off.dispose();
  }
});
