import { z } from 'zod';
import { Quantity } from './quantity.ts';

/**
 * Master data (기준정보): everything a plant knows before it makes something. One record is (kind, code, revision) with
 * effectivity dates; its `data` follows the schema of its kind below. The same schema validates the API and the import,
 * and draws the form and the import's column list.
 */
const Code = z.string().trim().min(1).max(60);
const Name = z.string().trim().min(1).max(200);
/** Other languages than the plant's own, by language tag. */
const Names = z.record(z.string().max(8), z.string().max(200)).optional();
const CodeList = z.array(Code).max(200).default([]);
const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

export const Item = z.strictObject({
  name: Name,
  names: Names,
  kind: z.enum(['product', 'semiFinished', 'rawMaterial', 'subMaterial', 'packaging', 'consumable', 'sparePart']),
  /** UCUM code; `{pcs}` for pieces. */
  unit: z.string().max(20).default('{pcs}'),
  spec: z.string().max(500).optional(),
  group: Code.optional(),
  tracking: z.enum(['none', 'lot', 'serial']).default('lot'),
  /** GTIN-14 or shorter, check digit verified. */
  gtin: z
    .string()
    .regex(/^\d{8,14}$/)
    .optional(),
  customerCode: z.string().max(60).optional(),
  shelfLifeDays: z.number().int().min(1).max(36_500).optional(),
  /** Won a unit, for losses and stock value. */
  standardCost: z.number().min(0).optional(),
  salesPrice: z.number().min(0).optional(),
  safetyStock: Quantity.optional(),
  packQuantity: Quantity.optional(),
  weightKg: z.number().min(0).optional(),
  issueRule: z.enum(['fifo', 'fefo', 'any']).default('fifo'),
  /** Document ids of drawings and pictures of this revision. */
  documents: CodeList,
});

export const Bom = z.strictObject({
  item: Code,
  variant: z.string().max(60).default(''),
  /** The lines hold for this quantity of the item. */
  quantity: Quantity.default(1),
  lines: z
    .array(
      z.strictObject({
        component: Code,
        quantity: Quantity,
        /** Operation number that uses it; the first when left out. */
        operation: z.number().int().optional(),
        scrapShare: z.number().min(0).max(1).default(0),
        alternates: CodeList,
        /** Taken from stock by calculation, by scan, or handed to an outsourcer (사급). */
        issue: z.enum(['backflush', 'scan', 'supplied']).default('backflush'),
      }),
    )
    .max(500),
});

export const RoutingOperation = z.strictObject({
  number: z.number().int().min(1).max(9999),
  name: Name,
  names: Names,
  workCentre: Code,
  /** Machine paths that may do it; every machine of the work centre when empty. */
  machines: z.array(z.string().max(300)).max(100).default([]),
  mode: z.enum(['inHouse', 'outsourced', 'either']).default('inHouse'),
  partners: CodeList,
  optional: z.boolean().default(false),
  /** Pieces a cycle come from the tool's open cavities; seconds for one cycle. */
  cycleSeconds: z.number().positive().optional(),
  setupMinutes: z.number().min(0).default(0),
  crew: z.number().min(0).max(50).default(1),
  tools: CodeList,
  skills: CodeList,
  inspectionPlans: CodeList,
  /** Document ids of the work instruction in the routing's revision. */
  documents: CodeList,
  parameters: z.record(z.string(), z.unknown()).optional(),
});

export const Routing = z.strictObject({
  item: Code,
  variant: z.string().max(60).default(''),
  /** Fixed order, or any order of the steps. */
  order: z.enum(['fixed', 'free']).default('fixed'),
  operations: z.array(RoutingOperation).min(1).max(100),
});

export const WorkCentre = z.strictObject({
  name: Name,
  names: Names,
  machines: z.array(z.string().max(300)).max(500).default([]),
  /** Minutes to change from one set-up group to another; the routing's own figure where no cell is given. */
  setupMatrix: z
    .array(z.strictObject({ from: Code, to: Code, minutes: z.number().min(0) }))
    .max(10_000)
    .default([]),
  hourlyCost: z.number().min(0).optional(),
  /** Whether two orders may run at one machine at once. */
  parallelOrders: z.boolean().default(false),
});

export const Tool = z.strictObject({
  name: Name,
  kind: z.enum(['mould', 'die', 'fixture', 'gauge', 'jig', 'container']),
  items: CodeList,
  cavities: z.number().int().min(1).max(512).default(1),
  blockedCavities: z.array(z.number().int().min(1)).max(512).default([]),
  /** Shots before the tool must be serviced, and the life of the tool. */
  serviceShots: z.number().int().positive().optional(),
  lifeShots: z.number().int().positive().optional(),
  cycleSeconds: z.number().positive().optional(),
  machines: z.array(z.string().max(300)).max(200).default([]),
  owner: Code.optional(),
  location: Code.optional(),
  /** Gauges: months between calibrations. */
  calibrationMonths: z.number().int().positive().optional(),
});

export const Partner = z.strictObject({
  name: Name,
  roles: z.array(z.enum(['customer', 'supplier', 'outsourcer'])).min(1),
  registration: z.string().max(40).optional(),
  gln: z
    .string()
    .regex(/^\d{13}$/)
    .optional(),
  contact: z.string().max(200).optional(),
  address: z.string().max(300).optional(),
});

export const Location = z.strictObject({
  name: Name,
  kind: z.enum(['raw', 'wip', 'finished', 'quarantine', 'scrap', 'shipping', 'outsourcer', 'line', 'tool']),
  parent: Code.optional(),
  partner: Code.optional(),
  /** Machine this line-side place belongs to. */
  machine: z.string().max(300).optional(),
});

/** One node of a reason tree: defects, downtime, scrap, adjustment, rework. */
export const Reason = z.strictObject({
  name: Name,
  names: Names,
  tree: z.enum(['defect', 'downtime', 'adjustment', 'hold', 'correction', 'rework']),
  parent: Code.optional(),
  /** Downtime: how the time model counts it (ISO 22400). */
  lossClass: z.string().max(40).optional(),
  /** Pictogram or picture document, for gloves and other languages. */
  picture: Code.optional(),
  items: CodeList,
});

export const Characteristic = z.strictObject({
  id: Code,
  name: Name,
  names: Names,
  kind: z.enum(['variable', 'attribute']).default('variable'),
  unit: z.string().max(20).optional(),
  nominal: z.number().optional(),
  lower: z.number().optional(),
  upper: z.number().optional(),
  /** A special characteristic of the customer (◎). */
  critical: z.boolean().default(false),
  samples: z.number().int().min(1).max(500).default(1),
  method: z.string().max(200).optional(),
  gauge: Code.optional(),
  /** Signal path that measures it, where a machine does. */
  signal: z.string().max(300).optional(),
  /** Chart and rules kept on it; none when left out. */
  chart: z.enum(['individuals', 'xbarR', 'xbarS', 'p', 'np', 'c', 'u', 'ewma', 'cusum']).optional(),
  subgroup: z.number().int().min(1).max(25).optional(),
  rules: z.array(z.enum(['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8', 'w2', 'w8', 'a2'])).default(['n1']),
});

/** Control plan (관리계획서) of one stage of one item or operation. */
export const InspectionPlan = z.strictObject({
  name: Name,
  item: Code,
  operation: z.number().int().optional(),
  stage: z.enum(['incoming', 'first', 'middle', 'last', 'self', 'patrol', 'inProcess', 'final', 'shipping']),
  /** Patrol and self checks: minutes between two. */
  everyMinutes: z.number().int().positive().optional(),
  sampling: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('fixed'), size: z.number().int().min(1).default(1) }),
      z.strictObject({ type: z.literal('all') }),
      z.strictObject({
        type: z.literal('aql'),
        level: z.enum(['S1', 'S2', 'S3', 'S4', 'I', 'II', 'III']).default('II'),
        aql: z.number().positive(),
      }),
    ])
    .default({ type: 'fixed', size: 1 }),
  characteristics: z.array(Characteristic).min(1).max(200),
  documents: CodeList,
});

export const Skill = z.strictObject({
  name: Name,
  names: Names,
  /** Months until it must be proven again. */
  validMonths: z.number().int().positive().optional(),
});

export const Unit = z.strictObject({
  name: Name,
  /** UCUM code. */
  ucum: z.string().max(20),
  /** Another unit this one is a multiple of, e.g. box = 24 {pcs}. */
  base: z.string().max(20).optional(),
  factor: z.number().positive().optional(),
});

/** Days that differ from the plant file's calendar, for import from Excel. */
export const Holiday = z.strictObject({ day: Day, name: Name, working: z.boolean().default(false) });

export const masterKinds = {
  item: Item,
  bom: Bom,
  routing: Routing,
  workCentre: WorkCentre,
  tool: Tool,
  partner: Partner,
  location: Location,
  reason: Reason,
  inspectionPlan: InspectionPlan,
  skill: Skill,
  unit: Unit,
  holiday: Holiday,
} as const satisfies Record<string, z.ZodObject>;

export type MasterKind = keyof typeof masterKinds;
export const MasterKind = z.enum(Object.keys(masterKinds) as [MasterKind, ...MasterKind[]]);
export type MasterData<K extends MasterKind> = z.output<(typeof masterKinds)[K]>;

/** One revision of one record. */
export interface MasterRecord<K extends MasterKind = MasterKind> {
  kind: K;
  code: string;
  /** `A`, `1`, `2026-03` …: as the drawing says. Empty for kinds without revisions. */
  revision: string;
  /** µs UTC, [from, to); null is open. Two revisions of a code never overlap. */
  validFrom: number | null;
  validTo: number | null;
  active: boolean;
  data: MasterData<K>;
  /** Rises with each change; a change names the version it was made on. */
  version: number;
  updatedAt: number;
}
