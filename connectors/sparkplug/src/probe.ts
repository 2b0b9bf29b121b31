import type { BoundSignal, ProbeReport } from '@deungdae/connector-kit/connector.ts';
import { openTemporary } from '@deungdae/connector-mqtt/probe.ts';
import type { MqttSession } from '@deungdae/connector-mqtt/session.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { filtersOf } from './bindings.ts';
import type { SparkplugAddress, SparkplugConfig } from './config.ts';
import { parseTopic } from './topics.ts';

const listenMs = 2_000;

/**
 * "Test connection": reaches the broker under a name of its own, listens for a moment and asks for nothing. Values are
 * those of the running connection; without one it is only told which edge nodes were heard.
 */
export async function probeNodes(
  config: SparkplugConfig,
  signals: readonly BoundSignal<SparkplugAddress>[],
  live: ReadonlyMap<string, string> | null,
  clock: Clock,
  abort: AbortSignal,
): Promise<ProbeReport> {
  const heard = new Set<string>();
  let product = '';
  const started = clock.monotonicMs();
  const session = await openListener(
    config,
    (topic, payload) => {
      if (topic === '$SYS/broker/version') product = payload.toString('utf8').slice(0, 100);
      const parsed = parseTopic(topic);
      if (parsed) heard.add(`${parsed.group}/${parsed.node}`);
    },
    abort,
  );
  const roundTripMs = clock.monotonicMs() - started;
  try {
    await session.subscribe(['$SYS/broker/version'], 0).catch(() => {});
    const nodes = new Set(signals.map((s) => `${s.address.group}/${s.address.node}`));
    if (nodes.size > 0) await session.subscribe(filtersOf(nodes), 0);
    const waitMs = live || nodes.size === 0 ? 100 : listenMs;
    const end = clock.monotonicMs() + waitMs;
    while (clock.monotonicMs() < end && heard.size < nodes.size) await clock.sleep(50, abort);
  } finally {
    await session.close();
  }
  return {
    device: product || `MQTT ${config.version === 5 ? '5.0' : '3.1.1'}`,
    roundTripMs,
    signals: signals.slice(0, 500).map((s) => {
      const value = live?.get(s.path);
      if (value !== undefined) return { path: s.path, value };
      return { path: s.path, error: whyNoValue(`${s.address.group}/${s.address.node}`, heard) };
    }),
  };
}

function whyNoValue(
  node: string,
  heard: ReadonlySet<string>,
): { code: string; params: Record<string, string | number> } {
  return heard.has(node)
    ? { code: 'sparkplug.heard', params: { node } }
    : { code: 'sparkplug.noBirth', params: { node, seconds: listenMs / 1000 } };
}

/** A clean session without a will and without STATE: it only listens. */
export function openListener(
  config: SparkplugConfig,
  onMessage: (topic: string, payload: Buffer) => void,
  abort: AbortSignal,
): Promise<MqttSession> {
  return openTemporary(config, onMessage, abort);
}
