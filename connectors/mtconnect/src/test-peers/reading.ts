import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BoundSignal, Notice } from '@deungdae/connector-kit/connector.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { qualityNames, samplesOf } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { until } from '@deungdae/testing/until.ts';
import type { MtconnectAddress } from '../config.ts';
import { connector } from '../connector.ts';

/** Reads a connection by hand, without the kit, and keeps what came as text: `tag time value quality`. */
export async function openReading(
  config: Record<string, unknown>,
  kinds: Record<string, SignalKind>,
  stateDir?: string,
) {
  const dir = stateDir ?? (await mkdtemp(join(tmpdir(), 'deungdae-mtc-')));
  const tags = Object.keys(kinds);
  const signals: BoundSignal<MtconnectAddress>[] = tags.map((tag, i) => ({
    id: i + 1,
    path: `mill/${tag}`,
    kind: kinds[tag]!,
    address: { dataItem: tag },
  }));
  const notices: Notice[] = [];
  const stop = new AbortController();
  const reader = connector.create({
    config: connector.config.parse(config),
    signals,
    context: {
      connectionId: 'c',
      clock: systemClock,
      log: silentLogger,
      stateDir: dir,
      notice: (n) => notices.push(n),
    },
  });
  const seen: { tag: string; time: number; value: unknown; quality: string }[] = [];
  let failure: unknown = null;
  let running = Promise.resolve();
  const connect = async () => {
    failure = null;
    await reader.connect(stop.signal);
    running = (async () => {
      while (!stop.signal.aborted) {
        const { batch, ack } = await reader.read(stop.signal);
        for (const s of samplesOf(batch))
          seen.push({ tag: tags[s.signal - 1]!, time: s.time, value: s.value, quality: qualityNames[s.quality] });
        await ack?.();
      }
    })().catch((error: unknown) => {
      failure = error;
    });
  };
  return {
    seen,
    notices,
    dir,
    connect,
    failure: () => failure,
    values: (tag: string) => seen.filter((s) => s.tag === tag).map((s) => s.value),
    ended: () => running,
    sees: (tag: string, value: unknown) =>
      until(
        () => seen.some((s) => s.tag === tag && s.value === value),
        `${tag} = ${value}`,
        5_000,
        () => ({ seen: seen.slice(-10), failure: String(failure) }),
      ),
    async close(keep = false) {
      stop.abort();
      await running;
      await reader.close();
      if (!keep) await rm(dir, { recursive: true, force: true });
    },
  };
}
