import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { MaintenanceOrder } from '@deungdae/contracts/maintenance.ts';
import { fromMillionths, toMillionths } from '@deungdae/contracts/quantity.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Transaction } from '@deungdae/ledger/ledger.ts';
import { once } from '@deungdae/ledger/once.ts';
import { maintenanceError } from './errors.ts';
import { type Db, keyOf, type MaintenanceDeps, needSubject, type Tx, whoOf } from './parts.ts';
import type { MaintenanceTables } from './schema.ts';
import { downMsOf, stopsOf } from './stops.ts';

type Order = MaintenanceOrder;
export type NewOrder = Pick<Order, 'kind' | 'subject' | 'text' | 'priority' | 'requestedBy'> &
  Partial<Pick<Order, 'plan' | 'machineStopped' | 'documents' | 'assignee' | 'call'>>;

/** Not yet verified or cancelled; and of these the ones that still want work. */
const openStatuses = ['requested', 'accepted', 'inProgress', 'done'] as const;
export const undoneStatuses = ['requested', 'accepted', 'inProgress'] as const;

/** Opens an order in the caller's transaction: asked for by a person, by a failed check, or by a plan. */
export async function openOrder(tx: Tx, input: NewOrder, now: number, actor: Parameters<Tx['emit']>[0]['actor']) {
  const order: Order = {
    ...{ plan: null, machineStopped: false, documents: [], assignee: null, call: null },
    ...input,
    id: uuidv7(Math.floor(now / 1000)),
    number: await nextNumber(tx.db, now),
    status: 'requested',
    requestedAt: now,
    ...{ startedAt: null, doneAt: null, cause: '', action: '', labour: [], parts: [], verifiedBy: null },
  };
  await tx.db
    .insertInto('mt_orders')
    .values({ id: order.id, number: order.number, ...rowOf(order) })
    .execute();
  await tx.emit({
    type: 'maintenance.requested',
    subject: `maintenance/${order.number}`,
    actor,
    data: {
      ...{ kind: order.kind, subject: keyOf(order.subject), text: order.text, plan: order.plan },
      ...{ priority: order.priority, machineStopped: order.machineStopped, call: order.call },
    },
  });
  return order;
}

/** `MT-2026-00012` */
async function nextNumber(db: Transaction<MaintenanceTables>, now: number): Promise<string> {
  const head = `MT-${new Date(now / 1000).getUTCFullYear()}-`;
  const last = await db
    .selectFrom('mt_orders')
    .select('number')
    .where('number', '>=', head)
    .where('number', '<', `${head}~`)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return `${head}${String(last ? Number(last.number.slice(head.length)) + 1 : 1).padStart(5, '0')}`;
}

/** Newest first. `open` means neither verified nor cancelled. */
export async function listOrders(
  db: Db,
  query: {
    open?: boolean | undefined;
    type?: Order['kind'] | undefined;
    subject?: Order['subject'] | undefined;
    /** Requested within [from, to]. */
    from?: number;
    to?: number;
    limit: number;
  },
): Promise<Order[]> {
  let rows = db
    .selectFrom('mt_orders')
    .select('data')
    .orderBy('requested_at', 'desc')
    .orderBy('number', 'desc')
    .limit(query.limit);
  if (query.open !== undefined) rows = rows.where('status', query.open ? 'in' : 'not in', [...openStatuses]);
  if (query.from !== undefined) rows = rows.where('requested_at', '>=', query.from);
  if (query.to !== undefined) rows = rows.where('requested_at', '<=', query.to);
  if (query.type) rows = rows.where('kind', '=', query.type);
  if (query.subject) rows = rows.where('subject', '=', keyOf(query.subject));
  return (await rows.execute()).map((row) => JSON.parse(row.data) as Order);
}

const rowOf = (order: Order) => ({
  kind: order.kind,
  subject: keyOf(order.subject),
  status: order.status,
  plan: order.plan,
  requested_at: order.requestedAt,
  data: JSON.stringify(order),
});

export interface OrderHooks {
  /** In the transaction that ends the work. */
  done(tx: Tx, order: Order): Promise<void>;
  /** After the commit. */
  changed(order: Order, caller: Caller): Promise<void>;
}

export function orderHandlers(deps: MaintenanceDeps, hooks: OrderHooks): Handlers {
  const { ledger, clock } = deps;
  /** Reads, decides and writes one order in one transaction. */
  const change = async (
    id: string,
    caller: Caller,
    entryId: string | undefined,
    edit: (order: Order, tx: Tx) => Promise<{ type: string; data: Record<string, unknown> }>,
  ) => {
    const work = async (tx: Tx): Promise<Order> => {
      const row = await tx.db.selectFrom('mt_orders').select('data').where('id', '=', id).executeTakeFirst();
      if (!row) throw maintenanceError('maintenance.orderNotFound', {}, { status: 404 });
      const order = JSON.parse(row.data) as Order;
      const { type, data } = await edit(order, tx);
      await tx.db.updateTable('mt_orders').set(rowOf(order)).where('id', '=', id).execute();
      await tx.emit({ type, subject: `maintenance/${order.number}`, actor: actorOf(caller), data });
      return order;
    };
    const about = { kind: 'maintenanceDone', timeUs: clock.nowUs() };
    const order = await ledger.transaction<MaintenanceTables, Order>((db, emit) =>
      once({ db, emit }, entryId, () => work({ db, emit }), about),
    );
    await hooks.changed(order, caller);
    return order;
  };
  const only = (order: Order, ...statuses: Order['status'][]) => {
    if (!statuses.includes(order.status))
      throw maintenanceError(
        'maintenance.wrongStatus',
        { number: order.number, status: order.status },
        { status: 409 },
      );
  };

  return {
    maintenanceOrders: ({ query: { open, kind, subject, ...query } }) =>
      listOrders(ledger.read<MaintenanceTables>(), {
        ...query,
        open: open === undefined ? undefined : open === 'true',
        subject: subject === undefined ? undefined : { kind: kind ?? 'machine', id: subject },
      }),

    async maintenanceOrder({ params }) {
      const row = await ledger
        .read<MaintenanceTables>()
        .selectFrom('mt_orders')
        .select('data')
        .where((eb) => eb.or([eb('id', '=', params.id), eb('number', '=', params.id)]))
        .executeTakeFirst();
      if (!row) throw maintenanceError('maintenance.orderNotFound', {}, { status: 404 });
      const order = JSON.parse(row.data) as Order;
      const stops = await stopsOf(deps, order);
      return { order, stops, downMs: downMsOf(stops, clock.nowUs()) };
    },

    async requestMaintenance({ body }, caller) {
      const { entryId, badge, type, ...fields } = body;
      await needSubject(deps, body.subject);
      const requestedBy = await whoOf(deps, badge, caller);
      const now = clock.nowUs();
      return ledger.transaction<MaintenanceTables, Order>((db, emit) =>
        once(
          { db, emit },
          entryId,
          () => openOrder({ db, emit }, { ...fields, kind: type, requestedBy }, now, actorOf(caller)),
          { kind: 'maintenance', timeUs: now },
        ),
      );
    },

    changeMaintenance: ({ params, body }, caller) =>
      change(params.id, caller, undefined, async (order) => {
        only(order, ...undoneStatuses);
        order.status = body.status ?? order.status;
        order.priority = body.priority ?? order.priority;
        if (body.assignee !== undefined) order.assignee = body.assignee;
        if (body.status === 'inProgress') order.startedAt ??= clock.nowUs();
        return { type: 'maintenance.changed', data: { ...body } };
      }),

    finishMaintenance: ({ params, body: { entryId, ...body } }, caller) =>
      change(params.id, caller, entryId, async (order, tx) => {
        only(order, ...undoneStatuses);
        const doneAt = Math.min(body.doneAt ?? clock.nowUs(), clock.nowUs());
        const act = { time: doneAt, actor: actorOf(caller), reference: `maintenance/${order.number}` };
        for (const { item, lot, quantity } of body.parts) {
          const taken = toMillionths(quantity);
          const used = await deps.inventory.consume(tx, {
            ...{ ...act, item, quantity: taken, run: null },
            ...(lot === null ? {} : { lot }),
          });
          for (const part of used) order.parts.push({ item, lot: part.lot, quantity: fromMillionths(part.quantity) });
          await tx.db
            .insertInto('mt_parts_used')
            .values({ order_id: order.id, item, quantity: taken, time: doneAt })
            .execute();
        }
        order.cause = body.cause;
        order.action = body.action;
        order.labour.push(...body.labour);
        order.documents.push(...body.documents);
        order.startedAt ??= doneAt;
        order.doneAt = doneAt;
        order.status = 'done';
        await hooks.done(tx, order);
        return { type: 'maintenance.done', data: { ...body } };
      }),

    verifyMaintenance: ({ params, body }, caller) =>
      change(params.id, caller, undefined, async (order) => {
        only(order, 'done');
        order.status = body.accepted ? 'verified' : 'inProgress';
        order.verifiedBy = body.accepted ? await whoOf(deps, undefined, caller) : null;
        if (!body.accepted) order.doneAt = null;
        return { type: body.accepted ? 'maintenance.verified' : 'maintenance.sentBack', data: { note: body.note } };
      }),
  };
}
