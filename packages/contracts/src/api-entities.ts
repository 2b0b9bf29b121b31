import { z } from 'zod';
import { AlarmPriority, AlarmState } from './alarm.ts';
import { LossClass, MachineState, StateInterval } from './equipment.ts';
import { SignalKind } from './plant.ts';
import { LocalText } from './text.ts';

/** What the API sends and takes. Times are integer µs UTC unless a name says otherwise; durations are ms. */

export const Role = z.enum(['operator', 'supervisor', 'engineer', 'administrator', 'partner', 'auditor']);
export type Role = z.infer<typeof Role>;

export const ApiError = z.object({
  code: z.string(),
  message: z.string(),
  /** What to do now. */
  advice: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** Where in the input, for files: 1-based. */
  where: z
    .object({
      file: z.string().optional(),
      line: z.number().optional(),
      column: z.number().optional(),
      path: z.string().optional(),
    })
    .optional(),
});
export type ApiError = z.infer<typeof ApiError>;

export const User = z.object({
  id: z.string(),
  name: z.string(),
  displayName: z.string(),
  role: Role,
  language: z.string(),
  active: z.boolean(),
  createdAt: z.number(),
  lastSeenAt: z.number().nullable(),
});
export type User = z.infer<typeof User>;

export const ApiToken = z.object({
  id: z.string(),
  name: z.string(),
  role: Role,
  createdAt: z.number(),
  expiresAt: z.number(),
  lastUsedAt: z.number().nullable(),
});
export type ApiToken = z.infer<typeof ApiToken>;

export const EquipmentNode = z.object({
  path: z.string(),
  name: LocalText,
  level: z.enum(['enterprise', 'site', 'area', 'line', 'cell', 'equipment']),
  parent: z.string().nullable(),
});
export type EquipmentNode = z.infer<typeof EquipmentNode>;

export const SignalInfo = z.object({
  id: z.number().int(),
  path: z.string(),
  equipment: z.string(),
  name: LocalText,
  kind: SignalKind,
  unit: z.string().nullable(),
  limits: z.object({ min: z.number().optional(), max: z.number().optional() }).nullable(),
  /** Limits at which an alarm comes, for drawing. */
  alarmLimits: z.array(z.object({ type: z.string(), limit: z.number(), priority: AlarmPriority })),
  enumeration: z.record(z.string(), LocalText).nullable(),
  connection: z.string().nullable(),
});
export type SignalInfo = z.infer<typeof SignalInfo>;

export const SignalValue = z.object({
  id: z.number().int(),
  time: z.number(),
  value: z.union([z.number(), z.string(), z.null()]),
  quality: z.enum(['good', 'uncertain', 'bad', 'gap']),
  /** True when the source has been silent for longer than it should. */
  stale: z.boolean(),
});
export type SignalValue = z.infer<typeof SignalValue>;

/** One ratio with its parts: numerator and denominator are kept, the division is for display. */
export const Ratio = z.object({ numerator: z.number(), denominator: z.number(), value: z.number().nullable() });
export type Ratio = z.infer<typeof Ratio>;

/** ISO 22400 time model of one work unit and period, ms. POT = plannedDown + ADOT + ADET + ASUT + APT + noData, exactly. */
export const TimeModel = z.object({
  calendarMs: z.number(),
  potMs: z.number(),
  plannedDownMs: z.number(),
  pbtMs: z.number(),
  adotMs: z.number(),
  adetMs: z.number(),
  asutMs: z.number(),
  aptMs: z.number(),
  aubtMs: z.number(),
  auptMs: z.number(),
  /** Time in which nothing was known; taken out of PBT, shown, never called downtime. */
  noDataMs: z.number(),
});
export type TimeModel = z.infer<typeof TimeModel>;

export const Counts = z.object({
  produced: z.number().nullable(),
  good: z.number().nullable(),
  scrap: z.number().nullable(),
  rework: z.number().nullable(),
});
export type Counts = z.infer<typeof Counts>;

export const OeeFlag = z.enum([
  'performanceOver100',
  'noCycleTime',
  'noCounts',
  'noQualityCount',
  'noDataShare',
  'runningWithoutOrder',
  'recomputed',
]);

export const OeeReport = z.object({
  equipment: z.string(),
  from: z.number(),
  to: z.number(),
  shift: z.string().nullable(),
  product: z.string().nullable(),
  time: TimeModel,
  counts: Counts,
  /** PRU × PQ, ms: what the pieces should have taken. */
  plannedRunMs: z.number().nullable(),
  goodRunMs: z.number().nullable(),
  availability: Ratio,
  effectiveness: Ratio,
  qualityRatio: Ratio,
  oee: Ratio,
  nee: Ratio,
  /** The rest of the ISO 22400 set of kpi.md that these inputs allow, by name. */
  kpis: z.record(z.string(), Ratio),
  /** From PBT down to good time, ms; closes to zero. */
  waterfall: z.array(z.object({ step: z.string(), ms: z.number() })),
  losses: z.array(z.object({ loss: LossClass, ms: z.number() })),
  stateMs: z.record(MachineState, z.number()),
  flags: z.array(OeeFlag),
});
export type OeeReport = z.infer<typeof OeeReport>;

export const Downtime = z.object({
  id: z.string(),
  equipment: z.string(),
  from: z.number(),
  to: z.number().nullable(),
  state: MachineState,
  cause: z.string(),
  reason: z.string().nullable(),
  loss: LossClass.nullable(),
  note: z.string(),
  /** Who gave the reason; null while nobody has. */
  by: z.string().nullable(),
  /** Earlier versions, oldest first: what was corrected stays readable. */
  history: z.array(
    z.object({
      at: z.number(),
      by: z.string(),
      reason: z.string().nullable(),
      note: z.string(),
      from: z.number(),
      to: z.number().nullable(),
    }),
  ),
});
export type Downtime = z.infer<typeof Downtime>;

export const MachineCard = z.object({
  equipment: z.string(),
  name: LocalText,
  area: z.string(),
  /** False for a meter and the like: no state rules, so `state` stays `noData` and says nothing. */
  hasState: z.boolean(),
  state: MachineState,
  since: z.number(),
  cause: z.string(),
  product: z.string().nullable(),
  /** Of the running shift. */
  shift: z.object({ id: z.string(), name: LocalText, from: z.number(), to: z.number() }).nullable(),
  produced: z.number().nullable(),
  good: z.number().nullable(),
  scrap: z.number().nullable(),
  /** Pieces that the planned run time allows from the shift's start until now. */
  target: z.number().nullable(),
  oee: z.number().nullable(),
  availability: z.number().nullable(),
  effectiveness: z.number().nullable(),
  qualityRatio: z.number().nullable(),
  flags: z.array(OeeFlag),
  alarms: z.object({
    critical: z.number(),
    high: z.number(),
    medium: z.number(),
    low: z.number(),
    unacknowledged: z.number(),
  }),
});
export type MachineCard = z.infer<typeof MachineCard>;

export const Alarm = z.object({
  id: z.string(),
  /** `<signal path>#<rule id>` */
  rule: z.string(),
  equipment: z.string(),
  signal: z.string(),
  name: LocalText,
  message: z.string(),
  action: LocalText.nullable(),
  priority: AlarmPriority,
  state: AlarmState,
  active: z.boolean(),
  raisedAt: z.number(),
  clearedAt: z.number().nullable(),
  acknowledgedAt: z.number().nullable(),
  acknowledgedBy: z.string().nullable(),
  shelvedUntil: z.number().nullable(),
  shelvedBy: z.string().nullable(),
  shelveReason: z.string().nullable(),
  value: z.union([z.number(), z.string(), z.null()]),
  /** How many times it came since the shift began. */
  occurrences: z.number(),
  /** Id of the flood that it belongs to. */
  flood: z.string().nullable(),
});
export type Alarm = z.infer<typeof Alarm>;

export const AlarmJournalEntry = z.object({
  id: z.string(),
  alarm: z.string(),
  rule: z.string(),
  equipment: z.string(),
  time: z.number(),
  event: z.enum([
    'raised',
    'cleared',
    'acknowledged',
    'shelved',
    'unshelved',
    'suppressed',
    'unsuppressed',
    'removedFromService',
    'returnedToService',
  ]),
  from: AlarmState,
  to: AlarmState,
  priority: AlarmPriority,
  message: z.string(),
  by: z.string().nullable(),
  note: z.string(),
});
export type AlarmJournalEntry = z.infer<typeof AlarmJournalEntry>;

export const AlarmKpis = z.object({
  from: z.number(),
  to: z.number(),
  total: z.number(),
  perTenMinutes: z.number(),
  /** Fixed ten-minute bins with at least one alarm. */
  bins: z.array(z.object({ from: z.number(), count: z.number() })),
  largestTenMinuteWindow: z.number(),
  floods: z.array(z.object({ from: z.number(), to: z.number(), count: z.number() })),
  floodShare: z.number(),
  topTenShare: z.number().nullable(),
  pareto: z.array(z.object({ rule: z.string(), name: z.string(), count: z.number(), activeMs: z.number() })),
  chattering: z.array(z.string()),
  stale: z.array(z.string()),
  standing: z.number(),
  byPriority: z.record(AlarmPriority, z.number()),
});
export type AlarmKpis = z.infer<typeof AlarmKpis>;

export const ConnectionHealth = z.object({
  id: z.string(),
  name: LocalText,
  type: z.string(),
  enabled: z.boolean(),
  status: z.enum(['disabled', 'connecting', 'connected', 'degraded', 'lost']),
  since: z.number(),
  signals: z.number(),
  samplesPerSecond: z.number(),
  samplesTotal: z.number(),
  duplicatesOrDropped: z.number(),
  reconnects: z.number(),
  lastSampleAt: z.number().nullable(),
  lagMs: z.number().nullable(),
  lastError: ApiError.omit({ where: true }).extend({ at: z.number() }).nullable(),
  notices: z.array(z.object({ at: z.number(), code: z.string(), message: z.string() })),
});
export type ConnectionHealth = z.infer<typeof ConnectionHealth>;

export const ProbeResult = z.object({
  ok: z.boolean(),
  device: z.string(),
  roundTripMs: z.number(),
  error: ApiError.nullable(),
  signals: z.array(z.object({ path: z.string(), value: z.string().nullable(), error: z.string().nullable() })),
});

export const DiscoveryProposal = z.object({
  id: z.string(),
  name: z.string(),
  kind: SignalKind,
  unit: z.string().nullable(),
  devicePath: z.array(z.string()),
  address: z.record(z.string(), z.unknown()),
  value: z.string().nullable(),
});
export type DiscoveryProposal = z.infer<typeof DiscoveryProposal>;

export const PlantProblem = z.object({
  code: z.string(),
  message: z.string(),
  advice: z.string(),
  line: z.number(),
  column: z.number(),
  path: z.string(),
  /** Nearest valid name, when a name was wrong. */
  suggestion: z.string().nullable(),
});
export type PlantProblem = z.infer<typeof PlantProblem>;

export const MachineDetail = z.object({
  card: MachineCard,
  intervals: z.array(StateInterval),
  signals: z.array(SignalInfo),
  values: z.array(SignalValue),
  alarms: z.array(Alarm),
  downtimes: z.array(Downtime),
});
