import { z } from 'zod';
import { Counter, CycleTime, StateSource } from './plant.ts';

/** A place of the hierarchy that the plant file is to get. */
export const NewPlace = z.strictObject({
  /** Full path; its last part becomes the id. */
  path: z.string().min(3).max(400),
  level: z.enum(['area', 'line', 'cell', 'equipment']),
  name: z.string().max(80),
  /** How the state of a machine follows from its signals. */
  state: StateSource.optional(),
  counters: z.array(Counter).max(3).optional(),
  cycleTimes: z.array(CycleTime).max(1).optional(),
});
export type NewPlace = z.infer<typeof NewPlace>;

/** A connection that the plant file is to get together with its first bindings. */
export const NewConnection = z.strictObject({
  name: z.string().max(80),
  type: z.string().max(64),
  config: z.record(z.string(), z.unknown()),
});
export type NewConnection = z.infer<typeof NewConnection>;
