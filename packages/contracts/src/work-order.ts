import { z } from 'zod';
import { Quantity } from './quantity.ts';

export const WorkOrderStatus = z.enum(['planned', 'released', 'running', 'held', 'finished', 'closed', 'cancelled']);
export type WorkOrderStatus = z.infer<typeof WorkOrderStatus>;
export const StepStatus = z.enum(['waiting', 'ready', 'running', 'paused', 'outsourced', 'finished', 'skipped']);

export const Defect = z.object({ reason: z.string().max(60), quantity: Quantity, cavity: z.number().int().optional() });
export type Defect = z.infer<typeof Defect>;

/** One operation of a work order's routing, copied at release so that a later change of the routing leaves it alone. */
export const Step = z.object({
  id: z.string(),
  number: z.number().int(),
  name: z.string(),
  workCentre: z.string(),
  machines: z.array(z.string()),
  /** Where the planner or dispatcher put it. */
  machine: z.string().nullable(),
  sequence: z.number().nullable(),
  mode: z.enum(['inHouse', 'outsourced', 'either']),
  partner: z.string().nullable(),
  optional: z.boolean(),
  status: StepStatus,
  planned: Quantity,
  good: Quantity,
  scrap: Quantity,
  rework: Quantity,
  cycleSeconds: z.number().nullable(),
  setupMinutes: z.number(),
  tools: z.array(z.string()),
  skills: z.array(z.string()),
});
export type Step = z.infer<typeof Step>;

export const WorkOrder = z.object({
  id: z.string(),
  number: z.string(),
  item: z.string(),
  itemName: z.string(),
  revision: z.string(),
  quantity: Quantity,
  unit: z.string(),
  due: z.number().nullable(),
  priority: z.number().int(),
  status: WorkOrderStatus,
  /** Order it was split from, merged into, or reworks. */
  parent: z.string().nullable(),
  origin: z.enum(['plan', 'split', 'merge', 'rework', 'import', 'erp']),
  salesOrder: z.string().nullable(),
  customer: z.string().nullable(),
  holdReason: z.string().nullable(),
  steps: z.array(Step),
  good: Quantity,
  scrap: Quantity,
  createdAt: z.number(),
  releasedAt: z.number().nullable(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
});
export type WorkOrder = z.infer<typeof WorkOrder>;

/** A stretch of work on one step at one machine, from start to stop. */
export const Run = z.object({
  id: z.string(),
  workOrder: z.string(),
  workOrderNumber: z.string(),
  step: z.string(),
  operation: z.number().int(),
  item: z.string(),
  machine: z.string(),
  tool: z.string().nullable(),
  operators: z.array(z.string()),
  status: z.enum(['setup', 'running', 'paused', 'finished']),
  startedAt: z.number(),
  /** First good piece; the time before is set-up. */
  productionStartedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** What the machine counted since the start; null without a counter. */
  counted: z.object({ good: z.number(), scrap: z.number(), total: z.number() }).nullable(),
  /** What was confirmed. */
  good: Quantity,
  scrap: Quantity,
  rework: Quantity,
  defects: z.array(Defect),
  /** Lots it made and used. */
  outputLots: z.array(z.string()),
  inputLots: z.array(z.string()),
  blocked: z.array(z.object({ code: z.string(), text: z.string() })),
});
export type Run = z.infer<typeof Run>;
