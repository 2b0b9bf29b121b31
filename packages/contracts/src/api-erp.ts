import { z } from 'zod';
import { Item } from './master.ts';
import { Quantity } from './quantity.ts';
import { auditing, engineering, leading, ok, type Route } from './route.ts';

const code = z.string().trim().min(1).max(60);

/** Where documents go: an ERP's REST address, a folder that an ERP reads, or a webhook of anybody. */
export const ErpTarget = z.object({
  id: code.regex(/^[a-z0-9-]+$/),
  name: z.string().trim().min(1).max(100),
  kind: z.enum(['rest', 'file', 'webhook']),
  /** Empty for `file`, whose folder lies below the data folder. */
  url: z.string().max(1000).default(''),
  /** Event types, `*` at the end for all that begin so. */
  events: z
    .array(z.string().regex(/^(\*|[A-Za-z0-9]+(\.[A-Za-z0-9]+|\.\*))$/))
    .min(1)
    .max(50),
  /** The event as it is, or a B2MML document of the work order that it is about. */
  format: z.enum(['event', 'b2mml']).default('event'),
  enabled: z.boolean().default(true),
  /** Lets it reach this computer itself and link-local addresses. */
  allowLocal: z.boolean().default(false),
});
export type ErpTarget = z.infer<typeof ErpTarget>;

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

/** What became of each document that came in, in its order. */
export const ErpReceipt = z.object({
  added: z.number().int(),
  changed: z.number().int(),
  same: z.number().int(),
  problems: z.array(z.object({ code: z.string(), error: z.string(), message: z.string() })),
});
export type ErpReceipt = z.infer<typeof ErpReceipt>;
const b2mml = z.record(z.string(), z.unknown());

export const erpRoutes = {
  erpTargets: {
    method: 'GET',
    path: '/erp/targets',
    summary: 'Where documents go',
    access: auditing,
    response: z.array(ErpTarget.extend({ hasSecret: z.boolean() })),
  },
  saveErpTarget: {
    method: 'PUT',
    path: '/erp/targets',
    summary: 'Add or change a target; the secret signs webhooks, or is the Authorization header of an ERP',
    access: engineering,
    body: ErpTarget.extend({ secret: z.string().max(500).optional() }),
    response: ErpTarget.extend({ hasSecret: z.boolean() }),
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
