import type { LotLink } from '@deungdae/contracts/lot.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import { putOff } from '@deungdae/ledger/put-off.ts';
import { inventoryError } from './errors.ts';
import { lotId } from './keys.ts';
import type { Reader } from './lot-store.ts';
import { chunks } from './posting.ts';
import type { Db, LinkRow } from './schema.ts';

export type NewLink = Omit<LinkRow, 'run'> & { run: string | null };

/** Links that one answer may hold. */
const mostLinks = 100_000;

/**
 * Adds links, or to the quantity of those there are; a negative quantity takes back. Throws `inventory.cycle` when a
 * lot would become its own ancestor.
 */
export async function addLinks(db: Db, nextKey: () => number, links: readonly NewLink[]): Promise<void> {
  if (links.length === 0) return;
  const named = links.map((l) => l.run).filter((r): r is string => r !== null);
  const growing = links.filter((l) => l.quantity > 0);
  const [runs] = await Promise.all([runKeys(db, nextKey, named), refuseCycles(db, growing)]);
  const merged = new Map<string, LinkRow>();
  for (const link of links) {
    const run = link.run === null ? 0 : runs.get(link.run)!;
    const key = `${link.parent} ${link.child} ${link.kind} ${run}`;
    const same = merged.get(key);
    if (same) same.quantity += link.quantity;
    else merged.set(key, { ...link, run });
  }
  for (const part of chunks([...merged.values()]))
    await putOff(
      db,
      db
        .insertInto('inv_links')
        .values(part)
        .onConflict((c) =>
          c.columns(['parent', 'child', 'kind', 'run']).doUpdateSet((eb) => ({
            quantity: eb('inv_links.quantity', '+', eb.ref('excluded.quantity')),
          })),
        ),
    );
  if (links.some((l) => l.quantity < 0))
    for (const part of chunks([...new Set(links.map((l) => l.child))]))
      await db.deleteFrom('inv_links').where('child', 'in', part).where('quantity', '<=', 0).execute();
}

/** Takes `quantity` off links, the newest first, never below nothing; links that reach nothing go. */
export async function lessenLinks(
  db: Db,
  which: { parent?: number; child?: number; kind?: LinkRow['kind']; runs?: readonly string[] },
  quantity: number,
): Promise<void> {
  let select = db.selectFrom('inv_links').selectAll();
  if (which.parent !== undefined) select = select.where('parent', '=', which.parent);
  if (which.child !== undefined) select = select.where('child', '=', which.child);
  if (which.kind !== undefined) select = select.where('kind', '=', which.kind);
  if (which.runs !== undefined)
    select = select.where('run', 'in', (qb) => qb.selectFrom('inv_runs').select('key').where('run', 'in', which.runs!));
  let left = quantity;
  for (const link of await select.orderBy('time', 'desc').limit(mostLinks).execute()) {
    if (left <= 0) return;
    const off = Math.min(left, link.quantity);
    left -= off;
    await setLink(db, link, link.quantity - off);
  }
}

/**
 * Takes exactly `quantity` off the links of one lot into products of runs, each by its share, so that no product loses its
 * origin while something of it is left. Never more than is linked.
 */
export async function lessenEvenly(db: Db, parent: number, runs: readonly string[], quantity: number): Promise<void> {
  const links: LinkRow[] = [];
  for (const part of chunks([...new Set(runs)]))
    links.push(
      ...(await db
        .selectFrom('inv_links')
        .selectAll()
        .where('parent', '=', parent)
        .where('kind', '=', 'consumed')
        .where('run', 'in', (qb) => qb.selectFrom('inv_runs').select('key').where('run', 'in', part))
        .orderBy('time')
        .orderBy('child')
        .limit(mostLinks)
        .execute()),
    );
  const all = links.reduce((sum, l) => sum + l.quantity, 0);
  let left = Math.min(quantity, all);
  let rest = all;
  for (const link of links) {
    // What is still to go, by this link's share of what is still there: sums to exactly `quantity`.
    const off = rest === 0 ? 0 : Math.round((left * link.quantity) / rest);
    rest -= link.quantity;
    left -= off;
    if (off > 0) await setLink(db, link, link.quantity - off);
  }
}

/** Takes a share of what a run made off the links to its lot: that much was never made. Answers what went, by parent. */
export async function lessenRun(
  db: Db,
  child: number,
  run: string,
  share: number,
): Promise<{ parent: number; quantity: number }[]> {
  const links = await db
    .selectFrom('inv_links')
    .selectAll()
    .where('child', '=', child)
    .where('kind', 'in', ['consumed', 'reworked'])
    .where('run', 'in', (qb) => qb.selectFrom('inv_runs').select('key').where('run', '=', run))
    .execute();
  const off: { parent: number; quantity: number }[] = [];
  for (const link of links) {
    const left = share >= 1 ? 0 : Math.round(link.quantity * (1 - share));
    await setLink(db, link, left);
    off.push({ parent: link.parent, quantity: link.quantity - left });
  }
  return off;
}

async function setLink(db: Db, link: LinkRow, quantity: number): Promise<void> {
  const { parent, child, kind, run } = link;
  if (quantity <= 0)
    await db
      .deleteFrom('inv_links')
      .where('parent', '=', parent)
      .where('child', '=', child)
      .where('kind', '=', kind)
      .where('run', '=', run)
      .execute();
  else
    await db
      .updateTable('inv_links')
      .set({ quantity })
      .where('parent', '=', parent)
      .where('child', '=', child)
      .where('kind', '=', kind)
      .where('run', '=', run)
      .execute();
}

async function runKeys(db: Db, nextKey: () => number, runs: readonly string[]): Promise<Map<string, number>> {
  const wanted = [...new Set(runs)];
  const keys = new Map<string, number>();
  for (const part of chunks(wanted)) {
    await putOff(
      db,
      db
        .insertInto('inv_runs')
        .values(part.map((run) => ({ key: nextKey(), run })))
        .onConflict((c) => c.column('run').doNothing()),
    );
    for (const row of await db.selectFrom('inv_runs').selectAll().where('run', 'in', part).execute())
      keys.set(row.run, row.key);
  }
  return keys;
}

/** A child that nothing was made of yet cannot be an ancestor; only others are searched, downwards. */
async function refuseCycles(db: Db, links: readonly NewLink[]): Promise<void> {
  const self = links.find((l) => l.parent === l.child);
  if (self) throw await cycle(db, self.parent, self.child);
  const parents = new Map<number, Set<number>>();
  for (const { parent, child } of links) {
    const set = parents.get(child) ?? new Set();
    parents.set(child, set.add(parent));
  }
  for (const [child, of] of parents) {
    let level = [child];
    const seen = new Set(level);
    while (level.length > 0) {
      const next: number[] = [];
      for (const part of chunks(level)) {
        const rows = await db.selectFrom('inv_links').select('child').where('parent', 'in', part).distinct().execute();
        for (const row of [...rows, ...links.filter((l) => part.includes(l.parent))]) {
          if (of.has(row.child)) throw await cycle(db, row.child, child);
          if (!seen.has(row.child)) {
            seen.add(row.child);
            next.push(row.child);
          }
        }
      }
      level = next;
    }
  }
}

async function cycle(db: Db, parent: number, child: number) {
  const rows = await db.selectFrom('inv_lots').select(['key', 'number']).where('key', 'in', [parent, child]).execute();
  const name = (key: number) => rows.find((r) => r.key === key)?.number ?? lotId(key);
  return inventoryError('inventory.cycle', { parent: name(parent), child: name(child) }, { status: 409 });
}

/**
 * Links of lots up or down to any depth, one recursive statement. Throws `inventory.tooMany` beyond `limit`: half a
 * genealogy would be a wrong answer to a recall.
 */
export async function linksOf(
  db: Reader,
  lots: readonly number[],
  direction: 'up' | 'down',
  limit = mostLinks,
): Promise<LotLink[]> {
  if (lots.length === 0) return [];
  const near = direction === 'up' ? 'child' : 'parent';
  const far = direction === 'up' ? 'parent' : 'child';
  const most = Math.min(limit, mostLinks);
  const found = new Map<string, LotLink>();
  for (const part of chunks(lots)) {
    // CROSS JOIN keeps SQLite from walking all links first; to PostgreSQL it is the inner join it says.
    const rows = await db
      .withRecursive('reached(lot)', (qb) =>
        qb
          .selectFrom('inv_lots')
          .select('inv_lots.key as lot')
          .where('inv_lots.key', 'in', part)
          .union(
            qb
              .selectFrom('reached')
              .crossJoin('inv_links')
              .whereRef(`inv_links.${near}`, '=', 'reached.lot')
              .select(`inv_links.${far} as lot`),
          ),
      )
      .selectFrom('reached')
      .crossJoin('inv_links')
      .whereRef(`inv_links.${near}`, '=', 'reached.lot')
      .select(['inv_links.parent', 'inv_links.child', 'inv_links.kind', 'inv_links.run', 'inv_links.quantity'])
      .select('inv_links.time')
      .limit(most + 1)
      .execute();
    if (found.size + rows.length > most) throw inventoryError('inventory.tooMany', { limit: most }, { status: 413 });
    const runs = await runNames(
      db,
      rows.map((r) => r.run),
    );
    for (const r of rows)
      found.set(`${r.parent} ${r.child} ${r.kind} ${r.run}`, {
        parent: lotId(r.parent),
        child: lotId(r.child),
        kind: r.kind,
        quantity: fromMillionths(r.quantity),
        time: r.time,
        run: runs.get(r.run) ?? null,
      });
  }
  return [...found.values()];
}

async function runNames(db: Reader, keys: readonly number[]): Promise<Map<number, string>> {
  const names = new Map<number, string>();
  for (const part of chunks([...new Set(keys)].filter((k) => k !== 0)))
    for (const row of await db.selectFrom('inv_runs').selectAll().where('key', 'in', part).execute())
      names.set(row.key, row.run);
  return names;
}
