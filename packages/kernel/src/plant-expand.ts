import type {
  Calendar,
  Counter,
  Equipment,
  EquipmentType as EquipmentTypeSchema,
  Plant,
  StateSource,
} from '@deungdae/contracts/plant.ts';
import { Signal } from '@deungdae/contracts/plant.ts';
import type { z } from 'zod';
import type { PlantNode } from './plant-model.ts';
import { type FilePath, valueAt } from './plant-position.ts';

type EquipmentType = z.output<typeof EquipmentTypeSchema>;

/** One machine with its type filled in; every part knows where in the file it came from. */
export interface ExpandedEquipment {
  path: string;
  filePath: FilePath;
  equipment: Equipment;
  type: EquipmentType | null;
  site: string;
  area: string;
  line: string | null;
  timeZone: string;
  oeeTarget: number | null;
  calendar: Calendar | null;
  connection: string | null;
  /** Where its default connection is named. */
  connectionAt: FilePath;
  signals: ExpandedSignal[];
  state: { source: z.output<typeof StateSource>; filePath: FilePath } | null;
  counters: { counter: Counter; filePath: FilePath }[];
  cycleTimes: ReadonlyMap<string, number>;
  productSignal: { name: string; filePath: FilePath } | null;
  minorStopBelow: string;
}

export interface ExpandedSignal {
  signal: Signal;
  filePath: FilePath;
  /** Where its source stands: in the type, when the equipment changes other fields only. */
  sourceAt: FilePath;
  connection: string | null;
  /** Source without `connection`, parameters filled in; null without a source. */
  address: Record<string, unknown> | null;
  /** Parameters that `with` does not give. */
  missing: string[];
}

export interface ExpandedPlant {
  nodes: (PlantNode & { filePath: FilePath })[];
  equipment: ExpandedEquipment[];
}

interface Place {
  site: string;
  area: string;
  line: string | null;
  timeZone: string;
  oeeTarget: number | null;
  calendar: string | null;
}

/** Walks the hierarchy and merges types in. `raw` is the file's plain data: it tells what was written from what is a default. */
export function expandPlant(plant: Plant, raw: unknown): ExpandedPlant {
  const nodes: ExpandedPlant['nodes'] = [];
  const equipment: ExpandedEquipment[] = [];
  const types = new Map(plant.types.map((type, i) => [type.id, { type, filePath: ['types', i] as FilePath }]));
  const calendars = new Map(plant.calendars.map((c) => [c.id, c]));
  const signalsOfType = new Map<string, { signal: Signal; raw: object; filePath: FilePath }[]>();
  for (const [id, { type, filePath }] of types) {
    const list = type.signals.map((signal, i) => {
      const path = [...filePath, 'signals', i];
      return { signal, raw: (valueAt(raw, path) as object) ?? {}, filePath: path };
    });
    signalsOfType.set(id, list);
  }

  const node = (
    item: { id: string; name?: PlantNode['name'] },
    level: PlantNode['level'],
    parent: string | null,
    at: FilePath,
  ) => {
    const path = parent === null ? item.id : `${parent}/${item.id}`;
    nodes.push({ path, name: item.name ?? item.id, level, parent, filePath: at });
    return path;
  };
  const machines = (list: Equipment[], parent: string, place: Place, at: FilePath) => {
    list.forEach((item, i) => {
      const filePath = [...at, 'equipment', i];
      const path = node(item, 'equipment', parent, filePath);
      const found = item.type === undefined ? undefined : types.get(item.type);
      const calendar = calendars.get(item.calendar ?? place.calendar ?? '') ?? null;
      const typed = found ? (signalsOfType.get(found.type.id) ?? []) : [];
      equipment.push({
        ...merge(item, found ?? null, typed, filePath, raw),
        ...{ path, filePath, equipment: item, type: found?.type ?? null, calendar },
        ...{ site: place.site, area: place.area, line: place.line, timeZone: place.timeZone },
        oeeTarget: place.oeeTarget,
      });
    });
  };

  const root = node(plant.enterprise, 'enterprise', null, ['enterprise']);
  plant.sites.forEach((site, s) => {
    const siteAt = ['sites', s];
    const sitePath = node(site, 'site', root, siteAt);
    site.areas.forEach((area, a) => {
      const areaAt = [...siteAt, 'areas', a];
      const areaPath = node(area, 'area', sitePath, areaAt);
      const place: Place = {
        ...{ site: sitePath, area: areaPath, line: null, timeZone: site.timeZone },
        oeeTarget: site.oeeTarget ?? null,
        calendar: area.calendar ?? site.calendar ?? null,
      };
      machines(area.equipment, areaPath, place, areaAt);
      area.lines.forEach((line, l) => {
        const lineAt = [...areaAt, 'lines', l];
        const linePath = node(line, 'line', areaPath, lineAt);
        const inLine = { ...place, line: linePath, calendar: line.calendar ?? place.calendar };
        machines(line.equipment, linePath, inLine, lineAt);
        line.cells.forEach((cell, c) => {
          const cellAt = [...lineAt, 'cells', c];
          machines(cell.equipment, node(cell, 'cell', linePath, cellAt), inLine, cellAt);
        });
      });
    });
  });
  return { nodes, equipment };
}

type Merged = Omit<
  ExpandedEquipment,
  'path' | 'filePath' | 'equipment' | 'type' | 'calendar' | 'site' | 'area' | 'line' | 'timeZone' | 'oeeTarget'
>;

function merge(
  own: Equipment,
  found: { type: EquipmentType; filePath: FilePath } | null,
  typed: readonly { signal: Signal; raw: object; filePath: FilePath }[],
  at: FilePath,
  raw: unknown,
): Merged {
  const type = found?.type;
  const connection = own.connection ?? type?.connection ?? null;
  const stateFrom = own.state ? at : found?.filePath;
  const state = own.state ?? type?.state;
  const countersFrom = own.counters.length > 0 ? at : found?.filePath;
  const counters = own.counters.length > 0 ? own.counters : (type?.counters ?? []);
  const product = own.productSignal ?? type?.productSignal;
  const productFrom = own.productSignal ? at : found?.filePath;
  const times = [...(type?.cycleTimes ?? []), ...own.cycleTimes];
  return {
    connection,
    connectionAt: [...(own.connection === undefined && found ? found.filePath : at), 'connection'],
    signals: mergeSignals(own, typed, at, raw, connection),
    state: state ? { source: state, filePath: [...stateFrom!, 'state'] } : null,
    counters: counters.map((counter, i) => ({ counter, filePath: [...countersFrom!, 'counters', i] })),
    cycleTimes: new Map(times.map((t) => [t.product, t.seconds])),
    productSignal: product ? { name: product, filePath: [...productFrom!, 'productSignal'] } : null,
    minorStopBelow: own.minorStopBelow ?? type?.minorStopBelow ?? '2min',
  };
}

/** A signal of the equipment with the id of one of the type changes only the fields it gives; others are added. */
function mergeSignals(
  own: Equipment,
  typed: readonly { signal: Signal; raw: object; filePath: FilePath }[],
  at: FilePath,
  raw: unknown,
  connection: string | null,
): ExpandedSignal[] {
  const ownIndex = new Map(own.signals.map((signal, i) => [signal.id, i]));
  const typedIds = new Set(typed.map((t) => t.signal.id));
  const parts = typed.map(({ signal, raw: typeRaw, filePath }) => {
    const i = ownIndex.get(signal.id);
    if (i === undefined) return { signal, filePath, sourceAt: [...filePath, 'source'] };
    const ownPath = [...at, 'signals', i];
    const both = Signal.safeParse({ ...typeRaw, ...(valueAt(raw, ownPath) as object) });
    const sourceAt = [...(own.signals[i]!.source ? ownPath : filePath), 'source'];
    return { signal: both.success ? both.data : own.signals[i]!, filePath: ownPath, sourceAt };
  });
  own.signals.forEach((signal, i) => {
    const filePath = [...at, 'signals', i];
    if (!typedIds.has(signal.id)) parts.push({ signal, filePath, sourceAt: [...filePath, 'source'] });
  });
  return parts.map(({ signal, filePath, sourceAt }) => {
    const missing: string[] = [];
    const named = fill({ name: signal.name, description: signal.description }, own.with, missing);
    const filled = signal.source ? (fill(signal.source, own.with, missing) as Record<string, unknown>) : null;
    const { connection: from, ...address } = filled ?? {};
    return {
      signal: { ...signal, ...(named as object) },
      filePath,
      sourceAt,
      connection: filled ? (from === undefined || from === '$connection' ? connection : String(from)) : null,
      address: filled ? address : null,
      missing: [...new Set(missing)],
    };
  });
}

/** Fills `${name}`; a text that is one hole only takes the parameter's own type, so that numbers stay numbers. */
function fill(value: unknown, parameters: Record<string, string | number>, missing: string[]): unknown {
  if (typeof value === 'string') {
    if (!value.includes('${')) return value;
    const whole = /^\$\{([\w-]+)\}$/.exec(value);
    if (whole && parameters[whole[1]!] !== undefined) return parameters[whole[1]!];
    return value.replace(/\$\{([\w-]+)\}/g, (hole, name: string) => {
      if (parameters[name] === undefined) missing.push(name);
      return String(parameters[name] ?? hole);
    });
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, parameters, missing));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, parameters, missing)]));
}
