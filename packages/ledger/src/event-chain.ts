import { createHash, createHmac } from 'node:crypto';
import type { BusinessEvent, NewEvent } from '@deungdae/contracts/event.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Kysely, Transaction } from 'kysely';
import { canonicalJson } from './canonical.ts';
import { ledgerError } from './errors.ts';
import type { ModuleMigrations } from './ledger.ts';
import { putOff } from './put-off.ts';

/**
 * The event chain: each event holds the hash of the one before, and a head record holds how many there are and the
 * last hash, so that a missing tail shows too. With a key, the head is signed (HMAC-SHA-256).
 */
export interface EventRow {
  seq: number;
  id: string;
  type: string;
  time: number;
  subject: string;
  actor: string;
  data: string;
  previous_hash: string;
  hash: string;
}
export interface HeadRow {
  one: number;
  count: number;
  last_id: string;
  hash: string;
  signature: string;
}
export interface ChainTables {
  events: EventRow;
  event_head: HeadRow;
}

export const noHash = '0'.repeat(64);

export const chainMigrations: ModuleMigrations = {
  module: 'ledger',
  migrations: [
    {
      id: '0001-events',
      async up(db) {
        await db.schema
          .createTable('events')
          .addColumn('seq', 'integer', (c) => c.primaryKey())
          .addColumn('id', 'varchar(36)', (c) => c.notNull().unique())
          .addColumn('type', 'varchar(128)', (c) => c.notNull())
          .addColumn('time', 'bigint', (c) => c.notNull())
          .addColumn('subject', 'varchar(512)', (c) => c.notNull())
          .addColumn('actor', 'text', (c) => c.notNull())
          .addColumn('data', 'text', (c) => c.notNull())
          .addColumn('previous_hash', 'varchar(64)', (c) => c.notNull())
          .addColumn('hash', 'varchar(64)', (c) => c.notNull())
          .execute();
        await db.schema.createIndex('events_subject').on('events').columns(['subject', 'seq']).execute();
        await db.schema.createIndex('events_type').on('events').columns(['type', 'seq']).execute();
        await db.schema
          .createTable('event_head')
          .addColumn('one', 'integer', (c) => c.primaryKey())
          .addColumn('count', 'bigint', (c) => c.notNull())
          .addColumn('last_id', 'varchar(36)', (c) => c.notNull())
          .addColumn('hash', 'varchar(64)', (c) => c.notNull())
          .addColumn('signature', 'varchar(64)', (c) => c.notNull())
          .execute();
      },
    },
  ],
};

/** SHA-256 over the canonical JSON of every field but the hash itself. */
export function eventHash(row: Omit<EventRow, 'hash'>): string {
  return createHash('sha256').update(canonicalJson(row)).digest('hex');
}

function sign(head: Pick<HeadRow, 'count' | 'hash'>, key: string | null): string {
  return key === null ? '' : createHmac('sha256', key).update(`${head.count}:${head.hash}`).digest('hex');
}

/** Ids grow along the chain even within one millisecond and when the clock is set back. */
export function nextEventId(lastId: string, nowMs: number): string {
  const id = uuidv7(nowMs);
  if (id > lastId) return id;
  const next = (BigInt(`0x${lastId.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return `${next.slice(0, 8)}-${next.slice(8, 12)}-${next.slice(12, 16)}-${next.slice(16, 20)}-${next.slice(20)}`;
}

export function toEvent(row: EventRow): BusinessEvent {
  return {
    id: row.id,
    type: row.type,
    time: row.time,
    subject: row.subject,
    actor: JSON.parse(row.actor),
    data: JSON.parse(row.data),
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

/** The head as the last transaction left it, so that the next need not read it; not valid once anything was undone. */
export class HeadMemory {
  #head: HeadRow | null = null;
  #at = -1;
  readonly #undone: () => number;

  constructor(undone: () => number) {
    this.#undone = undone;
  }

  get(): HeadRow | null {
    return this.#at === this.#undone() ? this.#head : null;
  }

  set(head: HeadRow): void {
    this.#head = head;
    this.#at = this.#undone();
  }
}

/** Events of one transaction. They are hashed as they come; `finish` writes them and the head, once. */
export class ChainAppender {
  readonly #db: Transaction<ChainTables>;
  readonly #nowUs: () => number;
  readonly #key: string | null;
  readonly #memory: HeadMemory;
  #head: HeadRow | null = null;
  #rows: EventRow[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(db: Transaction<ChainTables>, nowUs: () => number, key: string | null, memory: HeadMemory) {
    this.#db = db;
    this.#nowUs = nowUs;
    this.#key = key;
    this.#memory = memory;
  }

  /** In the order of the calls, also when they are not awaited one by one. */
  append(event: NewEvent): Promise<BusinessEvent> {
    const done = this.#last.then(() => this.#append(event));
    this.#last = done;
    return done;
  }

  async #append(event: NewEvent): Promise<BusinessEvent> {
    this.#head ??= this.#memory.get() ?? (await this.#stored());
    const head = this.#head;
    const now = this.#nowUs();
    const body = {
      seq: head.count + 1,
      id: nextEventId(head.last_id, Math.floor(now / 1000)),
      type: event.type,
      time: event.time ?? now,
      subject: event.subject,
      actor: canonical(event.type, event.actor),
      data: canonical(event.type, event.data),
      previous_hash: head.hash,
    };
    const row: EventRow = { ...body, hash: eventHash(body) };
    this.#rows.push(row);
    this.#head = { one: 1, count: row.seq, last_id: row.id, hash: row.hash, signature: '' };
    return toEvent(row);
  }

  async #stored(): Promise<HeadRow> {
    const stored = await this.#db.selectFrom('event_head').selectAll().executeTakeFirst();
    return stored ?? { one: 1, count: 0, last_id: '', hash: noHash, signature: '' };
  }

  async finish(): Promise<void> {
    await this.#last;
    if (!this.#head || this.#rows.length === 0) return;
    for (let i = 0; i < this.#rows.length; i += rowsPerInsert)
      await putOff(this.#db, this.#db.insertInto('events').values(this.#rows.slice(i, i + rowsPerInsert)));
    const head = { ...this.#head, signature: sign(this.#head, this.#key) };
    const { one: _one, ...fields } = head;
    await putOff(
      this.#db,
      this.#db
        .insertInto('event_head')
        .values(head)
        .onConflict((c) => c.column('one').doUpdateSet(fields)),
    );
    this.#memory.set(head);
  }
}

/** 9 columns a row; SQLite takes 32,766 parameters. */
const rowsPerInsert = 500;

function canonical(type: string, value: unknown): string {
  try {
    return canonicalJson(value);
  } catch (error) {
    throw ledgerError('ledger.eventInvalid', { type, detail: (error as Error).message }, { status: 400, cause: error });
  }
}

export interface Verdict {
  ok: boolean;
  /** Events found right. */
  events: number;
  /** Id of the first event that is not as it was written, or `#<number>` where an event is missing. */
  firstBroken: string | null;
}

const pageRows = 1000;

/**
 * Walks the chain and recomputes every hash, a page at a time. Finds: a changed field, a removed, inserted or swapped
 * row, a cut tail, a changed head. Cannot find: a tail rewritten with new hashes together with an unsigned head, or a
 * whole ledger put back to an earlier copy; for that, keep the head (`head()`) outside the machine.
 */
export async function verifyChain(
  db: Kysely<ChainTables>,
  key: string | null,
  progress?: (share: number) => void,
): Promise<Verdict> {
  const head = await db.selectFrom('event_head').selectAll().executeTakeFirst();
  const count = head?.count ?? 0;
  let previous = noHash;
  let lastId = '';
  let seq = 0;
  while (seq < count) {
    const rows = await db
      .selectFrom('events')
      .selectAll()
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(pageRows)
      .execute();
    if (rows.length === 0) return { ok: false, events: seq, firstBroken: `#${seq + 1}` };
    for (const row of rows) {
      if (seq === count) break;
      if (row.seq !== seq + 1) return { ok: false, events: seq, firstBroken: `#${seq + 1}` };
      const { hash, ...body } = row;
      if (row.previous_hash !== previous || row.id <= lastId || eventHash(body) !== hash)
        return { ok: false, events: seq, firstBroken: row.id };
      previous = hash;
      lastId = row.id;
      seq = row.seq;
    }
    progress?.(seq / count);
  }
  if (head && (head.hash !== previous || head.signature !== sign(head, key)))
    return { ok: false, events: seq, firstBroken: '#head' };
  return await verifyNothingBeyond(db, seq);
}

/** Both figures in one statement, hence of one moment: the head must name the last row. */
async function verifyNothingBeyond(db: Kysely<ChainTables>, seq: number): Promise<Verdict> {
  const now = await db
    .selectNoFrom((eb) => [
      eb
        .selectFrom('events')
        .select((e) => e.fn.max('seq').as('last'))
        .as('last'),
      eb.selectFrom('event_head').select('count').as('count'),
    ])
    .executeTakeFirstOrThrow();
  const ok = (now.last ?? 0) === (now.count ?? 0);
  return { ok, events: seq, firstBroken: ok ? null : `#${Math.min(now.last ?? 0, now.count ?? 0) + 1}` };
}

/** Oldest first; none when `after` is not an event of this ledger. */
export async function followEvents(
  db: Kysely<ChainTables>,
  after: string | null,
  limit: number,
): Promise<BusinessEvent[]> {
  let select = db.selectFrom('events').selectAll().orderBy('seq').limit(limit);
  if (after !== null)
    select = select.where('seq', '>', (eb) => eb.selectFrom('events').select('seq').where('id', '=', after));
  return (await select.execute()).map(toEvent);
}

/** Newest first. */
export async function queryEvents(
  db: Kysely<ChainTables>,
  query: { limit: number; before?: string; subject?: string; type?: string },
): Promise<BusinessEvent[]> {
  let select = db.selectFrom('events').selectAll().orderBy('seq', 'desc').limit(query.limit);
  const { before, subject, type } = query;
  if (before !== undefined)
    select = select.where('seq', '<', (eb) => eb.selectFrom('events').select('seq').where('id', '=', before));
  if (subject !== undefined) select = select.where('subject', '=', subject);
  if (type !== undefined) select = select.where('type', '=', type);
  return (await select.execute()).map(toEvent);
}
