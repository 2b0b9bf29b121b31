import type { Handlers } from '@deungdae/contracts/api.ts';
import type { ErpDelivery, ErpTarget, ShownErpTarget } from '@deungdae/contracts/api-erp.ts';
import type { BusinessEvent } from '@deungdae/contracts/event.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { checkedUrl } from './address-guard.ts';
import { performanceOf } from './b2mml/performance.ts';
import { type DeliveryDoor, deliveryDoor, dropWaiting } from './deliveries.ts';
import type { ErpDeps } from './deps.ts';
import { erpError } from './errors.ts';
import { exchangeHandlers } from './exchange-handlers.ts';
import { fileHandlers } from './file-handlers.ts';
import type { InboundDeps } from './inbound.ts';
import { Inbox } from './inbox/inbox.ts';
import { Outbox } from './outbox.ts';
import { type DeliveryRow, type ErpTables, erpMigrations, type TargetRow } from './schema.ts';

export { erpMigrations };

/** Exchange with an ERP and anybody else: documents out, orders and items in. */
export interface ErpModule {
  handlers: Handlers;
  /** The outbox, for what other modules send. */
  deliveries: DeliveryDoor;
  /** Takes files that are whole, queues and sends what is due now; the module does it by itself every two seconds. */
  work(): Promise<void>;
  close(): Promise<void>;
}

/** Subscriptions to EPCIS queries stand among them. */
const targetsLimit = 200;
const attemptsShown = 20;

export function openErp(deps: ErpDeps): ErpModule {
  const outbox = new Outbox({ ...deps, document: (target, event) => documentOf(deps, target, event) });
  const inbound: InboundDeps = { ...deps, nowUs: () => deps.clock.nowUs() };
  const inbox = new Inbox({ ...deps, ...inbound });
  outbox.start();
  inbox.start();
  return {
    handlers: {
      ...{ ...targetHandlers(deps), ...outboxHandlers(deps, outbox), ...fileHandlers(deps, inbox) },
      ...exchangeHandlers(deps, inbound),
    },
    deliveries: deliveryDoor(deps.ledger, () => deps.clock.nowUs()),
    work: async () => {
      await inbox.work();
      await outbox.work();
    },
    close: async () => {
      await inbox.close();
      await outbox.close();
    },
  };
}

/** The event as it is, or the work order it is about as B2MML. */
async function documentOf(deps: ErpDeps, target: TargetRow, event: BusinessEvent): Promise<unknown> {
  if (target.format === 'event') {
    const { id, type, time, subject, actor, data } = event;
    return { id, type, time: new Date(Math.floor(time / 1000)).toISOString(), subject, actor: actor.kind, data };
  }
  const reference = /^workOrder\/(.+)$/.exec(event.subject)?.[1];
  const order = reference ? await deps.operations.order(reference) : null;
  return order ? await performanceOf(deps, order, deps.clock.nowUs()) : null;
}

function targetHandlers({ ledger }: ErpDeps): Handlers {
  const read = ledger.read<ErpTables>();
  return {
    erpTargets: async () =>
      (await read.selectFrom('erp_targets').selectAll().orderBy('id').limit(targetsLimit).execute()).map(toTarget),
    saveErpTarget: async ({ body }, caller) => {
      const { secret, ...target } = body;
      if (target.kind !== 'file') checkedUrl(target.url);
      return await ledger.transaction<ErpTables, ShownErpTarget>(async (db, emit) => {
        const before = await db.selectFrom('erp_targets').selectAll().where('id', '=', target.id).executeTakeFirst();
        refuseSubscription(before);
        // A folder needs none.
        const kept = target.kind === 'file' ? '' : (before?.secret ?? '');
        if (before && kept !== '' && secret === undefined && !sameReceiver(before, target))
          throw erpError('erp.secretAgain', { name: before.name }, { status: 409 });
        const { id, ...row } = toRow(target, secret ?? kept);
        await db
          .insertInto('erp_targets')
          .values({ id, ...row })
          .onConflict((c) => c.column('id').doUpdateSet(row))
          .execute();
        // The secret itself stands in no event.
        const data = { before: before ? toTarget(before) : null, after: target, secretChanged: secret !== undefined };
        await emit({ type: 'erp.targetSaved', subject: `erp/${id}`, actor: actorOf(caller), data });
        return toTarget({ id, ...row });
      });
    },
    removeErpTarget: async ({ params }, caller) => {
      await ledger.transaction<ErpTables, void>(async (db, emit) => {
        refuseSubscription(
          await db.selectFrom('erp_targets').selectAll().where('id', '=', params.id).executeTakeFirst(),
        );
        const gone = await db.deleteFrom('erp_targets').where('id', '=', params.id).executeTakeFirst();
        if (Number(gone.numDeletedRows) === 0) throw erpError('erp.unknownTarget', { id: params.id }, { status: 404 });
        await dropWaiting(db, params.id);
        await emit({ type: 'erp.targetRemoved', subject: `erp/${params.id}`, actor: actorOf(caller), data: {} });
      });
      return { ok: true };
    },
  };
}

function outboxHandlers({ ledger, clock }: ErpDeps, outbox: Outbox): Handlers {
  const read = ledger.read<ErpTables>();
  const shown = async (rows: DeliveryRow[]): Promise<ErpDelivery[]> => {
    const attempts =
      rows.length === 0
        ? []
        : await read
            .selectFrom('erp_attempts')
            .selectAll()
            .where(
              'delivery',
              'in',
              rows.map((r) => r.id),
            )
            .orderBy('at', 'desc')
            .limit(rows.length * attemptsShown)
            .execute();
    const byDelivery = Map.groupBy(attempts, (a) => a.delivery);
    return rows.map((row) => toDelivery(row, byDelivery.get(row.id) ?? []));
  };
  return {
    erpOutbox: async ({ query }) => {
      let select = read.selectFrom('erp_deliveries').selectAll().orderBy('id', 'desc').limit(query.limit);
      if (query.target) select = select.where('target', '=', query.target);
      if (query.state) select = select.where('state', '=', query.state);
      return await shown(await select.execute());
    },
    resendErpDelivery: async ({ params }, caller) => {
      await ledger.transaction<ErpTables, void>(async (db, emit) => {
        const row = await db.selectFrom('erp_deliveries').selectAll().where('id', '=', params.id).executeTakeFirst();
        if (!row) throw erpError('erp.unknownDelivery', { id: params.id }, { status: 404 });
        await db
          .updateTable('erp_deliveries')
          .set({ state: 'queued', attempts: 0, next_at: clock.nowUs() })
          .where('id', '=', params.id)
          .execute();
        const data = { delivery: row.id, type: row.type, subject: row.subject, was: row.state };
        await emit({ type: 'erp.resent', subject: `erp/${row.target}`, actor: actorOf(caller), data });
      });
      await outbox.work();
      const row = await read.selectFrom('erp_deliveries').selectAll().where('id', '=', params.id).executeTakeFirst();
      if (!row) throw erpError('erp.unknownDelivery', { id: params.id }, { status: 404 });
      return (await shown([row]))[0]!;
    },
  };
}

/** Whether a secret goes to the same server in the same way: who cannot read it must not have it sent to himself. */
function sameReceiver(before: TargetRow, after: ErpTarget): boolean {
  return before.kind === after.kind && URL.parse(before.url)?.origin === URL.parse(after.url)?.origin;
}

/** A subscription ends where it began, so that its query and its receiver go together. */
function refuseSubscription(row: TargetRow | undefined): void {
  if (row?.kind === 'epcis') throw erpError('erp.ofSubscription', { name: row.name }, { status: 409 });
}

function toRow(target: ErpTarget, secret: string): TargetRow {
  const { id, name, kind, url, format } = target;
  const flags = { enabled: Number(target.enabled), allow_local: Number(target.allowLocal) };
  const lists = { events: JSON.stringify(target.events), takes: JSON.stringify(target.takes) };
  return { id, name, kind, url, format, ...lists, ...flags, secret };
}

function toTarget(row: TargetRow): ShownErpTarget {
  return {
    ...{ id: row.id, name: row.name, kind: row.kind as ShownErpTarget['kind'], url: row.url },
    ...{ events: JSON.parse(row.events), takes: JSON.parse(row.takes), format: row.format as ErpTarget['format'] },
    ...{ enabled: row.enabled === 1, allowLocal: row.allow_local === 1, hasSecret: row.secret !== '' },
  };
}

function toDelivery(row: DeliveryRow, attempts: ErpTables['erp_attempts'][]): ErpDelivery {
  const waits = row.state === 'queued' || row.state === 'failed';
  return {
    ...{ id: row.id, target: row.target, type: row.type, subject: row.subject },
    ...{ state: row.state as ErpDelivery['state'], attempts: row.attempts, queuedAt: row.queued_at },
    ...{ nextAt: waits ? row.next_at : null, sentAt: row.sent_at, status: row.status, error: row.error },
    log: attempts.slice(0, attemptsShown).map(({ at, status, error, ms }) => ({ at, status, error, ms })),
  };
}
