import type { SignalKind } from '@deungdae/contracts/plant.ts';
import type { SignalRule } from './signal-rule.ts';

/** Numbers first: the hot path asks `kind <= integer`. */
export const kindCode: Record<SignalKind, number> = {
  number: 0,
  integer: 1,
  boolean: 2,
  enum: 3,
  text: 4,
  condition: 5,
  vector: 6,
  json: 7,
};

export type RuleTable = ReturnType<typeof ruleTable>;

/** The rules of a connection's signals in columns, and what passed last of each. */
export function ruleTable(rules: readonly SignalRule[]) {
  const n = rules.length;
  return {
    slotOf: slotLookup(rules.map((r) => r.id)),
    paths: rules.map((r) => r.path),
    kinds: Uint8Array.from(rules, (r) => kindCode[r.kind]),
    factors: Float64Array.from(rules, (r) => r.scale?.factor ?? 1),
    offsets: Float64Array.from(rules, (r) => r.scale?.offset ?? 0),
    mins: Float64Array.from(rules, (r) => r.limits?.min ?? Number.NEGATIVE_INFINITY),
    maxs: Float64Array.from(rules, (r) => r.limits?.max ?? Number.POSITIVE_INFINITY),
    /** −1: none. */
    deadbands: Float64Array.from(rules, (r) => r.deadband ?? -1),
    /** After this the same value passes again, µs. */
    refreshUs: Float64Array.from(rules, (r) => (r.staleAfterMs ? r.staleAfterMs * 500 : Number.POSITIVE_INFINITY)),
    lastNumbers: new Float64Array(n).fill(Number.NaN),
    lastTimes: new Float64Array(n).fill(Number.NEGATIVE_INFINITY),
    /** 255: nothing has passed yet. */
    lastQuality: new Uint8Array(n).fill(255),
    lastTexts: new Array<string | null>(n).fill(null),
  };
}

/** Ids of one plant are dense enough for an array; strange ones go through a map. */
function slotLookup(ids: readonly number[]): (id: number) => number {
  const max = ids.reduce((a, b) => Math.max(a, b), 0);
  if (max < 4_000_000) {
    const slots = new Int32Array(max + 1).fill(-1);
    ids.forEach((id, slot) => {
      slots[id] = slot;
    });
    return (id) => (id <= max ? slots[id]! : -1);
  }
  const map = new Map(ids.map((id, slot) => [id, slot]));
  return (id) => map.get(id) ?? -1;
}
