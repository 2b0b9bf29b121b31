import { createServer } from 'node:net';
import { DataType } from '@deungdae/connector-sparkplug/datatypes.ts';
import { createEdgeNode, type EdgeMetric, type EdgeValue } from '@deungdae/connector-sparkplug/edge.ts';
import { Aedes } from 'aedes';
import type { Change, Value } from '../simulation/signals.ts';

const common: [name: string, datatype: number, unit: string | null][] = [
  ['state', DataType.String, null],
  ['mode', DataType.String, null],
  ['product', DataType.String, null],
  ['fault-text', DataType.String, null],
  ['total-count', DataType.UInt32, null],
  ['good-count', DataType.UInt32, null],
  ['scrap-count', DataType.UInt32, null],
  ['cycle-time', DataType.Double, 's'],
  ['air-pressure', DataType.Double, 'bar'],
  ['power', DataType.Double, 'kW'],
  ['energy', DataType.Double, 'kW.h'],
];
const own: Record<string, [name: string, datatype: number, unit: string | null]> = {
  'asm-01': ['torque', DataType.Double, 'N.m'],
  'asm-02': ['torque', DataType.Double, 'N.m'],
  'pack-01': ['box-weight', DataType.Double, 'kg'],
};

/** How long changes are gathered into one message. */
const gatherMs = 50;

/** The assembly line's edge node and the broker it talks through (the demo has no other; a plant has its own). */
export async function startAssemblyLine(options: {
  port: number;
  values: readonly { machine: string; signal: string; value: Value }[];
}): Promise<{ onChange: (change: Change) => void; stop: () => Promise<void> }> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const devices: Record<string, EdgeMetric[]> = {};
  for (const [machine, extra] of Object.entries(own)) {
    devices[machine] = [...common, extra].map(([name, datatype, unit]) => ({
      name,
      datatype,
      value: options.values.find((v) => v.machine === machine && v.signal === name)?.value ?? null,
      ...(unit ? { unit } : {}),
    }));
  }
  const edge = createEdgeNode({
    url: `mqtt://127.0.0.1:${options.port}`,
    version: 4,
    group: 'hanbit',
    node: 'line-1',
    devices,
    primaryHost: 'deungdae',
    storeMessages: 200,
  });
  const waiting = new Map<string, EdgeValue[]>();
  const known = new Set(
    Object.entries(devices).flatMap(([machine, metrics]) => metrics.map((m) => `${machine}/${m.name}`)),
  );
  const timer = setInterval(() => {
    for (const [machine, values] of waiting) edge.publish(machine, values);
    waiting.clear();
  }, gatherMs);
  return {
    onChange: ({ machine, signal, value, atMs }) => {
      if (!known.has(`${machine}/${signal}`)) return;
      const list = waiting.get(machine) ?? [];
      list.push({ name: signal, value, timestamp: Math.round(atMs) });
      waiting.set(machine, list);
    },
    stop: async () => {
      clearInterval(timer);
      await edge.close();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
