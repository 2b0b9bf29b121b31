import { type DataSetValue, numberOrText } from './data-set.ts';
import { mtconnectError } from './errors.ts';
import { parseTimeUs } from './shdr-time.ts';
import { childOf, type XmlElement } from './xml.ts';
import { scanXml } from './xml-scan.ts';

/** Header of an MTConnectStreams document. */
export interface StreamsHeader {
  instanceId: string;
  firstSequence: number;
  lastSequence: number;
  nextSequence: number;
  creationTimeUs: number;
}

/** One observation of a Streams document. */
export interface StreamObservation {
  dataItemId: string;
  /** Element name without prefix: Position, Normal, Fault … */
  name: string;
  category: 'SAMPLE' | 'EVENT' | 'CONDITION';
  sequence: number;
  timeUs: number;
  text: string;
  attributes: Readonly<Record<string, string>>;
  /** Entries of a DATA_SET or TABLE that changed (of `current`: all); a removed one is null. Null for others. */
  entries: Record<string, DataSetValue> | null;
}

export interface StreamsDocument {
  kind: 'streams';
  header: StreamsHeader;
  /** In order of sequence. */
  observations: StreamObservation[];
}

export interface ErrorDocument {
  kind: 'error';
  /** `OUT_OF_RANGE` and the like. */
  code: string;
  text: string;
}

/** Reads a Streams or Error document. Throws `mtconnect.badDocument` for any other. */
export function parseStreams(xml: string): StreamsDocument | ErrorDocument {
  const root = scanXml(xml);
  if (root.name === 'MTConnectError') return errorOf(root);
  if (root.name !== 'MTConnectStreams')
    throw mtconnectError('mtconnect.badDocument', { detail: `<${root.name}> is not <MTConnectStreams>` });
  const a = childOf(root, 'Header')?.attributes ?? {};
  const sequence = (name: string) => {
    const n = Number(a[name]);
    if (!Number.isSafeInteger(n) || a[name] === undefined)
      throw mtconnectError('mtconnect.badDocument', { detail: `Header/@${name}` });
    return n;
  };
  const header: StreamsHeader = {
    instanceId: a.instanceId ?? '',
    firstSequence: sequence('firstSequence'),
    lastSequence: sequence('lastSequence'),
    nextSequence: sequence('nextSequence'),
    creationTimeUs: parseTimeUs(a.creationTime ?? ''),
  };
  const observations: StreamObservation[] = [];
  for (const device of childOf(root, 'Streams')?.children ?? [])
    for (const component of device.children)
      for (const section of component.children) {
        const category = section.name === 'Samples' ? 'SAMPLE' : section.name === 'Condition' ? 'CONDITION' : 'EVENT';
        for (const element of section.children) {
          const o = observationOf(element, category);
          if (o) observations.push(o);
        }
      }
  observations.sort((x, y) => x.sequence - y.sequence);
  return { kind: 'streams', header, observations };
}

function observationOf(element: XmlElement, category: StreamObservation['category']): StreamObservation | null {
  const { attributes } = element;
  const { dataItemId, timestamp } = attributes;
  const timeUs = parseTimeUs(timestamp ?? '');
  if (dataItemId === undefined || Number.isNaN(timeUs)) return null;
  const sequence = Number(attributes.sequence);
  const entries = element.children.some((child) => child.name === 'Entry') ? entriesOf(element) : null;
  return { dataItemId, name: element.name, category, sequence, timeUs, text: element.text.trim(), attributes, entries };
}

function entriesOf(element: XmlElement): Record<string, DataSetValue> {
  const entries: Record<string, DataSetValue> = Object.create(null);
  for (const entry of element.children) {
    const key = entry.attributes.key ?? '';
    if (entry.attributes.removed === 'true') entries[key] = null;
    else if (entry.children.length === 0) entries[key] = numberOrText(entry.text.trim());
    else {
      const cells: Record<string, number | string> = Object.create(null);
      for (const cell of entry.children) cells[cell.attributes.key ?? ''] = numberOrText(cell.text.trim());
      entries[key] = cells;
    }
  }
  return entries;
}

/** Both forms: `<Error errorCode="…">` (up to 2.5) and an element per error (from 2.6). */
export function errorOf(root: XmlElement): ErrorDocument {
  const first = childOf(root, 'Errors')?.children[0] ?? childOf(root, 'Error');
  const pascal = (first?.name ?? '').replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
  const code = first?.attributes.errorCode ?? (pascal === 'INVALID_XPATH' ? 'INVALID_XPATH' : pascal);
  const text = childOf(first, 'ErrorMessage')?.text ?? first?.text ?? '';
  return { kind: 'error', code, text: text.trim().slice(0, 300) };
}
