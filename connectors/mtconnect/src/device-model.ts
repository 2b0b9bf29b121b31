import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { mtconnectError } from './errors.ts';
import type { ShdrShape } from './shdr.ts';
import { ucumOf } from './units.ts';
import { childOf, parseXml, type XmlElement } from './xml.ts';

export type Category = 'SAMPLE' | 'EVENT' | 'CONDITION';
export type Representation = 'VALUE' | 'DISCRETE' | 'DATA_SET' | 'TABLE' | 'TIME_SERIES';

export interface DataItem {
  readonly id: string;
  readonly name: string | null;
  /** Text of `<Source>`: how the adapter may call it. */
  readonly source: string | null;
  readonly category: Category;
  /** With its prefix when it is an extension: `x:MOTION`. */
  readonly type: string;
  readonly subType: string | null;
  /** As MTConnect writes it. */
  readonly units: string | null;
  readonly unit: string | null;
  readonly representation: Representation;
  /** Samples a second of a TIME_SERIES; null when not given. */
  readonly sampleRateHz: number | null;
  /** The one value it can have, from Constraints; null when it varies. */
  readonly constant: string | null;
  readonly initialValue: string | null;
  readonly component: Component;
}

export interface Component {
  readonly id: string;
  /** Element name: Device, Axes, Linear, Controller, Path … */
  readonly type: string;
  readonly name: string | null;
  readonly parent: Component | null;
}

export interface Device {
  readonly id: string;
  readonly name: string;
  readonly uuid: string;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly serialNumber: string | null;
  readonly description: string;
  readonly items: readonly DataItem[];
}

export interface DeviceModel {
  /** Schema version of the namespace: `1.3`, `2.7`. */
  readonly version: string;
  readonly header: Readonly<Record<string, string>>;
  readonly devices: readonly Device[];
}

/** Most data items of one document. */
const maxItems = 200_000;

/** Reads an MTConnectDevices document (1.3 … 2.7, with extensions). Throws `mtconnect.badDocument`. */
export function parseDevices(xml: string): DeviceModel {
  return devicesOf(parseXml(xml));
}

export function devicesOf(root: XmlElement): DeviceModel {
  if (root.name !== 'MTConnectDevices')
    throw mtconnectError('mtconnect.badDocument', { detail: `<${root.name}> is not <MTConnectDevices>` });
  const devices: Device[] = [];
  for (const child of childOf(root, 'Devices')?.children ?? [])
    if (child.name === 'Device' || child.name === 'Agent') devices.push(toDevice(child));
  return { version: versionOf(root), header: childOf(root, 'Header')?.attributes ?? {}, devices };
}

/** The version in the namespace of a document; `2.0` when none tells. */
export function versionOf(root: XmlElement): string {
  for (const value of Object.values(root.attributes)) {
    const found = /^urn:mtconnect\.org:MTConnect\w+:(\d+\.\d+)$/.exec(value.trim());
    if (found) return found[1]!;
  }
  return '2.0';
}

function toDevice(element: XmlElement): Device {
  const a = element.attributes;
  const description = childOf(element, 'Description');
  const items: DataItem[] = [];
  collect(element, null, items);
  const name = a.name ?? a.id ?? 'device';
  return {
    id: a.id ?? name,
    name,
    uuid: a.uuid ?? name,
    manufacturer: description?.attributes.manufacturer ?? null,
    model: description?.attributes.model ?? null,
    serialNumber: description?.attributes.serialNumber ?? null,
    description: (description?.text ?? '').trim().replace(/\s+/g, ' '),
    items,
  };
}

function collect(element: XmlElement, parent: Component | null, items: DataItem[]): void {
  const { id = '', name = null } = element.attributes;
  const component: Component = { id, type: element.name, name, parent };
  for (const child of element.children) {
    if (child.name === 'DataItems') {
      for (const item of child.children) if (item.name === 'DataItem') items.push(toItem(item, component));
      if (items.length > maxItems)
        throw mtconnectError('mtconnect.badDocument', { detail: `over ${maxItems} data items` });
    } else if (child.name === 'Components') for (const part of child.children) collect(part, component, items);
  }
}

const representations = new Set(['VALUE', 'DISCRETE', 'DATA_SET', 'TABLE', 'TIME_SERIES']);

function toItem(element: XmlElement, component: Component): DataItem {
  const a = element.attributes;
  const values = childOf(element, 'Constraints')?.children.filter((child) => child.name === 'Value') ?? [];
  const rate = Number(a.sampleRate);
  const units = a.units ?? null;
  return {
    id: a.id ?? '',
    name: a.name ?? null,
    source: childOf(element, 'Source')?.text.trim() || null,
    category: a.category === 'SAMPLE' || a.category === 'CONDITION' ? a.category : 'EVENT',
    type: a.type ?? '',
    subType: a.subType ?? null,
    units,
    unit: units === null ? null : ucumOf(units),
    representation: representations.has(a.representation ?? '') ? (a.representation as Representation) : 'VALUE',
    sampleRateHz: rate > 0 ? rate : null,
    constant: values.length === 1 ? values[0]!.text.trim() : null,
    initialValue: childOf(element, 'InitialValue')?.text.trim() ?? null,
    component,
  };
}

/** Events whose values the standard lists (controlled vocabularies). */
const enumerations = new Set(
  `ACTUATOR_STATE AVAILABILITY AXIS_COUPLING AXIS_INTERLOCK AXIS_STATE BATTERY_STATE CHARGE_RATE CHUCK_INTERLOCK CHUCK_STATE
  CLOCK_TIME_STATE COMPOSITION_STATE CONNECTION_STATUS CONTROLLER_MODE CONTROLLER_MODE_OVERRIDE DIRECTION DOOR_STATE
  EMERGENCY_STOP END_OF_BAR EQUIPMENT_MODE EXECUTION FUNCTIONAL_MODE INTERFACE_STATE LOCK_STATE NETWORK_PORT OPERATING_MODE
  PART_DETECT PATH_MODE POWER_STATE POWER_STATUS PROCESS_STATE PROGRAM_EDIT PROGRAM_LOCATION_TYPE ROTARY_MODE
  SPINDLE_INTERLOCK UNCERTAINTY_TYPE VALVE_STATE WAIT_STATE`.split(/\s+/),
);
/** Events that are numbers although they carry no units. */
const integers = new Set([
  'PART_COUNT',
  'LINE_NUMBER',
  'BLOCK_COUNT',
  'CYCLE_COUNT',
  'HARDNESS',
  'LOAD_COUNT',
  'UNLOAD_COUNT',
  'TRANSFER_COUNT',
]);

/** How values of a data item are kept. */
export function kindOf(item: DataItem): SignalKind {
  if (item.category === 'CONDITION') return 'condition';
  if (item.representation === 'DATA_SET' || item.representation === 'TABLE') return 'json';
  const vector = item.units?.endsWith('_3D') || item.type === 'PATH_POSITION';
  if (vector) return 'vector';
  if (item.category === 'SAMPLE') return 'number';
  if (enumerations.has(item.type)) return 'enum';
  if (integers.has(item.type)) return 'integer';
  return item.units ? 'number' : 'text';
}

/** How the fields of its SHDR observations are to be read. */
export function shapeOf(item: DataItem): ShdrShape {
  if (item.category === 'CONDITION') return 'condition';
  switch (item.representation) {
    case 'DATA_SET':
      return 'dataSet';
    case 'TABLE':
      return 'table';
    case 'TIME_SERIES':
      return 'timeSeries';
    default:
      return item.type === 'MESSAGE' ? 'message' : 'value';
  }
}

/** Browse names from the device down to the item. */
export function devicePathOf(item: DataItem): string[] {
  const path = [labelOf(item)];
  for (let c: Component | null = item.component; c; c = c.parent) path.unshift(c.name ?? c.type);
  return path;
}

/** What people call the item: its name, or its type with sub-type. */
export function labelOf(item: DataItem): string {
  return (
    item.name ??
    [item.type, item.subType].filter(Boolean).join(' ').replace(/^x:/, '').toLowerCase().replaceAll('_', ' ')
  );
}

/** Finds data items of a device by id, name or source text, in that order; `device:key` too. */
export class ItemIndex {
  readonly #byKey = new Map<string, DataItem>();

  constructor(devices: readonly Device[]) {
    const items = devices.flatMap((device) => device.items.map((item) => ({ device, item })));
    const put = (key: string | null, item: DataItem) => {
      if (key !== null && !this.#byKey.has(key)) this.#byKey.set(key, item);
    };
    for (const { item } of items) put(item.id, item);
    for (const { item } of items) put(item.name, item);
    for (const { item } of items) put(item.source, item);
    for (const { device, item } of items)
      for (const key of [item.id, item.name, item.source])
        if (key !== null) {
          put(`${device.name}:${key}`, item);
          put(`${device.uuid}:${key}`, item);
        }
  }

  find(key: string): DataItem | undefined {
    return this.#byKey.get(key);
  }
}
