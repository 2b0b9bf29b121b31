import { z } from 'zod';
import { LocalText } from './text.ts';

/** A tablet that stands at machines: paired once with a code, then it may do what a kiosk does there, and nothing else. */
export const Device = z.object({
  id: z.string(),
  name: z.string(),
  /** Machines that it may be used at. */
  machines: z.array(z.string()),
  /** `waiting`: a code is out that nobody used yet; `expired`: the code's time is over. */
  status: z.enum(['waiting', 'expired', 'paired', 'revoked']),
  createdAt: z.number(),
  createdBy: z.string(),
  /** Until when the code can be used; null when none is out. */
  codeUntil: z.number().nullable(),
  pairedAt: z.number().nullable(),
  lastSeenAt: z.number().nullable(),
});
export type Device = z.infer<typeof Device>;

/** What a tablet knows of itself. */
export const KioskDevice = z.object({
  id: z.string(),
  name: z.string(),
  machines: z.array(z.object({ path: z.string(), name: LocalText, area: z.string() })),
});
export type KioskDevice = z.infer<typeof KioskDevice>;

/** What a tablet may call. `machine`: where its input names the machine, which then must be one of its own. */
export interface DeviceRule {
  machine?: string;
  /** The machine may be left out. */
  optional?: true;
  /** Only calls about this kind of thing name a machine. */
  when?: { path: string; value: string };
  /** Other fields that must have one of these values. */
  only?: Readonly<Record<string, readonly string[]>>;
  /** Fields that must be there and not empty: what is asked for by name, never as a list of all. */
  named?: readonly string[];
  /** Fields that are at most so large: a number's value, a list's length. */
  most?: Readonly<Record<string, number>>;
}

/** Stages of a running order. At the others a lot of anywhere would be held until its inspection is done. */
const runStages = ['first', 'middle', 'last', 'self', 'patrol', 'inProcess'];

/**
 * Everything that the kiosk's screens call, and nothing of the office. A route that is not here is shut for tablets,
 * whatever role it is open to.
 */
export const deviceRoutes: Readonly<Record<string, DeviceRule>> = {
  kioskState: { machine: 'query.machine' },
  kioskSync: { machine: 'body.machine' },
  kioskPerson: {},
  documents: { named: ['query.ids'] },
  document: {},
  uploadDocument: {},
  lot: {},
  masterRecord: { only: { 'params.kind': ['item', 'tool'] } },
  inventorySettings: {},
  printLabels: { most: { 'body.lots': 20, 'body.copies': 20 } },
  askInspection: { machine: 'body.machine', only: { 'body.stage': runStages } },
  checksDue: { machine: 'query.subject', only: { 'query.kind': ['machine'] } },
  // A tool that is mounted is checked too.
  doCheck: { machine: 'body.subject.id', when: { path: 'body.subject.kind', value: 'machine' } },
  requestMaintenance: { machine: 'body.subject.id', when: { path: 'body.subject.kind', value: 'machine' } },
  reportSafety: { only: { 'body.kind': ['nearMiss'] } },
  knowHowOffers: { machine: 'query.machine', optional: true },
  addKnowHow: {},
  knowHowHelped: {},
};
