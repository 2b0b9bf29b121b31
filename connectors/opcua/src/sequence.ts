/**
 * Sequence numbers of notification messages (Part 4 §7.39 Counter): 1 to 2^32 − 1, then 1 again. A keep-alive carries
 * the number that the next message will have.
 */
const top = 0xffff_ffff;

export function nextSequence(n: number): number {
  return n >= top ? 1 : n + 1;
}

/** How many messages lie between the expected number and the one that came: 0 in order, negative for an old one. */
export function messagesMissing(expected: number, came: number): number {
  const forward = (came - expected + top) % top;
  return forward <= top / 2 ? forward : forward - top;
}

/** `count` numbers from `first` on. */
export function sequenceRange(first: number, count: number): number[] {
  const numbers: number[] = [];
  for (let n = first; numbers.length < count; n = nextSequence(n)) numbers.push(n);
  return numbers;
}
