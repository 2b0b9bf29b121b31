import { z } from 'zod';
import { Quantity } from './quantity.ts';

/** A lot, a serial number or a container of them: a thing with a label. */
export const LotStatus = z.enum(['available', 'quarantine', 'hold', 'rejected', 'closed']);
export type LotStatus = z.infer<typeof LotStatus>;

export const Lot = z.object({
  id: z.string(),
  /** Printed and scanned; unique in the plant. */
  number: z.string(),
  kind: z.enum(['lot', 'serial', 'container']),
  item: z.string(),
  revision: z.string(),
  unit: z.string(),
  status: LotStatus,
  /** Open hold reasons; a lot with any cannot be issued or shipped. */
  holds: z.array(z.object({ id: z.string(), reason: z.string(), since: z.number(), reference: z.string().nullable() })),
  origin: z.enum(['receipt', 'production', 'split', 'merge', 'rework', 'customerReturn', 'count', 'import']),
  supplier: z.string().nullable(),
  supplierLot: z.string().nullable(),
  workOrder: z.string().nullable(),
  /** Run that made it. */
  run: z.string().nullable(),
  producedAt: z.number(),
  expiresAt: z.number().nullable(),
  /** On hand in all locations of the plant. */
  onHand: Quantity,
  stock: z.array(z.object({ location: z.string(), quantity: Quantity })),
  /** Container it is in: for containers in containers. */
  inside: z.string().nullable(),
});
export type Lot = z.infer<typeof Lot>;

/**
 * Every change of stock is a movement between two places, so the plant's stock always sums to zero: what is in the
 * plant is what suppliers, production, scrap, customers and adjustments are short of or hold.
 */
export const outsidePlaces = ['@supplier', '@customer', '@production', '@scrap', '@adjustment', '@opening'] as const;
export const MovementKind = z.enum([
  'receipt',
  'issue',
  'return',
  'transfer',
  'consume',
  'produce',
  'scrap',
  'ship',
  'customerReturn',
  'supplierReturn',
  'adjust',
  'count',
  'split',
  'merge',
  'pack',
  'unpack',
  'opening',
]);
export type MovementKind = z.infer<typeof MovementKind>;

export const Movement = z.object({
  id: z.string(),
  kind: MovementKind,
  /** µs UTC: when it happened, and when it was recorded. */
  time: z.number(),
  recordedAt: z.number(),
  item: z.string(),
  lot: z.string().nullable(),
  lotNumber: z.string().nullable(),
  /** Split and merge: the lot the goods go on under. */
  toLot: z.string().nullable(),
  /** Pack and unpack: the container they went into or came out of. */
  container: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  quantity: Quantity,
  /** What it belongs to: `run/<id>`, `receipt/<no>`, `shipment/<no>`, `count/<no>` … */
  reference: z.string().nullable(),
  /** Supplier or customer. */
  partner: z.string().nullable(),
  reason: z.string().nullable(),
  actor: z.string(),
  /** The movement this one takes back, and the one that took it back. */
  reverses: z.string().nullable(),
  reversedBy: z.string().nullable(),
});
export type Movement = z.infer<typeof Movement>;

/** `parent` went into `child`. Acyclic: a lot never is its own ancestor. */
export const LotLink = z.object({
  parent: z.string(),
  child: z.string(),
  kind: z.enum(['consumed', 'split', 'merged', 'packed', 'reworked']),
  quantity: Quantity,
  time: z.number(),
  run: z.string().nullable(),
});
export type LotLink = z.infer<typeof LotLink>;
