import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { MaintenanceOrder } from '@deungdae/contracts/maintenance.ts';
import { fromMillionths, toMillionths } from '@deungdae/contracts/quantity.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Transaction } from '@deungdae/ledger/ledger.ts';
import { once } from '@deungdae/ledger/once.ts';
import { maintenanceError } from './errors.ts';
import { keyOf, type MaintenanceDeps, needSubject, type Tx, whoOf } from './parts.ts';
import type { MaintenanceTables } from './schema.ts';

type Order = MaintenanceOrder;
export type NewOrder = Pick<Order, 'kind' | 'subject' | 'text' | 'priority' | 'requestedBy'> &
  Partial<Pick<Order, 'plan' | 'machineStopped' | 'documents' | 'assignee'>>;

export const openStatuses = ['requested', 'accepted', 'inProgress', 'done'] as const;
const yearUs = 365 * 86_400_000_000;

/** Opens an order in the caller's transaction: asked for by a person, by a failed check, or by a plan. */
export async function openOrder(tx: Tx, input: NewOrder, now: number, actor: Parameters<Tx['emit']>[0]['actor']) {
  const order: Order = {
    ...{ plan: null, machineStopped: false, documents: [], assignee: null },
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
    data: { kind: order.kind, subject: keyOf(order.subject), text: order.text, plan: order.plan },
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

const rowOf = (order: Order) => ({
  kind: order.kind,
  subject: keyOf(order.subject),
  status: order.status,
  plan: order.plan,
  requested_at: order.requestedAt,
  data: JSON.stringify(order),
});

export function orderHandlers(deps: MaintenanceDeps, onDone: (tx: Tx, order: Order) => Promise<void>): Handlers {
  const { ledger, clock } = deps;
  /** Reads, decides and writes one order in one transaction. */
  const change = (
    id: string,
    caller: Caller,
    edit: (order: Order, tx: Tx) => Promise<{ type: string; data: Record<string, unknown> }>,
  ) =>
    ledger.transaction<MaintenanceTables, Order>(async (db, emit) => {
      const row = await db.selectFrom('mt_orders').select('data').where('id', '=', id).executeTakeFirst();
      if (!row) throw maintenanceError('maintenance.orderNotFound', {}, { status: 404 });
      const order = JSON.parse(row.data) as Order;
      const { type, data } = await edit(order, { db, emit });
      await db.updateTable('mt_orders').set(rowOf(order)).where('id', '=', id).execute();
      await emit({ type, subject: `maintenance/${order.number}`, actor: actorOf(caller), data });
      return order;
    });
  const only = (order: Order, ...statuses: Order['status'][]) => {
    if (!statuses.includes(order.status))
      throw maintenanceError(
        'maintenance.wrongStatus',
        { number: order.number, status: order.status },
        { status: 409 },
      );
  };

  return {
    async maintenanceOrders({ query }) {
      let rows = ledger
        .read<MaintenanceTables>()
        .selectFrom('mt_orders')
        .select('data')
        .orderBy('requested_at', 'desc')
        .orderBy('number', 'desc')
        .limit(query.limit);
      if (query.open !== undefined)
        rows = rows.where('status', query.open === 'true' ? 'in' : 'not in', [...openStatuses]);
      if (query.type) rows = rows.where('kind', '=', query.type);
      if (query.subject !== undefined)
        rows = rows.where('subject', '=', keyOf({ kind: query.kind ?? 'machine', id: query.subject }));
      return (await rows.execute()).map((row) => JSON.parse(row.data) as Order);
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
      change(params.id, caller, async (order) => {
        only(order, 'requested', 'accepted', 'inProgress');
        order.status = body.status ?? order.status;
        order.priority = body.priority ?? order.priority;
        if (body.assignee !== undefined) order.assignee = body.assignee;
        if (body.status === 'inProgress') order.startedAt ??= clock.nowUs();
        return { type: 'maintenance.changed', data: { ...body } };
      }),

    finishMaintenance: ({ params, body }, caller) =>
      change(params.id, caller, async (order, tx) => {
        only(order, 'requested', 'accepted', 'inProgress');
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
        await onDone(tx, order);
        return { type: 'maintenance.done', data: { ...body } };
      }),

    verifyMaintenance: ({ params, body }, caller) =>
      change(params.id, caller, async (order) => {
        only(order, 'done');
        order.status = body.accepted ? 'verified' : 'inProgress';
        order.verifiedBy = body.accepted ? caller.userId : null;
        if (!body.accepted) order.doneAt = null;
        return { type: body.accepted ? 'maintenance.verified' : 'maintenance.sentBack', data: { note: body.note } };
      }),

    async spareParts() {
      const now = clock.nowUs();
      const items = (await deps.masterdata.list('item', now)).filter((item) => item.data.kind === 'sparePart');
      const used = await ledger
        .read<MaintenanceTables>()
        .selectFrom('mt_parts_used')
        .select(['item', (q) => q.fn.sum<number>('quantity').as('quantity')])
        .where('time', '>=', now - yearUs)
        .groupBy('item')
        .execute();
      const usedOf = new Map(used.map((row) => [row.item, Number(row.quantity)]));
      return Promise.all(
        items.map(async ({ code, data }) => {
          const onHand = fromMillionths(await deps.inventory.onHand(code));
          const safetyStock = data.safetyStock ?? null;
          return {
            ...{ item: code, name: data.name, unit: data.unit, onHand, safetyStock },
            short: safetyStock !== null && onHand < safetyStock,
            usedInYear: fromMillionths(usedOf.get(code) ?? 0),
          };
        }),
      );
    },
  };
}
