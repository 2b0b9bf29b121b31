import { z } from 'zod';

/** Nonconformities, control charts and measurement studies, as the API gives them. Times are µs UTC. */

export const NonconformitySource = z.enum(['inspection', 'production', 'customer', 'supplier', 'audit']);
export const DecisionKind = z.enum(['concession', 'rework', 'scrap', 'return', 'release']);
export type DecisionKind = z.infer<typeof DecisionKind>;

export const QualityAction = z.object({
  id: z.string(),
  /** 8D discipline: 3 containment, 5 chosen and 6 implemented correction, 7 prevention. */
  discipline: z.union([z.literal(3), z.literal(5), z.literal(6), z.literal(7)]),
  text: z.string(),
  owner: z.string(),
  dueAt: z.number().nullable(),
  doneAt: z.number().nullable(),
});
export type QualityAction = z.infer<typeof QualityAction>;

export const EightD = z.object({
  /** D1 team, D2 problem, D4 root cause and why it was not found, D8 closing words. */
  team: z.string(),
  problem: z.string(),
  rootCause: z.string(),
  escapeCause: z.string(),
  closing: z.string(),
  dueAt: z.number().nullable(),
  actions: z.array(QualityAction),
  /** Whether the measures worked, looked at a while later; the nonconformity closes only with it. */
  effectiveness: z
    .object({ checkedAt: z.number(), by: z.string(), effective: z.boolean(), evidence: z.string() })
    .nullable(),
  effectivenessDueAt: z.number().nullable(),
  startedAt: z.number(),
});
export type EightD = z.infer<typeof EightD>;

export const Nonconformity = z.object({
  id: z.string(),
  number: z.string(),
  source: NonconformitySource,
  status: z.enum(['open', 'decided', 'closed']),
  item: z.string(),
  defect: z.string().nullable(),
  /** Customer who complained, or supplier it came from. */
  partner: z.string().nullable(),
  /** The partner's own number of the complaint. */
  partnerReference: z.string().nullable(),
  run: z.string().nullable(),
  /** Where it was found, where that is known. */
  machine: z.string().nullable(),
  inspection: z.string().nullable(),
  gauge: z.string().nullable(),
  text: z.string(),
  quantity: z.number(),
  openedAt: z.number(),
  openedBy: z.string(),
  /** When the partner or the plant expects an answer. */
  dueAt: z.number().nullable(),
  closedAt: z.number().nullable(),
  pictures: z.array(z.string()),
  lots: z.array(
    z.object({ lot: z.string(), number: z.string(), held: z.boolean(), decision: DecisionKind.nullable() }),
  ),
  decisions: z.array(
    z.object({
      kind: DecisionKind,
      lots: z.array(z.string()),
      reason: z.string(),
      /** Concession: the customer's leave, where one was asked. */
      approval: z.string(),
      by: z.string(),
      at: z.number(),
    }),
  ),
  eightD: EightD.nullable(),
});
export type Nonconformity = z.infer<typeof Nonconformity>;

export const ChartKind = z.enum(['individuals', 'xbarR', 'xbarS', 'p', 'np', 'c', 'u', 'ewma', 'cusum']);
export const ChartRule = z.enum(['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8', 'w2', 'w8', 'a2']);
export type ChartRule = z.infer<typeof ChartRule>;

export const ChartSettings = z.strictObject({
  kind: ChartKind,
  rules: z.array(ChartRule).max(11).default(['n1']),
  /** Values that make a point; 1 for individuals. */
  subgroup: z.number().int().min(1).max(25).default(1),
  /** Printed table constants instead of exact ones. */
  tableConstants: z.boolean().default(false),
  /** EWMA weight and limits' width. */
  lambda: z.number().gt(0).max(1).default(0.2),
  width: z.number().gt(0).max(10).default(3),
  /** CUSUM allowance and decision interval, in sigma. */
  k: z.number().gt(0).max(10).default(0.5),
  h: z.number().gt(0).max(100).default(5),
  /** EWMA and CUSUM start or aim here; the baseline's mean when left out. */
  target: z.number().optional(),
  /** Signals: seconds between two values that are taken. */
  everySeconds: z.number().min(0.1).max(86_400).default(60),
});
export type ChartSettings = z.infer<typeof ChartSettings>;

export const ChartBaseline = z.object({
  centre: z.number(),
  sigma: z.number().nullable(),
  spread: z.number().nullable(),
  size: z.number().nullable(),
  method: z.enum(['movingRange', 'range', 'sBar', 'pooled', 'attribute']),
  points: z.number(),
  from: z.number(),
  to: z.number(),
  frozenAt: z.number(),
  by: z.string(),
});
export type ChartBaseline = z.infer<typeof ChartBaseline>;

export const SpcChart = z.object({
  id: z.string(),
  name: z.string(),
  /** `plan/<plan>/<characteristic>` or `signal/<path>`. */
  series: z.string(),
  item: z.string().nullable(),
  machine: z.string().nullable(),
  unit: z.string().nullable(),
  nominal: z.number().nullable(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  settings: ChartSettings,
  /** Null until somebody has frozen limits. */
  baseline: ChartBaseline.nullable(),
  stages: z.array(z.object({ from: z.number(), name: z.string() })),
  exclusions: z.array(z.object({ point: z.string(), cause: z.string(), by: z.string(), at: z.number() })),
  active: z.boolean(),
  /** Newest rule hit, and what it was. */
  lastHit: z.object({ time: z.number(), rules: z.array(ChartRule) }).nullable(),
});
export type SpcChart = z.infer<typeof SpcChart>;

const Plotted = z.object({
  value: z.number().nullable(),
  centre: z.number(),
  upper: z.number(),
  /** Null is "none": counts have no lower limit below zero. */
  lower: z.number().nullable(),
});

export const ChartPoints = z.array(
  z.object({
    /** Names the point in an exclusion. */
    key: z.string(),
    time: z.number(),
    values: z.array(z.number()),
    excluded: z.string().nullable(),
    stage: z.string(),
    main: Plotted,
    spread: Plotted.nullable(),
    hits: z.array(ChartRule),
    spreadHit: z.boolean(),
    /** Lot, run or inspection that it came from. */
    reference: z.string().nullable(),
  }),
);

const Figures = z.object({
  twoSided: z.number().nullable(),
  upper: z.number().nullable(),
  lower: z.number().nullable(),
  worst: z.number().nullable(),
});

export const Capability = z.object({
  n: z.number(),
  mean: z.number(),
  overallSigma: z.number(),
  withinSigma: z.number(),
  withinMethod: z.string(),
  constants: z.enum(['exact', 'table']),
  /** Cp family: null until a chart on the same data has passed. */
  within: Figures.nullable(),
  gate: z.enum(['noChart', 'unstable', 'tooFew']).nullable(),
  /** Pp family, normal. */
  overall: Figures,
  outside: z.object({ below: z.number(), above: z.number() }),
  normality: z.object({ statistic: z.number(), p: z.number().nullable(), rejected: z.boolean() }).nullable(),
  /** Quantile form of a fitted distribution, where normal is rejected and another fits. */
  nonNormal: z
    .object({
      distribution: z.string(),
      parameters: z.record(z.string(), z.number()),
      figures: Figures,
      rejected: z.boolean(),
    })
    .nullable(),
  histogram: z.array(z.object({ from: z.number(), to: z.number(), count: z.number() })),
});
export type Capability = z.infer<typeof Capability>;

export const ChartData = z.object({
  chart: SpcChart,
  points: ChartPoints,
  capability: Capability.nullable(),
  truncated: z.boolean(),
});
export type ChartData = z.infer<typeof ChartData>;

export const StudyKind = z.enum(['gageRange', 'gageAnova', 'attribute']);
export const MeasurementStudy = z.object({
  id: z.string(),
  number: z.string(),
  kind: StudyKind,
  name: z.string(),
  gauge: z.string().nullable(),
  item: z.string().nullable(),
  characteristic: z.string().nullable(),
  unit: z.string().nullable(),
  parts: z.array(z.string()),
  operators: z.array(z.string()),
  trials: z.number().int(),
  lower: z.number().nullable(),
  upper: z.number().nullable(),
  /** `[part][operator][trial]`; null where nothing was entered yet. 0 and 1 for attributes (1 is nonconforming). */
  values: z.array(z.array(z.array(z.number().nullable()))),
  reference: z.array(z.number()).nullable(),
  /** Of ANOVA: above which p the interaction is pooled; null pools by p, else the person's choice. */
  alpha: z.number(),
  pool: z.boolean().nullable(),
  createdAt: z.number(),
  createdBy: z.string(),
  /** Method, constants, figures and the version of the program; null until every cell is filled. */
  result: z.record(z.string(), z.unknown()).nullable(),
  version: z.string(),
  /** What would speak against the result, in codes. */
  warnings: z.array(z.string()),
});
export type MeasurementStudy = z.infer<typeof MeasurementStudy>;

export const SeveritySeries = z.object({
  plan: z.string(),
  supplier: z.string(),
  severity: z.enum(['normal', 'tightened', 'reduced']),
  discontinued: z.boolean(),
  score: z.number(),
  recent: z.array(z.boolean()),
  updatedAt: z.number(),
  history: z.array(
    z.object({
      time: z.number(),
      inspection: z.string(),
      accepted: z.boolean(),
      before: z.string(),
      after: z.string(),
      score: z.number(),
      switched: z.string().nullable(),
    }),
  ),
});
export type SeveritySeries = z.infer<typeof SeveritySeries>;

export const LimitSample = z.object({
  id: z.string(),
  item: z.string(),
  defect: z.string().nullable(),
  name: z.string(),
  /** Still good, already bad. */
  side: z.enum(['accept', 'reject', 'limit']),
  text: z.string(),
  pictures: z.array(z.string()),
  approvedBy: z.string(),
  validFrom: z.number(),
  validTo: z.number().nullable(),
});
export type LimitSample = z.infer<typeof LimitSample>;
