import { createHash } from 'node:crypto';
import { durationMs, type Plant } from '@deungdae/contracts/plant.ts';
import { parse } from 'yaml';
import { type ExpandedEquipment, type ExpandedPlant, type ExpandedSignal, expandPlant } from './plant-expand.ts';
import { type ConnectorSchemas, readStateOf, splitConnection } from './plant-file.ts';
import type { ConnectionModel, EquipmentModel, PlantModel, SignalModel } from './plant-model.ts';
import { expandState } from './plant-presets.ts';

export interface ResolveOptions {
  /** Ids of signal paths: `SignalCatalogue.idsOf` of the history. */
  idsOf(paths: readonly string[]): Promise<Map<string, number>>;
  /** Only needed when `plant` was not made by `readPlantText`. */
  connectors?: readonly ConnectorSchemas[];
}

/** Hash of the file's text: the plant's revision. */
export function revisionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The running plant of a valid file: types merged in, presets written out, ids given, connections with fingerprints. */
export async function resolvePlant(plant: Plant, text: string, options: ResolveOptions): Promise<PlantModel> {
  const read = readStateOf(plant);
  const connectors = options.connectors ?? read?.connectors ?? [];
  const expanded: ExpandedPlant = read?.expanded ?? expandPlant(plant, parse(text, { merge: true }));
  const paths = expanded.equipment.flatMap((e) => e.signals.map((s) => `${e.path}/${s.signal.id}`));
  const ids = await options.idsOf(paths);
  const schemaOf = new Map(plant.connections.map((c) => [c.id, connectors.find((k) => k.type === c.type)]));

  const signals = new Map<number, SignalModel>();
  const signalByPath = new Map<string, SignalModel>();
  const equipment = new Map<string, EquipmentModel>();
  const byConnection = new Map<string, SignalModel[]>(plant.connections.map((c) => [c.id, []]));
  for (const item of expanded.equipment) {
    const own = item.signals.map((s) => {
      const path = `${item.path}/${s.signal.id}`;
      const model = signalModel(s, item, path, ids.get(path)!, schemaOf.get(s.connection ?? ''));
      signals.set(model.id, model);
      signalByPath.set(path, model);
      if (model.connection !== null) byConnection.get(model.connection)?.push(model);
      return model;
    });
    equipment.set(item.path, equipmentModel(item, own));
  }
  const connections = plant.connections.map((c) =>
    connectionModel(c, schemaOf.get(c.id), byConnection.get(c.id) ?? []),
  );
  return {
    revision: revisionOf(text),
    plant,
    nodes: expanded.nodes.map(({ path, name, level, parent }) => ({ path, name, level, parent })),
    equipment,
    signals,
    signalByPath,
    connections: new Map(connections.map((c) => [c.id, c])),
  };
}

function signalModel(
  expanded: ExpandedSignal,
  item: ExpandedEquipment,
  path: string,
  id: number,
  schemas: ConnectorSchemas | undefined,
): SignalModel {
  const { signal, connection, address } = expanded;
  const { min, max } = signal.limits ?? {};
  return {
    id,
    name: signal.id,
    path,
    label: signal.name ?? signal.id,
    equipment: item.path,
    kind: signal.kind,
    unit: signal.unit ?? null,
    limits: signal.limits ? { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) } : null,
    deadband: signal.deadband ?? null,
    scale: signal.scale ?? null,
    enumeration: signal.enumeration ?? null,
    retention: signal.retention,
    staleAfterMs: signal.staleAfter === undefined ? null : durationMs(signal.staleAfter),
    alarms: signal.alarms,
    connection,
    address: address && schemas ? (schemas.address.parse(address) as Record<string, unknown>) : address,
  };
}

function equipmentModel(item: ExpandedEquipment, signals: readonly SignalModel[]): EquipmentModel {
  const byName = new Map(signals.map((s) => [s.name, s]));
  return {
    path: item.path,
    name: item.equipment.name ?? item.equipment.id,
    area: item.area,
    line: item.line,
    site: item.site,
    timeZone: item.timeZone,
    oeeTarget: item.oeeTarget,
    calendar: item.calendar,
    signals,
    state: item.state ? expandState(item.state.source) : null,
    counters: item.counters.flatMap(({ counter }) => {
      const signal = byName.get(counter.signal);
      return signal ? [{ ...counter, signal }] : [];
    }),
    cycleTimes: item.cycleTimes,
    productSignal: byName.get(item.productSignal?.name ?? '') ?? null,
    minorStopBelowMs: durationMs(item.minorStopBelow),
  };
}

function connectionModel(
  connection: Plant['connections'][number],
  schemas: ConnectorSchemas | undefined,
  signals: readonly SignalModel[],
): ConnectionModel {
  const raw = splitConnection(connection).config;
  const config = schemas ? (schemas.config.parse(raw) as Record<string, unknown>) : raw;
  const bindings = signals.map((s) => [s.id, s.path, s.kind, s.unit, s.deadband, s.scale, s.limits, s.address]);
  const identity = stable([connection.type, connection.enabled, config, bindings]);
  return {
    id: connection.id,
    name: connection.name ?? connection.id,
    type: connection.type,
    enabled: connection.enabled,
    config,
    signals,
    fingerprint: createHash('sha256').update(identity).digest('hex').slice(0, 32),
  };
}

/** JSON with sorted keys: equal settings in another order are equal. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}
