import { randomBytes } from 'node:crypto';

const randomBits = (1n << 74n) - 1n;
let last = { ms: -1, random: 0n };

/**
 * UUIDv7 (RFC 9562): ordered by the millisecond given, then by the order of asking: within one millisecond each is greater than
 * the one before it in this process (section 6.2, method 2), so that what was made together keeps its order when sorted.
 */
export function uuidv7(nowMs: number): string {
  const bytes = randomBytes(10);
  const fresh = BigInt(`0x${bytes.toString('hex')}`) & (randomBits >> 1n);
  // The step is random too: the next id cannot be guessed from one that was seen.
  last = { ms: nowMs, random: last.ms === nowMs ? last.random + 1n + (fresh & 0xffffffffn) : fresh };
  const random = last.random & randomBits;
  const value =
    (BigInt(nowMs) << 80n) | (0x7n << 76n) | ((random >> 62n) << 64n) | (0b10n << 62n) | (random & ((1n << 62n) - 1n));
  const hex = value.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
