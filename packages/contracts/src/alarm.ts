import { z } from 'zod';

/** ISA-18.2 states. */
export const AlarmState = z.enum([
  'normal',
  'unacknowledged',
  'acknowledged',
  'returnedUnacknowledged',
  'shelved',
  'suppressedByDesign',
  'outOfService',
]);
export type AlarmState = z.infer<typeof AlarmState>;

export const AlarmPriority = z.enum(['low', 'medium', 'high', 'critical']);
export type AlarmPriority = z.infer<typeof AlarmPriority>;
