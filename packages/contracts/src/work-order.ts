import { z } from 'zod';
import { Quantity } from './quantity.ts';

export const WorkOrderStatus = z.enum(['planned', 'released', 'running', 'held', 'finished', 'closed', 'cancelled']);
export type WorkOrderStatus = z.infer<typeof WorkOrderStatus>;
export const StepStatus = z.enum(['waiting', 'ready', 'running', 'paused', 'outsourced', 'finished', 'skipped']);

export const Defect = z.object({
  reason: z.string().max(60),
  quantity: Quantity,
  cavity: z.number().int().optional(),
  /** Document id of a picture taken at the machine. */
  picture: z.string().max(60).optional(),
});
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
  crew: z.number(),
  /** Outsourcers that may do it. */
  partners: z.array(z.string()),
  /** Sent to the outsourcer and not back yet. */
  atPartner: Quantity,
  /** Document ids of the work instruction as it was at release. */
  documents: z.array(z.string()),
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
  variant: z.string(),
  /** Whether the steps follow one another or come in any order. */
  order: z.enum(['fixed', 'free']),
  note: z.string(),
  /** Rises with each change; a change names the version it was made on. */
  version: z.number().int(),
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
  /** Names of the people at it now, or at its end. */
  operators: z.array(z.string()),
  workers: z.array(z.object({ person: z.string(), name: z.string(), since: z.number() })),
  status: z.enum(['setup', 'running', 'paused', 'finished']),
  startedAt: z.number(),
  /** First good piece; the time before is set-up. */
  productionStartedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** What the machine counted since the start; null without a counter. */
  counted: z.object({ good: z.number(), scrap: z.number(), total: z.number() }).nullable(),
  /** Until when the machine's count is confirmed; what it counted later is proposed next. */
  countedTo: z.number(),
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

/** A line of a customer's order (수주). */
export const SalesOrder = z.object({
  id: z.string(),
  number: z.string(),
  line: z.number().int(),
  customer: z.string().nullable(),
  item: z.string(),
  itemName: z.string(),
  quantity: Quantity,
  unit: z.string(),
  receivedAt: z.number().nullable(),
  due: z.number().nullable(),
  priority: z.number().int(),
  status: z.enum(['open', 'planned', 'done', 'cancelled']),
  note: z.string(),
  /** Quantity in work orders for it, and good pieces of these. */
  ordered: Quantity,
  good: Quantity,
  /** When its last work order was finished. */
  finishedAt: z.number().nullable(),
});
export type SalesOrder = z.infer<typeof SalesOrder>;

/** One step waiting at a machine, and whether all it needs is there. */
export const DispatchEntry = z.object({
  step: Step,
  order: z.object({
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
    customer: z.string().nullable(),
  }),
  /** Pieces that can be worked on now: what came from the step before, less what was done. */
  available: Quantity,
  /** Set-up from what runs or ran last on the machine, minutes. */
  setupMinutes: z.number(),
  /** Work that is left, minutes; null without a cycle time. */
  workMinutes: z.number().nullable(),
  late: z.boolean(),
  material: z.array(
    z.object({ item: z.string(), name: z.string(), needed: Quantity, onHand: Quantity, enough: z.boolean() }),
  ),
  tools: z.array(z.object({ tool: z.string(), name: z.string(), ready: z.boolean(), why: z.string().nullable() })),
  ready: z.boolean(),
});
export type DispatchEntry = z.infer<typeof DispatchEntry>;

/** A confirmed stretch of a run. A correction is a further result that says what it corrects. */
export const RunResult = z.object({
  id: z.string(),
  run: z.string(),
  workOrder: z.string(),
  workOrderNumber: z.string(),
  operation: z.number().int(),
  item: z.string(),
  machine: z.string(),
  /** When it happened, when it was recorded, and what the device's own clock said. */
  time: z.number(),
  recordedAt: z.number(),
  clientTime: z.number().nullable(),
  good: Quantity,
  scrap: Quantity,
  rework: Quantity,
  defects: z.array(Defect),
  /** What the machine had counted in the same stretch; null without a counter. */
  counted: z.object({ good: z.number(), scrap: z.number(), total: z.number() }).nullable(),
  corrects: z.string().nullable(),
  reason: z.string().nullable(),
  note: z.string(),
  by: z.string(),
  lot: z.string().nullable(),
  lotNumber: z.string().nullable(),
});
export type RunResult = z.infer<typeof RunResult>;

/** Who worked when on what (공수). */
export const LabourEntry = z.object({
  id: z.string(),
  person: z.string(),
  name: z.string(),
  kind: z.enum(['direct', 'indirect']),
  machine: z.string().nullable(),
  run: z.string().nullable(),
  workOrderNumber: z.string().nullable(),
  activity: z.string(),
  from: z.number(),
  to: z.number().nullable(),
});
export type LabourEntry = z.infer<typeof LabourEntry>;

/** A call from the machine: somebody comes, or material does. */
export const FloorCall = z.object({
  id: z.string(),
  kind: z.enum(['maintenance', 'material', 'quality', 'supervisor']),
  machine: z.string(),
  run: z.string().nullable(),
  text: z.string(),
  status: z.enum(['open', 'acknowledged', 'closed']),
  raisedAt: z.number(),
  raisedBy: z.string(),
  acknowledgedAt: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
  closedAt: z.number().nullable(),
  closedBy: z.string().nullable(),
  answer: z.string(),
});
export type FloorCall = z.infer<typeof FloorCall>;

/** 4M change notice (4M 변경 신고): typed by a person, or drafted when the system sees the change. */
export const ChangeNotice = z.object({
  id: z.string(),
  number: z.string(),
  kind: z.enum(['man', 'machine', 'material', 'method']),
  machine: z.string(),
  run: z.string().nullable(),
  workOrder: z.string().nullable(),
  item: z.string().nullable(),
  before: z.string(),
  after: z.string(),
  text: z.string(),
  status: z.enum(['draft', 'submitted', 'approved', 'rejected']),
  /** Whether the customer must be told, and the customer's answer. */
  customer: z.enum(['internal', 'notify', 'approved', 'refused']),
  /** Lots made before and after the change. */
  lotBefore: z.string().nullable(),
  lotAfter: z.string().nullable(),
  createdAt: z.number(),
  createdBy: z.string(),
  decidedAt: z.number().nullable(),
  decidedBy: z.string().nullable(),
  note: z.string(),
});
export type ChangeNotice = z.infer<typeof ChangeNotice>;

/** What one shift leaves to the next at a machine (인수인계). */
export const Handover = z.object({
  id: z.string(),
  machine: z.string(),
  day: z.string(),
  shift: z.string(),
  text: z.string(),
  by: z.string(),
  at: z.number(),
  readBy: z.string().nullable(),
  readAt: z.number().nullable(),
});
export type Handover = z.infer<typeof Handover>;

/** Material of confirmed pieces that was not in the book, until somebody says what was really used (자재 부족). */
export const MaterialShortage = z.object({
  id: z.string(),
  run: z.string(),
  workOrder: z.string(),
  workOrderNumber: z.string(),
  machine: z.string(),
  product: z.string(),
  productName: z.string(),
  item: z.string(),
  itemName: z.string(),
  unit: z.string(),
  quantity: Quantity,
  /** Taken out of stock afterwards, and ended without taking anything. */
  settled: Quantity,
  closed: Quantity,
  open: Quantity,
  /** The stock's book had too little, or a lot that has to be scanned was not. */
  why: z.enum(['stock', 'notScanned']),
  status: z.enum(['open', 'settled']),
  time: z.number(),
  by: z.string(),
  settledAt: z.number().nullable(),
  settledBy: z.string().nullable(),
  note: z.string(),
});
export type MaterialShortage = z.infer<typeof MaterialShortage>;

/** How the plant works with orders, chosen in the office. */
export const ProductionRules = z.object({
  /**
   * Results whose material is not in the book: never recorded, recorded by a leader who asks for it, or always, also
   * from the kiosk. What is missing stays open as a shortage.
   */
  shortage: z.enum(['never', 'office', 'always']).default('office'),
});
export type ProductionRules = z.infer<typeof ProductionRules>;

/** Scrap whose defect nobody named. Defects may also name pieces that go to rework. */
export function unnamedScrap(of: { scrap: number; defects: readonly { quantity: number }[] }): number {
  const left = of.scrap - of.defects.reduce((sum, d) => sum + d.quantity, 0);
  return Math.max(0, Math.round(left * 1e6) / 1e6);
}
