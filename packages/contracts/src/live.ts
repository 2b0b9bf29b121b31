import { z } from 'zod';
import { Alarm, ConnectionHealth, MachineCard, SignalValue } from './api-entities.ts';

/**
 * Live WebSocket at `/api/live`, JSON frames. The client says what it looks at; the server sends a snapshot, then only
 * what changed, at most every `periodMs` and only when the client has taken the frame before (back-pressure: newer
 * values replace older ones in the waiting frame, so a slow screen is late but never grows the server).
 */
export const LiveRequest = z.strictObject({
  /** Replaces what this socket looked at before. */
  floor: z.boolean().default(false),
  alarms: z.boolean().default(false),
  connections: z.boolean().default(false),
  signals: z.array(z.number().int()).max(2000).default([]),
});
export type LiveRequest = z.infer<typeof LiveRequest>;

export const LiveFrame = z.object({
  /** Server time, µs: the screen says "stale" when it is too old. */
  at: z.number(),
  machines: z.array(MachineCard).optional(),
  values: z.array(SignalValue).optional(),
  /** Every alarm that changed; one back to normal is sent once with `state: normal`. */
  alarms: z.array(Alarm).optional(),
  connections: z.array(ConnectionHealth).optional(),
  /** The plant file changed: reload the catalogue. */
  plantRevision: z.string().optional(),
});
export type LiveFrame = z.infer<typeof LiveFrame>;
