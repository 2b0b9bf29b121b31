import type { Handlers } from '@deungdae/contracts/api.ts';
import { toMillionths } from '@deungdae/contracts/quantity.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { cancelCount, countLot, needCount, postCount, startCount, toCounts } from '../counts.ts';
import { layoutOf } from '../labels/layout.ts';
import { labelZpl } from '../labels/zpl.ts';
import type { Reader } from '../lot-store.ts';
import {
  cancelShipment,
  createShipment,
  loadShipment,
  needShipment,
  sendShipment,
  toShipments,
  unloadShipment,
} from '../shipments.ts';
import { contentOf } from './read.ts';
import { type HandlerParts, needLot, perform, readerOf } from './shared.ts';

export function paperHandlers(parts: HandlerParts): Handlers {
  return { ...shipmentHandlers(parts), ...countHandlers(parts), ...labelHandlers(parts) };
}

function shipmentHandlers(parts: HandlerParts): Handlers {
  const { core, clock } = parts;
  const show = async (db: Reader, number: string) =>
    (await toShipments(db, core.masterdata, clock.nowUs(), [await needShipment(db, number)], true))[0]!;
  return {
    shipments: async ({ query }) => {
      let select = readerOf(parts).selectFrom('inv_shipments').selectAll();
      if (query.status !== undefined) select = select.where('status', '=', query.status);
      if (query.customer !== undefined) select = select.where('customer', '=', query.customer);
      const rows = await select.orderBy('key', 'desc').limit(query.limit).execute();
      return toShipments(readerOf(parts), core.masterdata, clock.nowUs(), rows, false);
    },
    shipment: ({ params }) => show(readerOf(parts), params.id),
    createShipment: ({ body }, caller) =>
      perform(parts, 'createShipment', caller, { entryId: body.entryId }, async (work) => {
        const { customer, due, salesOrder, note } = body;
        const input = {
          customer,
          note,
          ...(due === undefined ? {} : { due }),
          ...(salesOrder === undefined ? {} : { salesOrder }),
        };
        return show(work.db, (await createShipment(work, input)).number);
      }),
    loadShipment: ({ params, body }, caller) =>
      perform(parts, 'loadShipment', caller, { entryId: body.entryId }, async (work) => {
        const shipment = await needShipment(work.db, params.id);
        const quantity = body.quantity === undefined ? null : toMillionths(body.quantity);
        await loadShipment(work, shipment, await work.lot(body.code), quantity);
        return show(work.db, shipment.number);
      }),
    unloadShipment: ({ params, body }, caller) =>
      perform(parts, 'unloadShipment', caller, { entryId: body.entryId }, async (work) => {
        const shipment = await needShipment(work.db, params.id);
        await unloadShipment(work, shipment, await work.lot(body.code));
        return show(work.db, shipment.number);
      }),
    sendShipment: ({ params, body }, caller) =>
      perform(parts, 'sendShipment', caller, body, async (work) => {
        const shipment = await needShipment(work.db, params.id);
        await sendShipment(work, shipment);
        return show(work.db, shipment.number);
      }),
    cancelShipment: ({ params, body }, caller) =>
      perform(parts, 'cancelShipment', caller, { reason: body.reason }, async (work) => {
        const shipment = await needShipment(work.db, params.id);
        await cancelShipment(work, shipment);
        return show(work.db, shipment.number);
      }),
  };
}

function countHandlers(parts: HandlerParts): Handlers {
  const { core, clock } = parts;
  const show = async (db: Reader, number: string) =>
    (await toCounts(db, core.masterdata, clock.nowUs(), [await needCount(db, number)], true))[0]!;
  return {
    stockCounts: async ({ query }) => {
      const rows = await readerOf(parts)
        .selectFrom('inv_counts')
        .selectAll()
        .orderBy('key', 'desc')
        .limit(query.limit)
        .execute();
      return toCounts(readerOf(parts), core.masterdata, clock.nowUs(), rows, false);
    },
    stockCount: ({ params }) => show(readerOf(parts), params.id),
    startStockCount: ({ body }, caller) =>
      perform(parts, 'startStockCount', caller, { entryId: body.entryId }, async (work) =>
        show(work.db, (await startCount(work, body)).number),
      ),
    countStock: ({ params, body }, caller) =>
      perform(parts, 'countStock', caller, { entryId: body.entryId }, async (work) => {
        const count = await needCount(work.db, params.id);
        const item = await core.masterdata.find('item', body.code, clock.nowUs(), work.tx);
        const lot = item?.data.tracking === 'none' ? await work.untrackedLot(item) : await work.lot(body.code);
        await countLot(work, count, lot, { location: body.location, quantity: toMillionths(body.quantity) });
        return show(work.db, count.number);
      }),
    postStockCount: ({ params, body }, caller) =>
      perform(parts, 'postStockCount', caller, { entryId: body.entryId }, async (work) => {
        const count = await needCount(work.db, params.id);
        await postCount(work, count, body.uncounted);
        return show(work.db, count.number);
      }),
    cancelStockCount: ({ params }, caller) =>
      perform(parts, 'cancelStockCount', caller, {}, async (work) => {
        const count = await needCount(work.db, params.id);
        await cancelCount(work, count);
        return show(work.db, count.number);
      }),
  };
}

function labelHandlers(parts: HandlerParts): Handlers {
  const { queue } = parts;
  return {
    printLabels: async ({ body }, caller) => {
      const printer = parts.settings.current.printers.find((p) => p.id === body.printer);
      const labels: { title: string; payload: string }[] = [];
      for (const text of body.lots) {
        const row = await needLot(parts, text);
        const content = await contentOf(parts, row);
        const layout = layoutOf(content, printer?.width ?? 80, printer?.height ?? 50);
        const payload = labelZpl(content, layout, printer ?? { dpi: 203 }, body.copies);
        labels.push({ title: `${content.itemName} ${row.number}`.slice(0, 200), payload });
      }
      const keys = await perform(parts, 'printLabels', caller, { entryId: body.entryId }, (work) =>
        queue.add(work.db, body.printer, labels, actorOf(caller)),
      );
      await queue.printNow(body.printer);
      return queue.jobs(caller.language, keys.length, keys);
    },
    printJobs: ({ query }, caller) => queue.jobs(caller.language, query.limit),
    retryPrintJob: ({ params }, caller) => queue.change(params.id, 'retry', caller.language),
    cancelPrintJob: ({ params }, caller) => queue.change(params.id, 'cancel', caller.language),
  };
}
