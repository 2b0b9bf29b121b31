import type { BoundSignal, ProbeReport } from '@deungdae/connector-kit/connector.ts';
import { BatchBuilder, sampleAt } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { temporaryClientId } from './client-id.ts';
import type { MqttAddress, MqttConfig } from './config.ts';
import { Extractor } from './extract.ts';
import { filtersFor } from './filters.ts';
import { type BrokerConfig, brokerOptions } from './link.ts';
import { MqttSession } from './session.ts';

/** Signals tried, and how long their values are waited for. */
const maxSignals = 200;
const listenMs = 1_500;

/**
 * Connects under a name of its own with a clean session, so that the running connection and what the broker keeps for
 * it stay untouched, and tells which signals a value came for.
 */
export async function probeBroker(
  config: MqttConfig,
  signals: readonly BoundSignal<MqttAddress>[],
  clock: Clock,
  abort: AbortSignal,
): Promise<ProbeReport> {
  const tried = signals.slice(0, maxSignals);
  const extractor = new Extractor(tried);
  const values = new Map<number, string>();
  let product = '';
  const started = clock.monotonicMs();
  const session = await openTemporary(
    config,
    (topic, payload, retain) => {
      if (topic === '$SYS/broker/version') product = payload.toString('utf8').slice(0, 100);
      const builder = new BatchBuilder(16);
      extractor.extract(extractor.planOf(topic), payload, { us: clock.nowUs(), retained: retain }, builder, () => {});
      const batch = builder.take();
      for (let i = 0; i < batch.length; i++) values.set(batch.signals[i]!, String(sampleAt(batch, i).value));
    },
    abort,
  );
  const roundTripMs = clock.monotonicMs() - started;
  try {
    // A broker may forbid $SYS; that says nothing about the signals.
    await session.subscribe(['$SYS/broker/version'], 0).catch(() => {});
    const filters = filtersFor(tried.map((s) => s.address.topic));
    if (filters.length > 0) await session.subscribe(filters, 0);
    const end = clock.monotonicMs() + listenMs;
    while (clock.monotonicMs() < end && !(values.size === tried.length && product !== '')) await clock.sleep(50, abort);
  } finally {
    await session.close();
  }
  return {
    device: product || `MQTT ${config.version === 5 ? '5.0' : '3.1.1'}`,
    roundTripMs,
    signals: tried.map((s) => {
      const value = values.get(s.id);
      return value === undefined
        ? { path: s.path, error: { code: 'mqtt.noMessage', params: { topic: s.address.topic, ms: listenMs } } }
        : { path: s.path, value };
    }),
  };
}

/** What a session that only listens needs to know; Sparkplug's settings have it too. */
type ListenerConfig = BrokerConfig & Pick<MqttConfig, 'maxPayloadBytes'>;

/** A clean session under a passing client id: it only listens, and leaves nothing at the broker. */
export function openTemporary(
  config: ListenerConfig,
  onMessage: (topic: string, payload: Buffer, retain: boolean) => void,
  abort: AbortSignal,
): Promise<MqttSession> {
  return MqttSession.open(
    { ...brokerOptions(config, temporaryClientId()), clean: true },
    (m) => {
      if (m.payload.length <= config.maxPayloadBytes) onMessage(m.topic, m.payload, m.retain);
    },
    abort,
  );
}
