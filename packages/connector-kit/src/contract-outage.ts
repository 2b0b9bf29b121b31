import assert from 'node:assert/strict';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { createTcpProxy, type TcpProxy } from '@deungdae/testing/tcp-proxy.ts';
import { until } from '@deungdae/testing/until.ts';
import type { ContractPeer } from './contract.ts';
import { assertNoHandlesSince, collectedHeapMb, handles } from './contract-handles.ts';
import type { ContractRig } from './contract-rig.ts';
import type { Stage } from './contract-stage.ts';

/** protocols.md §0 row 2: the first refused attempt does not end the trying. */
export function absentAtStart<P extends ContractPeer>(stage: Stage<P>): Promise<void> {
  const { recoverMs } = stage;
  return stage.withRig({ started: false, rig: { limits: { backoffMaxMs: 500 } } }, async (rig, peer) => {
    rig.open();
    await until(() => rig.attempts() >= 3, 'a third attempt', recoverMs);
    assert.notEqual(rig.state().status, 'connected');
    assertCoded(rig);
    await peer.start();
    await rig.connected(recoverMs);
    await stage.arrives(rig, await peer.change(1));
  });
}

/** Row 1: memory and sockets stay flat over three simulated days, and it comes back without a person. */
export function awayFor72Hours<P extends ContractPeer>(stage: Stage<P>): Promise<void> {
  const { contract, recoverMs } = stage;
  const clock = new FakeClock(Date.now() * 1000);
  const attempts = contract.awayAttempts ?? 4_320;
  const limits = { backoffMaxMs: (72 * 3_600_000) / attempts };
  return stage.withRig({ rig: { clock, limits, random: () => 1 } }, async (rig, peer) => {
    rig.open();
    await clockRuns(clock, () => rig.state().status === 'connected', recoverMs, rig);
    const first = await peer.change(1);
    await clockRuns(clock, () => rig.holds(first), recoverMs, rig);
    await peer.stop();
    await clockRuns(clock, () => rig.state().status === 'lost' && rig.waiting(), recoverMs, rig);
    await stayAway(rig, clock, 72 * 3_600_000);
    assert.equal(rig.sink.gaps, contract.signals.length, 'one gap for every signal, once');
    assertCoded(rig);
    await peer.start();
    await clockRuns(clock, () => rig.state().status === 'connected', recoverMs, rig, 200);
    const last = await peer.change(2);
    await clockRuns(clock, () => rig.holds(last), recoverMs, rig, 200);
  });
}

/** Row 4: a link that swallows everything is noticed by a heartbeat of the protocol. */
export async function halfOpenLink<P extends ContractPeer>(stage: Stage<P>): Promise<void> {
  const { contract, recoverMs, detectMs } = stage;
  let proxy: TcpProxy | null = null;
  const port = async (peer: P) => {
    proxy = await createTcpProxy({ port: peer.port });
    return proxy.port;
  };
  try {
    await stage.withRig(
      { port, rig: { limits: { backoffMaxMs: 500, connectTimeoutMs: 2_000 } } },
      async (rig, peer) => {
        rig.open();
        await rig.connected(recoverMs);
        await stage.arrives(rig, await peer.change(1));
        proxy!.swallow();
        await until(() => rig.state().status === 'lost', 'the silence to be noticed', detectMs, rig.describe);
        await until(() => rig.sink.gaps === contract.signals.length, 'the gaps', 2_000);
        assertCoded(rig);
        await until(() => proxy!.open() <= 1, 'the dead socket to be closed', detectMs);
        proxy!.pass();
        await stage.arrives(rig, await peer.change(2), recoverMs + detectMs);
        await rig.dispose();
        await proxy!.close();
      },
    );
  } finally {
    await (proxy as TcpProxy | null)?.close();
  }
}

/** Row 3: an attempt that overruns is really cancelled. */
export async function connectOverruns<P extends ContractPeer>(stage: Stage<P>): Promise<void> {
  const { contract, recoverMs } = stage;
  let proxy: TcpProxy | null = null;
  const port = async (peer: P) => {
    proxy = await createTcpProxy({ port: peer.port });
    proxy.swallow();
    return proxy.port;
  };
  try {
    await stage.withRig(
      { port, rig: { limits: { backoffMaxMs: 500, connectTimeoutMs: contract.connectMs ?? 1_000 } } },
      async (rig, peer) => {
        rig.open();
        let most = 0;
        await until(
          () => {
            if (rig.waiting()) most = Math.max(most, proxy!.open());
            return proxy!.accepted() >= 4;
          },
          'a fourth attempt',
          recoverMs,
          rig.describe,
        );
        assert.ok(most <= 1, `${most} abandoned attempts were alive at once`);
        await until(() => rig.waiting() && proxy!.open() === 0, 'the abandoned attempt to end', recoverMs);
        assert.notEqual(rig.state().status, 'connected');
        assertCoded(rig);
        proxy!.pass();
        await rig.connected(recoverMs);
        await stage.arrives(rig, await peer.change(1));
        await rig.dispose();
        await proxy!.close();
      },
    );
  } finally {
    await (proxy as TcpProxy | null)?.close();
  }
}

/** Rows 6 and 8: every restart is one gap and one reconnect. */
export function peerRestarts<P extends ContractPeer>(stage: Stage<P>): Promise<void> {
  const { contract, recoverMs, detectMs } = stage;
  return stage.withRig({ rig: { limits: { backoffMaxMs: 500 } } }, async (rig, peer) => {
    rig.open();
    await rig.connected(recoverMs);
    await stage.arrives(rig, await peer.change(1));
    for (let round = 2; round <= 4; round++) {
      await peer.stop();
      await until(() => rig.state().status === 'lost', 'the loss to be noticed', detectMs, rig.describe);
      await peer.start();
      await rig.connected(recoverMs);
      await stage.arrives(rig, await peer.change(round));
    }
    assert.equal(rig.sink.gaps, 3 * contract.signals.length, 'one gap for every signal and outage');
    assert.equal(rig.state().reconnects, 3);
  });
}

/** An error with a sentence in it helps nobody: what the device does is told by the connector's own codes. */
function assertCoded(rig: ContractRig): void {
  const { lastError } = rig.state();
  assert.ok(lastError, 'the loss has a reason');
  assert.notEqual(lastError.code, 'kit.failed', `not a coded error: ${JSON.stringify(lastError.params)}`);
}

/** Lets simulated time pass at about its real pace until `holds`. */
async function clockRuns(clock: FakeClock, holds: () => boolean, realMs: number, rig: ContractRig, stepMs = 10) {
  const end = performance.now() + realMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`waited ${realMs} ms: ${JSON.stringify(rig.describe())}`);
    await clock.advance(stepMs);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Every attempt is really made; only the waiting between them is skipped. */
async function stayAway(rig: ContractRig, clock: FakeClock, ms: number): Promise<void> {
  const end = clock.monotonicMs() + ms;
  const settleAt = clock.monotonicMs() + ms / 10;
  let base: { heap: number; sockets: Record<string, number> } | null = null;
  while (clock.monotonicMs() < end) {
    const attempts = rig.attempts();
    await clock.advance(clock.nextInMs ?? 1_000);
    await until(() => rig.attempts() > attempts || clock.nextInMs !== null, 'the next attempt', 10_000);
    await until(() => rig.waiting(), 'the attempt to end', 10_000, rig.describe);
    if (!base && clock.monotonicMs() >= settleAt) base = { heap: collectedHeapMb(), sockets: handles() };
  }
  const grownMb = collectedHeapMb() - base!.heap;
  assert.ok(grownMb < 4, `the heap grew by ${grownMb.toFixed(1)} MB while the device was away`);
  await assertNoHandlesSince(base!.sockets);
  assert.ok(clock.pending < 10, `${clock.pending} timers wait`);
}
