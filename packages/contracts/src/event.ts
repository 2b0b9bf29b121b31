import { z } from 'zod';

/** Who or what did something. */
export const Actor = z.object({
  kind: z.enum(['person', 'token', 'machine', 'system', 'rule']),
  id: z.string(),
});
export type Actor = z.infer<typeof Actor>;

/**
 * A business event: append-only, written in the transaction that changes the rows, chained by hash so that tampering
 * shows. Traceability and audit are views of it.
 */
export const BusinessEvent = z.object({
  /** UUIDv7: ordered by time. */
  id: z.string(),
  /** `noun.verb` in the past tense, e.g. `downtime.reasonCorrected`. */
  type: z.string(),
  /** µs UTC */
  time: z.number().int(),
  /** Plant path or entity the event is about, e.g. `hanbit/gimcheon/molding/imm-03`. */
  subject: z.string(),
  actor: Actor,
  data: z.record(z.string(), z.unknown()),
  previousHash: z.string(),
  hash: z.string(),
});
export type BusinessEvent = z.infer<typeof BusinessEvent>;
export type NewEvent = Pick<BusinessEvent, 'type' | 'subject' | 'actor' | 'data'> & { time?: number };
