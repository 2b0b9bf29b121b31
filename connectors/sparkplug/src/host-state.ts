/** The host's birth and death: retained JSON on its STATE topic. */
export interface HostState {
  online: boolean;
  /** ms UTC; of the CONNECT that the state belongs to. */
  timestamp: number;
}

export function encodeHostState(state: HostState): Buffer {
  return Buffer.from(JSON.stringify({ online: state.online, timestamp: state.timestamp }), 'utf8');
}

/** Null when the payload is no STATE of Sparkplug 3.0. */
export function decodeHostState(payload: Uint8Array): HostState | null {
  if (payload.length > 1024) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(payload).toString('utf8'));
    if (typeof value !== 'object' || value === null) return null;
    const { online, timestamp } = value as Record<string, unknown>;
    if (typeof online !== 'boolean' || typeof timestamp !== 'number' || !Number.isFinite(timestamp)) return null;
    return { online, timestamp };
  } catch {
    return null;
  }
}

/** STATE of Sparkplug 2.x; it has no time. */
export function decodeLegacyState(payload: Uint8Array): boolean | null {
  const text = Buffer.from(payload.subarray(0, 16)).toString('utf8');
  return text === 'ONLINE' ? true : text === 'OFFLINE' ? false : null;
}
