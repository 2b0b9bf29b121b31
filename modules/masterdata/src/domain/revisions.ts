import type { MasterKind, MasterRecord } from '@deungdae/contracts/master.ts';
import { kindTerm, masterError } from '../errors.ts';

/** What somebody wants stored of one (kind, code). `data` is already valid. */
export interface Wanted {
  kind: MasterKind;
  code: string;
  /** Left out: the revision in force, else the newest; '' for a code that is new. */
  revision?: string | undefined;
  /** µs UTC; left out keeps what is there, null is open. */
  validFrom?: number | null | undefined;
  validTo?: number | null | undefined;
  active?: boolean | undefined;
  data: MasterRecord['data'];
}

export interface Placed {
  outcome: 'added' | 'changed' | 'same';
  /** Revisions to write, the wanted one first; empty when nothing changes. */
  writes: MasterRecord[];
}

const start = (record: Pick<MasterRecord, 'validFrom'>) => record.validFrom ?? Number.NEGATIVE_INFINITY;
const end = (record: Pick<MasterRecord, 'validTo'>) => record.validTo ?? Number.POSITIVE_INFINITY;

export function isInForce(r: Pick<MasterRecord, 'validFrom' | 'validTo' | 'active'>, at: number): boolean {
  return r.active && start(r) <= at && at < end(r);
}

/** The revision in force at `at` (µs UTC). */
export function inForce<R extends Pick<MasterRecord, 'validFrom' | 'validTo' | 'active'>>(
  revisions: readonly R[],
  at: number,
): R | null {
  return revisions.find((r) => isInForce(r, at)) ?? null;
}

/**
 * Where a wanted revision goes among those there are. A new revision starts at `validFrom` (now when left out) and ends
 * the one that ran until then; it ends itself where the next one begins. Throws `master.overlap` or `master.dates` when
 * two revisions would hold at once. Pure.
 */
export function place(existing: readonly MasterRecord[], wanted: Wanted, nowUs: number): Placed {
  const own = revisionMeant(existing, wanted, nowUs);
  if (own) return changeOwn(existing, own, wanted, nowUs);
  const revision = wanted.revision ?? '';
  const validFrom = wanted.validFrom !== undefined ? wanted.validFrom : existing.some((r) => r.active) ? nowUs : null;
  const made: MasterRecord = {
    ...{ kind: wanted.kind, code: wanted.code, revision, validFrom, data: wanted.data },
    validTo: wanted.validTo ?? null,
    active: wanted.active ?? true,
    version: 1,
    updatedAt: nowUs,
  };
  const before = latestStartBefore(existing, start(made));
  const after = existing.filter((r) => start(r) > start(made)).sort((a, b) => start(a) - start(b))[0];
  if (after && end(made) > start(after)) made.validTo = after.validFrom;
  const writes = [made];
  if (before && end(before) > start(made))
    writes.push({ ...before, validTo: made.validFrom, version: before.version + 1, updatedAt: nowUs });
  return checked(existing, { outcome: 'added', writes });
}

function revisionMeant(existing: readonly MasterRecord[], wanted: Wanted, nowUs: number): MasterRecord | undefined {
  if (wanted.revision !== undefined) return existing.find((r) => r.revision === wanted.revision);
  return inForce(existing, wanted.validFrom ?? nowUs) ?? [...existing].sort((a, b) => start(b) - start(a))[0];
}

function latestStartBefore(existing: readonly MasterRecord[], from: number): MasterRecord | undefined {
  return existing.filter((r) => start(r) < from).sort((a, b) => start(b) - start(a))[0];
}

function changeOwn(existing: readonly MasterRecord[], own: MasterRecord, wanted: Wanted, nowUs: number): Placed {
  const next: MasterRecord = {
    ...own,
    data: wanted.data,
    validFrom: wanted.validFrom === undefined || wanted.revision === undefined ? own.validFrom : wanted.validFrom,
    validTo: wanted.validTo === undefined ? own.validTo : wanted.validTo,
    active: wanted.active ?? true,
  };
  const same =
    next.validFrom === own.validFrom &&
    next.validTo === own.validTo &&
    next.active === own.active &&
    JSON.stringify(next.data) === JSON.stringify(own.data);
  if (same) return { outcome: 'same', writes: [] };
  const writes = [{ ...next, version: own.version + 1, updatedAt: nowUs }];
  // A start that moves takes the end of the revision before along.
  const before = existing.find((r) => r !== own && r.validTo !== null && r.validTo === own.validFrom);
  if (before && next.validFrom !== own.validFrom)
    writes.push({ ...before, validTo: next.validFrom, version: before.version + 1, updatedAt: nowUs });
  return checked(existing, { outcome: 'changed', writes });
}

function checked(existing: readonly MasterRecord[], placed: Placed): Placed {
  const written = new Map(placed.writes.map((r) => [r.revision, r]));
  const all = [...existing.filter((r) => !written.has(r.revision)), ...placed.writes];
  for (const one of placed.writes) {
    const who = { kind: kindTerm(one.kind), code: one.code };
    if (end(one) <= start(one)) throw masterError('master.dates', who, { status: 409 });
    const other = all.find((r) => r !== one && start(r) < end(one) && start(one) < end(r));
    if (other) throw masterError('master.overlap', { ...who, revision: other.revision || '-' }, { status: 409 });
  }
  return placed;
}
