import type { AlarmsModule } from '@deungdae/alarms/module.ts';
import type { Supervisor } from '@deungdae/connector-kit/supervisor.ts';
import type { History } from '@deungdae/history/history.ts';
import type { Stream } from '@deungdae/stream/stream.ts';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { LiveHub } from './live.ts';

export interface MetricSources {
  history: History;
  stream: Stream;
  ledger: { stats?(): { commits: number; waiting: number } };
  live: LiveHub;
  supervisor: Supervisor;
  alarms: AlarmsModule;
}

/** Prometheus text of what an operator of the server watches. Values are read when asked for. */
export function createMetrics(sources: MetricSources): { text: () => Promise<string> } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (
    name: string,
    help: string,
    collect: (gauge: Gauge) => void | Promise<void>,
    labelNames: string[] = [],
  ) => {
    new Gauge({
      name: `deungdae_${name}`,
      help,
      registers: [registry],
      labelNames,
      collect() {
        return collect(this as unknown as Gauge);
      },
    });
  };
  gauge('stream_samples_total', 'Samples made durable since start', (g) => g.set(sources.stream.stats().ingested));
  gauge('stream_pending_samples', 'Samples accepted and not yet durable', (g) =>
    g.set(sources.stream.stats().pendingSamples),
  );
  gauge('history_samples', 'Distinct samples kept', async (g) => g.set((await sources.history.stats()).samples));
  gauge('history_bytes', 'Bytes of the history on disk', async (g) => g.set((await sources.history.stats()).bytes));
  gauge('live_screens', 'Open live sockets', (g) => g.set(sources.live.viewers));
  gauge('alarms_open', 'Alarms not in the normal state', (g) => g.set(sources.alarms.current().length));
  gauge('ledger_waiting', 'Transactions waiting', (g) => g.set(sources.ledger.stats?.().waiting ?? 0));
  gauge(
    'connection_up',
    '1 while a connection delivers',
    (g) => {
      g.reset();
      for (const c of sources.supervisor.health())
        g.set({ connection: c.id, type: c.type }, c.status === 'connected' || c.status === 'degraded' ? 1 : 0);
    },
    ['connection', 'type'],
  );
  gauge(
    'connection_samples_total',
    'Samples of a connection since start',
    (g) => {
      g.reset();
      for (const c of sources.supervisor.health()) g.set({ connection: c.id, type: c.type }, c.samplesTotal);
    },
    ['connection', 'type'],
  );
  return { text: () => registry.metrics() };
}
