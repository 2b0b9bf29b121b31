import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Notice } from '@deungdae/connector-kit/connector.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { type Sample, samplesOf } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { until } from '@deungdae/testing/until.ts';
import { connector as opcua } from '../connector.ts';
import type { ServerPeer } from './server-peer.ts';

export interface RigSignal {
  path: string;
  kind?: SignalKind;
  address: Record<string, unknown>;
}

/** The connector alone, without the kit's loop: one session at a time, everything it says is kept. */
export function connectorRig(
  peer: ServerPeer,
  signals: readonly RigSignal[],
  extra: Record<string, unknown> = {},
  port = 0,
) {
  const stateDir = mkdtempSync(join(tmpdir(), 'deungdae-opcua-client-'));
  const notices: Notice[] = [];
  const samples: Sample[] = [];
  const stop = new AbortController();
  const config = opcua.config.parse({
    endpoint: port ? `opc.tcp://127.0.0.1:${port}` : peer.endpoint,
    security: { trust: [peer.thumbprint] },
    samplingIntervalMs: 20,
    publishingIntervalMs: 40,
    heartbeatMs: 500,
    connectTimeoutMs: 2000,
    ...extra,
  });
  const context = {
    connectionId: 'test',
    clock: systemClock,
    log: silentLogger,
    stateDir,
    notice: (n: Notice) => void notices.push(n),
  };
  const bound = signals.map((s, i) => ({
    id: i + 1,
    path: s.path,
    kind: s.kind ?? 'number',
    address: opcua.address.parse(s.address),
  }));
  const connector = opcua.create({ config, signals: bound, context });
  let reading: Promise<void> | null = null;
  let error: unknown = null;
  const rig = {
    config,
    context,
    connector,
    notices,
    samples,
    stateDir,
    abort: stop.signal,
    error: () => error,
    /** Connects and reads on until the session ends. */
    async connect() {
      error = null;
      await connector.connect(stop.signal);
      reading = (async () => {
        try {
          for (;;) {
            const { batch, ack } = await connector.read(stop.signal);
            samples.push(...samplesOf(batch));
            await ack?.();
          }
        } catch (thrown) {
          error = thrown;
        }
      })();
    },
    of: (path: string) => samples.filter((s) => s.signal === bound.find((b) => b.path === path)!.id),
    last: (path: string) => rig.of(path).at(-1),
    told: (code: string) => notices.filter((n) => n.code === code),
    shows: (path: string, value: unknown, ms = 5000) =>
      until(
        () => rig.last(path)?.value === value,
        `${path} = ${value}`,
        ms,
        () => [rig.last(path), notices, String(error)],
      ),
    async dispose() {
      stop.abort(new Error('test ended'));
      await connector.close();
      await reading;
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
  return rig;
}
