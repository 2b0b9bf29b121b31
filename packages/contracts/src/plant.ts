import { z } from 'zod';
import { AlarmPriority } from './alarm.ts';
import { LossClass, MachineState } from './equipment.ts';
import { LocalText } from './text.ts';

/**
 * The plant file (`plant.yaml`): one schema validates it, draws its form and writes its reference page.
 * Levels follow ISA-95: enterprise, site, area, line, cell, equipment, signal; line and cell may be left out.
 * A path joins the ids with `/`: `hanbit/gimcheon/molding/imm-03/barrel-temp-1`.
 */

export const Id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'lower-case letters, digits and hyphens, starting with a letter or digit')
  .max(64)
  .meta({ description: 'Short name used in paths; never changes once data exists.' });

const Named = {
  id: Id,
  name: LocalText.optional().meta({ description: 'What people call it; the id when left out.' }),
};

const Duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|min|h|d)$/, 'a number and a unit: 500ms, 30s, 5min, 2h, 7d')
  .meta({ description: 'A length of time such as 500ms, 30s, 5min, 2h or 7d.' });

export const SignalKind = z.enum(['number', 'integer', 'boolean', 'enum', 'text', 'condition', 'vector', 'json']);
export type SignalKind = z.infer<typeof SignalKind>;

/** Alarm limits of one signal; each produces one alarm. */
export const AlarmRule = z.strictObject({
  id: Id,
  name: LocalText.optional(),
  type: z.enum(['high', 'low', 'rate', 'stale', 'equals', 'condition']).meta({
    description:
      'high/low: value beyond `limit`. rate: change per second beyond `limit`. stale: no fresh sample for `after`. equals: value is one of `values`. condition: an MTConnect condition at warning or fault.',
  }),
  limit: z.number().optional(),
  values: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  after: Duration.optional(),
  priority: AlarmPriority.default('medium'),
  deadband: z
    .number()
    .nonnegative()
    .default(0)
    .meta({ description: 'How far the value must come back before the alarm clears.' }),
  onDelay: Duration.default('0s'),
  offDelay: Duration.default('0s'),
  /** Suppressed by design while the machine is in one of these states. */
  suppressedIn: z.array(MachineState).default([]),
  action: LocalText.optional().meta({ description: 'What the operator should do.' }),
});
export type AlarmRule = z.infer<typeof AlarmRule>;

export const Signal = z.strictObject({
  ...Named,
  kind: SignalKind.default('number'),
  unit: z.string().max(32).optional().meta({ description: 'UCUM code: Cel, kPa, mm/s, kW.h, 1' }),
  description: LocalText.optional(),
  limits: z
    .strictObject({ min: z.number().optional(), max: z.number().optional() })
    .optional()
    .meta({ description: 'What the sensor can show. A value outside is kept, with quality uncertain.' }),
  deadband: z.number().nonnegative().optional().meta({ description: 'Changes not larger than this are not stored.' }),
  scale: z
    .strictObject({ factor: z.number().default(1), offset: z.number().default(0) })
    .optional()
    .meta({ description: 'stored value = raw × factor + offset' }),
  enumeration: z
    .record(z.string(), LocalText)
    .optional()
    .meta({ description: 'Names of the values of an enum signal: raw value → text.' }),
  retention: z.enum(['short', 'normal', 'long', 'forever']).default('normal'),
  staleAfter: Duration.optional(),
  alarms: z.array(AlarmRule).default([]),
  /** Where it comes from: the connection's id (or `$connection` of the equipment) and the connector's own address. */
  source: z
    .looseObject({ connection: z.string().optional() })
    .optional()
    .meta({ description: 'Connection and the address on it; the fields depend on the connector.' }),
});
export type Signal = z.infer<typeof Signal>;

const Comparable = z.union([z.string(), z.number(), z.boolean()]);

/** One test on the latest value of one signal of the equipment. All the given tests must hold. */
export const Condition = z.strictObject({
  signal: Id,
  is: z
    .array(Comparable)
    .optional()
    .meta({ description: 'Value is one of these (text compared without regard to case).' }),
  above: z.number().optional(),
  below: z.number().optional(),
  unchangedFor: Duration.optional().meta({
    description: 'The value has not changed for this long (a counter that stopped).',
  }),
});

export const StateRule = z.strictObject({
  name: z.string().max(64).optional(),
  when: z.array(Condition).min(1).meta({ description: 'All must hold.' }),
  state: MachineState,
});
export type StateRule = z.infer<typeof StateRule>;

/**
 * How the machine's state follows from its signals. A preset is written out as rules when the file is read; rules are
 * tried in order and the first that holds wins. When a signal that a rule needs is a gap, the state is `noData`.
 */
export const StateSource = z.union([
  z.strictObject({ preset: z.literal('mtconnect'), execution: Id, mode: Id.optional(), availability: Id.optional() }),
  z.strictObject({ preset: z.literal('packml'), signal: Id, unitMode: Id.optional() }),
  z.strictObject({ preset: z.literal('runningBit'), signal: Id, faultSignal: Id.optional() }),
  z.strictObject({ preset: z.literal('power'), signal: Id, runAbove: z.number(), idleAbove: z.number() }),
  z.strictObject({ preset: z.literal('counter'), signal: Id, stoppedAfter: Duration }),
  z.strictObject({ rules: z.array(StateRule).min(1), otherwise: MachineState.default('noData') }),
]);
export type StateSource = z.infer<typeof StateSource>;

/** Piece counters. `wrapsAt` is the largest value + 1 (65536 for a 16-bit register); a smaller value otherwise is a reset. */
export const Counter = z.strictObject({
  counts: z.enum(['good', 'scrap', 'total']),
  signal: Id,
  wrapsAt: z.number().int().positive().optional(),
  perIncrement: z
    .number()
    .positive()
    .default(1)
    .meta({ description: 'Pieces for each step of the counter, such as cavities of a mould.' }),
});
export type Counter = z.infer<typeof Counter>;

export const CycleTime = z.strictObject({
  product: z.string().max(64).default('*').meta({ description: 'Product code the time is for; * for any.' }),
  seconds: z.number().positive().meta({ description: 'Planned run time per piece (PRU, ISO 22400), seconds.' }),
});

const EquipmentFields = {
  connection: Id.optional().meta({ description: 'Default connection of its signals.' }),
  signals: z.array(Signal).default([]),
  state: StateSource.optional(),
  counters: z.array(Counter).default([]),
  cycleTimes: z.array(CycleTime).default([]),
  productSignal: Id.optional().meta({ description: 'Signal that names the product or recipe now running.' }),
  minorStopBelow: Duration.optional().meta({
    description: 'A shorter stop counts as a minor stop; 2min when left out.',
  }),
};

/** A kind of machine: what all of one type share. `${name}` in a source is filled from the equipment's `with`. */
export const EquipmentType = z.strictObject({ ...Named, ...EquipmentFields });

export const Equipment = z.strictObject({
  ...Named,
  type: Id.optional().meta({
    description: 'An equipment type of this file; what stands here adds to it or replaces it.',
  }),
  with: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  calendar: Id.optional(),
  ...EquipmentFields,
});
export type Equipment = z.infer<typeof Equipment>;

const Cell = z.strictObject({ ...Named, equipment: z.array(Equipment).default([]) });
const Line = z.strictObject({
  ...Named,
  calendar: Id.optional(),
  cells: z.array(Cell).default([]),
  equipment: z.array(Equipment).default([]),
});
const Area = z.strictObject({
  ...Named,
  calendar: Id.optional(),
  lines: z.array(Line).default([]),
  equipment: z.array(Equipment).default([]),
});

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'hh:mm');
const LocalDate = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'yyyy-mm-dd');
const Weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** Shifts in plant time. `end` at or before `start` lies on the next day; the shift belongs to the day it starts. */
export const Calendar = z.strictObject({
  ...Named,
  shifts: z.array(
    z.strictObject({
      ...Named,
      start: TimeOfDay,
      end: TimeOfDay,
      days: z.array(Weekday).default(['mon', 'tue', 'wed', 'thu', 'fri']),
      breaks: z.array(z.strictObject({ start: TimeOfDay, end: TimeOfDay, name: LocalText.optional() })).default([]),
    }),
  ),
  holidays: z.array(z.strictObject({ date: LocalDate, name: LocalText.optional() })).default([]),
  exceptions: z
    .array(z.strictObject({ date: LocalDate, shifts: z.array(Id), name: LocalText.optional() }))
    .default([])
    .meta({ description: 'Days with other shifts than usual, such as a worked Saturday.' }),
});
export type Calendar = z.infer<typeof Calendar>;

export const DowntimeReason = z.strictObject({
  ...Named,
  loss: LossClass,
  reasons: z.array(z.strictObject({ ...Named, loss: LossClass.optional() })).default([]),
});

const Site = z.strictObject({
  ...Named,
  timeZone: z.string().meta({ description: 'IANA name, such as Asia/Seoul.' }),
  oeeTarget: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .meta({ description: 'OEE that the site aims at, 0 to 1; drawn beside the figure.' }),
  calendar: Id.optional(),
  areas: z.array(Area).default([]),
});

/** A connection: one device or server. `type` names the connector; the other fields are the connector's own. */
const Connection = z.looseObject({
  id: Id,
  name: LocalText.optional(),
  type: z.string(),
  enabled: z.boolean().default(true),
});

export const Plant = z.strictObject({
  deungdae: z.literal(1).meta({ description: 'Version of this file format.' }),
  enterprise: z.strictObject({ ...Named }),
  connections: z.array(Connection).default([]),
  broker: z
    .strictObject({
      port: z.number().int().min(1).max(65_535).default(1883),
      host: z.string().max(255).default('127.0.0.1').meta({ description: '0.0.0.0 lets devices of the plant in.' }),
      users: z
        .array(
          z.strictObject({
            name: z.string().min(1).max(128),
            password: z.string().min(8).max(256).meta({ secret: true }),
          }),
        )
        .min(1)
        .max(1000),
      maxConnections: z.number().int().min(1).max(10_000).default(500),
    })
    .optional()
    .meta({
      description:
        'Our own MQTT 3.1.1 broker, for plants that have none. Off unless it stands here; nobody enters without a password.',
    }),
  calendars: z.array(Calendar).default([]),
  downtimeReasons: z.array(DowntimeReason).default([]),
  types: z.array(EquipmentType).default([]),
  sites: z.array(Site).min(1),
  retention: z
    .strictObject({
      short: Duration.default('30d'),
      normal: Duration.default('1095d'),
      long: Duration.default('3650d'),
    })
    .prefault({}),
});
export type Plant = z.infer<typeof Plant>;

const durationUnitsMs = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a `Duration` text. */
export function durationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|min|h|d)$/.exec(text);
  if (!match) throw new RangeError(`not a duration: ${text}`);
  return Number(match[1]) * durationUnitsMs[match[2] as keyof typeof durationUnitsMs];
}
