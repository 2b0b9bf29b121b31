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
export function wrongWith(event: Record<string, unknown>): string | null {
  const type = String(event.type ?? '');
  const what = whatOf[type];
  if (!what) return `type: ${type.slice(0, 60) || '-'}`;
  if (microsOf(event.eventTime) === null) return 'eventTime';
  if (!offsetPattern.test(String(event.eventTimeZoneOffset ?? ''))) return 'eventTimeZoneOffset';
  const needsAction = type !== 'TransformationEvent';
  if (needsAction && !['ADD', 'OBSERVE', 'DELETE'].includes(String(event.action))) return 'action';
  if (event.eventID !== undefined && !isUri(event.eventID)) return 'eventID';
  const present = what.filter((field) => Array.isArray(event[field]) && (event[field] as unknown[]).length > 0);
  if (present.length === 0 && !(event.action === 'DELETE' && type.startsWith('A'))) return what.join(' | ');
  const parentNeeded = (type === 'AggregationEvent' && event.action !== 'OBSERVE') || type === 'AssociationEvent';
  if (parentNeeded && !isUri(event.parentID)) return 'parentID';
  for (const field of Object.keys(event)) {
    const known = common.includes(field) || ownFields[type]!.includes(field);
    // Extensions carry a prefix that the context explains, or a whole address.
    if (!known && !field.includes(':')) return field;
  }
  return wrongList(event);
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
