import { createHash } from 'node:crypto';
import { canonicalLink } from './digital-link.ts';

/**
 * Event hash ids (CBV 2.0, 8.9): the same event, however it is written, gets the same `ni:///sha-256;…?ver=CBV2.0`. The
 * pre-hash string puts the fields in the standard's order, values in one form, lists sorted by code.
 */
type Value = Record<string, unknown>;
/** Prefixes of extension fields and what they stand for. */
export type Namespaces = ReadonlyMap<string, string>;

const standardPrefixes: Record<string, string> = {
  gs1: 'https://gs1.org/voc/',
  epcis: 'https://ref.gs1.org/epcis/',
  cbv: 'https://ref.gs1.org/cbv/',
};
/** CBV words written bare, by the field they stand in. */
const bareWords: Record<string, string> = {
  bizStep: 'https://ref.gs1.org/cbv/BizStep-',
  disposition: 'https://ref.gs1.org/cbv/Disp-',
  set: 'https://ref.gs1.org/cbv/Disp-',
  unset: 'https://ref.gs1.org/cbv/Disp-',
  component: 'https://ref.gs1.org/cbv/Comp-',
  measurement: 'https://gs1.org/voc/',
  exception: 'https://gs1.org/voc/',
  transaction: 'https://ref.gs1.org/cbv/BTT-',
  party: 'https://ref.gs1.org/cbv/SDT-',
};
const urnWords: [string, string][] = [
  ['urn:epcglobal:cbv:bizstep:', 'https://ref.gs1.org/cbv/BizStep-'],
  ['urn:epcglobal:cbv:disp:', 'https://ref.gs1.org/cbv/Disp-'],
  ['urn:epcglobal:cbv:btt:', 'https://ref.gs1.org/cbv/BTT-'],
  ['urn:epcglobal:cbv:sdt:', 'https://ref.gs1.org/cbv/SDT-'],
  ['urn:epcglobal:cbv:er:', 'https://ref.gs1.org/cbv/ER-'],
];

const quantity = ['epcClass', 'quantity', 'uom'];
const metadata = [
  ...['time', 'startTime', 'endTime', 'deviceID', 'deviceMetadata', 'rawData', 'dataProcessingMethod', 'bizRules'],
];
const report = [
  ...['type', 'exception', 'deviceID', 'deviceMetadata', 'rawData', 'dataProcessingMethod', 'time', 'microorganism'],
  ...['chemicalSubstance', 'value', 'component', 'stringValue', 'booleanValue', 'hexBinaryValue', 'uriValue'],
  ...['minValue', 'maxValue', 'meanValue', 'sDev', 'percRank', 'percValue', 'uom', 'coordinateReferenceSystem'],
];
/** Fields of an event that say nothing of what happened, or that the hash stands for. */
const ignored = new Set(['type', 'eventID', 'recordTime', 'errorDeclaration', '@context', 'hash']);
const times = new Set(['eventTime', 'time', 'startTime', 'endTime']);

/** The event's id by its content. Pure. */
export function eventHashId(event: Value, namespaces: Namespaces = new Map()): string {
  const digest = createHash('sha256').update(preHash(event, namespaces), 'utf8').digest('hex');
  return `ni:///sha-256;${digest}?ver=CBV2.0`;
}

/** The string that is hashed. Pure. */
export function preHash(event: Value, namespaces: Namespaces = new Map()): string {
  const known = new Map([...Object.entries(standardPrefixes), ...namespaces]);
  const one = (key: string) => plain(key, event[key]);
  const list = (key: string, item: string) =>
    named(
      key,
      listOf(event[key]).map((v) => plain(item, v)),
    );
  const amounts = (key: string) =>
    named(
      key,
      listOf(event[key]).map((v) => `quantityElement${inOrder(v, quantity, known)}`),
    );
  const place = (key: string) => named(key, [inOrder(event[key], ['id'], known)], event[key] !== undefined);
  const typed = (key: string, item: string, words: 'transaction' | 'party') =>
    named(
      key,
      listOf(event[key]).map((v) => {
        const { type, [item]: id } = v as Value;
        return plain(item, id) + (type === undefined ? '' : `type=${word(words, String(type))}`);
      }),
    );
  return [
    `eventType=${String(event.type)}`,
    ...[one('eventTime'), one('eventTimeZoneOffset'), ...listOf(event.certificationInfo).map(certificate).sort(byCode)],
    ...[list('epcList', 'epc'), one('parentID'), list('inputEPCList', 'epc'), list('childEPCs', 'epc')],
    ...[amounts('quantityList'), amounts('childQuantityList'), amounts('inputQuantityList')],
    ...[list('outputEPCList', 'epc'), amounts('outputQuantityList')],
    ...[one('action'), one('transformationID'), one('bizStep'), one('disposition')],
    persistent(event.persistentDisposition),
    ...[place('readPoint'), place('bizLocation')],
    typed('bizTransactionList', 'bizTransaction', 'transaction'),
    ...[typed('sourceList', 'source', 'party'), typed('destinationList', 'destination', 'party')],
    named(
      'sensorElementList',
      listOf(event.sensorElementList).map((v) => sensor(v as Value, known)),
    ),
    event.ilmd === undefined ? '' : `ilmd${extensions(event.ilmd as Value, known, () => true)}`,
    extensions(event, known, (key) => key.includes(':')),
  ].join('');
}

const certificate = (value: unknown) => plain('certificationInfo', value);

function persistent(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const { set, unset } = value as Value;
  const all = (key: string, words: unknown) =>
    listOf(words)
      .map((v) => plain(key, v))
      .sort(byCode)
      .join('');
  return `persistentDisposition${all('set', set)}${all('unset', unset)}`;
}

function sensor(element: Value, known: Namespaces): string {
  const meta = element.sensorMetadata;
  const reports = listOf(element.sensorReport).map((v) => {
    const { type, ...rest } = v as Value;
    const measured = type === undefined ? '' : `type=${word('measurement', String(type))}`;
    return `sensorReport${measured}${inOrder(rest, report, known)}`;
  });
  return [
    'sensorElement',
    meta === undefined ? '' : `sensorMetadata${inOrder(meta, metadata, known)}`,
    ...reports.sort(byCode),
    extensions(element, known, (key) => key.includes(':')),
  ].join('');
}

/** Fields in the given order, then the extensions of the element. */
function inOrder(value: unknown, order: readonly string[], known: Namespaces): string {
  if (typeof value !== 'object' || value === null) return '';
  const fields = value as Value;
  return order.map((key) => plain(key, fields[key])).join('') + extensions(fields, known, (key) => key.includes(':'));
}

function named(key: string, items: readonly string[], isThere = items.length > 0): string {
  return isThere ? key + [...items].sort(byCode).join('') : '';
}

/** Extension fields with their whole names, sorted; what is in them likewise. */
function extensions(fields: Value, known: Namespaces, take: (key: string) => boolean): string {
  return Object.entries(fields)
    .filter(([key]) => take(key) && !ignored.has(key) && !key.startsWith('@'))
    .flatMap(([key, value]) => listOf(value).map((v) => wholeName(key, known) + extensionValue(v, known)))
    .sort(byCode)
    .join('');
}

function extensionValue(value: unknown, known: Namespaces): string {
  if (typeof value === 'object' && value !== null) {
    if ('@value' in value) return `=${canonical(value['@value'])}`;
    return extensions(value as Value, known, () => true);
  }
  return `=${canonical(value)}`;
}

/** `{namespace}name`; a whole address is parted at its last `/` or `#`. */
function wholeName(key: string, known: Namespaces): string {
  const [prefix = '', ...rest] = key.split(':');
  const namespace = rest.length > 0 ? known.get(prefix) : known.get('');
  if (namespace !== undefined) return `{${namespace}}${rest.length > 0 ? rest.join(':') : key}`;
  const end = Math.max(key.lastIndexOf('/'), key.lastIndexOf('#')) + 1;
  return end > 0 ? `{${key.slice(0, end)}}${key.slice(end)}` : key;
}

function plain(key: string, value: unknown): string {
  if (value === undefined || value === null || value === '') return '';
  if (times.has(key)) return `${key}=${timeOf(String(value))}`;
  return key in bareWords && typeof value === 'string' ? `${key}=${word(key, value)}` : `${key}=${canonical(value)}`;
}

function word(field: string, value: string): string {
  const text = value.trim();
  return text.includes(':') ? canonical(text) : `${bareWords[field]}${text}`;
}

function canonical(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  const text = value.trim();
  if (/^[+-]?\d+(\.\d*)?$/.test(text) && Number.isSafeInteger(Math.trunc(Number(text)))) return String(Number(text));
  for (const [urn, web] of urnWords) if (text.startsWith(urn)) return web + text.slice(urn.length);
  const curie = /^(gs1|epcis|cbv):([^/].*)$/.exec(text);
  if (curie) return standardPrefixes[curie[1]!] + curie[2]!;
  return canonicalLink(text) ?? text;
}

/** UTC with milliseconds; the fourth decimal rounds. */
function timeOf(text: string): string {
  const match = /^(.*T\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/i.exec(text.trim());
  const ms = match ? Date.parse(match[1]! + match[3]!.toUpperCase()) : Number.NaN;
  if (Number.isNaN(ms)) return text.trim();
  return new Date(ms + Math.round(Number(match![2] ?? 0) * 1000)).toISOString();
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** Code points as UTF-8 sorts them. */
function byCode(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Prefixes that `@context`s declare. */
export function namespacesOf(...contexts: readonly unknown[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const context of contexts.flatMap(listOf))
    if (typeof context === 'object' && context !== null)
      for (const [prefix, iri] of Object.entries(context)) {
        if (typeof iri === 'string') found.set(prefix === '@vocab' ? '' : prefix, iri);
        else if (typeof (iri as { '@id'?: unknown } | null)?.['@id'] === 'string')
          found.set(prefix, (iri as { '@id': string })['@id']);
      }
  return found;
}
