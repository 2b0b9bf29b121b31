import type { Handlers, RouteOutput } from '@deungdae/contracts/api.ts';
import type { InventorySettings } from '@deungdae/contracts/api-inventory.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { BytesAnswer } from '@deungdae/kernel/answers.ts';
import { writeCsv } from '@deungdae/tabular/csv-write.ts';
import { writeXlsx } from '@deungdae/tabular/xlsx-write.ts';
import { dateOf, toGtin14, valueAt } from '../codes/gs1.ts';
import { readCode } from '../codes/resolve.ts';
import { containers } from '../containers.ts';
import { inventoryError } from '../errors.ts';
import { lotId } from '../keys.ts';
import { labelContent } from '../labels/content.ts';
import { layoutOf } from '../labels/layout.ts';
import { codePng } from '../labels/matrix.ts';
import { labelSvg } from '../labels/svg.ts';
import { labelZpl } from '../labels/zpl.ts';
import { contentsOf, lotRows, statusOf, toLots, toMovements } from '../lot-store.ts';
import { plantDayBegin } from '../numbering.ts';
import { isOutside } from '../posting.ts';
import { listLots, namesOf, stockRows, stockSums } from '../queries.ts';
import { looseByPlace, returnable } from '../returns.ts';
import { itemOfGtin } from '../scan.ts';
import type { LotRow } from '../schema.ts';
import { isBalanced, ledgerTable, stockLedger } from '../stock-ledger.ts';
import { type HandlerParts, needLot, readerOf } from './shared.ts';

const xlsxType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** Movements that a lot's card shows. */
const cardMovements = 200;

export function readHandlers(parts: HandlerParts): Handlers {
  const { core, clock, settings } = parts;
  const names = core.masterdata;
  return {
    stock: ({ query }) => stockRows(readerOf(parts), names, defined(query), clock.nowUs()),
    stockSums: ({ query }) => {
      const now = clock.nowUs();
      return stockSums(readerOf(parts), names, query.location, now, plantDayBegin(now, core.timeZone()));
    },
    stockLedger: async ({ query }) => ({
      rows: await stockLedger(readerOf(parts), names, defined(query), clock.nowUs()),
      balanced: await isBalanced(readerOf(parts)),
    }),
    stockLedgerFile: async ({ query }, caller) => {
      const rows = await stockLedger(readerOf(parts), names, defined(query), clock.nowUs());
      const table = ledgerTable(rows, caller.language);
      const name = `stock-ledger-${query.from}-${query.to}.${query.format}`;
      if (query.format === 'csv') return new BytesAnswer(writeCsv(table), { name, type: 'text/csv; charset=utf-8' });
      const sheet = { name: caller.language === 'ko' ? '수불부' : 'Stock ledger', rows: table };
      return new BytesAnswer(writeXlsx([sheet]), { name, type: xlsxType });
    },
    stockMovements: async ({ query }) => {
      const db = readerOf(parts);
      let select = db.selectFrom('inv_movements').selectAll();
      if (query.item !== undefined) select = select.where('item', '=', query.item);
      if (query.reference !== undefined) select = select.where('reference', '=', query.reference);
      if (query.from !== undefined) select = select.where('time', '>=', query.from);
      if (query.to !== undefined) select = select.where('time', '<', query.to);
      if (query.lot !== undefined) {
        const { key } = await needLot(parts, query.lot);
        select = select.where((eb) => eb.or([eb('lot', '=', key), eb('to_lot', '=', key), eb('container', '=', key)]));
      }
      return toMovements(db, await select.orderBy('time', 'desc').orderBy('key', 'desc').limit(query.limit).execute());
    },
    lots: async ({ query: { blocked, ...query } }) => {
      const wanted = { ...defined(query), blocked: blocked === 'true' };
      return toLots(readerOf(parts), await listLots(readerOf(parts), wanted));
    },
    lot: async ({ params }, caller) => {
      const card = await lotCard(parts, await needLot(parts, params.id));
      // A tablet shows what it is; to whom it went, and from whom it came, is the office's.
      return caller.via === 'device' ? { ...card, movements: [], returnable: { customers: [], runs: [] } } : card;
    },
    containers: ({ query }) => containers(readerOf(parts), names, defined(query), clock.nowUs()),
    scan: ({ body }) => scanned(parts, body.code),
    lotLabel: async ({ params, query }) =>
      labelFile(parts, await needLot(parts, params.id), query.format, query.copies),
    inventorySettings: () => settings.current,
    saveInventorySettings: ({ body }, caller) => settings.save(body as InventorySettings, actorOf(caller)),
  };
}

/** Zod leaves keys that were not given out; TypeScript's exact optional types want to know. */
function defined<T extends object>(query: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return query as { [K in keyof T]: Exclude<T[K], undefined> };
}

async function lotCard(parts: HandlerParts, row: LotRow): Promise<RouteOutput<'lot'>> {
  const db = readerOf(parts);
  const now = parts.clock.nowUs();
  const [lot] = await toLots(db, [row]);
  const items = await namesOf(parts.core.masterdata, 'item', now);
  const inside = row.kind === 'container' ? ((await contentsOf(db, [row.key])).get(row.key) ?? []) : [];
  const insideRows = await lotRows(
    db,
    inside.flatMap((c) => [c.lot, c.box]),
  );
  const insideLots = new Map((await toLots(db, [...insideRows.values()])).map((l) => [l.id, l]));
  const boxes = await db
    .selectFrom('inv_contents')
    .innerJoin('inv_lots', 'inv_lots.key', 'inv_contents.container')
    .select(['inv_lots.key', 'inv_lots.number', 'inv_lots.place', 'inv_contents.quantity'])
    .where('inv_contents.lot', '=', row.key)
    .orderBy('inv_lots.key', 'desc')
    .limit(500)
    .execute();
  const moves = await db
    .selectFrom('inv_movements')
    .selectAll()
    .where((eb) => eb.or([eb('lot', '=', row.key), eb('to_lot', '=', row.key), eb('container', '=', row.key)]))
    .orderBy('time', 'desc')
    .orderBy('key', 'desc')
    .limit(cardMovements)
    .execute();
  const label = await contentOf(parts, row);
  return {
    lot: lot!,
    itemName: items.get(row.item) ?? row.item,
    contents: inside.map((c) => ({
      lot: insideLots.get(lotId(c.lot))!,
      quantity: fromMillionths(c.quantity),
      box: insideRows.get(c.box)?.number ?? '',
    })),
    boxes: boxes.map((b) => ({
      id: lotId(b.key),
      number: b.number,
      location: b.place === null || isOutside(b.place) ? null : b.place,
      quantity: fromMillionths(b.quantity),
    })),
    movements: await toMovements(db, moves),
    loose: await looseByPlace(db, row),
    returnable: await returnable(db, row),
    label: { elements: label.elementText, link: label.link },
  };
}

/** What the label of a lot says now. */
export async function contentOf(parts: HandlerParts, row: LotRow) {
  const db = readerOf(parts);
  const now = parts.clock.nowUs();
  const item = await parts.core.masterdata.find('item', row.item, now);
  const onHand =
    row.kind === 'container'
      ? ((await contentsOf(db, [row.key])).get(row.key) ?? []).reduce((sum, c) => sum + c.quantity, 0)
      : (await db.selectFrom('inv_stock').select('quantity').where('lot', '=', row.key).execute()).reduce(
          (sum, s) => sum + s.quantity,
          0,
        );
  const marks = { ...parts.scanning.marks(), timeZone: parts.core.timeZone() };
  return labelContent(row, item?.data ?? null, onHand, statusOf(row, Math.max(onHand, 1)), marks);
}

const defaultSize = { width: 80, height: 50 };

async function labelFile(parts: HandlerParts, row: LotRow, format: 'pdf' | 'svg' | 'png' | 'zpl', copies: number) {
  const content = await contentOf(parts, row);
  const printer = parts.settings.current.printers[0];
  const layout = layoutOf(content, printer?.width ?? defaultSize.width, printer?.height ?? defaultSize.height);
  const name = `label-${row.number.replaceAll('/', '-')}.${format}`;
  if (format === 'pdf') {
    // Loaded with the first label: fonts and PDF take 30 MB.
    const { labelPdf } = await import('../labels/pdf.ts');
    return new BytesAnswer(await labelPdf([layout], copies), { name, type: 'application/pdf', inline: true });
  }
  if (format === 'svg')
    return new BytesAnswer(Buffer.from(labelSvg(layout)), { name, type: 'image/svg+xml', inline: true });
  if (format === 'png') return new BytesAnswer(await codePng(content), { name, type: 'image/png', inline: true });
  const zpl = labelZpl(content, layout, printer ?? { dpi: 203 }, copies);
  return new BytesAnswer(Buffer.from(zpl), { name, type: 'application/zpl' });
}

/** Lot first, then place, shipment, item; then what a supplier's label says. Throws `inventory.unknownCode` and more. */
async function scanned(parts: HandlerParts, text: string): Promise<RouteOutput<'scan'>> {
  const db = readerOf(parts);
  const now = parts.clock.nowUs();
  const nothing: RouteOutput<'scan'> = {
    kind: 'lot',
    lot: null,
    location: null,
    item: null,
    shipment: null,
    supplierLot: null,
    expiresAt: null,
    quantity: null,
  };
  const row = await parts.core.findLot(db, text, now);
  if (row) return { ...nothing, lot: (await toLots(db, [row]))[0]! };
  const code = readCode(text, parts.scanning.marks());
  if (code.plain !== null) {
    const location = await parts.core.masterdata.find('location', code.plain, now);
    if (location) return { ...nothing, kind: 'location', location: { code: location.code, name: location.data.name } };
    const shipment = await db
      .selectFrom('inv_shipments')
      .select('number')
      .where('number', '=', code.plain)
      .executeTakeFirst();
    if (shipment) return { ...nothing, kind: 'shipment', shipment: shipment.number };
    const item = await itemNamed(parts, code.plain, now);
    if (item) return { ...nothing, kind: 'item', item };
  }
  for (const reading of code.readings) {
    const gtin = valueAt(reading, '01') ?? valueAt(reading, '02');
    if (gtin === null) continue;
    const item = await itemNamed(parts, (await itemOfGtin(parts.scanning, gtin, now)) ?? '', now);
    if (!item) throw inventoryError('inventory.unknownGtin', { gtin: toGtin14(gtin) }, { status: 404 });
    const expiry = valueAt(reading, '17') ?? valueAt(reading, '15');
    const count = valueAt(reading, '37') ?? valueAt(reading, '30');
    return {
      ...nothing,
      kind: 'item',
      item,
      supplierLot: valueAt(reading, '10') ?? valueAt(reading, '21'),
      expiresAt: expiry === null ? null : Date.parse(dateOf(expiry, new Date(now / 1000).getUTCFullYear())) * 1000,
      quantity: count === null ? null : Number(count),
    };
  }
  if (code.foreign !== null) throw inventoryError('inventory.otherPlant', { plant: code.foreign }, { status: 409 });
  throw inventoryError('inventory.unknownCode', { code: text.slice(0, 80) }, { status: 404 });
}

async function itemNamed(parts: HandlerParts, codeOrGtin: string, now: number) {
  const { masterdata } = parts.core;
  const code = /^\d{8,14}$/.test(codeOrGtin)
    ? ((await itemOfGtin(parts.scanning, codeOrGtin, now)) ?? codeOrGtin)
    : codeOrGtin;
  const item = code === '' ? null : await masterdata.find('item', code, now);
  return item ? { code: item.code, name: item.data.name, unit: item.data.unit } : null;
}
