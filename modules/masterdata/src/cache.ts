import type { MasterKind, MasterRecord } from '@deungdae/contracts/master.ts';

/** Codes kept with all their revisions; the oldest used go first. */
const maxCodes = 20_000;
/** Revisions of a kind that is kept whole: places and reasons are some hundreds. */
export const maxWhole = 2_000;
/** Codes being changed that are named one by one; beyond that nothing of the kind is remembered for the time. */
const maxUnsettled = 5_000;

/**
 * Revisions by (kind, code), and codes found through a reference. What is being changed is not remembered until the
 * change is known to be over: a reader beside an open transaction must not keep what that transaction replaces.
 */
export class RecordCache {
  readonly #records = new Map<string, readonly MasterRecord[]>();
  readonly #codes = new Map<string, readonly string[]>();
  readonly #kinds = new Map<MasterKind, readonly MasterRecord[] | 'many'>();
  /** Changes under way by kind and by key: until when (monotonic ms) each lasts at most. */
  readonly #unsettled = new Map<string, Set<{ until: number }>>();
  readonly #now: () => number;
  #generation = 0;

  /** `now` is monotonic, ms. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** To be given to `keep…`: what was read before a change ended is not kept. */
  get generation(): number {
    return this.#generation;
  }

  revisions(kind: MasterKind, code: string): readonly MasterRecord[] | undefined {
    const key = `${kind}\n${code}`;
    const found = this.#records.get(key);
    if (found === undefined) return undefined;
    this.#records.delete(key);
    this.#records.set(key, found);
    return found;
  }

  keepRevisions(kind: MasterKind, code: string, found: readonly MasterRecord[], generation: number): void {
    if (generation !== this.#generation || this.#isUnsettled(kind, code)) return;
    keepWithin(this.#records, `${kind}\n${code}`, found);
  }

  referring(kind: MasterKind, role: string, ref: string): readonly string[] | undefined {
    return this.#codes.get(`${kind}\n${role}\n${ref}`);
  }

  keepReferring(kind: MasterKind, role: string, ref: string, codes: readonly string[], generation: number): void {
    if (generation !== this.#generation || this.#isUnsettled(kind, null)) return;
    keepWithin(this.#codes, `${kind}\n${role}\n${ref}`, codes);
  }

  /** All revisions of a kind by code; `many` for a kind that is too large to be kept whole. */
  whole(kind: MasterKind): readonly MasterRecord[] | 'many' | undefined {
    return this.#kinds.get(kind);
  }

  keepWhole(kind: MasterKind, found: readonly MasterRecord[], generation: number): void {
    if (generation !== this.#generation || this.#isUnsettled(kind, null)) return;
    this.#kinds.set(kind, found.length > maxWhole ? 'many' : found);
  }

  /**
   * Called before the change is written; the answer is to be called when its transaction is over, committed or not.
   * `forMs` is the longest that the transaction can be open, for those whose end nobody tells.
   */
  changing(records: readonly Pick<MasterRecord, 'kind' | 'code'>[], forMs: number): () => void {
    const mark = { until: this.#now() + forMs };
    this.#forget(records);
    this.#sweep();
    const kinds = new Set(records.map((r) => r.kind));
    const keys = [...kinds].map((kind) => `${kind}\n`);
    if (records.length > maxUnsettled) keys.push(...[...kinds].map((kind) => `${kind}\n*`));
    else keys.push(...records.map(({ kind, code }) => `${kind}\n${code}`));
    for (const key of keys) this.#unsettled.set(key, (this.#unsettled.get(key) ?? new Set()).add(mark));
    return () => {
      mark.until = Number.NEGATIVE_INFINITY;
      this.#generation++;
      this.#forget(records);
      this.#sweep();
    };
  }

  #forget(records: readonly Pick<MasterRecord, 'kind' | 'code'>[]): void {
    for (const { kind, code } of records) this.#records.delete(`${kind}\n${code}`);
    const kinds = new Set(records.map((r) => r.kind));
    for (const kind of kinds) this.#kinds.delete(kind);
    for (const key of this.#codes.keys())
      if (kinds.has(key.slice(0, key.indexOf('\n')) as MasterKind)) this.#codes.delete(key);
  }

  #isUnsettled(kind: MasterKind, code: string | null): boolean {
    const now = this.#now();
    const keys = code === null ? [`${kind}\n`, `${kind}\n*`] : [`${kind}\n${code}`, `${kind}\n*`];
    return keys.some((key) => [...(this.#unsettled.get(key) ?? [])].some((mark) => mark.until > now));
  }

  #sweep(): void {
    const now = this.#now();
    for (const [key, marks] of this.#unsettled) {
      for (const mark of marks) if (mark.until <= now) marks.delete(mark);
      if (marks.size === 0) this.#unsettled.delete(key);
    }
  }
}

function keepWithin<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > maxCodes) map.delete(map.keys().next().value!);
}
