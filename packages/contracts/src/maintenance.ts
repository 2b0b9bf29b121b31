import { z } from 'zod';
import { Quantity } from './quantity.ts';

/** What is looked after: a machine by its path, or a tool (mould, die, fixture, gauge) by its code. */
export const Subject = z.object({ kind: z.enum(['machine', 'tool']), id: z.string().min(1).max(300) });
export type Subject = z.infer<typeof Subject>;

export const CheckItem = z.strictObject({
  id: z.string().min(1).max(40),
  text: z.string().trim().min(1).max(300),
  /** In other languages, by tag. */
  names: z.record(z.string().max(8), z.string().max(300)).optional(),
  kind: z.enum(['ok', 'value']).default('ok'),
  unit: z.string().max(20).optional(),
  lower: z.number().optional(),
  upper: z.number().optional(),
  picture: z.boolean().default(false),
});
export type CheckItem = z.infer<typeof CheckItem>;

/** Check sheet (설비점검표): what is checked how often on which machines. */
export const CheckSheet = z.object({
  code: z.string(),
  version: z.number().int(),
  name: z.string(),
  subjects: z.array(Subject),
  every: z.object({ unit: z.enum(['shift', 'day', 'week', 'month']), count: z.number().int().min(1) }),
  items: z.array(CheckItem),
  active: z.boolean(),
});
export type CheckSheet = z.infer<typeof CheckSheet>;

export const CheckResult = z.strictObject({
  item: z.string().max(40),
  ok: z.boolean(),
  value: z.number().nullable().default(null),
  note: z.string().max(500).default(''),
  document: z.string().max(80).nullable().default(null),
});

export const CheckDone = z.object({
  id: z.string(),
  sheet: z.string(),
  sheetVersion: z.number().int(),
  subject: Subject,
  person: z.string(),
  time: z.number(),
  results: z.array(CheckResult),
  failed: z.number().int(),
  /** Requests that the failed items opened. */
  orders: z.array(z.string()),
});
export type CheckDone = z.infer<typeof CheckDone>;

export const CheckDue = z.object({
  sheet: CheckSheet,
  subject: Subject,
  lastAt: z.number().nullable(),
  /** End of the period in which the next check belongs. */
  dueAt: z.number(),
  overdue: z.boolean(),
});
export type CheckDue = z.infer<typeof CheckDue>;

export const Trigger = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('calendar'), days: z.number().int().min(1).max(3650) }),
  z.strictObject({ type: z.literal('hours'), hours: z.number().positive() }),
  z.strictObject({ type: z.literal('shots'), shots: z.number().int().positive() }),
  z.strictObject({
    type: z.literal('condition'),
    signal: z.string().max(300),
    above: z.number().nullable().default(null),
    below: z.number().nullable().default(null),
  }),
]);
export type Trigger = z.infer<typeof Trigger>;

/** Preventive plan: the first trigger that is reached asks for the work. */
export const MaintenancePlan = z.object({
  code: z.string(),
  name: z.string(),
  subject: Subject,
  triggers: z.array(Trigger),
  text: z.string(),
  parts: z.array(z.object({ item: z.string(), quantity: Quantity })),
  minutes: z.number().int(),
  /** Asks this share before it is due, so that parts and people can be found. */
  warnAt: z.number(),
  active: z.boolean(),
  lastDoneAt: z.number(),
  /** Largest share reached of any trigger; 1 is due. Null where nothing is known. */
  share: z.number().nullable(),
  reached: Trigger.nullable(),
  openOrder: z.string().nullable(),
});
export type MaintenancePlan = z.infer<typeof MaintenancePlan>;

export const MaintenanceOrder = z.object({
  id: z.string(),
  number: z.string(),
  kind: z.enum(['corrective', 'preventive', 'calibration', 'improvement']),
  subject: Subject,
  text: z.string(),
  priority: z.enum(['low', 'normal', 'high', 'stopped']),
  status: z.enum(['requested', 'accepted', 'inProgress', 'done', 'verified', 'cancelled']),
  plan: z.string().nullable(),
  requestedBy: z.string(),
  requestedAt: z.number(),
  assignee: z.string().nullable(),
  startedAt: z.number().nullable(),
  doneAt: z.number().nullable(),
  /** The machine stood still for it. */
  machineStopped: z.boolean(),
  cause: z.string(),
  action: z.string(),
  labour: z.array(z.object({ person: z.string(), minutes: z.number().int() })),
  parts: z.array(z.object({ item: z.string(), lot: z.string().nullable(), quantity: Quantity })),
  documents: z.array(z.string()),
  verifiedBy: z.string().nullable(),
  /** The call from a kiosk that it answers. */
  call: z.string().nullable(),
});
export type MaintenanceOrder = z.infer<typeof MaintenanceOrder>;

export const ToolEvent = z.object({
  id: z.string(),
  tool: z.string(),
  kind: z.enum([
    'mounted',
    'dismounted',
    'serviced',
    'cleaned',
    'repaired',
    'cavityBlocked',
    'cavityOpened',
    'calibrated',
  ]),
  time: z.number(),
  person: z.string(),
  machine: z.string().nullable(),
  cavity: z.number().int().nullable(),
  text: z.string(),
  /** Shots of the tool's life when it happened. */
  shots: z.number(),
  /** Calibration: passed or not, its certificate, and when the next one is due. */
  passed: z.boolean().nullable(),
  document: z.string().nullable(),
  /** Calibration that failed: numbers of the nonconformities for what the gauge measured since it last passed. */
  nonconformities: z.array(z.string()),
});
export type ToolEvent = z.infer<typeof ToolEvent>;

/** Tool card (금형이력카드). */
export const ToolCard = z.object({
  tool: z.string(),
  name: z.string(),
  kind: z.string(),
  cavities: z.number().int(),
  blockedCavities: z.array(z.number().int()),
  machine: z.string().nullable(),
  shots: z.number(),
  shotsSinceService: z.number(),
  serviceShots: z.number().nullable(),
  lifeShots: z.number().nullable(),
  /** Of the service interval, 1 is due; null without one. */
  share: z.number().nullable(),
  calibrationDue: z.number().nullable(),
  calibrationPassed: z.boolean().nullable(),
});
export type ToolCard = z.infer<typeof ToolCard>;

export const SparePart = z.object({
  item: z.string(),
  name: z.string(),
  unit: z.string(),
  onHand: z.number(),
  safetyStock: z.number().nullable(),
  short: z.boolean(),
  usedInYear: z.number(),
});
export type SparePart = z.infer<typeof SparePart>;

/** What a technician starts the day with. */
export const MaintenanceToday = z.object({
  checks: z.array(CheckDue),
  /** Plans whose share has reached their warning. */
  plans: z.array(MaintenancePlan),
  orders: z.array(MaintenanceOrder),
  /** Gauges whose calibration is due within 30 days, was failed, or was never done. */
  calibrations: z.array(ToolCard),
  /** Tools past nine tenths of their service interval or of their life. */
  tools: z.array(ToolCard),
  shortParts: z.array(SparePart),
});
export type MaintenanceToday = z.infer<typeof MaintenanceToday>;

/** A machine or tool as it was scanned, with what is to be done on it. */
export const SubjectCard = z.object({
  subject: Subject,
  name: z.string(),
  due: z.array(CheckDue),
  /** Sheets of it that are done for the running period, so that one can be done again. */
  sheets: z.array(CheckSheet),
  orders: z.array(MaintenanceOrder),
  plans: z.array(MaintenancePlan),
  tool: ToolCard.nullable(),
});
export type SubjectCard = z.infer<typeof SubjectCard>;

/** Reliability of a machine in a window (kpi.md §7, IEC 61703). Null is "not known". */
export const Reliability = z.object({
  machine: z.string(),
  failures: z.number().int(),
  operatingMs: z.number(),
  failureMs: z.number(),
  windowMs: z.number(),
  mtbfMs: z.number().nullable(),
  mttrMs: z.number().nullable(),
  /** One-sided lower bound of the MTBF, 90 % confidence: 2T / χ²(0.9; 2r + 2). */
  mtbfLowerMs: z.number().nullable(),
  inherentAvailability: z.number().nullable(),
  operationalAvailability: z.number().nullable(),
});
export type Reliability = z.infer<typeof Reliability>;
