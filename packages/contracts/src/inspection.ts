import { z } from 'zod';

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

/** An inspection asked for or done, on a lot, on a run, or both. */
export const Inspection = z.object({
  id: z.string(),
  number: z.string(),
  stage: InspectionStage,
  plan: z.string(),
  planRevision: z.string(),
  item: z.string(),
  lot: z.string().nullable(),
  run: z.string().nullable(),
  workOrder: z.string().nullable(),
  machine: z.string().nullable(),
  status: z.enum(['due', 'open', 'done', 'skipped']),
  verdict: z.enum(['accepted', 'rejected', 'concession']).nullable(),
  lotSize: z.number().nullable(),
  sampleSize: z.number(),
  acceptance: z.number().nullable(),
  severity: z.enum(['normal', 'tightened', 'reduced']).nullable(),
  askedAt: z.number(),
  dueAt: z.number().nullable(),
  doneAt: z.number().nullable(),
  inspector: z.string().nullable(),
  results: z.array(
    z.object({
      characteristic: z.string(),
      sample: z.number().int(),
      value: z.number().nullable(),
      pass: z.boolean(),
      gauge: z.string().nullable(),
      source: z.enum(['form', 'gauge', 'signal', 'import']),
    }),
  ),
});
export type Inspection = z.infer<typeof Inspection>;
