import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SampleValue } from '@deungdae/contracts/sample.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { FakeClock, turn } from '@deungdae/testing/clock.ts';
import { seededRandom } from '@deungdae/testing/random.ts';
import { createTcpProxy } from '@deungdae/testing/tcp-proxy.ts';
import { until } from '@deungdae/testing/until.ts';
import type { ConnectorDefinition } from './connector.ts';
import { assertNoHandlesSince, collectedHeapMb, handles } from './contract-handles.ts';
import { type ContractRig, createRig } from './contract-rig.ts';

/** The real thing at the other end: an independent server, or a file that grows. Made anew for every test. */
export interface ContractPeer {
  /** Port on 127.0.0.1, the same after every restart; 0 when there is no network. */
  readonly port: number;
  /** Switches the device on. Resolves when it can be reached. */
  start(): Promise<void>;
  /** Switches it off, as a power cut would: open connections end, new ones are refused. */
  stop(): Promise<void>;
  /** Gives every signal the value of this round (1, 2, 3 …; differs from the round before) and returns them by path. */
  change(round: number): Promise<Record<string, SampleValue>>;
}

export type ContractTest =
  | 'delivers'
  | 'downstream fails'
  | 'downstream stalls'
  | 'no false ack'
  | 'absent at start'
  | 'away for 72 hours'
  | 'half-open link'
  | 'connect overruns'
  | 'peer restarts'
  | 'closes at any moment'
  | 'probe';

export interface ConnectorContract<P extends ContractPeer = ContractPeer> {
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the suite runs connectors of every configuration
  definition: ConnectorDefinition<any, any>;
  /** Not started yet. */
  peer(): Promise<P> | P;
  /**
   * Settings as they stand in the plant file, for a device at this port of 127.0.0.1 (a proxy stands between at times).
   * Give short time-outs: a silent link must be noticed within `detectMs`.
   */
  config(port: number, peer: P): Record<string, unknown>;
  signals: {
    path: string;
    kind: Parameters<typeof createRig>[0]['signals'][number]['kind'];
    address: Record<string, unknown>;
  }[];
  /** Every change must arrive, not only the last one: events, not polling. */
  everyChange?: boolean;
  /** What was not acknowledged comes again after a restart of the connector: MQTT QoS 1, a file. */
  redelivers?: boolean;
  /** False for a source that is not reached over TCP: the tests of the network are left out. */
  network?: boolean;
  /** Time in which a link that swallows everything must be noticed, ms. Default 5,000. */
  detectMs?: number;
  /** Time in which a returned device must be read again, ms. Default 15,000. */
  recoverMs?: number;
  /** Time in which a connect to a working device succeeds, ms. Default 1,000. */
  connectMs?: number;
  /** Attempts within the 72 simulated hours. Default 4,320 (one a minute); fewer when an attempt takes long. */
  awayAttempts?: number;
  /** Reason why none of it can run here, such as a missing program. Printed. */
  skip?: string;
  /** Tests that do not hold yet, each with its reason. Meant to become empty. */
  waive?: Partial<Record<ContractTest, string>>;
}

const networkTests: ContractTest[] = [
  'absent at start',
  'away for 72 hours',
  'half-open link',
  'connect overruns',
  'peer restarts',
];

/** Runs every test of the contract on one connector. Call it at the top of a test file. */
export function connectorContract<P extends ContractPeer>(c: ConnectorContract<P>): void {
  const recoverMs = c.recoverMs ?? 15_000;
  const detectMs = c.detectMs ?? 5_000;

  /** A started peer and a rig, both gone after the test. */
  const withRig = async (
    options: { started?: boolean; port?: (peer: P) => Promise<number>; rig?: Parameters<typeof createRig>[1] },
    body: (rig: ContractRig, peer: P) => Promise<void>,
  ) => {
    const before = handles();
    const peer = await c.peer();
    let rig: ContractRig | null = null;
    try {
      if (options.started !== false) await peer.start();
      const port = options.port ? await options.port(peer) : peer.port;
      rig = createRig({ definition: c.definition, config: c.config(port, peer), signals: c.signals }, options.rig);
      await body(rig, peer);
    } finally {
      await rig?.dispose();
      await peer.stop();
    }
    await assertNoHandlesSince(before);
  };
  const contractTest = (name: ContractTest, body: () => Promise<void>) => {
    const noNetwork = c.network === false && networkTests.includes(name) ? 'there is no network to break' : undefined;
    const reason = c.skip ?? c.waive?.[name] ?? noNetwork;
    test(name, reason ? { skip: reason } : { timeout: 60_000 }, body);
  };
  const arrives = (rig: ContractRig, values: Record<string, SampleValue>, ms = recoverMs) =>
    until(
      () => rig.holds(values),
      'the values of the peer',
      ms,
      () => ({ want: values, ...rig.describe() }),
    );

  describe(`connector contract: ${c.name}`, () => {
    contractTest('delivers', () =>
      withRig({}, async (rig, peer) => {
        rig.open();
        await rig.connected(recoverMs);
        for (let round = 1; round <= 5; round++) await arrives(rig, await peer.change(round));
        assert.equal(rig.sink.gaps, 0, 'no gap while the link is up');
        assert.equal(rig.falseAcks(), 0, 'no ack before the samples are durable');
      }),
    );

    contractTest('downstream fails', () =>
      withRig({}, async (rig, peer) => {
        rig.open();
        await rig.connected(recoverMs);
        await arrives(rig, await peer.change(1));
        rig.sink.mode = 'fail';
        const rounds = [];
        for (let round = 2; round <= 6; round++) {
          rounds.push(await peer.change(round));
          await turn();
        }
        await until(() => rig.sink.failures >= 2, 'the failed write to be tried again', recoverMs);
        assert.ok(rig.degraded(), 'health tells that samples cannot be stored');
        rig.sink.mode = 'ok';
        await arrives(rig, rounds.at(-1)!);
        if (c.everyChange)
          for (const values of rounds) assert.ok(rig.everHeld(values), `lost ${JSON.stringify(values)}`);
        assert.equal(rig.falseAcks(), 0);
      }),
    );

    contractTest('downstream stalls', () =>
      withRig({ rig: { limits: { connectionSamples: 200 } } }, async (rig, peer) => {
        rig.open();
        await rig.connected(recoverMs);
        await arrives(rig, await peer.change(1));
        rig.sink.mode = 'stall';
        const rounds = [];
        for (let round = 2; round <= 40; round++) {
          rounds.push(await peer.change(round));
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        assert.ok(
          rig.underWay() <= 200 + rig.largestBatch(),
          `${rig.underWay()} samples were read while the disk stood still`,
        );
        rig.sink.mode = 'ok';
        await arrives(rig, rounds.at(-1)!);
        if (c.everyChange)
          for (const values of rounds) assert.ok(rig.everHeld(values), `lost ${JSON.stringify(values)}`);
        assert.equal(rig.falseAcks(), 0);
      }),
    );

    contractTest('no false ack', () =>
      withRig({}, async (rig, peer) => {
        rig.open();
        await rig.connected(recoverMs);
        await arrives(rig, await peer.change(1));
        rig.sink.mode = 'stall';
        const rounds = [await peer.change(2), await peer.change(3)];
        await until(() => rig.underWay() > 0, 'samples under way', recoverMs);
        await new Promise((resolve) => setTimeout(resolve, 200));
        // As in a crash: what was under way never becomes durable.
        await rig.close();
        assert.equal(rig.falseAcks(), 0);
        rig.sink.forget();
        rig.open();
        await arrives(rig, rounds.at(-1)!);
        if (c.redelivers)
          for (const values of rounds) assert.ok(rig.everHeld(values), `lost ${JSON.stringify(values)}`);
      }),
    );

    contractTest('absent at start', () =>
      withRig({ started: false, rig: { limits: { backoffMaxMs: 500 } } }, async (rig, peer) => {
        rig.open();
        await until(() => rig.attempts() >= 3, 'a third attempt', recoverMs);
        assert.notEqual(rig.state().status, 'connected');
        assertCoded(rig);
        await peer.start();
        await rig.connected(recoverMs);
        await arrives(rig, await peer.change(1));
      }),
    );

    contractTest('away for 72 hours', () => {
      const clock = new FakeClock(Date.now() * 1000);
      const attempts = c.awayAttempts ?? 4_320;
      const limits = { backoffMaxMs: (72 * 3_600_000) / attempts };
      return withRig({ rig: { clock, limits, random: () => 1 } }, async (rig, peer) => {
        rig.open();
        await clockRuns(clock, () => rig.state().status === 'connected', recoverMs, rig);
        const first = await peer.change(1);
        await clockRuns(clock, () => rig.holds(first), recoverMs, rig);
        await peer.stop();
        await clockRuns(clock, () => rig.state().status === 'lost' && rig.waiting(), recoverMs, rig);
        await stayAway(rig, clock, 72 * 3_600_000);
        assert.equal(rig.sink.gaps, c.signals.length, 'one gap for every signal, once');
        assertCoded(rig);
        await peer.start();
        await clockRuns(clock, () => rig.state().status === 'connected', recoverMs, rig, 200);
        const last = await peer.change(2);
        await clockRuns(clock, () => rig.holds(last), recoverMs, rig, 200);
      });
    });

    contractTest('half-open link', async () => {
      let proxy: Awaited<ReturnType<typeof createTcpProxy>> | null = null;
      const port = async (peer: P) => {
        proxy = await createTcpProxy({ port: peer.port });
        return proxy.port;
      };
      try {
        await withRig({ port, rig: { limits: { backoffMaxMs: 500, connectTimeoutMs: 2_000 } } }, async (rig, peer) => {
          rig.open();
          await rig.connected(recoverMs);
          await arrives(rig, await peer.change(1));
          proxy!.swallow();
          await until(() => rig.state().status === 'lost', 'the silence to be noticed', detectMs, rig.describe);
          await until(() => rig.sink.gaps === c.signals.length, 'the gaps', 2_000);
          assertCoded(rig);
          await until(() => proxy!.open() <= 1, 'the dead socket to be closed', detectMs);
          proxy!.pass();
          await arrives(rig, await peer.change(2), recoverMs + detectMs);
          await rig.dispose();
          await proxy!.close();
        });
      } finally {
        await (proxy as Awaited<ReturnType<typeof createTcpProxy>> | null)?.close();
      }
    });

    contractTest('connect overruns', async () => {
      let proxy: Awaited<ReturnType<typeof createTcpProxy>> | null = null;
      const port = async (peer: P) => {
        proxy = await createTcpProxy({ port: peer.port });
        proxy.swallow();
        return proxy.port;
      };
      try {
        await withRig(
          { port, rig: { limits: { backoffMaxMs: 500, connectTimeoutMs: c.connectMs ?? 1_000 } } },
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
            await arrives(rig, await peer.change(1));
            await rig.dispose();
            await proxy!.close();
          },
        );
      } finally {
        await (proxy as Awaited<ReturnType<typeof createTcpProxy>> | null)?.close();
      }
    });

    contractTest('peer restarts', () =>
      withRig({ rig: { limits: { backoffMaxMs: 500 } } }, async (rig, peer) => {
        rig.open();
        await rig.connected(recoverMs);
        await arrives(rig, await peer.change(1));
        for (let round = 2; round <= 4; round++) {
          await peer.stop();
          await until(() => rig.state().status === 'lost', 'the loss to be noticed', detectMs, rig.describe);
          await peer.start();
          await rig.connected(recoverMs);
          await arrives(rig, await peer.change(round));
        }
        assert.equal(rig.sink.gaps, 3 * c.signals.length, 'one gap for every signal and outage');
        assert.equal(rig.state().reconnects, 3);
      }),
    );

    contractTest('closes at any moment', () =>
      withRig({}, async (rig, peer) => {
        const random = seededRandom(7);
        const before = handles();
        for (let i = 0; i < 20; i++) {
          rig.open();
          await new Promise((resolve) => setTimeout(resolve, random.next() ** 3 * 150));
          const started = performance.now();
          await rig.close();
          const ms = performance.now() - started;
          assert.ok(ms < 4_000, `close took ${Math.round(ms)} ms`);
        }
        await assertNoHandlesSince(before);
        const connector = rig.create();
        await connector.close();
        await connector.close();
        rig.open();
        await rig.connected(recoverMs);
        await arrives(rig, await peer.change(9));
      }),
    );

    contractTest('probe', () =>
      withRig({}, async (rig, peer) => {
        const before = handles();
        const alone = rig.create();
        const report = await alone.probe(AbortSignal.timeout(recoverMs));
        await alone.close();
        assert.ok(report.device.length > 0, 'the device is named');
        assert.ok(report.roundTripMs >= 0);
        assert.deepEqual(
          report.signals.map((s) => s.path).sort(),
          c.signals.map((s) => s.path).sort(),
          'an entry for every signal',
        );
        await assertNoHandlesSince(before);
        rig.open();
        await rig.connected(recoverMs);
        await arrives(rig, await peer.change(1));
        await rig.live()!.probe(AbortSignal.timeout(recoverMs));
        await arrives(rig, await peer.change(2));
        assert.equal(rig.sink.gaps, 0, 'probing does not disturb reading');
        assert.equal(rig.state().reconnects, 0);
        await rig.close();
        if (c.network === false) return;
        await peer.stop();
        const lonely = rig.create();
        await assert.rejects(
          lonely.probe(AbortSignal.timeout(recoverMs)),
          CodedError,
          'a coded error without a device',
        );
        await lonely.close();
      }),
    );
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
