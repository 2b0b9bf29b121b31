import { z } from 'zod';

/**
 * What a machine is doing. `noData` is its own state: we do not know, and it is never counted as downtime.
 * `off` is known to be switched off.
 */
export const MachineState = z.enum(['running', 'idle', 'setup', 'plannedStop', 'unplannedStop', 'off', 'noData']);
export type MachineState = z.infer<typeof MachineState>;

/** An unbroken stretch of one state; half-open [from, to), µs UTC. `to` is null while it lasts. */
export const StateInterval = z.object({
  from: z.number().int(),
  to: z.number().int().nullable(),
  state: MachineState,
  /** What decided it: the rule's name, a calendar entry, or a person's correction. */
  cause: z.string(),
});
export type StateInterval = z.infer<typeof StateInterval>;

/** The six big losses (Nakajima), the classes a downtime reason belongs to. */
export const LossClass = z.enum([
  'breakdown',
  'setup',
  'minorStop',
  'speed',
  'startupReject',
  'productionReject',
  'planned',
  'noOrder',
]);
export type LossClass = z.infer<typeof LossClass>;
