import { z } from 'zod';
import { ApiError, Downtime, MachineCard } from './api-entities.ts';
import { Inspection } from './inspection.ts';
import { Quantity } from './quantity.ts';
import { clientEntry } from './route.ts';
import { LocalText } from './text.ts';
import { ChangeNotice, Defect, DispatchEntry, FloorCall, Handover, Run, WorkOrder } from './work-order.ts';

const Count = z.object({ good: z.number(), scrap: z.number(), total: z.number() });
const ReasonChoice = z.object({
  code: z.string(),
  name: LocalText,
  parent: z.string().nullable(),
  picture: z.string().nullable(),
});

/** Who stands at the kiosk, by badge. */
export const KioskPerson = z.object({
  id: z.string(),
  name: z.string(),
  language: z.string(),
  team: z.string().nullable(),
  skills: z.array(z.string()),
});
export type KioskPerson = z.infer<typeof KioskPerson>;

/** Everything the operator at one machine needs, in one answer. */
export const KioskState = z.object({
  /** The server's clock, µs UTC. */
  at: z.number(),
  /** Zone of the machine: times are shown in it, whatever the tablet's own is set to. */
  timeZone: z.string().optional(),
  machine: MachineCard,
  run: Run.nullable(),
  order: WorkOrder.nullable(),
  queue: z.array(DispatchEntry),
  /** What the machine counted since the last confirmation: proposed to be confirmed. Null without a counter. */
  proposed: Count.nullable(),
  /** Pieces of the running shift: made, and meant to be made until now. */
  produced: z.number().nullable(),
  target: z.number().nullable(),
  documents: z.array(z.object({ id: z.string(), kind: z.enum(['drawing', 'instruction']), of: z.string() })),
  inspections: z.array(Inspection),
  /** The newest stop without a reason. */
  openStop: Downtime.nullable(),
  downtimeReasons: z.array(ReasonChoice),
  defectReasons: z.array(ReasonChoice),
  correctionReasons: z.array(ReasonChoice),
  calls: z.array(FloorCall),
  changes: z.array(ChangeNotice),
  handover: Handover.nullable(),
  /** Names in several languages of the items (by code) and operations (by the step's id) that are shown, where there are any. */
  names: z.record(z.string(), LocalText).optional(),
  /** Languages in which names are given. */
  languages: z.array(z.string()),
  /** Entries of this machine that a supervisor has still to look at. */
  rejected: z.number(),
});
export type KioskState = z.infer<typeof KioskState>;

const scan = z.string().trim().min(1).max(200);
const run = z.string().max(60).optional();
const defects = z.array(Defect).max(50).default([]);
const text = z.string().trim().max(1000);

/** What an entry of each kind holds. `run` left out means what runs at the machine. */
export const kioskEntryData = {
  /** `order` is what was scanned: the order's number or its barcode; `operation` when more than one step is open. */
  start: z.object({
    order: scan,
    operation: z.number().int().optional(),
    tool: scan.optional(),
    parallel: z.boolean().optional(),
  }),
  /** Set-up is over without a counted piece. */
  productionStart: z.object({ run }),
  /** Pieces since the last confirmation. Scrap is the sum of the defects unless it is given. */
  confirm: z.object({
    run,
    good: Quantity,
    scrap: Quantity.optional(),
    rework: Quantity.default(0),
    /** Pieces that were waiting for rework here and are good now. */
    reworked: Quantity.default(0),
    defects,
    /** What was proposed on the screen. */
    counted: Count.nullable().optional(),
    /** `at` of the state that it was proposed with: what the machine counts later belongs to the next confirmation. */
    countedTo: z.number().int().optional(),
    reason: z.string().max(60).optional(),
    /** Material is missing in the book, the pieces count all the same: a leader says so when an entry was refused. */
    short: z.boolean().optional(),
    note: text.default(''),
  }),
  pause: z.object({ run, note: text.default('') }),
  resume: z.object({ run }),
  finish: z.object({ run, note: text.default('') }),
  join: z.object({ run }),
  leave: z.object({ run }),
  indirect: z.object({ activity: z.string().trim().min(1).max(60), end: z.boolean().default(false) }),
  /** A scanned lot goes into the run; the whole lot when no quantity is given. */
  useLot: z.object({ run, lot: scan, quantity: Quantity.optional() }),
  pack: z.object({ run, lot: scan.optional(), quantity: Quantity, container: scan.optional() }),
  call: z.object({ kind: FloorCall.shape.kind, text: text.default('') }),
  acknowledgeCall: z.object({ call: z.string().max(60) }),
  closeCall: z.object({ call: z.string().max(60), text: text.default('') }),
  /** `stop` left out means the newest stop without a reason at the time of the entry. */
  downtimeReason: z.object({
    stop: z.string().max(60).optional(),
    reason: z.string().max(130),
    note: text.default(''),
  }),
  change: z.object({
    kind: ChangeNotice.shape.kind,
    before: z.string().max(200).default(''),
    after: z.string().max(200).default(''),
    text,
  }),
  handover: z.object({ text: text.min(1) }),
  readHandover: z.object({ id: z.string().max(60) }),
} as const;

export type KioskKind = keyof typeof kioskEntryData;
export const KioskKind = z.enum(Object.keys(kioskEntryData) as [KioskKind, ...KioskKind[]]);
export type KioskData<K extends KioskKind> = z.output<(typeof kioskEntryData)[K]>;

/** What somebody typed or scanned at a machine, kept on the tablet until the server has answered. */
export const KioskEntry = z.object({
  /** UUID made by the tablet: sent again after a lost answer, it counts once. */
  entryId: clientEntry.min(8),
  /** One of `KioskKind`, or a kind that another module added (an inspection). */
  kind: z.string().max(40),
  /** By the tablet's clock, µs UTC. */
  clientTime: z.number().int(),
  /** Server's clock minus the tablet's as last measured when it was typed, µs; left out when it was never known. */
  clientOffset: z.number().int().nullable().optional(),
  badge: z.string().max(200).nullable(),
  /** The tablet had no network when it was typed: what the machine counted could not be shown. */
  offline: z.boolean().optional(),
  data: z.record(z.string(), z.unknown()),
});
export type KioskEntry = z.infer<typeof KioskEntry>;

export const KioskAnswer = z.object({
  entryId: z.string(),
  /** `repeated`: it had been applied before. `rejected`: kept for a supervisor, nothing was changed. */
  status: z.enum(['applied', 'repeated', 'rejected']),
  /** When it happened by the server's clock. */
  time: z.number(),
  /** What it made: ids and numbers, by kind. */
  result: z.record(z.string(), z.unknown()).nullable(),
  error: ApiError.nullable(),
});
export type KioskAnswer = z.infer<typeof KioskAnswer>;

export const RejectedEntry = z.object({
  entryId: z.string(),
  device: z.string(),
  machine: z.string(),
  kind: z.string(),
  data: z.record(z.string(), z.unknown()),
  badge: z.string().nullable(),
  person: z.string().nullable(),
  /** By the tablet, and shifted to the server's clock. */
  clientTime: z.number(),
  time: z.number(),
  receivedAt: z.number(),
  error: ApiError,
  status: z.enum(['open', 'applied', 'dismissed']),
  resolvedAt: z.number().nullable(),
  resolvedBy: z.string().nullable(),
  note: z.string(),
});
export type RejectedEntry = z.infer<typeof RejectedEntry>;
