import type { MasterKind, MasterRecord } from '@deungdae/contracts/master.ts';
import type { Ledger, LedgerTx } from '@deungdae/ledger/ledger.ts';
import { maxWhole, type RecordCache } from './cache.ts';
import { maxDepth } from './domain/cycles.ts';
import { inForce, isInForce } from './domain/revisions.ts';
import { kindTerm, masterError } from './errors.ts';
import { dbOf, listRecords, referring, revisionsOf } from './store.ts';
import { nearestCode } from './structure.ts';

const defaultLimit = 10_000;
/** Records that refer to one item in one role. */
const maxReferring = 500;

/** Reading, through the cache. */
export class MasterReader {
  readonly #ledger: Ledger;
  readonly #cache: RecordCache;

  constructor(ledger: Ledger, cache: RecordCache) {
    this.#ledger = ledger;
    this.#cache = cache;
  }

  /** All revisions of a code; empty when there is none. */
  async revisions(kind: MasterKind, code: string, tx?: LedgerTx): Promise<readonly MasterRecord[]> {
    const kept = this.#cache.revisions(kind, code);
    if (kept) return kept;
    const { generation } = this.#cache;
    const found = (await revisionsOf(dbOf(this.#ledger, tx), kind, [code])).get(code) ?? [];
    this.#cache.keepRevisions(kind, code, found, generation);
    return found;
  }

  async find<K extends MasterKind>(kind: K, code: string, at: number, tx?: LedgerTx): Promise<MasterRecord<K> | null> {
    return inForce(await this.revisions(kind, code, tx), at) as MasterRecord<K> | null;
  }

  async revision<K extends MasterKind>(kind: K, code: string, revision: string): Promise<MasterRecord<K> | null> {
    const all = await this.revisions(kind, code);
    return (all.find((r) => r.revision === revision) ?? null) as MasterRecord<K> | null;
  }

  async need<K extends MasterKind>(kind: K, code: string, at: number, tx?: LedgerTx): Promise<MasterRecord<K>> {
    const revisions = await this.revisions(kind, code, tx);
    const found = inForce(revisions, at);
    if (found) return found as MasterRecord<K>;
    const name = kindTerm(kind);
    if (revisions.length > 0) throw masterError('master.notInForce', { kind: name, code }, { status: 409 });
    const near = await nearestCode(dbOf(this.#ledger, tx), kind, code);
    if (near) throw masterError('master.unknownNear', { kind: name, code, nearest: near }, { status: 404 });
    throw masterError('master.unknown', { kind: name, code }, { status: 404 });
  }

  async findMany<K extends MasterKind>(kind: K, codes: readonly string[], at: number, tx?: LedgerTx) {
    const found = new Map<string, MasterRecord<K>>();
    for (const [code, revisions] of await revisionsOf(dbOf(this.#ledger, tx), kind, codes)) {
      const record = inForce(revisions, at);
      if (record) found.set(code, record as MasterRecord<K>);
    }
    return found;
  }

  async list<K extends MasterKind>(kind: K, at: number, limit = defaultLimit): Promise<MasterRecord<K>[]> {
    const whole = this.#cache.whole(kind) ?? (await this.#readWhole(kind));
    const found =
      whole === 'many'
        ? await listRecords(dbOf(this.#ledger), { kind, at, limit })
        : whole.filter((r) => isInForce(r, at)).slice(0, limit);
    return found as MasterRecord<K>[];
  }

  async #readWhole(kind: MasterKind): Promise<readonly MasterRecord[] | 'many'> {
    const { generation } = this.#cache;
    const found = await listRecords(dbOf(this.#ledger), { kind, limit: maxWhole + 1 });
    this.#cache.keepWhole(kind, found, generation);
    return found.length > maxWhole ? 'many' : found;
  }

  /** The BOM or routing in force of an item's variant. */
  async ofItem<K extends 'bom' | 'routing'>(
    kind: K,
    item: string,
    at: number,
    variant = '',
    tx?: LedgerTx,
  ): Promise<MasterRecord<K> | null> {
    for (const code of await this.#referringCodes(kind, 'item', item, tx)) {
      const record = await this.find(kind, code, at, tx);
      const data = record?.data as { item: string; variant: string } | undefined;
      if (data?.item === item && data.variant === variant) return record;
    }
    return null;
  }

  async plansOf(
    item: string,
    at: number,
    which: { stage?: string; operation?: number } = {},
    tx?: LedgerTx,
  ): Promise<MasterRecord<'inspectionPlan'>[]> {
    const plans: MasterRecord<'inspectionPlan'>[] = [];
    for (const code of await this.#referringCodes('inspectionPlan', 'item', item, tx)) {
      const plan = await this.find('inspectionPlan', code, at, tx);
      if (!plan || plan.data.item !== item) continue;
      if (which.stage !== undefined && plan.data.stage !== which.stage) continue;
      if (which.operation !== undefined && (plan.data.operation ?? which.operation) !== which.operation) continue;
      plans.push(plan);
    }
    return plans;
  }

  async reasonPath(code: string, at: number): Promise<string[]> {
    const path = [code];
    for (let depth = 0; depth < maxDepth; depth++) {
      const parent = (await this.find('reason', path[0]!, at))?.data.parent;
      if (parent === undefined || path.includes(parent)) return path;
      path.unshift(parent);
    }
    return path;
  }

  nearest(kind: MasterKind, code: string): Promise<string | null> {
    return nearestCode(dbOf(this.#ledger), kind, code);
  }

  async #referringCodes(kind: MasterKind, role: string, ref: string, tx?: LedgerTx): Promise<readonly string[]> {
    const kept = this.#cache.referring(kind, role, ref);
    if (kept) return kept;
    const { generation } = this.#cache;
    const by = { kind, role, refKind: 'item', refCodes: [ref], limit: maxReferring } as const;
    const codes = [...new Set((await referring(dbOf(this.#ledger, tx), by)).map((row) => row.code))];
    this.#cache.keepReferring(kind, role, ref, codes, generation);
    return codes;
  }
}
