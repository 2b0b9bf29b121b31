import { z } from 'zod';
import { LocalText } from './text.ts';

/**
 * The owner's page: figures of one plant day in P (production), Q (quality), C (cost), D (delivery). A figure that is
 * not known is null, never 0. Money is won.
 */
export const OwnerFigureId = z.enum([
  'outputValue',
  'outputQuantity',
  'oee',
  'defectCost',
  'defectShare',
  'downtimeCost',
  'downtimeMinutes',
  'stockTurns',
  'stockValue',
  'onTime',
]);
export type OwnerFigureId = z.infer<typeof OwnerFigureId>;

export const OwnerFigure = z.object({
  id: OwnerFigureId,
  group: z.enum(['P', 'Q', 'C', 'D']),
  unit: z.enum(['won', 'pieces', 'share', 'minutes', 'turns']),
  /** Which direction is good. */
  better: z.enum(['more', 'less']),
  value: z.number().nullable(),
  /** What was planned for the day, where something can be. */
  plan: z.number().nullable(),
  /** What was divided, where the figure is a ratio. */
  numerator: z.number().nullable(),
  denominator: z.number().nullable(),
  /** The same weekday a week before, and the mean of the days of the four weeks before that are known. */
  weekBefore: z.number().nullable(),
  mean: z.number().nullable(),
  /** Days that the mean is of. */
  meanDays: z.number().int(),
  /** What could not be priced: items without standard cost, machines whose work centre has no hourly cost. */
  unpriced: z.array(z.string()),
});
export type OwnerFigure = z.infer<typeof OwnerFigure>;

/** A loss with a name, in won. */
export const OwnerLoss = z.object({
  kind: z.enum(['defect', 'downtime', 'setup']),
  won: z.number(),
  /** Share of all losses of the day. */
  share: z.number(),
  machine: z.string().nullable(),
  machineName: LocalText.nullable(),
  item: z.string().nullable(),
  itemName: z.string().nullable(),
  /** Code of the defect, or key of the stop's reason; null when nobody has given one. */
  reason: z.string().nullable(),
  reasonName: LocalText.nullable(),
  /** Pieces, or minutes. */
  quantity: z.number(),
  /** On how many of the 28 days before it was there too, and what it cost then. */
  daysBefore: z.number().int(),
  wonBefore: z.number(),
});
export type OwnerLoss = z.infer<typeof OwnerLoss>;

export const OwnerDay = z.object({
  day: z.string(),
  /** µs UTC: the plant's day, first shift to last. */
  from: z.number(),
  to: z.number(),
  /** False while the day still runs. */
  over: z.boolean(),
  weekBeforeDay: z.string(),
  figures: z.array(OwnerFigure),
  losses: z.array(OwnerLoss),
  /** Of all losses of the day, also those not shown. */
  lossesWon: z.number().nullable(),
  /** Something was ever recorded: without it the page teaches instead of showing dashes. */
  begun: z.boolean(),
});
export type OwnerDay = z.infer<typeof OwnerDay>;

/** One row behind a figure; what does not apply is null. */
export const OwnerRow = z.object({
  key: z.string(),
  machine: z.string().nullable(),
  machineName: LocalText.nullable(),
  item: z.string().nullable(),
  itemName: z.string().nullable(),
  order: z.string().nullable(),
  customer: z.string().nullable(),
  reason: z.string().nullable(),
  reasonName: LocalText.nullable(),
  /** µs UTC: begin of a stop, due date, time of the shipment. */
  time: z.number().nullable(),
  finished: z.number().nullable(),
  quantity: z.number().nullable(),
  plan: z.number().nullable(),
  /** Won a piece or an hour. */
  price: z.number().nullable(),
  won: z.number().nullable(),
  onTime: z.boolean().nullable(),
});
export type OwnerRow = z.infer<typeof OwnerRow>;
