import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { Lot } from '@deungdae/contracts/lot.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { writeLots } from './b2mml/actuals.ts';
import { performanceOf } from './b2mml/performance.ts';
import { readSchedule, writeSchedule } from './b2mml/schedule.ts';
import type { ErpDeps } from './deps.ts';
import { erpError } from './errors.ts';
import { type InboundDeps, receiveEach, salesName, takeOrder, takeSales } from './inbound.ts';

/** What an ERP sends and asks for over REST. */
export function exchangeHandlers(deps: ErpDeps, inbound: InboundDeps): Handlers {
  const { masterdata, operations, clock } = deps;
  const orders = (list: readonly Parameters<typeof takeOrder>[1][], caller: Caller) =>
    receiveEach(
      list,
      (o) => o.number,
      (o) => takeOrder(inbound, o, caller),
      caller.language,
    );
  return {
    receiveErpItems: async ({ body }, caller) => {
      const records = body.items.map(({ code, revision, data }) => ({ kind: 'item' as const, code, revision, data }));
      return { ...(await masterdata.put(records, actorOf(caller))), cancelled: 0, problems: [] };
    },
    receiveErpOrders: ({ body }, caller) => orders(body.orders, caller),
    receiveErpSalesOrders: ({ body }, caller) =>
      receiveEach(body.orders, salesName, (o) => takeSales(inbound, o, caller), caller.language),
    receiveB2mmlSchedule: ({ body }, caller) =>
      orders(
        readSchedule(body).map(({ released, ...order }) => ({ ...order, note: '', release: released })),
        caller,
      ),
    b2mmlSchedule: async ({ query }) => {
      const status = ['planned', 'released', 'running', 'held'];
      const open = await operations.orders({ status, limit: query.limit });
      return writeSchedule(open, { id: 'open-orders', nowUs: clock.nowUs() });
    },
    b2mmlPerformance: async ({ params }) => {
      const order = await operations.order(params.number);
      if (!order) throw erpError('erp.unknownOrder', { number: params.number }, { status: 404 });
      return await performanceOf(deps, order, clock.nowUs());
    },
    b2mmlLots: async ({ query }, caller) => {
      const input = { params: undefined, body: undefined, query } as never;
      return writeLots((await deps.inventory.handlers.lots!(input, caller)) as Lot[], clock.nowUs());
    },
  };
}
