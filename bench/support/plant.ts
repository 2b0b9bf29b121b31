import type { ConnectionModel, SignalModel } from '@deungdae/kernel/plant-model.ts';

/** Connections with numbered signals, as a plant file would give them; ids go on from `firstId`. */
export function connectionOf(
  id: string,
  type: string,
  config: Record<string, unknown>,
  signals: number,
  firstId: number,
  address: (i: number) => Record<string, unknown> = () => ({}),
): ConnectionModel {
  return {
    id,
    name: id,
    type,
    enabled: true,
    config,
    fingerprint: id,
    signals: Array.from({ length: signals }, (_, i) => signalOf(firstId + i, id, address(i))),
  };
}

function signalOf(id: number, connection: string, address: Record<string, unknown>): SignalModel {
  const equipment = `bench/site/area/${connection}`;
  return {
    id,
    name: `s${id}`,
    path: `${equipment}/s${id}`,
    label: `s${id}`,
    equipment,
    kind: 'number',
    unit: null,
    limits: { min: -1e6, max: 1e6 },
    deadband: null,
    scale: null,
    enumeration: null,
    retention: 'normal',
    staleAfterMs: null,
    alarms: [],
    connection,
    address,
  };
}

/** Prints one figure as one JSON line. */
export function figure(bench: string, name: string, value: number, extra: object = {}): void {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000;
  console.log(JSON.stringify({ bench, figure: name, value: rounded, ...extra }));
}
