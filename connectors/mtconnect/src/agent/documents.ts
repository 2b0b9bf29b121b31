import type { DataSetValue } from '../data-set.ts';
import { formatTimeUs } from '../shdr-time.ts';
import { escapeXml, type XmlElement } from '../xml.ts';
import { type AgentDevice, type AgentItem, type AgentModel, writeElement } from './agent-model.ts';
import type { Observation } from './observation-store.ts';

/** What stands in the header of every document. */
export interface HeaderInfo {
  sender: string;
  instanceId: number;
  bufferSize: number;
  assetBufferSize: number;
  assetCount: number;
  nowUs: number;
  modelTimeUs: number;
}

const attributesText = (attributes: Record<string, string | number | undefined>): string =>
  Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => ` ${name}="${escapeXml(String(value))}"`)
    .join('');

function header(model: AgentModel, h: HeaderInfo, extra: Record<string, string | number>, error = false): string {
  const modern = Number(model.version) >= (error ? 2.6 : 1.7);
  return `<Header${attributesText({
    creationTime: formatTimeUs(h.nowUs),
    sender: h.sender,
    instanceId: h.instanceId,
    version: model.version,
    ...(modern ? { deviceModelChangeTime: formatTimeUs(h.modelTimeUs) } : {}),
    ...extra,
  })}/>`;
}

function document(
  model: AgentModel,
  kind: 'Devices' | 'Streams' | 'Assets' | 'Error',
  head: string,
  body: string,
): string {
  const urn = `urn:mtconnect.org:MTConnect${kind}:${model.version}`;
  const own = Object.entries(model.root.attributes)
    .filter(
      ([name, uri]) =>
        /^xmlns:/.test(name) &&
        name !== 'xmlns:m' &&
        name !== 'xmlns:xsi' &&
        !uri.startsWith('urn:mtconnect.org:MTConnect'),
    )
    .map(([name, uri]) => ` ${name}="${escapeXml(uri)}"`);
  // Extension types of a device file that does not declare its prefix are put in a namespace of ours.
  if (kind === 'Streams' && !own.some((a) => a.startsWith(' xmlns:x=')))
    own.push(' xmlns:x="urn:deungdae:mtconnect:extension"');
  return `<?xml version="1.0" encoding="UTF-8"?>
<MTConnect${kind} xmlns:m="${urn}" xmlns="${urn}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"${own.join('')}>
  ${head}
${body}
</MTConnect${kind}>
`;
}

export function devicesDocument(model: AgentModel, h: HeaderInfo, devices: readonly AgentDevice[]): string {
  const body = devices.map((device) => writeElement(device.element, '    ')).join('\n');
  const { bufferSize, assetBufferSize, assetCount } = h;
  return document(
    model,
    'Devices',
    header(model, h, { bufferSize, assetBufferSize, assetCount }),
    `  <Devices>\n${body}\n  </Devices>`,
  );
}

export interface Sequences {
  first: number;
  last: number;
  next: number;
}

export function streamsDocument(
  model: AgentModel,
  h: HeaderInfo,
  sequences: Sequences,
  devices: readonly AgentDevice[],
  observations: readonly Observation[],
): string {
  const sorted = [...observations].sort((a, b) => a.target.order - b.target.order || a.sequence - b.sequence);
  let body = '';
  for (const device of devices) {
    const own = sorted.filter((o) => o.target.device.uuid === device.uuid);
    const streams = componentStreams(own, Number(model.version));
    const name = attributesText({ name: device.name, uuid: device.uuid });
    body +=
      streams === '' ? `    <DeviceStream${name}/>\n` : `    <DeviceStream${name}>\n${streams}    </DeviceStream>\n`;
  }
  const { first: firstSequence, last: lastSequence, next: nextSequence } = sequences;
  const head = header(model, h, { bufferSize: h.bufferSize, nextSequence, firstSequence, lastSequence });
  return document(model, 'Streams', head, `  <Streams>\n${body}  </Streams>`);
}

const sections = [
  ['Samples', 'SAMPLE'],
  ['Events', 'EVENT'],
  ['Condition', 'CONDITION'],
] as const;

/** Observations of one device, sorted by item. */
function componentStreams(observations: readonly Observation[], version: number): string {
  const byComponent = new Map<AgentItem['item']['component'], Observation[]>();
  for (const o of observations) {
    const list = byComponent.get(o.target.item.component);
    if (list) list.push(o);
    else byComponent.set(o.target.item.component, [o]);
  }
  let out = '';
  for (const [component, list] of byComponent) {
    const attributes = { component: component.type, name: component.name ?? undefined, componentId: component.id };
    out += `      <ComponentStream${attributesText(attributes)}>\n`;
    for (const [section, category] of sections) {
      const inside = list.filter((o) => o.target.item.category === category);
      if (inside.length === 0) continue;
      inside.sort((a, b) => a.sequence - b.sequence);
      out += `        <${section}>\n${inside.map((o) => `          ${observationElement(o, version)}\n`).join('')}        </${section}>\n`;
    }
    out += '      </ComponentStream>\n';
  }
  return out;
}

function observationElement(o: Observation, version: number): string {
  const { item, element } = o.target;
  const common = {
    dataItemId: item.id,
    timestamp: formatTimeUs(o.timeUs),
    name: item.name ?? undefined,
    sequence: o.sequence,
    subType: item.subType ?? undefined,
  };
  if (o.level !== undefined) return conditionElement(o, common, version);
  const attributes = attributesText({
    ...common,
    duration: o.durationS,
    resetTriggered: resetText(o.reset),
    assetType: o.assetType,
    ...(o.entries ? { count: Object.keys(o.entries).length } : {}),
    ...(item.representation === 'TIME_SERIES' ? { sampleCount: o.count ?? 0, sampleRate: o.rateHz } : {}),
  });
  if (o.text === null) {
    // The schemas allow only numbers in a time series; before 2.7 they want the type of an asset even when there is none.
    if (item.representation === 'TIME_SERIES') return `<${element}${attributes}/>`;
    if (item.type.startsWith('ASSET_') && version < 2.7)
      return `<${element}${attributes} assetType="">UNAVAILABLE</${element}>`;
    const empty = item.representation === 'DATA_SET' || item.representation === 'TABLE' ? ' count="0"' : '';
    return `<${element}${attributes}${empty}>UNAVAILABLE</${element}>`;
  }
  const inside = o.entries ? entriesXml(o.entries) : escapeXml(o.text);
  return `<${element}${attributes}>${inside}</${element}>`;
}

/** DataItemResetValueEnum of the schemas; they take others, such as the MANUAL of many adapters, with a prefix only. */
const resets = new Set('ACTION_COMPLETE ANNUAL DAY LIFE MAINTENANCE MONTH POWER_ON SHIFT WEEK'.split(' '));
const resetText = (reset: string | undefined) => (reset === undefined || resets.has(reset) ? reset : `x:${reset}`);

const levelElement = { NORMAL: 'Normal', WARNING: 'Warning', FAULT: 'Fault', UNAVAILABLE: 'Unavailable' } as const;

function conditionElement(
  o: Observation,
  common: Record<string, string | number | undefined>,
  version: number,
): string {
  const { item } = o.target;
  const active = o.level === 'WARNING' || o.level === 'FAULT';
  const qualifier = o.qualifier?.toUpperCase();
  const attributes = attributesText({
    ...common,
    type: item.type,
    nativeCode: o.nativeCode,
    nativeSeverity: o.nativeSeverity,
    qualifier: qualifier === 'HIGH' || qualifier === 'LOW' ? qualifier : undefined,
    ...(active && version >= 2.3 ? { conditionId: o.nativeCode || item.id } : {}),
  });
  const name = levelElement[o.level!];
  return o.text ? `<${name}${attributes}>${escapeXml(o.text)}</${name}>` : `<${name}${attributes}/>`;
}

function entriesXml(entries: Record<string, DataSetValue>): string {
  const cells = (value: DataSetValue): string =>
    value !== null && typeof value === 'object'
      ? Object.entries(value)
          .map(([key, cell]) => `<Cell key="${escapeXml(key)}">${escapeXml(String(cell ?? ''))}</Cell>`)
          .join('')
      : escapeXml(String(value));
  return Object.entries(entries)
    .map(([key, value]) =>
      value === null
        ? `<Entry key="${escapeXml(key)}" removed="true"/>`
        : `<Entry key="${escapeXml(key)}">${cells(value)}</Entry>`,
    )
    .join('');
}

export function assetsDocument(model: AgentModel, h: HeaderInfo, assets: readonly XmlElement[]): string {
  const body = assets.map((asset) => writeElement(asset, '    ')).join('\n');
  const { assetBufferSize, assetCount } = h;
  const head = header(model, h, { assetBufferSize, assetCount });
  return document(model, 'Assets', head, `  <Assets>\n${body}\n  </Assets>`);
}

export type AgentErrorCode =
  | 'ASSET_NOT_FOUND'
  | 'INVALID_REQUEST'
  | 'INVALID_URI'
  | 'INVALID_XPATH'
  | 'NO_DEVICE'
  | 'OUT_OF_RANGE'
  | 'UNSUPPORTED';

export interface AgentError {
  code: AgentErrorCode;
  text: string;
  uri: string;
  /** OUT_OF_RANGE: the parameter, what was asked and what is allowed. */
  parameter?: { name: string; value: string; minimum: number; maximum: number };
  assetId?: string;
}

export function errorDocument(model: AgentModel, h: HeaderInfo, error: AgentError): string {
  const head = header(model, h, { bufferSize: h.bufferSize }, true);
  const text = escapeXml(error.text);
  if (Number(model.version) < 2.6)
    return document(
      model,
      'Error',
      head,
      `  <Errors>\n    <Error errorCode="${error.code}">${text}</Error>\n  </Errors>`,
    );
  const names: Record<AgentErrorCode, string> = {
    ASSET_NOT_FOUND: 'AssetNotFound',
    INVALID_REQUEST: 'InvalidRequest',
    INVALID_URI: 'InvalidURI',
    INVALID_XPATH: 'InvalidXPath',
    NO_DEVICE: 'NoDevice',
    OUT_OF_RANGE: 'OutOfRange',
    UNSUPPORTED: 'Unsupported',
  };
  const p = error.parameter;
  const parameter = p
    ? `<QueryParameter name="${p.name}"><Value>${escapeXml(p.value)}</Value><Maximum>${p.maximum}</Maximum><Minimum>${p.minimum}</Minimum></QueryParameter>`
    : '';
  const asset = error.assetId === undefined ? '' : `<AssetId>${escapeXml(error.assetId)}</AssetId>`;
  const inside = `${parameter}${asset}<URI>${escapeXml(error.uri)}</URI><ErrorMessage>${text}</ErrorMessage>`;
  return document(
    model,
    'Error',
    head,
    `  <Errors>\n    <${names[error.code]}>${inside}</${names[error.code]}>\n  </Errors>`,
  );
}
