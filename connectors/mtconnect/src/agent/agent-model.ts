import { type DataItem, type Device, devicesOf, versionOf } from '../device-model.ts';
import { childOf, escapeXml, parseXml, type XmlElement } from '../xml.ts';

/** The device model as the agent serves it: elements of the document, with the items it adds to every device. */
export interface AgentModel {
  readonly version: string;
  readonly root: XmlElement;
  readonly devices: readonly AgentDevice[];
}

export interface AgentDevice extends Device {
  readonly element: XmlElement;
  readonly agentItems: readonly AgentItem[];
}

export interface AgentItem {
  readonly item: DataItem;
  readonly device: Device;
  /** Place in the document: observations of one response are grouped in this order. */
  readonly order: number;
  /** Name of its element in a Streams document, with prefix. */
  readonly element: string;
}

/** Data items that every device has, whatever its document says: availability and asset changes. */
const own: [type: string, suffix: string, attributes: Record<string, string>][] = [
  ['AVAILABILITY', 'avail', {}],
  ['ASSET_CHANGED', 'asset_chg', { discrete: 'true' }],
  ['ASSET_REMOVED', 'asset_rem', {}],
];

/** Reads the device file of an agent. Throws `mtconnect.badDocument`. */
export function agentModel(devicesXml: string): AgentModel {
  const root = parseXml(devicesXml);
  const elements = (childOf(root, 'Devices')?.children ?? []).filter((e) => e.name === 'Device');
  for (const element of elements) addOwnItems(element, versionOf(root));
  const model = devicesOf(root);
  const byElement = model.devices.filter((_, i) => childOf(root, 'Devices')!.children[i]?.name === 'Device');
  let order = 0;
  const devices = byElement.map((device, i): AgentDevice => {
    const agentItems = device.items.map((item) => ({ item, device, order: order++, element: elementName(item) }));
    return { ...device, element: elements[i]!, agentItems };
  });
  return { version: model.version, root, devices };
}

function addOwnItems(device: XmlElement, version: string): void {
  let list = childOf(device, 'DataItems');
  if (!list) {
    list = { name: 'DataItems', prefix: '', attributes: {}, children: [], text: '' };
    const before = device.children.findIndex((c) => c.name === 'Components' || c.name === 'Compositions');
    device.children.splice(before < 0 ? device.children.length : before, 0, list);
  }
  for (const [type, suffix, extra] of own) {
    if (list.children.some((item) => item.attributes.type === type)) continue;
    const attributes = {
      category: 'EVENT',
      id: `${device.attributes.id}_${suffix}`,
      type,
      ...(Number(version) >= 1.5 ? extra : {}),
    };
    list.children.push({ name: 'DataItem', prefix: '', attributes, children: [], text: '' });
  }
}

/** Words that the standard does not write in Pascal case. */
const special: Record<string, string> = {
  AC: 'AC',
  DC: 'DC',
  PH: 'PH',
  URI: 'URI',
  MTCONNECT: 'MTConnect',
  '3D': '3D',
};

/** `PATH_FEEDRATE` → `PathFeedrate`, `x:MOTION` → `x:Motion`, with the suffix of the representation. */
export function elementName(item: Pick<DataItem, 'type' | 'representation' | 'category'>): string {
  const [, prefix = '', type = ''] = /^(\w+:)?(.*)$/.exec(item.type)!;
  const pascal = type
    .split('_')
    .map((word) => special[word] ?? word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
  const suffix = { VALUE: '', DISCRETE: 'Discrete', DATA_SET: 'DataSet', TABLE: 'Table', TIME_SERIES: 'TimeSeries' };
  return prefix + pascal + suffix[item.representation];
}

/** An element as text; children before text, comments lost. */
export function writeElement(e: XmlElement, indent = ''): string {
  const attributes = Object.entries(e.attributes)
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
  const name = e.prefix + e.name;
  if (e.children.length === 0 && e.text.trim() === '') return `${indent}<${name}${attributes}/>`;
  if (e.children.length === 0) return `${indent}<${name}${attributes}>${escapeXml(e.text.trim())}</${name}>`;
  const inner = e.children.map((child) => writeElement(child, `${indent}  `)).join('\n');
  const text = e.text.trim() === '' ? '' : escapeXml(e.text.trim());
  return `${indent}<${name}${attributes}>${text}\n${inner}\n${indent}</${name}>`;
}
