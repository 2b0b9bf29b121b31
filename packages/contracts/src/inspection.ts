import { z } from 'zod';
import { Characteristic } from './master.ts';

export const InspectionStage = z.enum([
  'incoming',
  'first',
  'middle',
  'last',
  'self',
  'patrol',
  'inProcess',
  'final',
  'shipping',
]);
export type InspectionStage = z.infer<typeof InspectionStage>;

export const InspectionSeverity = z.enum(['normal', 'tightened', 'reduced']);

export const InspectionResult = z.object({
  characteristic: z.string(),
  sample: z.number().int(),
  value: z.number().nullable(),
  pass: z.boolean(),
  gauge: z.string().nullable(),
  source: z.enum(['form', 'gauge', 'signal', 'import']),
  /** Pieces the row stands for, where pieces were counted and not measured one by one; one when left out. */
  count: z.number().int().optional(),
  /** µs UTC */
  time: z.number().optional(),
});
export type InspectionResult = z.infer<typeof InspectionResult>;

/** An inspection asked for or done, on a lot, on a run, or both. */
export const Inspection = z.object({
  id: z.string(),
  number: z.string(),
  stage: InspectionStage,
  plan: z.string(),
  planName: z.string(),
  planRevision: z.string(),
  item: z.string(),
  operation: z.number().int().nullable(),
  lot: z.string().nullable(),
  /** Printed number of the lot. */
  lotNumber: z.string().nullable(),
  run: z.string().nullable(),
  workOrder: z.string().nullable(),
  machine: z.string().nullable(),
  supplier: z.string().nullable(),
  status: z.enum(['due', 'open', 'done', 'skipped']),
  verdict: z.enum(['accepted', 'rejected', 'concession']).nullable(),
  lotSize: z.number().nullable(),
  sampleSize: z.number(),
  acceptance: z.number().nullable(),
  severity: InspectionSeverity.nullable(),
  /** Code letter of ISO 2859-1. */
  codeLetter: z.string().nullable(),
  askedAt: z.number(),
  dueAt: z.number().nullable(),
  doneAt: z.number().nullable(),
  inspector: z.string().nullable(),
  note: z.string(),
  /** Opened because of it. */
  nonconformity: z.string().nullable(),
  /** The plan as it was when the inspection was asked for; `required` values of each. */
  characteristics: z.array(z.object({ ...Characteristic.shape, required: z.number().int() })),
  results: z.array(InspectionResult),
});
export type Inspection = z.infer<typeof Inspection>;
