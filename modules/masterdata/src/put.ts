import type { Actor } from '@deungdae/contracts/event.ts';
import { type MasterKind, type MasterRecord, masterKinds } from '@deungdae/contracts/master.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { LedgerTx, Transaction } from '@deungdae/ledger/ledger.ts';
import type { RecordCache } from './cache.ts';
import { place, type Wanted } from './domain/revisions.ts';
import { kindTerm, masterError } from './errors.ts';
import type { MasterTables } from './schema.ts';
import { chunkSize, chunks, type Db, revisionsOf, writeRecords } from './store.ts';
import { checkStructure } from './structure.ts';

export interface PutRecord {
  kind: MasterKind;
  code: string;
  revision?: string | undefined;
  validFrom?: number | null | undefined;
  validTo?: number | null | undefined;
  active?: boolean | undefined;
  data: unknown;
}
export interface PutCounts {
  added: number;
  changed: number;
  same: number;
}

/** Records of one call. */
const maxRecords = 200_000;
/** Up to so many, each change is an event of its own with what stood there before; beyond, an event names many codes. */
const eventsEach = 200;
/** Longest that a transaction of somebody else may stay open: the ledger's limit and a margin, ms. */
const openMs = 65_000;

/** A record's data by the schema of its kind, defaults filled in. Throws `master.input` with path and detail. */
function validData(kind: MasterKind, code: string, data: unknown): MasterRecord['data'] {
  const parsed = masterKinds[kind].safeParse(data);
  if (parsed.success) return parsed.data as MasterRecord['data'];
  const issue = parsed.error.issues[0];
  const path = issue?.path.join('.') || 'data';
  throw masterError(
    'master.input',
    { kind: kindTerm(kind), code, path, detail: issue?.message ?? '' },
    { status: 400 },
  );
}

interface PutContext {
  actor: Actor;
  nowUs: number;
  cache: RecordCache;
  /** What the change came from, for the events. */
  source?: string;
  /** Hears of records that cannot stand where they are wanted, and leaves them out; thrown when it is missing. */
  onBad?: (record: PutRecord, error: CodedError) => void;
  /** The data went through its schema already. */
  isValid?: boolean;
}

/** What `putRecords` would do. Writes nothing, and does not look whether references lead somewhere. */
export async function wouldPut(db: Db, given: readonly PutRecord[], context: PutContext): Promise<PutCounts> {
  const counts = { added: 0, changed: 0, same: 0 };
  for (const kind of new Set(given.map((r) => r.kind)))
    for (const some of chunks(given.filter((r) => r.kind === kind))) await planChunk(db, some, counts, context);
  return counts;
}

/**
 * Writes what differs of the records, checks what they refer to, and gives the events, in the caller's transaction.
 * `done` is to be called when the transaction is over, by those who know when.
 */
export async function putRecords(
  tx: LedgerTx,
  given: readonly PutRecord[],
  context: PutContext,
): Promise<PutCounts & { done: () => void }> {
  if (given.length > maxRecords) throw masterError('master.tooMany', { limit: maxRecords }, { status: 413 });
  const counts = { added: 0, changed: 0, same: 0 };
  const db = tx.db as Transaction<MasterTables>;
  const done = context.cache.changing(given, openMs);
  for (const kind of new Set(given.map((r) => r.kind))) {
    const ofKind = given.filter((r) => r.kind === kind);
    const written: MasterRecord[] = [];
    for (const some of chunks(ofKind)) written.push(...(await putChunk(tx, db, some, counts, given.length, context)));
    for (const some of chunks(written, 4 * chunkSize)) await checkStructure(db, some);
  }
  return { ...counts, done };
}

interface Change {
  outcome: 'added' | 'changed';
  before: MasterRecord | null;
  after: MasterRecord;
}

/** Decides about the records of one kind against what is stored. */
async function planChunk(db: Db, some: readonly PutRecord[], counts: PutCounts, context: PutContext) {
  const { nowUs, onBad, isValid } = context;
  const kind = some[0]!.kind;
  const revisions = await revisionsOf(
    db,
    kind,
    some.map((r) => r.code.trim()),
  );
  const writes = new Map<string, MasterRecord>();
  const changes: Change[] = [];
  for (const one of some) {
    const code = one.code.trim();
    const now = revisions.get(code) ?? [];
    try {
      if (code === '' || code.length > 60)
        throw masterError(
          'master.input',
          { kind: kindTerm(kind), code, path: 'code', detail: '1…60' },
          { status: 400 },
        );
      const data = isValid ? (one.data as MasterRecord['data']) : validData(kind, code, one.data);
      const wanted: Wanted = { ...one, code, data };
      const placed = place(now, wanted, nowUs);
      counts[placed.outcome]++;
      if (placed.outcome === 'same') continue;
      const after = placed.writes[0]!;
      changes.push({ outcome: placed.outcome, before: now.find((r) => r.revision === after.revision) ?? null, after });
      for (const write of placed.writes) writes.set(`${code}\n${write.revision}`, write);
      const changed = new Set(placed.writes.map((w) => w.revision));
      revisions.set(code, [...now.filter((r) => !changed.has(r.revision)), ...placed.writes]);
    } catch (error) {
      if (!onBad || !(error instanceof CodedError)) throw error;
      onBad(one, error);
    }
  }
  return { writes: [...writes.values()], changes };
}

async function putChunk(
  tx: LedgerTx,
  db: Transaction<MasterTables>,
  some: readonly PutRecord[],
  counts: PutCounts,
  total: number,
  context: PutContext,
): Promise<MasterRecord[]> {
  const { actor, source } = context;
  const kind = some[0]!.kind;
  const { writes, changes } = await planChunk(db, some, counts, context);
  await writeRecords(db, writes);
  if (total <= eventsEach) {
    for (const { outcome, before, after } of changes)
      await tx.emit({
        ...{ type: `master.${outcome}`, subject: `${kind}/${after.code}`, actor },
        data: { before, after, ...(source ? { source } : {}) },
      });
  } else if (changes.length > 0) {
    const named = (outcome: string) => changes.filter((c) => c.outcome === outcome).map((c) => c.after.code);
    const data = { added: named('added'), changed: named('changed'), ...(source ? { source } : {}) };
    await tx.emit({ type: 'master.manyChanged', subject: kind, actor, data });
  }
  return changes.map((c) => c.after);
}
