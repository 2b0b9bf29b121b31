import type { EpcisEvent, EpcisQueryDefinition } from '@deungdae/contracts/api-trace.ts';
import { EpcisQuery } from '@deungdae/contracts/api-trace.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { Ledger, LedgerTx, Transaction } from '@deungdae/ledger/ledger.ts';
import { microsOf } from './check.ts';
import { nextTime } from './schedule.ts';
import type { EpcisService } from './service.ts';
import { parametersOf, type SubscriptionRow, type SubscriptionTables } from './subscription-store.ts';
import { isoTime } from './view.ts';

/** Who carries documents to their receivers: queued in the caller's transaction, signed, guarded, sent again. */
export interface Deliveries {
  /** Throws when the address is none that may be called. */
  addReceiver(
    tx: LedgerTx,
    receiver: { id: string; name: string; url: string; secret: string; allowLocal: boolean },
  ): Promise<void>;
  removeReceiver(tx: LedgerTx, id: string): Promise<void>;
  queue(
    tx: LedgerTx,
    document: { receiver: string; key: string; type: string; subject: string; body: string },
  ): Promise<void>;
  /** µs UTC when something was last taken, by receiver. */
  lastSent(ids: readonly string[]): Promise<Map<string, number>>;
}

const pollMs = 2_000;
/** What was recorded so long before is looked at again: a transaction may end later than others that began after it. */
const overlapUs = 70_000_000;
/** A stream is also asked without news, in case a late commit was missed. */
const quietUs = 60_000_000;
const eventsAPage = 200;
const pagesAtOnce = 25;
/** Letters of one document; the outbox takes 256 KB. */
const documentLetters = 200_000;

export interface SubscriptionDeps {
  ledger: Ledger;
  clock: Clock;
  log: Logger;
  timeZone(): string;
}

/**
 * Standing queries (EPCIS 2.0, 8.2.5): each reports an event once. Its documents are queued in the transaction that moves
 * its position, so nothing is left out or said twice whatever happens in between.
 */
export class Subscriptions {
  readonly #deps: SubscriptionDeps;
  readonly #service: Pick<EpcisService, 'query' | 'document'>;
  #deliveries: Deliveries | null = null;
  #cancel = () => {};
  #running: Promise<void> = Promise.resolve();
  #closed = false;
  #lastEvent = '';
  #askedAt = 0;

  constructor(deps: SubscriptionDeps, service: Pick<EpcisService, 'query' | 'document'>) {
    this.#deps = deps;
    this.#service = service;
  }

  /** Nothing is reported before. */
  useDeliveries(deliveries: Deliveries): void {
    this.#deliveries = deliveries;
    this.#wait();
  }

  get deliveries(): Deliveries | null {
    return this.#deliveries;
  }

  #wait(): void {
    if (this.#closed) return;
    this.#cancel = this.#deps.clock.after(pollMs, () => {
      void this.work().finally(() => this.#wait());
    });
  }

  /** Reports what is due; one at a time. */
  work(): Promise<void> {
    this.#running = this.#running
      .then(() => this.#round())
      .catch((error: Error) => {
        if (!this.#closed) this.#deps.log.warn({ error: error.message }, 'standing queries wait');
      });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#running;
  }

  async #round(): Promise<void> {
    const { ledger, clock } = this.#deps;
    if (!this.#deliveries) return;
    const read = ledger.read<SubscriptionTables>();
    const rows = await read.selectFrom('trace_subscriptions').selectAll().orderBy('next_at').orderBy('id').execute();
    if (rows.length === 0) return;
    const now = clock.nowUs();
    const [newest] = await ledger.events({ limit: 1 });
    const isNews = newest?.id !== this.#lastEvent || now - this.#askedAt >= quietUs;
    const due = rows.filter((r) => r.token !== null || (r.schedule === null ? isNews : r.next_at <= now));
    for (const row of due) await this.#report(row, now);
    if (isNews) {
      this.#lastEvent = newest?.id ?? '';
      this.#askedAt = now;
    }
  }

  async #report(row: SubscriptionRow, now: number): Promise<void> {
    const read = this.#deps.ledger.read<SubscriptionTables>();
    const named = await read
      .selectFrom('trace_queries')
      .select('query')
      .where('name', '=', row.query)
      .executeTakeFirst();
    if (!named) return;
    const definition = JSON.parse(named.query) as EpcisQueryDefinition;
    let state = row;
    for (let page = 0; page < pagesAtOnce && !this.#closed; page++) {
      state = await this.#page(state, definition, now);
      if (state.token === null) return;
    }
  }

  /** One page of a window; the row as it stands afterwards. */
  async #page(row: SubscriptionRow, definition: EpcisQueryDefinition, now: number): Promise<SubscriptionRow> {
    const windowTo = row.window_to ?? now;
    const windowFrom = Math.max(row.initial_at, row.done_to - overlapUs);
    const { document, next } = await this.#service.query(queryOf(definition, windowFrom, windowTo, row.token));
    const events = eventsOf(document);
    const read = this.#deps.ledger.read<SubscriptionTables>();
    const known = new Set<string>();
    if (events.length > 0)
      for (const sent of await read
        .selectFrom('trace_subscription_sent')
        .select('event_id')
        .where('subscription', '=', row.id)
        .where(
          'event_id',
          'in',
          events.map((e) => String(e.eventID)),
        )
        .execute())
        known.add(sent.event_id);
    const fresh = events.filter((e) => !known.has(String(e.eventID)));
    const change = this.#after(row, { next, windowTo, sent: row.sent + fresh.length });
    const isEmpty =
      next === null && row.sent + fresh.length === 0 && row.report_if_empty === 1 && row.schedule !== null;
    await this.#deps.ledger.transaction<SubscriptionTables, void>(async (db, emit) => {
      const still = await db.updateTable('trace_subscriptions').set(change).where('id', '=', row.id).executeTakeFirst();
      // It was ended meanwhile.
      if (Number(still.numUpdatedRows) === 0) return;
      for (const list of isEmpty ? [[]] : portions(fresh)) {
        const about = { queryName: row.query, subscriptionID: row.id };
        await this.#deliveries!.queue({ db, emit } as unknown as LedgerTx, {
          ...{
            receiver: row.id,
            key: uuidv7(Math.floor(now / 1000)),
            type: 'epcis.query',
            subject: `epcis/${row.query}`,
          },
          body: JSON.stringify(this.#service.document(list, about)),
        });
      }
      await remember(db, row.id, fresh);
      if (next === null)
        await db
          .deleteFrom('trace_subscription_sent')
          .where('subscription', '=', row.id)
          .where('recorded_at', '<', windowTo - overlapUs)
          .execute();
    });
    return { ...row, ...change };
  }

  #after(
    row: SubscriptionRow,
    { next, windowTo, sent }: { next: string | null; windowTo: number; sent: number },
  ): Pick<SubscriptionRow, 'done_to' | 'next_at' | 'window_to' | 'token' | 'sent'> {
    if (next !== null) return { done_to: row.done_to, next_at: row.next_at, window_to: windowTo, token: next, sent };
    const at = row.schedule === null ? null : nextTime(JSON.parse(row.schedule), windowTo, this.#deps.timeZone());
    return { done_to: windowTo, next_at: at ?? windowTo, window_to: null, token: null, sent: 0 };
  }
}

function queryOf(definition: EpcisQueryDefinition, from: number, to: number, token: string | null): EpcisQuery {
  const given = parametersOf(definition);
  const later = Math.max(from, microsOf(given.GE_recordTime) ?? 0);
  const sooner = Math.min(to, microsOf(given.LT_recordTime) ?? Number.POSITIVE_INFINITY);
  return EpcisQuery.parse({
    ...given,
    ...{ GE_recordTime: isoTime(later), LT_recordTime: isoTime(sooner), perPage: eventsAPage },
    ...(token === null ? {} : { nextPageToken: token }),
  });
}

function eventsOf(document: Record<string, unknown>): EpcisEvent[] {
  const body = document.epcisBody as { queryResults: { resultsBody: { eventList: EpcisEvent[] } } };
  return body.queryResults.resultsBody.eventList;
}

/** Lists of events that fit into a document each. Pure. */
export function portions(events: readonly EpcisEvent[], letters = documentLetters): EpcisEvent[][] {
  const lists: EpcisEvent[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const event of events) {
    const length = JSON.stringify(event).length;
    if (size + length > letters) {
      lists.push([]);
      size = 0;
    }
    lists.at(-1)!.push(event);
    size += length;
  }
  return lists;
}

async function remember(db: Transaction<SubscriptionTables>, id: string, events: readonly EpcisEvent[]): Promise<void> {
  if (events.length === 0) return;
  await db
    .insertInto('trace_subscription_sent')
    .values(
      events.map((e) => ({ subscription: id, event_id: String(e.eventID), recorded_at: microsOf(e.recordTime) ?? 0 })),
    )
    .onConflict((c) => c.columns(['subscription', 'event_id']).doNothing())
    .execute();
}
