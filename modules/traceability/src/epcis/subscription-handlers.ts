import type { Handlers } from '@deungdae/contracts/api.ts';
import { EpcisQuery, type EpcisQueryDefinition, type EpcisSubscription } from '@deungdae/contracts/api-trace.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger, LedgerTx, Transaction } from '@deungdae/ledger/ledger.ts';
import { traceError } from '../errors.ts';
import { microsOf } from './check.ts';
import { windowOf } from './query.ts';
import { nextTime } from './schedule.ts';
import type { EpcisService } from './service.ts';
import { parametersOf, type SubscriptionRow, type SubscriptionTables } from './subscription-store.ts';
import type { Subscriptions } from './subscriptions.ts';
import { isoTime } from './view.ts';

const queriesLimit = 100;
const subscriptionsLimit = 100;

export interface StandingParts {
  ledger: Ledger;
  clock: Clock;
  timeZone(): string;
  service: EpcisService;
  subscriptions: Subscriptions;
}

/** Named queries and their subscriptions as the REST binding of EPCIS 2.0 names them. */
export function subscriptionHandlers(parts: StandingParts): Handlers {
  const { ledger, clock, service } = parts;
  const read = ledger.read<SubscriptionTables>();
  const named = async (name: string, db: Pick<Transaction<SubscriptionTables>, 'selectFrom'> = read) => {
    const row = await db.selectFrom('trace_queries').selectAll().where('name', '=', name).executeTakeFirst();
    if (!row) throw traceError('trace.unknownQuery', { name }, { status: 404 });
    return { name, query: JSON.parse(row.query) as EpcisQueryDefinition };
  };
  return {
    epcisQueries: async () => {
      const rows = await read.selectFrom('trace_queries').selectAll().orderBy('name').limit(queriesLimit).execute();
      return rows.map((row) => ({ name: row.name, query: JSON.parse(row.query) as EpcisQueryDefinition }));
    },
    createEpcisQuery: async ({ body }, caller) => {
      checkQuery(body.query);
      await ledger.transaction<SubscriptionTables, void>(async (db, emit) => {
        const { count } = await db
          .selectFrom('trace_queries')
          .select((e) => e.fn.countAll().as('count'))
          .executeTakeFirstOrThrow();
        if (Number(count) >= queriesLimit)
          throw traceError('trace.tooManyQueries', { limit: queriesLimit }, { status: 409 });
        const row = { name: body.name, query: JSON.stringify(body.query), created_at: clock.nowUs() };
        const added = await db
          .insertInto('trace_queries')
          .values(row)
          .onConflict((c) => c.column('name').doNothing())
          .executeTakeFirst();
        if (Number(added.numInsertedOrUpdatedRows ?? 0) === 0)
          throw traceError('trace.queryExists', { name: body.name }, { status: 409 });
        const data = { query: body.query };
        await emit({ type: 'epcis.queryNamed', subject: `epcis/${body.name}`, actor: actorOf(caller), data });
      });
      return body;
    },
    epcisNamedQuery: ({ params }) => named(params.queryName),
    removeEpcisQuery: async ({ params }, caller) => {
      await ledger.transaction<SubscriptionTables, void>(async (db, emit) => {
        await named(params.queryName, db);
        const rows = await db
          .selectFrom('trace_subscriptions')
          .select('id')
          .where('query', '=', params.queryName)
          .execute();
        for (const { id } of rows) await end(parts, { db, emit } as unknown as LedgerTx, id);
        await db.deleteFrom('trace_queries').where('name', '=', params.queryName).execute();
        const data = { subscriptions: rows.length };
        await emit({ type: 'epcis.queryRemoved', subject: `epcis/${params.queryName}`, actor: actorOf(caller), data });
      });
      return { ok: true as const };
    },
    epcisQueryEvents: async ({ params, query }) => {
      const { query: definition } = await named(params.queryName);
      const found = await service.query(EpcisQuery.parse({ ...parametersOf(definition), ...query }), params.queryName);
      return service.answer(found);
    },
    ...subscribingHandlers(parts, named),
  };
}

function subscribingHandlers(parts: StandingParts, named: (name: string) => Promise<unknown>): Handlers {
  const { ledger, clock } = parts;
  const read = ledger.read<SubscriptionTables>();
  const shown = async (rows: readonly SubscriptionRow[]) => {
    const sent = (await parts.subscriptions.deliveries?.lastSent(rows.map((r) => r.id))) ?? new Map<string, number>();
    return rows.map((row) => toSubscription(row, sent.get(row.id)));
  };
  const find = async (query: string, id: string): Promise<SubscriptionRow> => {
    const row = await read
      .selectFrom('trace_subscriptions')
      .selectAll()
      .where('id', '=', id)
      .where('query', '=', query)
      .executeTakeFirst();
    if (!row) throw traceError('trace.unknownSubscription', { id }, { status: 404 });
    return row;
  };
  return {
    epcisSubscriptions: async ({ params }) => {
      await named(params.queryName);
      const rows = await read
        .selectFrom('trace_subscriptions')
        .selectAll()
        .where('query', '=', params.queryName)
        .orderBy('id')
        .limit(subscriptionsLimit)
        .execute();
      return await shown(rows);
    },
    epcisSubscription: async ({ params }) => (await shown([await find(params.queryName, params.subscriptionID)]))[0]!,
    subscribeEpcis: async ({ params, body }, caller) => {
      await named(params.queryName);
      const row = newSubscription(params.queryName, body, clock.nowUs(), parts.timeZone());
      await ledger.transaction<SubscriptionTables, void>(async (db, emit) => {
        const { count } = await db
          .selectFrom('trace_subscriptions')
          .select((e) => e.fn.countAll().as('count'))
          .executeTakeFirstOrThrow();
        if (Number(count) >= subscriptionsLimit)
          throw traceError('trace.tooManySubscriptions', { limit: subscriptionsLimit }, { status: 409 });
        await db.insertInto('trace_subscriptions').values(row).execute();
        if (!parts.subscriptions.deliveries) throw traceError('trace.noDeliveries', {}, { status: 503 });
        await parts.subscriptions.deliveries.addReceiver({ db, emit } as unknown as LedgerTx, {
          ...{ id: row.id, name: `EPCIS ${row.query}`, url: row.dest, secret: body.signatureToken ?? '' },
          allowLocal: row.allow_local === 1,
        });
        // The token stands in no event.
        const data = {
          query: row.query,
          dest: row.dest,
          schedule: body.schedule ?? null,
          signed: !!body.signatureToken,
        };
        await emit({ type: 'epcis.subscribed', subject: `epcis/${row.query}`, actor: actorOf(caller), data });
      });
      return toSubscription(row, undefined);
    },
    unsubscribeEpcis: async ({ params }, caller) => {
      const row = await find(params.queryName, params.subscriptionID);
      await ledger.transaction<SubscriptionTables, void>(async (db, emit) => {
        await end(parts, { db, emit } as unknown as LedgerTx, row.id);
        const data = { subscription: row.id, dest: row.dest };
        await emit({ type: 'epcis.unsubscribed', subject: `epcis/${row.query}`, actor: actorOf(caller), data });
      });
      return { ok: true as const };
    },
  };
}

async function end(parts: StandingParts, tx: LedgerTx, id: string): Promise<void> {
  const db = tx.db as Transaction<SubscriptionTables>;
  await db.deleteFrom('trace_subscription_sent').where('subscription', '=', id).execute();
  await db.deleteFrom('trace_subscriptions').where('id', '=', id).execute();
  await parts.subscriptions.deliveries?.removeReceiver(tx, id);
}

/** Times that cannot be read are said when the query is named, not when it runs. */
function checkQuery(definition: EpcisQueryDefinition): void {
  const query = EpcisQuery.safeParse(parametersOf(definition));
  if (!query.success) {
    const issue = query.error.issues[0]!;
    const name = String(issue.path[0] ?? '-');
    throw traceError('trace.epcisQuery', { name, value: issue.message }, { status: 400 });
  }
  windowOf(query.data);
}

function newSubscription(
  query: string,
  body: {
    dest: string;
    schedule?: EpcisSubscription['schedule'];
    stream?: true | undefined;
    reportIfEmpty: boolean;
    initialRecordTime?: string | undefined;
    'deungdae:allowLocal': boolean;
  },
  now: number,
  timeZone: string,
): SubscriptionRow {
  if ((body.schedule === undefined) === (body.stream === undefined))
    throw traceError('trace.scheduleOrStream', {}, { status: 400 });
  const next = body.schedule === undefined ? now : nextTime(body.schedule, now, timeZone);
  if (next === null)
    throw traceError('trace.scheduleNever', { schedule: JSON.stringify(body.schedule) }, { status: 400 });
  const initial = body.initialRecordTime === undefined ? now : microsOf(body.initialRecordTime)!;
  return {
    ...{ id: `epcis-${uuidv7(Math.floor(now / 1000))}`, query, dest: body.dest, created_at: now, next_at: next },
    ...{ schedule: body.schedule === undefined ? null : JSON.stringify(body.schedule), window_to: null, token: null },
    ...{ report_if_empty: Number(body.reportIfEmpty), allow_local: Number(body['deungdae:allowLocal']), sent: 0 },
    ...{ initial_at: initial, done_to: initial },
  };
}

function toSubscription(row: SubscriptionRow, lastSent: number | undefined): EpcisSubscription {
  return {
    ...{ subscriptionID: row.id, queryName: row.query, dest: row.dest, createdAt: isoTime(row.created_at) },
    ...(row.schedule === null ? { stream: true as const } : { schedule: JSON.parse(row.schedule) }),
    ...{ reportIfEmpty: row.report_if_empty === 1, initialRecordTime: isoTime(row.initial_at) },
    ...(lastSent === undefined ? {} : { lastNotifiedAt: isoTime(lastSent) }),
    minRecordTime: isoTime(row.done_to),
    'deungdae:allowLocal': row.allow_local === 1,
    'deungdae:nextAt': row.schedule === null ? null : isoTime(row.next_at),
  };
}
