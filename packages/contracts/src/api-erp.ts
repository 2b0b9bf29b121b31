import { z } from 'zod';
import { Item } from './master.ts';
import { Quantity } from './quantity.ts';
import { auditing, engineering, fileBody, leading, ok, type Route } from './route.ts';

const code = z.string().trim().min(1).max(60);

/** What files may bring. */
export const erpFileKinds = ['item', 'workOrder', 'salesOrder'] as const;
export type ErpFileKind = (typeof erpFileKinds)[number];
/** A file that is given on the screen; one that lies in a folder may be as large. */
export const erpFileBytes = 64 * 1024 * 1024;

/** Where documents go: an ERP's REST address, a folder that an ERP reads, or a webhook of anybody. */
export const ErpTarget = z.object({
  id: code.regex(/^[a-z0-9-]+$/),
  name: z.string().trim().min(1).max(100),
  kind: z.enum(['rest', 'file', 'webhook']),
  /** Empty for `file`, whose folder lies below the data folder. */
  url: z.string().max(1000).default(''),
  /** Event types, `*` at the end for all that begin so. */
  events: z.array(z.string().regex(/^(\*|[A-Za-z0-9]+(\.[A-Za-z0-9]+|\.\*))$/)).max(50),
  /** What files in its folder `erp/<id>/in` may bring; with nothing, the folder is not read. */
  takes: z.array(z.enum(erpFileKinds)).max(erpFileKinds.length).default([]),
  /** The event as it is, or a B2MML document of the work order that it is about. */
  format: z.enum(['event', 'b2mml']).default('event'),
  enabled: z.boolean().default(true),
  /** Lets it reach this computer itself and link-local addresses. */
  allowLocal: z.boolean().default(false),
});
export type ErpTarget = z.infer<typeof ErpTarget>;
/** As it is shown: without its secret. `epcis` stands for a subscription to an EPCIS query. */
const ShownErpTarget = ErpTarget.extend({ kind: z.enum(['rest', 'file', 'webhook', 'epcis']), hasSecret: z.boolean() });
export type ShownErpTarget = z.infer<typeof ShownErpTarget>;

/** A document on its way out. */
export const ErpDelivery = z.object({
  id: z.string(),
  target: z.string(),
  type: z.string(),
  subject: z.string(),
  state: z.enum(['queued', 'sent', 'failed', 'dead']),
  attempts: z.number().int(),
  queuedAt: z.number(),
  nextAt: z.number().nullable(),
  sentAt: z.number().nullable(),
  /** Of the last attempt. */
  status: z.number().int().nullable(),
  error: z.string().nullable(),
  log: z.array(
    z.object({ at: z.number(), status: z.number().nullable(), error: z.string().nullable(), ms: z.number() }),
  ),
});
export type ErpDelivery = z.infer<typeof ErpDelivery>;

export const ErpItem = z.strictObject({ code, revision: z.string().max(30).optional(), data: Item });
export const ErpOrder = z.strictObject({
  number: code,
  item: code,
  quantity: Quantity.refine((q) => q > 0),
  /** µs UTC */
  due: z.number().int().nullable().default(null),
  priority: z.number().int().min(1).max(9).default(5),
  note: z.string().max(1000).default(''),
  release: z.boolean().default(false),
});
export type ErpOrder = z.infer<typeof ErpOrder>;

/** A line of a customer's order; number and line name it. */
export const ErpSalesOrder = z.strictObject({
  number: code,
  line: z.number().int().min(1).max(9999).default(1),
  customer: code.nullable().default(null),
  item: code,
  quantity: Quantity.refine((q) => q > 0),
  /** The item's own; refused when it is another. */
  unit: z.string().max(20).nullable().default(null),
  /** µs UTC */
  receivedAt: z.number().int().nullable().default(null),
  due: z.number().int().nullable().default(null),
  priority: z.number().int().min(1).max(9).default(5),
  note: z.string().max(1000).default(''),
  /** The customer took it back. */
  cancel: z.boolean().default(false),
});
export type ErpSalesOrder = z.infer<typeof ErpSalesOrder>;

/** What became of each document that came in, in its order. */
export const ErpReceipt = z.object({
  added: z.number().int(),
  changed: z.number().int(),
  cancelled: z.number().int(),
  same: z.number().int(),
  problems: z.array(z.object({ code: z.string(), error: z.string(), message: z.string() })),
});
export type ErpReceipt = z.infer<typeof ErpReceipt>;

/** A row of a file that was not taken: `row` of the table, or place in the JSON, from 1; 0 is the whole file. */
export const ErpFileProblem = z.object({
  row: z.number().int(),
  code: z.string(),
  error: z.string(),
  message: z.string(),
  advice: z.string(),
});
export type ErpFileProblem = z.infer<typeof ErpFileProblem>;

/** A file that came in. */
export const ErpFile = z.object({
  id: z.string(),
  target: z.string(),
  name: z.string(),
  bytes: z.number().int(),
  kind: z.enum(erpFileKinds).nullable(),
  /** How it was read: `CSV CP949`, `JSON`, `B2MML` …; null when it was not. */
  format: z.string().nullable(),
  /** `taken`: all of it; `partly`: the other rows wait to be corrected; `refused`: nothing of it; `known`: it came before. */
  state: z.enum(['taking', 'taken', 'partly', 'refused', 'known']),
  at: z.number(),
  rows: z.number().int(),
  added: z.number().int(),
  changed: z.number().int(),
  cancelled: z.number().int(),
  same: z.number().int(),
  refused: z.number().int(),
  /** How often it was read. */
  attempts: z.number().int(),
  /** The first of what is wrong. */
  problems: z.array(ErpFileProblem),
});
export type ErpFile = z.infer<typeof ErpFile>;

/** A file that lies in a folder and is not taken yet. */
export const ErpWaitingFile = z.object({
  target: z.string(),
  name: z.string(),
  bytes: z.number().int(),
  since: z.number(),
  /** Still being written, locked by a program, seemingly cut off, or behind others. */
  why: z.enum(['growing', 'locked', 'unfinished', 'queued']),
});
export type ErpWaitingFile = z.infer<typeof ErpWaitingFile>;

const fileParam = z.object({ id: z.string().max(80) });
const b2mml = z.record(z.string(), z.unknown());

export const erpRoutes = {
  erpTargets: {
    method: 'GET',
    path: '/erp/targets',
    summary: 'Where documents go',
    access: auditing,
    response: z.array(ShownErpTarget),
  },
  saveErpTarget: {
    method: 'PUT',
    path: '/erp/targets',
    summary: 'Add or change a target; the secret signs webhooks, or is the Authorization header of an ERP',
    access: engineering,
    body: ErpTarget.extend({ secret: z.string().max(500).optional() }),
    response: ShownErpTarget,
  },
  removeErpTarget: {
    method: 'DELETE',
    path: '/erp/targets/:id',
    summary: 'Remove a target; what waits for it is kept as dead',
    access: engineering,
    params: z.object({ id: z.string() }),
    response: ok,
  },
  erpOutbox: {
    method: 'GET',
    path: '/erp/outbox',
    summary: 'Documents on their way out, the newest first',
    access: auditing,
    query: z.object({
      target: z.string().optional(),
      state: z.enum(['queued', 'sent', 'failed', 'dead']).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    response: z.array(ErpDelivery),
  },
  resendErpDelivery: {
    method: 'POST',
    path: '/erp/outbox/:id/resend',
    summary: 'Send a document again now, under the same idempotency key',
    access: engineering,
    params: z.object({ id: z.string() }),
    response: ErpDelivery,
  },
  receiveErpItems: {
    method: 'POST',
    path: '/erp/items',
    summary: 'Items from the ERP: new ones are added, changed ones get their history, equal ones change nothing',
    access: engineering,
    body: z.strictObject({ items: z.array(ErpItem).min(1).max(5000) }),
    response: ErpReceipt,
  },
  receiveErpOrders: {
    method: 'POST',
    path: '/erp/orders',
    summary: 'Production orders from the ERP, by number; each that cannot be taken is named, the others are taken',
    access: leading,
    body: z.strictObject({ orders: z.array(ErpOrder).min(1).max(1000) }),
    response: ErpReceipt,
  },
  receiveErpSalesOrders: {
    method: 'POST',
    path: '/erp/sales-orders',
    summary: 'Lines of customers’ orders from the ERP, by number and line: added, changed, cancelled or left alone',
    access: leading,
    body: z.strictObject({ orders: z.array(ErpSalesOrder).min(1).max(1000) }),
    response: ErpReceipt,
  },
  erpFiles: {
    method: 'GET',
    path: '/erp/files',
    summary: 'Files that came in, the newest first, and those that wait',
    access: auditing,
    query: z.object({
      target: z.string().max(60).optional(),
      state: z.enum(['taken', 'partly', 'refused', 'known']).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    response: z.object({ files: z.array(ErpFile), waiting: z.array(ErpWaitingFile) }),
  },
  erpFileReport: {
    method: 'GET',
    path: '/erp/files/:id/report',
    summary: 'What became of a file, row by row, as CSV',
    access: auditing,
    params: fileParam,
    response: z.unknown(),
    contentType: 'application/octet-stream',
  },
  retakeErpFile: {
    method: 'POST',
    path: '/erp/files/:id/retake',
    summary: 'Read a refused file again, after what it names was corrected here',
    access: engineering,
    params: fileParam,
    response: ErpFile,
  },
  giveErpFile: {
    method: 'POST',
    path: '/erp/targets/:id/files',
    summary: 'Give a file on the screen, as if it had been laid into the folder; it is read at once',
    access: engineering,
    params: z.object({ id: z.string().max(60) }),
    query: z.object({ name: z.string().trim().min(1).max(200) }),
    body: fileBody,
    upload: erpFileBytes,
    response: ErpFile,
  },
  receiveB2mmlSchedule: {
    method: 'POST',
    path: '/erp/b2mml/schedule',
    summary: 'A B2MML OperationsSchedule (JSON): each request becomes a work order',
    access: leading,
    body: b2mml,
    response: ErpReceipt,
  },
  b2mmlSchedule: {
    method: 'GET',
    path: '/erp/b2mml/schedule',
    summary: 'Open work orders as a B2MML OperationsSchedule',
    access: auditing,
    query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(200) }),
    response: b2mml,
  },
  b2mmlPerformance: {
    method: 'GET',
    path: '/erp/b2mml/performance/:number',
    summary: 'What became of a work order, as a B2MML OperationsPerformance',
    access: auditing,
    params: z.object({ number: z.string() }),
    response: b2mml,
  },
  b2mmlLots: {
    method: 'GET',
    path: '/erp/b2mml/lots',
    summary: 'Lots of an item as B2MML MaterialInformation',
    access: auditing,
    query: z.object({ item: code, limit: z.coerce.number().int().min(1).max(1000).default(200) }),
    response: b2mml,
  },
} as const satisfies Record<string, Route>;
