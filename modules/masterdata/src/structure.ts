import type { MasterKind, MasterRecord } from '@deungdae/contracts/master.ts';
import { nearest } from '@deungdae/kernel/nearest.ts';
import { type Edge, findCycle, maxDepth } from './domain/cycles.ts';
import { referencesOf } from './domain/references.ts';
import { kindTerm, masterError } from './errors.ts';
import { chunks, codesOf, type Db, existing } from './store.ts';

/** Codes looked through for the nearest one. */
const nearestAmong = 20_000;

interface MissingReference {
  record: MasterRecord;
  refKind: MasterKind;
  ref: string;
}

/** Needed references of the records that lead nowhere; asked after the records are written, so that a batch may be mutual. */
async function missingReferences(db: Db, records: readonly MasterRecord[]): Promise<MissingReference[]> {
  const wanted = records.flatMap((record) =>
    referencesOf(record.kind, record.data)
      .filter((reference) => reference.must)
      .map((reference) => ({ record, refKind: reference.kind, ref: reference.code })),
  );
  const missing: MissingReference[] = [];
  for (const kind of new Set(wanted.map((w) => w.refKind))) {
    const ofKind = wanted.filter((w) => w.refKind === kind);
    const there = await existing(
      db,
      kind,
      ofKind.map((w) => w.ref),
    );
    missing.push(...ofKind.filter((w) => !there.has(w.ref)));
  }
  return missing;
}

/** The most similar code of a kind, or null. */
export async function nearestCode(db: Db, kind: MasterKind, code: string): Promise<string | null> {
  return nearest(code, await codesOf(db, kind, nearestAmong));
}

/** Throws `master.reference` for the first reference that leads nowhere, and `master.cycle` for a circle. */
export async function checkStructure(db: Db, records: readonly MasterRecord[]): Promise<void> {
  const [missing] = await missingReferences(db, records);
  if (missing) {
    const params = {
      kind: kindTerm(missing.record.kind),
      code: missing.record.code,
      refKind: kindTerm(missing.refKind),
      ref: missing.ref,
    };
    const near = await nearestCode(db, missing.refKind, missing.ref);
    if (near) throw masterError('master.referenceNear', { ...params, nearest: near }, { status: 409 });
    throw masterError('master.reference', params, { status: 409 });
  }
  await checkCycles(db, records);
}

async function checkCycles(db: Db, records: readonly MasterRecord[]): Promise<void> {
  const roots = new Map<MasterKind, Set<string>>();
  for (const { kind, code, data } of records) {
    const root = kind === 'bom' ? (data as { item: string }).item : code;
    if (kind === 'bom' || 'parent' in data) roots.set(kind, (roots.get(kind) ?? new Set<string>()).add(root));
  }
  for (const [kind, starts] of roots) {
    const edges = await reachable(db, kind, [...starts]);
    for (const root of starts) {
      const found = findCycle(root, edges);
      if (found === 'tooDeep')
        throw masterError('master.tooDeep', { kind: kindTerm(kind), code: root, limit: maxDepth }, { status: 409 });
      if (found) throw masterError('master.cycle', { kind: kindTerm(kind), path: found.join(' → ') }, { status: 409 });
    }
  }
}

/** Edges of everything that can be reached from the roots, level by level. */
async function reachable(db: Db, kind: MasterKind, roots: readonly string[]): Promise<Map<string, Edge[]>> {
  const edges = new Map<string, Edge[]>();
  let frontier = [...new Set(roots)];
  for (let depth = 0; frontier.length > 0 && depth <= maxDepth + 1; depth++) {
    const next = new Set<string>();
    for (const some of chunks(frontier)) {
      for (const code of some) edges.set(code, []);
      for (const row of await edgesBelow(db, kind, some)) {
        const from = row.valid_from === null ? Number.NEGATIVE_INFINITY : Number(row.valid_from);
        const to = row.valid_to === null ? Number.POSITIVE_INFINITY : Number(row.valid_to);
        edges.get(row.above)?.push({ below: row.below, from, to });
        if (!edges.has(row.below)) next.add(row.below);
      }
    }
    frontier = [...next].filter((code) => !edges.has(code));
  }
  return edges;
}

/** Of a BOM, item to component; of a tree, child to parent. Lines of a level come in one query of at most 500 roots. */
function edgesBelow(db: Db, kind: MasterKind, above: readonly string[]) {
  if (kind === 'bom')
    return db
      .selectFrom('md_refs as own')
      .innerJoin('md_refs as line', (j) =>
        j
          .onRef('line.kind', '=', 'own.kind')
          .onRef('line.code', '=', 'own.code')
          .onRef('line.revision', '=', 'own.revision'),
      )
      .innerJoin('md_records as r', (j) =>
        j.onRef('r.kind', '=', 'own.kind').onRef('r.code', '=', 'own.code').onRef('r.revision', '=', 'own.revision'),
      )
      .where('own.kind', '=', kind)
      .where('own.role', '=', 'item')
      .where('own.ref_code', 'in', above)
      .where('line.role', '=', 'component')
      .where('r.active', '=', 1)
      .select(['own.ref_code as above', 'line.ref_code as below', 'r.valid_from', 'r.valid_to'])
      .execute();
  return db
    .selectFrom('md_refs as own')
    .innerJoin('md_records as r', (j) =>
      j.onRef('r.kind', '=', 'own.kind').onRef('r.code', '=', 'own.code').onRef('r.revision', '=', 'own.revision'),
    )
    .where('own.kind', '=', kind)
    .where('own.role', '=', 'parent')
    .where('own.code', 'in', above)
    .where('r.active', '=', 1)
    .select(['own.code as above', 'own.ref_code as below', 'r.valid_from', 'r.valid_to'])
    .execute();
}
