import { createHash } from 'node:crypto';
import type { CaptureJob, EpcisEvent } from '@deungdae/contracts/api-trace.ts';
import type { Kysely, LedgerTx, Migration } from '@deungdae/ledger/ledger.ts';
import { epcsOf, microsOf } from './check.ts';
import { eventHashId, namespacesOf } from './event-hash.ts';
import { subscriptionMigration } from './subscription-store.ts';
import { isoTime } from './view.ts';

export interface TraceTables {
  trace_epcis: { key: number; event_id: string; type: string; event_time: number; recorded_at: number; data: string };
  trace_epcis_epcs: { event: number; role: string; epc: string };
  trace_epcis_jobs: { id: string; created_at: number; finished_at: number | null; data: string };
}

/** Events that partners sent. The time zone offset stands in `data` as it came, apart from the time. */
export const traceMigrations: readonly Migration[] = [
  {
    id: '0001-epcis',
    async up(db) {
      const { schema } = db;
      await schema
        .createTable('trace_epcis')
        .addColumn('key', 'bigint', (c) => c.primaryKey())
        .addColumn('event_id', 'varchar(300)', (c) => c.notNull().unique())
        .addColumn('type', 'varchar(30)', (c) => c.notNull())
        .addColumn('event_time', 'bigint', (c) => c.notNull())
        .addColumn('recorded_at', 'bigint', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await schema.createIndex('trace_epcis_time').on('trace_epcis').columns(['event_time', 'key']).execute();
      await schema
        .createTable('trace_epcis_epcs')
        .addColumn('event', 'bigint', (c) => c.notNull())
        .addColumn('role', 'varchar(20)', (c) => c.notNull())
        .addColumn('epc', 'varchar(1000)', (c) => c.notNull())
        .execute();
      await schema.createIndex('trace_epcis_epcs_epc').on('trace_epcis_epcs').columns(['epc', 'event']).execute();
      await schema
        .createTable('trace_epcis_jobs')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('finished_at', 'bigint')
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
    },
  },
  subscriptionMigration,
];

export type TraceReader = Kysely<TraceTables>;

/** Prefixes of extensions are explained in the document or in the event; a stored event carries its own. */
function withContext(event: EpcisEvent, document: unknown): EpcisEvent {
  const own = Object.keys(event).some((key) => key.includes(':'));
  const extra = (Array.isArray(document) ? document : [document]).filter((c) => typeof c === 'object' && c !== null);
  return own && event['@context'] === undefined && extra.length > 0 ? { ...event, '@context': extra } : event;
}

export function uuidUrn(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  // RFC 9562 version 8: a hash of our own.
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * Adds an event unless its id is known already. One that came without an id gets its hash id (CBV 2.0, 8.9), so that the
 * same event sent again, by anybody and however written, is the same. Returns it as stored.
 */
export async function addEvent(
  tx: LedgerTx,
  given: EpcisEvent,
  about: { key: number; nowUs: number; context?: unknown },
): Promise<EpcisEvent> {
  const db = tx.db as unknown as TraceReader;
  const { key, nowUs } = about;
  const event = withContext(given, about.context);
  const eventID = event.eventID ?? eventHashId(event, namespacesOf(event['@context'], about.context));
  const stored: EpcisEvent = { ...event, eventID, recordTime: isoTime(nowUs) };
  const id = String(stored.eventID);
  const known = await db.selectFrom('trace_epcis').select('data').where('event_id', '=', id).executeTakeFirst();
  if (known) return JSON.parse(known.data) as EpcisEvent;
  await db
    .insertInto('trace_epcis')
    .values({
      key,
      event_id: id,
      type: event.type,
      event_time: microsOf(event.eventTime)!,
      recorded_at: nowUs,
      data: JSON.stringify(stored),
    })
    .execute();
  const epcs = epcsOf(event);
  for (let i = 0; i < epcs.length; i += 400)
    await db
      .insertInto('trace_epcis_epcs')
      .values(epcs.slice(i, i + 400).map((e) => ({ event: key, ...e })))
      .execute();
  return stored;
}

export interface StoredQuery {
  from?: number;
  to?: number;
  recordedFrom?: number;
  recordedTo?: number;
  epcs: readonly string[] | null;
  after: { time: number; key: number } | null;
  limit: number;
}

/** Captured events in the order of (time, key). */
export async function storedEvents(db: TraceReader, query: StoredQuery) {
  let select = db.selectFrom('trace_epcis').select(['key', 'event_time', 'data']);
  if (query.from !== undefined) select = select.where('event_time', '>=', query.from);
  if (query.to !== undefined) select = select.where('event_time', '<', query.to);
  if (query.recordedFrom !== undefined) select = select.where('recorded_at', '>=', query.recordedFrom);
  if (query.recordedTo !== undefined) select = select.where('recorded_at', '<', query.recordedTo);
  if (query.epcs !== null)
    select = select.where('key', 'in', (qb) =>
      qb.selectFrom('trace_epcis_epcs').select('event').where('epc', 'in', query.epcs!.slice(0, 500)),
    );
  if (query.after !== null) {
    const { time, key } = query.after;
    select = select.where((eb) =>
      eb.or([eb('event_time', '>', time), eb.and([eb('event_time', '=', time), eb('key', '>', key)])]),
    );
  }
  return select.orderBy('event_time').orderBy('key').limit(query.limit).execute();
}

export async function saveJob(tx: LedgerTx, job: CaptureJob, nowUs: number): Promise<void> {
  const db = tx.db as unknown as TraceReader;
  const data = JSON.stringify(job);
  await db
    .insertInto('trace_epcis_jobs')
    .values({ id: job.captureID, created_at: nowUs, finished_at: nowUs, data })
    .execute();
}

export async function readJob(db: TraceReader, id: string): Promise<CaptureJob | null> {
  const row = await db.selectFrom('trace_epcis_jobs').select('data').where('id', '=', id).executeTakeFirst();
  return row ? (JSON.parse(row.data) as CaptureJob) : null;
}
