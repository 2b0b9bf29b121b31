import type { TraceGraph } from '@deungdae/contracts/api-trace.ts';

export interface Placed {
  id: string;
  x: number;
  y: number;
}
export interface TraceLayout {
  width: number;
  height: number;
  nodes: Placed[];
}

export const box = { width: 172, height: 58, gapX: 64, gapY: 14, margin: 12 };

/**
 * Left to right by level, each column in the order of what it hangs on, so that few lines cross (barycentre, two passes).
 * Pure; sizes in pixels.
 */
export function layoutTrace(graph: Pick<TraceGraph, 'nodes' | 'links'>): TraceLayout {
  const columns = new Map<number, string[]>();
  for (const { lot, level } of graph.nodes) columns.set(level, [...(columns.get(level) ?? []), lot.id]);
  const levels = [...columns.keys()].sort((a, b) => a - b);
  const near = new Map<string, string[]>();
  const note = (a: string, b: string) => near.set(a, [...(near.get(a) ?? []), b]);
  for (const { parent, child } of graph.links) {
    note(parent, child);
    note(child, parent);
  }
  const order = new Map<string, number>();
  const number = (ids: readonly string[]) => {
    for (const [i, id] of ids.entries()) order.set(id, i - ids.length / 2);
  };
  for (const ids of columns.values()) number(ids);
  for (const pass of [levels, [...levels].reverse(), levels])
    for (const level of pass) {
      const ids = columns.get(level)!;
      const place = new Map(ids.map((id) => [id, centre(near.get(id) ?? [], order, order.get(id)!)]));
      ids.sort((a, b) => place.get(a)! - place.get(b)!);
      number(ids);
    }
  const most = Math.max(1, ...[...columns.values()].map((ids) => ids.length));
  const high = most * (box.height + box.gapY) - box.gapY;
  const nodes = levels.flatMap((level, column) => {
    const ids = columns.get(level)!;
    const own = ids.length * (box.height + box.gapY) - box.gapY;
    return ids.map((id, i) => ({
      id,
      x: box.margin + column * (box.width + box.gapX),
      y: box.margin + (high - own) / 2 + i * (box.height + box.gapY),
    }));
  });
  return {
    nodes,
    width: 2 * box.margin + levels.length * (box.width + box.gapX) - box.gapX,
    height: high + 2 * box.margin,
  };
}

function centre(neighbours: readonly string[], order: ReadonlyMap<string, number>, otherwise: number): number {
  const known = neighbours.map((id) => order.get(id)).filter((n): n is number => n !== undefined);
  return known.length === 0 ? otherwise : known.reduce((sum, n) => sum + n, 0) / known.length;
}

/** Everything below the suspects, they included: what a recall would reach. */
export function suspectsOf(graph: Pick<TraceGraph, 'links'>, from: readonly string[]): Set<string> {
  const reached = new Set(from);
  let level = [...from];
  while (level.length > 0) {
    const next: string[] = [];
    for (const { parent, child } of graph.links)
      if (level.includes(parent) && !reached.has(child)) {
        reached.add(child);
        next.push(child);
      }
    level = next;
  }
  return reached;
}
