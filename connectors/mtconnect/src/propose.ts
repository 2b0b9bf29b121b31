import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { type DataItem, type Device, devicePathOf, kindOf, labelOf, shapeOf } from './device-model.ts';
import type { ShdrShape } from './shdr.ts';

/** A signal made from a data item. `address` fits the `mtconnect` connector. */
export interface ProposedSignal {
  id: string;
  name: string;
  kind: SignalKind;
  unit: string | null;
  shape: ShdrShape;
  item: DataItem;
  devicePath: string[];
}

export interface ProposedEquipment {
  id: string;
  name: string;
  description: string;
  device: Device;
  signals: ProposedSignal[];
  /** Ready for `state:` in the plant file; null when the device has no EXECUTION. */
  state: { preset: 'mtconnect'; execution: string; mode?: string; availability?: string } | null;
  counters: { counts: 'good' | 'scrap' | 'total'; signal: string }[];
  /** Id of the signal that names the running program. */
  productSignal: string | null;
}

/** Proposes equipment, signals, state preset and counters from a device model. The agent's own device is left out. */
export function proposePlant(devices: readonly Device[]): ProposedEquipment[] {
  const ids = new Set<string>();
  const out: ProposedEquipment[] = [];
  for (const device of devices)
    if (device.items.every((item) => item.component.type !== 'Agent')) out.push(proposeEquipment(device, ids));
  return out;
}

function proposeEquipment(device: Device, equipmentIds: Set<string>): ProposedEquipment {
  const ids = new Set<string>();
  const signals = device.items.map((item): ProposedSignal => {
    const key = item.name ?? item.id;
    return {
      id: uniqueId(key, ids),
      name: labelOf(item),
      kind: kindOf(item),
      unit: item.unit,
      shape: shapeOf(item),
      item,
      devicePath: devicePathOf(item),
    };
  });
  const first = (type: string, ...subTypes: (string | null)[]) => {
    const found = signals.filter((s) => s.item.type === type && s.item.category === 'EVENT');
    return (found.find((s) => subTypes.includes(s.item.subType)) ?? (subTypes.length ? undefined : found[0]))?.id;
  };
  const execution = first('EXECUTION');
  const mode = first('CONTROLLER_MODE');
  const availability = first('AVAILABILITY');
  const counters: ProposedEquipment['counters'] = [];
  for (const [counts, subTypes] of [
    ['good', ['GOOD']],
    ['scrap', ['BAD']],
    ['total', ['ALL', 'COMPLETE', null]],
  ] as const) {
    const signal = first('PART_COUNT', ...subTypes);
    if (signal) counters.push({ counts, signal });
  }
  return {
    id: uniqueId(device.name, equipmentIds),
    name: device.name,
    description: device.description || [device.manufacturer, device.model].filter(Boolean).join(' '),
    device,
    signals,
    state: execution
      ? { preset: 'mtconnect', execution, ...(mode ? { mode } : {}), ...(availability ? { availability } : {}) }
      : null,
    counters,
    productSignal: first('PROGRAM') ?? null,
  };
}

/** An id of the plant file made from a name: `Path_Position` → `path-position`; a number follows when it is taken. */
export function uniqueId(name: string, taken: Set<string>): string {
  const plain =
    name
      .normalize('NFKD')
      .replace(/([a-z])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 56) || 'item';
  let id = plain;
  for (let n = 2; taken.has(id); n++) id = `${plain}-${n}`;
  taken.add(id);
  return id;
}
