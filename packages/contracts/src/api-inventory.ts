import { z } from 'zod';
import { Lot, LotStatus, Movement, MovementKind } from './lot.ts';
import { Quantity } from './quantity.ts';
import { at, clientEntry, idParam, leading, ok, operating, own, type Route } from './route.ts';

const Code = z.string().trim().min(1).max(60);
/** What a scanner types: a number, a GS1 element string, a Digital Link URI. */
const Scanned = z.string().trim().min(1).max(500);
const amount = Quantity.positive();
const reason = z.string().trim().max(200);
const limit = z.coerce.number().int().min(1).max(1000).default(200);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const entryId = clientEntry.max(60).optional();
/** When it happened, µs UTC; now when left out. */
const time = z.number().int().optional();
const entry = { entryId, time, reason: reason.optional() };

export const StockRow = z.object({
  item: z.string(),
  itemName: z.string(),
  location: z.string(),
  locationName: z.string(),
  lot: z.string().nullable(),
  lotNumber: z.string().nullable(),
  status: LotStatus,
  quantity: Quantity,
  packed: Quantity,
  unit: z.string(),
  producedAt: z.number(),
  expiresAt: z.number().nullable(),
});
export type StockRow = z.infer<typeof StockRow>;

export const StockSum = z.object({
  item: z.string(),
  itemName: z.string(),
  unit: z.string(),
  quantity: Quantity,
  /** On hold, in quarantine or rejected; past its date. */
  blocked: Quantity,
  expired: Quantity,
  lots: z.number().int(),
  safetyStock: Quantity.nullable(),
  /** Won, by standard cost; null where an item has none. */
  value: z.number().nullable(),
});
export type StockSum = z.infer<typeof StockSum>;

export const StockLedgerRow = z.object({
  item: z.string(),
  itemName: z.string(),
  unit: z.string(),
  opening: Quantity,
  received: Quantity,
  issued: Quantity,
  closing: Quantity,
  /** In less out of each kind of movement. */
  byKind: z.partialRecord(MovementKind, Quantity),
});
export type StockLedgerRow = z.infer<typeof StockLedgerRow>;

export const LotContent = z.object({ lot: Lot, quantity: Quantity, box: z.string() });
export const LotCard = z.object({
  lot: Lot,
  itemName: z.string(),
  /** What a container holds. */
  contents: z.array(LotContent),
  /** Containers that hold some of this lot. */
  boxes: z.array(z.object({ id: z.string(), number: z.string(), location: z.string().nullable(), quantity: Quantity })),
  movements: z.array(Movement),
  /** What of it is in no container, by place. */
  loose: z.array(z.object({ location: z.string(), quantity: Quantity })),
  /** What of it may come back: from customers, and from runs that took it (null: taken without a run). */
  returnable: z.object({
    customers: z.array(z.object({ customer: z.string(), quantity: Quantity })),
    runs: z.array(z.object({ run: z.string().nullable(), quantity: Quantity })),
  }),
  /** What its label says: GS1 element string with brackets, and the text of the QR code. */
  label: z.object({ elements: z.string().nullable(), link: z.string() }),
});
export type LotCard = z.infer<typeof LotCard>;

/** A box or pallet with what is in it, those inside it included. */
export const ContainerRow = z.object({
  lot: Lot,
  /** Null when it never stood anywhere; `@customer` when it was shipped. */
  place: z.string().nullable(),
  /** Number of the container it is in. */
  inside: z.string().nullable(),
  items: z.array(z.object({ item: z.string(), name: z.string(), unit: z.string(), quantity: Quantity })),
  lots: z.number().int(),
  boxes: z.number().int(),
});
export type ContainerRow = z.infer<typeof ContainerRow>;

export const StockClosing = z.object({
  id: z.string(),
  /** Last day that is closed. */
  day,
  at: z.number(),
  by: z.string(),
  /** As it was when the person signed. */
  name: z.string(),
  note: z.string(),
  reopenedAt: z.number().nullable(),
  reopenedBy: z.string().nullable(),
  reopenReason: z.string().nullable(),
});
export type StockClosing = z.infer<typeof StockClosing>;

/** A calendar month of the plant's days. */
export const StockPeriod = z.object({
  from: day,
  to: day,
  /** `running`: not over yet. `reopened`: was closed, is not now. */
  status: z.enum(['running', 'open', 'reopened', 'closed']),
  movements: z.number().int(),
  closings: z.array(StockClosing),
});
export type StockPeriod = z.infer<typeof StockPeriod>;

export const closingObstacles = [
  'notOver',
  'alreadyClosed',
  'negative',
  'unbalanced',
  'openCount',
  'openShipment',
  'quarantine',
] as const;
export const ClosingCheck = z.object({
  day,
  /** What stands against closing; the first of what they are about, by name. `blocks`: the closing is refused. */
  obstacles: z.array(
    z.object({
      kind: z.enum(closingObstacles),
      blocks: z.boolean(),
      count: z.number().int(),
      names: z.array(z.string()),
    }),
  ),
});
export type ClosingCheck = z.infer<typeof ClosingCheck>;

export const ScanResult = z.object({
  kind: z.enum(['lot', 'location', 'item', 'shipment']),
  lot: Lot.nullable(),
  location: z.object({ code: z.string(), name: z.string() }).nullable(),
  item: z.object({ code: z.string(), name: z.string(), unit: z.string() }).nullable(),
  shipment: z.string().nullable(),
  /** What else a supplier's label says. */
  supplierLot: z.string().nullable(),
  expiresAt: z.number().nullable(),
  quantity: Quantity.nullable(),
});
export type ScanResult = z.infer<typeof ScanResult>;

export const ShipmentLine = z.object({
  box: z.string().nullable(),
  boxNumber: z.string().nullable(),
  lot: z.string(),
  lotNumber: z.string(),
  item: z.string(),
  itemName: z.string(),
  quantity: Quantity,
  unit: z.string(),
});
export const Shipment = z.object({
  id: z.string(),
  number: z.string(),
  customer: z.string(),
  customerName: z.string(),
  status: z.enum(['open', 'shipped', 'cancelled']),
  due: z.number().nullable(),
  salesOrder: z.string().nullable(),
  note: z.string(),
  createdAt: z.number(),
  shippedAt: z.number().nullable(),
  lines: z.array(ShipmentLine),
});
export type Shipment = z.infer<typeof Shipment>;

export const CountLine = z.object({
  item: z.string(),
  itemName: z.string(),
  lot: z.string().nullable(),
  lotNumber: z.string().nullable(),
  location: z.string(),
  unit: z.string(),
  /** Null while the count is blind and open. */
  expected: Quantity.nullable(),
  counted: Quantity.nullable(),
  difference: Quantity.nullable(),
  countedBy: z.string().nullable(),
});
export const StockCount = z.object({
  id: z.string(),
  number: z.string(),
  status: z.enum(['open', 'posted', 'cancelled']),
  locations: z.array(z.string()),
  blind: z.boolean(),
  frozenAt: z.number(),
  postedAt: z.number().nullable(),
  lines: z.array(CountLine),
  counted: z.number().int(),
});
export type StockCount = z.infer<typeof StockCount>;

export const Printer = z.strictObject({
  id: Code,
  name: z.string().trim().min(1).max(100),
  host: z.string().trim().min(1).max(200),
  port: z.number().int().min(1).max(65_535).default(9100),
  dpi: z.union([z.literal(203), z.literal(300), z.literal(600)]).default(203),
  /** Label size, mm. */
  width: z.number().min(20).max(200).default(80),
  height: z.number().min(15).max(300).default(50),
  /**
   * Font in the printer that has Hangul, such as E:ANMDK.TTF: all texts are sent as text. When left out, lines with
   * characters that the printer's own font 0 lacks are sent as pictures.
   */
  font: z
    .string()
    .regex(/^[A-Z]:[A-Z0-9_-]{1,16}\.[A-Z]{3}$/)
    .optional(),
});
export type Printer = z.infer<typeof Printer>;
export const InventorySettings = z.strictObject({
  numbering: z.strictObject({
    lot: z.string().max(60),
    serial: z.string().max(60),
    container: z.string().max(60),
    shipment: z.string().max(60),
    count: z.string().max(60),
  }),
  /** Begin of the plant's Digital Link addresses, such as https://id.example.com; null: labels carry no address. */
  linkBase: z.string().url().max(200).nullable(),
  printers: z.array(Printer).max(50),
});
export type InventorySettings = z.infer<typeof InventorySettings>;

export const PrintJob = z.object({
  id: z.string(),
  printer: z.string(),
  title: z.string(),
  status: z.enum(['waiting', 'done', 'failed', 'cancelled']),
  attempts: z.number().int(),
  /** Why it has not come out yet, in the caller's language. */
  error: z.string().nullable(),
  createdAt: z.number(),
  doneAt: z.number().nullable(),
});
export type PrintJob = z.infer<typeof PrintJob>;

const quantities = z.array(z.strictObject({ lot: Scanned, quantity: amount })).max(500);

const readRoutes = {
  stock: {
    method: 'GET',
    path: '/stock',
    summary: 'Stock by item, place and lot',
    access: own,
    query: z.object({
      item: Code.optional(),
      location: Code.optional(),
      status: LotStatus.optional(),
      search: z.string().max(100).optional().meta({ description: 'Item, lot or supplier lot' }),
      limit,
    }),
    response: z.array(StockRow),
  },
  stockSums: {
    method: 'GET',
    path: '/stock/items',
    summary: 'Stock of each item, with what is blocked or past its date',
    access: own,
    query: z.object({ location: Code.optional() }),
    response: z.array(StockSum),
  },
  stockLedger: {
    method: 'GET',
    path: '/stock/ledger',
    summary: 'Stock ledger (수불부): opening, in, out, closing of each item; of the plant or of one place',
    access: own,
    query: z.object({
      from: day,
      to: day.meta({ description: 'Included' }),
      item: Code.optional(),
      location: Code.optional(),
    }),
    response: z.object({
      rows: z.array(StockLedgerRow),
      /** Every item's balances sum to zero with the outside places. */
      balanced: z.boolean(),
    }),
  },
  stockLedgerFile: {
    method: 'GET',
    path: '/stock/ledger-file',
    summary: 'Stock ledger as a workbook or CSV',
    access: own,
    query: z.object({
      from: day,
      to: day,
      item: Code.optional(),
      location: Code.optional(),
      format: z.enum(['csv', 'xlsx']),
    }),
    response: z.unknown(),
    contentType: 'application/octet-stream',
  },
  stockMovements: {
    method: 'GET',
    path: '/stock/movements',
    summary: 'Movements of stock, the newest first',
    access: own,
    query: z.object({
      item: Code.optional(),
      lot: Scanned.optional(),
      reference: z.string().max(200).optional(),
      from: at.optional(),
      to: at.optional(),
      limit,
    }),
    response: z.array(Movement),
  },
  lots: {
    method: 'GET',
    path: '/lots',
    summary: 'Lots, the newest first',
    access: own,
    query: z.object({
      search: z.string().max(100).optional().meta({ description: 'Number, supplier lot, item or work order' }),
      item: Code.optional(),
      kind: z.enum(['lot', 'serial', 'container']).optional(),
      blocked: z.enum(['true', 'false']).optional().meta({ description: 'On hold, in quarantine or rejected' }),
      limit,
    }),
    response: z.array(Lot),
  },
  lot: {
    method: 'GET',
    path: '/lots/:id',
    summary: 'A lot by id, number or scanned label, with what is in it and what happened to it',
    access: own,
    params: idParam,
    response: LotCard,
  },
  containers: {
    method: 'GET',
    path: '/containers',
    summary: 'Boxes and pallets with what is in them, the newest first',
    access: own,
    query: z.object({
      search: z.string().max(100).optional().meta({ description: 'Number or item' }),
      location: Code.optional(),
      shipped: z.enum(['without', 'only']).optional().meta({ description: 'Those that have left; all when left out' }),
      limit,
    }),
    response: z.array(ContainerRow),
  },
  scan: {
    method: 'POST',
    path: '/scan',
    summary: 'What a scanned code is: lot, place, item or shipment',
    access: own,
    body: z.strictObject({ code: Scanned }),
    response: ScanResult,
  },
  lotLabel: {
    method: 'GET',
    path: '/lots/:id/label',
    summary: 'Label (현품표) of a lot or container',
    access: own,
    params: idParam,
    query: z.object({
      format: z.enum(['pdf', 'svg', 'png', 'zpl']),
      copies: z.coerce.number().int().min(1).max(100).default(1),
    }),
    response: z.unknown(),
    contentType: 'application/octet-stream',
  },
  inventorySettings: {
    method: 'GET',
    path: '/stock/settings',
    summary: 'Numbering rules and label printers',
    access: own,
    response: InventorySettings,
  },
  saveInventorySettings: {
    method: 'PUT',
    path: '/stock/settings',
    summary: 'Change numbering rules and label printers',
    access: leading,
    body: InventorySettings,
    response: InventorySettings,
  },
} as const satisfies Record<string, Route>;

const actRoutes = {
  receiveStock: {
    method: 'POST',
    path: '/stock/receipts',
    summary: 'Receive material as a new lot',
    access: operating,
    body: z.strictObject({
      ...entry,
      item: Code,
      revision: z.string().max(60).optional(),
      quantity: amount,
      location: Code,
      number: z.string().trim().max(40).optional(),
      supplier: Code.optional(),
      supplierLot: z.string().trim().max(60).optional(),
      expiresAt: z.number().int().optional(),
      quarantine: z.boolean().optional(),
      reference: z.string().max(200).optional(),
    }),
    response: Lot,
  },
  transferStock: {
    method: 'POST',
    path: '/stock/transfers',
    summary: 'Move a lot, or a container with all that is in it; the only place it lies at when `from` is left out',
    access: operating,
    body: z.strictObject({ ...entry, lot: Scanned, from: Code.optional(), to: Code, quantity: amount.optional() }),
    response: Lot,
  },
  issueStock: {
    method: 'POST',
    path: '/stock/issues',
    summary: 'Issue material to production without an order',
    access: operating,
    body: z.strictObject({
      ...entry,
      item: Code,
      lot: Scanned.optional(),
      location: Code.optional(),
      quantity: amount,
    }),
    response: z.array(z.object({ lot: z.string(), quantity: Quantity })),
  },
  returnStock: {
    method: 'POST',
    path: '/stock/returns',
    summary: 'Take back from the line, or from a customer into quarantine',
    access: operating,
    body: z.strictObject({
      ...entry,
      lot: Scanned,
      location: Code,
      quantity: amount,
      run: z.string().max(80).optional(),
      customer: Code.optional(),
    }),
    response: Lot,
  },
  returnToSupplier: {
    method: 'POST',
    path: '/stock/supplier-returns',
    summary: 'Send goods back to their supplier, with a reason; also what is on hold, rejected or past its date',
    access: operating,
    body: z.strictObject({
      ...entry,
      reason: reason.min(1),
      lot: Scanned,
      location: Code.optional(),
      quantity: amount,
      supplier: Code.optional().meta({ description: "The lot's own when left out" }),
      reference: z.string().max(200).optional(),
    }),
    response: Lot,
  },
  adjustStock: {
    method: 'POST',
    path: '/stock/adjustments',
    summary: 'Correct stock to what was counted, with a reason',
    access: operating,
    body: z.strictObject({
      ...entry,
      reason: reason.min(1),
      item: Code,
      lot: Scanned.optional(),
      location: Code,
      counted: Quantity.min(0),
    }),
    response: z.array(StockRow),
  },
  scrapStock: {
    method: 'POST',
    path: '/stock/scraps',
    summary: 'Scrap stock, with a reason',
    access: operating,
    body: z.strictObject({
      ...entry,
      reason: reason.min(1),
      item: Code,
      lot: Scanned.optional(),
      location: Code.optional(),
      quantity: amount,
    }),
    response: Movement,
  },
  reverseMovement: {
    method: 'POST',
    path: '/stock/movements/:id/reverse',
    summary: 'Take a movement back',
    access: leading,
    params: idParam,
    body: z.strictObject({ ...entry, reason: reason.min(1) }),
    response: Movement,
  },
  splitLot: {
    method: 'POST',
    path: '/lots/:id/split',
    summary: 'Take part of a lot into a new one',
    access: operating,
    params: idParam,
    body: z.strictObject({ ...entry, quantity: amount }),
    response: Lot,
  },
  mergeLots: {
    method: 'POST',
    path: '/lots/merge',
    summary: 'Put lots of one item together into a new one',
    access: operating,
    body: z.strictObject({ ...entry, lots: z.array(Scanned).min(2).max(100), location: Code }),
    response: Lot,
  },
  packLots: {
    method: 'POST',
    path: '/containers/pack',
    summary: 'Put lots and boxes into a container, a new one when none is named',
    access: operating,
    body: z.strictObject({ ...entry, container: Scanned.optional(), lots: quantities.min(1), location: Code }),
    response: Lot,
  },
  unpackContainer: {
    method: 'POST',
    path: '/containers/:id/unpack',
    summary: 'Take everything, or some lots, out of a container',
    access: operating,
    params: idParam,
    body: z.strictObject({ ...entry, lots: quantities.optional() }),
    response: Lot,
  },
  holdLot: {
    method: 'POST',
    path: '/lots/:id/holds',
    summary: 'Put a lot on hold',
    access: operating,
    params: idParam,
    body: z.strictObject({ ...entry, reason: reason.min(1) }),
    response: Lot,
  },
  releaseLot: {
    method: 'POST',
    path: '/lots/:id/release',
    summary: 'End one hold of a lot, or all of them and its quarantine',
    access: leading,
    params: idParam,
    body: z.strictObject({ ...entry, hold: z.string().max(40).optional() }),
    response: Lot,
  },
  stockClosings: {
    method: 'GET',
    path: '/stock/closings',
    summary: 'Days up to which the stock is closed (마감)',
    access: own,
    response: z.array(StockClosing),
  },
  stockPeriods: {
    method: 'GET',
    path: '/stock/periods',
    summary: 'Months of the stock, the newest first, with their closings',
    access: own,
    query: z.object({ limit: z.coerce.number().int().min(1).max(120).default(24) }),
    response: z.array(StockPeriod),
  },
  checkClosing: {
    method: 'GET',
    path: '/stock/closings/check',
    summary: 'What stands against closing the stock up to a day',
    access: own,
    query: z.object({ day }),
    response: ClosingCheck,
  },
  closeStock: {
    method: 'POST',
    path: '/stock/closings',
    summary: 'Close the stock up to a day, signed by the caller: nothing more is recorded there',
    access: leading,
    body: z.strictObject({ day, note: reason.optional() }),
    response: ok,
  },
  reopenStock: {
    method: 'POST',
    path: '/stock/closings/:id/reopen',
    summary: 'Take the last closing back, with a reason that is kept',
    access: [],
    params: idParam,
    body: z.strictObject({ reason: reason.min(1) }),
    response: ok,
  },
} as const satisfies Record<string, Route>;

const paperRoutes = {
  shipments: {
    method: 'GET',
    path: '/shipments',
    summary: 'Shipments, the newest first, without their lines',
    access: own,
    query: z.object({ status: z.enum(['open', 'shipped', 'cancelled']).optional(), customer: Code.optional(), limit }),
    response: z.array(Shipment),
  },
  shipment: {
    method: 'GET',
    path: '/shipments/:id',
    summary: 'A shipment by id or number',
    access: own,
    params: idParam,
    response: Shipment,
  },
  createShipment: {
    method: 'POST',
    path: '/shipments',
    summary: 'Start a shipment',
    access: operating,
    body: z.strictObject({
      entryId,
      customer: Code,
      due: z.number().int().optional(),
      salesOrder: z.string().trim().max(60).optional(),
      note: z.string().max(500).default(''),
    }),
    response: Shipment,
  },
  loadShipment: {
    method: 'POST',
    path: '/shipments/:id/load',
    summary: 'Put a scanned box or lot on a shipment; refused when it is on hold or on one already',
    access: operating,
    params: idParam,
    body: z.strictObject({ entryId, code: Scanned, quantity: amount.optional() }),
    response: Shipment,
  },
  unloadShipment: {
    method: 'POST',
    path: '/shipments/:id/unload',
    summary: 'Take a box or lot off a shipment that has not left',
    access: operating,
    params: idParam,
    body: z.strictObject({ entryId, code: Scanned }),
    response: Shipment,
  },
  sendShipment: {
    method: 'POST',
    path: '/shipments/:id/send',
    summary: 'The shipment leaves: stock goes down, holds are asked once more',
    access: operating,
    params: idParam,
    body: z.strictObject(entry),
    response: Shipment,
  },
  cancelShipment: {
    method: 'POST',
    path: '/shipments/:id/cancel',
    summary: 'Give up a shipment that has not left',
    access: operating,
    params: idParam,
    body: z.strictObject({ reason: reason.min(1) }),
    response: Shipment,
  },
  stockCounts: {
    method: 'GET',
    path: '/stock/counts',
    summary: 'Stock counts (재고실사), the newest first, without their lines',
    access: own,
    query: z.object({ limit }),
    response: z.array(StockCount),
  },
  stockCount: {
    method: 'GET',
    path: '/stock/counts/:id',
    summary: 'A stock count with its lines',
    access: own,
    params: idParam,
    response: StockCount,
  },
  startStockCount: {
    method: 'POST',
    path: '/stock/counts',
    summary: 'Start a count: the book stock of the places is frozen',
    access: operating,
    body: z.strictObject({ entryId, locations: z.array(Code).max(500), blind: z.boolean().default(true) }),
    response: StockCount,
  },
  countStock: {
    method: 'POST',
    path: '/stock/counts/:id/count',
    summary: 'Record what was counted of a lot at a place; the last figure holds',
    access: operating,
    params: idParam,
    body: z.strictObject({ entryId, code: Scanned, location: Code, quantity: Quantity.min(0) }),
    response: StockCount,
  },
  postStockCount: {
    method: 'POST',
    path: '/stock/counts/:id/post',
    summary:
      'Post the differences; movements since the freeze are kept. Lines nobody counted stay, or count as nothing',
    access: leading,
    params: idParam,
    body: z.strictObject({ entryId, uncounted: z.enum(['keep', 'zero']).default('keep') }),
    response: StockCount,
  },
  cancelStockCount: {
    method: 'POST',
    path: '/stock/counts/:id/cancel',
    summary: 'Give up a count',
    access: leading,
    params: idParam,
    response: StockCount,
  },
  printLabels: {
    method: 'POST',
    path: '/labels/print',
    summary: 'Print labels on a label printer; they wait in a queue while it is off',
    access: operating,
    body: z.strictObject({
      entryId,
      lots: z.array(Scanned).min(1).max(200),
      printer: Code,
      copies: z.number().int().min(1).max(100).default(1),
    }),
    response: z.array(PrintJob),
  },
  printJobs: {
    method: 'GET',
    path: '/labels/jobs',
    summary: 'Labels that wait or were printed, the newest first',
    access: own,
    query: z.object({ limit }),
    response: z.array(PrintJob),
  },
  retryPrintJob: {
    method: 'POST',
    path: '/labels/jobs/:id/retry',
    summary: 'Try a label again now',
    access: operating,
    params: idParam,
    response: PrintJob,
  },
  cancelPrintJob: {
    method: 'POST',
    path: '/labels/jobs/:id/cancel',
    summary: 'Take a label out of the queue',
    access: operating,
    params: idParam,
    response: PrintJob,
  },
} as const satisfies Record<string, Route>;

export const inventoryRoutes = { ...readRoutes, ...actRoutes, ...paperRoutes } as const satisfies Record<string, Route>;
