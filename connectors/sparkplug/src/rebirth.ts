import { DataType } from './datatypes.ts';
import { encodePayload } from './encode.ts';

export const rebirthMetric = 'Node Control/Rebirth';

/** The NCMD that asks an edge node to be born again. It has no sequence number. */
export function rebirthCommand(nowMs: number): Buffer {
  return encodePayload({
    timestamp: nowMs,
    metrics: [{ name: rebirthMetric, timestamp: nowMs, datatype: DataType.Boolean, value: true }],
  });
}
