import type { EpcisEvent } from '@deungdae/contracts/api-trace.ts';

/** The rules of EPCIS 2.0 (ISO/IEC 19987) that a captured event must keep; the official JSON Schemas are asked in the tests. */
const whatOf: Record<string, readonly string[]> = {
  ObjectEvent: ['epcList', 'quantityList', 'sensorElementList'],
  AggregationEvent: ['childEPCs', 'childQuantityList'],
  AssociationEvent: ['childEPCs', 'childQuantityList'],
  TransactionEvent: ['bizTransactionList'],
  TransformationEvent: ['inputEPCList', 'inputQuantityList', 'outputEPCList', 'outputQuantityList'],
};
const common = [
  ...['@context', 'type', 'eventID', 'eventTime', 'eventTimeZoneOffset', 'recordTime', 'certificationInfo'],
  ...['errorDeclaration', 'bizStep', 'disposition', 'persistentDisposition', 'readPoint', 'bizLocation'],
  ...['bizTransactionList', 'sourceList', 'destinationList', 'sensorElementList'],
];
const ownFields: Record<string, readonly string[]> = {
  ObjectEvent: ['action', 'epcList', 'quantityList', 'ilmd'],
  AggregationEvent: ['action', 'parentID', 'childEPCs', 'childQuantityList'],
  AssociationEvent: ['action', 'parentID', 'childEPCs', 'childQuantityList'],
  TransactionEvent: ['action', 'parentID', 'epcList', 'quantityList'],
  TransformationEvent: [
    ...['inputEPCList', 'inputQuantityList', 'outputEPCList', 'outputQuantityList', 'transformationID', 'ilmd'],
  ],
};
const offsetPattern = /^[+-]((0\d|1[0-3]):[0-5]\d|14:00)$/;
const timePattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

/** Fields that are one text, and lists of things that name one text each (or none, where null). */
const texts = ['eventID', 'recordTime', 'bizStep', 'disposition', 'transformationID', 'parentID'];
const things: Record<string, string | null> = {
  ...{ bizTransactionList: 'bizTransaction', sourceList: 'source', destinationList: 'destination' },
  sensorElementList: null,
};
/** Levels of extensions in one event. */
const mostLevels = 50;
/** Times in between can be kept to the microsecond by every database. */
const years = { from: Date.UTC(1900, 0, 1) * 1000, to: Date.UTC(2200, 0, 1) * 1000 };

/** An ISO 8601 time with a zone as µs UTC; null when it is none. */
export function microsOf(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const match = timePattern.exec(text);
  if (!match) return null;
  const ms = Date.parse(text.replace(/\.\d+/, ''));
  if (Number.isNaN(ms)) return null;
  return ms * 1000 + (match[7] ? Math.round(Number(match[7]) * 1e6) : 0);
}

/** Why an event may not be taken in; null when it may. */
export function wrongWith(event: unknown): string | null {
  if (!isThing(event)) return 'event';
  const odd = oddPart(event);
  if (odd !== null) return odd;
  const type = String(event.type ?? '');
  const what = whatOf[type];
  if (!what) return `type: ${type.slice(0, 60) || '-'}`;
  const time = microsOf(event.eventTime);
  if (time === null || time < years.from || time >= years.to) return 'eventTime';
  if (typeof event.eventTimeZoneOffset !== 'string' || !offsetPattern.test(event.eventTimeZoneOffset))
    return 'eventTimeZoneOffset';
  const needsAction = type !== 'TransformationEvent';
  if (needsAction && !['ADD', 'OBSERVE', 'DELETE'].includes(String(event.action))) return 'action';
  if (event.eventID !== undefined && !(isUri(event.eventID) && event.eventID.length <= 300)) return 'eventID';
  const present = what.filter((field) => Array.isArray(event[field]) && (event[field] as unknown[]).length > 0);
  if (present.length === 0 && !(event.action === 'DELETE' && type.startsWith('A'))) return what.join(' | ');
  const parentNeeded = (type === 'AggregationEvent' && event.action !== 'OBSERVE') || type === 'AssociationEvent';
  if (parentNeeded && !isUri(event.parentID)) return 'parentID';
  for (const field of Object.keys(event)) {
    const known = common.includes(field) || ownFields[type]!.includes(field);
    // Extensions carry a prefix that the context explains, or a whole address.
    if (!known && !field.includes(':')) return field;
  }
  return wrongText(event) ?? wrongList(event);
}

function isThing(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where something stands that no reader could take: too deep, or an object that hides how it is written as text. */
function oddPart(event: Record<string, unknown>): string | null {
  const open: { name: string; value: unknown; level: number }[] = [{ name: 'event', value: event, level: 0 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { name, value, level } = at;
    if (typeof value !== 'object' || value === null) continue;
    if (level > mostLevels || Object.hasOwn(value, 'toString') || Object.hasOwn(value, 'valueOf')) return name;
    for (const [key, inner] of Object.entries(value))
      open.push({ name: level === 0 ? key.slice(0, 60) : name, value: inner, level: level + 1 });
  }
  return null;
}

function wrongText(event: Record<string, unknown>): string | null {
  for (const field of texts) if (event[field] !== undefined && typeof event[field] !== 'string') return field;
  for (const [field, inner] of Object.entries(things)) {
    const list = event[field];
    if (list === undefined) continue;
    if (!Array.isArray(list) || list.length > 10_000 || !list.every(isThing)) return field;
    if (inner !== null && !list.every((thing) => typeof thing[inner] === 'string')) return `${field}.${inner}`;
  }
  return null;
}

function wrongList(event: Record<string, unknown>): string | null {
  for (const field of ['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList']) {
    const list = event[field];
    if (list === undefined) continue;
    if (!Array.isArray(list) || list.length > 10_000 || !list.every(isUri)) return field;
    if (new Set(list).size !== list.length) return field;
  }
  for (const field of ['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList']) {
    const list = event[field];
    if (list === undefined) continue;
    if (!Array.isArray(list) || list.length > 10_000) return field;
    for (const element of list as Record<string, unknown>[]) {
      if (!isUri(element?.epcClass)) return `${field}.epcClass`;
      if (element.quantity !== undefined && typeof element.quantity !== 'number') return `${field}.quantity`;
    }
  }
  for (const field of ['readPoint', 'bizLocation'])
    if (event[field] !== undefined && !isUri((event[field] as Record<string, unknown> | null)?.id)) return field;
  return null;
}

function isUri(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 1000 && /^[a-z][a-z0-9+.-]*:\S+$/i.test(value);
}

/** Every identifier of an event with the list it stands in. */
export function epcsOf(event: EpcisEvent): { role: string; epc: string }[] {
  const all: { role: string; epc: string }[] = [];
  const roles: Record<string, string> = {
    epcList: 'epc',
    childEPCs: 'epc',
    inputEPCList: 'inputEPC',
    outputEPCList: 'outputEPC',
    quantityList: 'epcClass',
    childQuantityList: 'epcClass',
    inputQuantityList: 'inputEPCClass',
    outputQuantityList: 'outputEPCClass',
  };
  for (const [field, role] of Object.entries(roles))
    for (const entry of (event[field] as unknown[] | undefined) ?? [])
      all.push({ role, epc: typeof entry === 'string' ? entry : String((entry as { epcClass: string }).epcClass) });
  if (typeof event.parentID === 'string') all.push({ role: 'parentID', epc: event.parentID });
  return all;
}
