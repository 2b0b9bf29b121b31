import type { TraceGraph } from '@deungdae/contracts/api-trace.ts';
import type { LotLink } from '@deungdae/contracts/lot.ts';

/** Steps from the root: parents below zero, children above, the shortest way. Pure. */
export function levelsOf(root: string, up: readonly LotLink[], down: readonly LotLink[]): Map<string, number> {
  const levels = new Map([[root, 0]]);
  walk(root, up, levels, 'child', 'parent', -1);
  walk(root, down, levels, 'parent', 'child', 1);
  return levels;
}

function walk(
  root: string,
  links: readonly LotLink[],
  levels: Map<string, number>,
  near: 'parent' | 'child',
  far: 'parent' | 'child',
  step: 1 | -1,
): void {
  const next = new Map<string, string[]>();
  for (const link of links) {
    const list = next.get(link[near]);
    if (list) list.push(link[far]);
    else next.set(link[near], [link[far]]);
  }
  let level = [root];
  for (let distance = step; level.length > 0; distance += step) {
    const found: string[] = [];
    for (const lot of level)
      for (const other of next.get(lot) ?? []) {
        if (levels.has(other)) continue;
        levels.set(other, distance);
        found.push(other);
      }
    level = found;
  }
}

/** The lots nearest to the root, at most `limit`, with the links among them. */
export function cutGraph(
  root: string,
  levels: ReadonlyMap<string, number>,
  links: readonly LotLink[],
  limit: number,
): { lots: string[]; links: LotLink[]; more: number } {
  const sorted = [...levels].sort((a, b) => Math.abs(a[1]) - Math.abs(b[1]) || (a[0] < b[0] ? -1 : 1));
  const lots = sorted.slice(0, limit).map(([lot]) => lot);
  const kept = new Set(lots);
  const unique = new Map(links.map((l) => [`${l.parent} ${l.child} ${l.kind} ${l.run}`, l]));
  return {
    lots: kept.has(root) ? lots : [root, ...lots],
    links: [...unique.values()].filter((l) => kept.has(l.parent) && kept.has(l.child)),
    more: levels.size - lots.length,
  };
}

/** Runs in a graph, those of the lot itself and its parents first. */
export function runsOf(graph: TraceGraph): string[] {
  const runs = new Map<string, number>();
  const note = (run: string | null, level: number) => {
    if (run !== null && Math.abs(runs.get(run) ?? 1e9) > Math.abs(level)) runs.set(run, level);
  };
  const levels = new Map(graph.nodes.map((n) => [n.lot.id, n.level]));
  for (const node of graph.nodes) note(node.lot.run, node.level);
  for (const link of graph.links) note(link.run, levels.get(link.child) ?? 0);
  return [...runs].sort((a, b) => Math.abs(a[1]) - Math.abs(b[1])).map(([run]) => run);
}
