import type { EpcisEvent, EpcisQuery } from '@deungdae/contracts/api-trace.ts';
import { traceError } from '../errors.ts';
import { epcsOf, microsOf } from './check.ts';

/** Values of a list parameter: the REST binding separates by `|`, people by commas. */
export function listOf(value: string | undefined): string[] | null {
  return value === undefined ? null : value.split(/[|,]/).filter((v) => v !== '');
}

/** CBV words may come bare, as URN or as web address; bare is compared. */
function bareWord(word: string): string {
  return word
    .replace(/^urn:epcglobal:cbv:(bizstep|disp|btt|sdt):/, '')
    .replace(/^https?:\/\/ref\.gs1\.org\/cbv\/\w+-/, '');
}

/** Which roles each MATCH parameter looks at (EPCIS 2.0, 8.2.7.1). */
const matchRoles: Record<string, readonly string[]> = {
  MATCH_epc: ['epc'],
  MATCH_parentID: ['parentID'],
  MATCH_inputEPC: ['inputEPC'],
  MATCH_outputEPC: ['outputEPC'],
  MATCH_anyEPC: ['epc', 'parentID', 'inputEPC', 'outputEPC'],
  MATCH_epcClass: ['epcClass'],
  MATCH_inputEPCClass: ['inputEPCClass'],
  MATCH_outputEPCClass: ['outputEPCClass'],
  MATCH_anyEPCClass: ['epcClass', 'inputEPCClass', 'outputEPCClass'],
};

export interface TimeWindow {
  from?: number;
  to?: number;
  recordedFrom?: number;
  recordedTo?: number;
}

/** Throws `trace.epcisQuery`. */
export function windowOf(query: EpcisQuery): TimeWindow {
  const moment = (name: 'GE_eventTime' | 'LT_eventTime' | 'GE_recordTime' | 'LT_recordTime') => {
    if (query[name] === undefined) return undefined;
    // A `+` in an address means a blank.
    const time = microsOf(query[name].replace(' ', '+'));
    if (time === null) throw traceError('trace.epcisQuery', { name, value: query[name] }, { status: 400 });
    return time;
  };
  const window: TimeWindow = {};
  const set = (key: keyof TimeWindow, value: number | undefined) => {
    if (value !== undefined) window[key] = value;
  };
  set('from', moment('GE_eventTime'));
  set('to', moment('LT_eventTime'));
  set('recordedFrom', moment('GE_recordTime'));
  set('recordedTo', moment('LT_recordTime'));
  return window;
}

/** All identifiers that MATCH parameters name, when each is whole; null when there is none or one has a wildcard. */
export function wantedEpcs(query: EpcisQuery): string[] | null {
  const all = Object.keys(matchRoles).flatMap(
    (name) => listOf(query[name as keyof EpcisQuery] as string | undefined) ?? [],
  );
  return all.length === 0 || all.some((epc) => epc.includes('*')) ? null : all;
}

/** Whether an event answers the query; times and event types too. Pure. */
export function matches(event: EpcisEvent, query: EpcisQuery): boolean {
  const window = windowOf(query);
  const time = microsOf(event.eventTime) ?? 0;
  const recorded = microsOf(event.recordTime) ?? 0;
  if (window.from !== undefined && time < window.from) return false;
  if (window.to !== undefined && time >= window.to) return false;
  if (window.recordedFrom !== undefined && recorded < window.recordedFrom) return false;
  if (window.recordedTo !== undefined && recorded >= window.recordedTo) return false;
  return matchesWords(event, query) && matchesEpcs(event, query);
}

function matchesWords(event: EpcisEvent, query: EpcisQuery): boolean {
  const id = (value: unknown) => (value as { id?: string } | undefined)?.id;
  const papers = ((event.bizTransactionList as { bizTransaction: string }[]) ?? []).map((t) => t.bizTransaction);
  const tests: [string | undefined, readonly unknown[]][] = [
    [query.eventType, [event.type]],
    [query.EQ_eventID, [event.eventID]],
    [query.EQ_action, [event.action]],
    [query.EQ_bizStep, [bareWord(String(event.bizStep ?? ''))]],
    [query.EQ_disposition, [bareWord(String(event.disposition ?? ''))]],
    [query.EQ_readPoint, [id(event.readPoint)]],
    [query.EQ_bizLocation, [id(event.bizLocation)]],
    [query.EQ_transformationID, [event.transformationID]],
    [query.EQ_bizTransaction, papers],
  ];
  return tests.every(([wanted, has]) => {
    const list = listOf(wanted);
    return list === null || list.some((w) => has.includes(w) || has.includes(bareWord(w)));
  });
}

function matchesEpcs(event: EpcisEvent, query: EpcisQuery): boolean {
  const epcs = epcsOf(event);
  return Object.entries(matchRoles).every(([name, roles]) => {
    const list = listOf(query[name as keyof EpcisQuery] as string | undefined);
    return list === null || epcs.some((e) => roles.includes(e.role) && list.some((pattern) => like(e.epc, pattern)));
  });
}

/** `*` stands for any rest, as in pure identity patterns. */
function like(epc: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  return star === -1 ? epc === pattern : epc.startsWith(pattern.slice(0, star));
}

/** Where a page ended: time and source order. */
export interface PageMark {
  time: number;
  /** 0: the ledger's view, 1: captured. */
  source: 0 | 1;
  id: string;
}

export function writeMark(mark: PageMark): string {
  return Buffer.from(JSON.stringify([mark.time, mark.source, mark.id])).toString('base64url');
}

/** Throws `trace.epcisQuery`. */
export function readMark(token: string): PageMark {
  try {
    const [time, source, id] = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Number.isSafeInteger(time) && (source === 0 || source === 1) && /^\d{1,16}$/.test(id))
      return { time, source, id };
  } catch {
    // Said below.
  }
  throw traceError('trace.epcisQuery', { name: 'nextPageToken', value: token.slice(0, 60) }, { status: 400 });
}
