/** An edge from a thing to one below it, while it holds: [from, to), µs UTC, ±Infinity when open. */
export interface Edge {
  below: string;
  from: number;
  to: number;
}

export const maxDepth = 50;

/**
 * A way from `root` back to itself whose every step holds at one same moment, or null. `tooDeep` when a way is longer than
 * `maxDepth`. `edges` holds everything that can be reached. Pure; each (thing, window) is walked once.
 */
export function findCycle(root: string, edges: ReadonlyMap<string, readonly Edge[]>): string[] | 'tooDeep' | null {
  const seen = new Set<string>();
  const walk = (at: string, path: readonly string[], from: number, to: number): string[] | 'tooDeep' | null => {
    if (path.length > maxDepth) return 'tooDeep';
    for (const edge of edges.get(at) ?? []) {
      const since = Math.max(from, edge.from);
      const until = Math.min(to, edge.to);
      if (since >= until) continue;
      if (edge.below === root) return [...path, root];
      if (path.includes(edge.below)) continue;
      const key = `${edge.below}\n${since}\n${until}\n${path.length}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const found = walk(edge.below, [...path, edge.below], since, until);
      if (found) return found;
    }
    return null;
  };
  return walk(root, [root], Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
}
