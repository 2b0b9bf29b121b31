import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

export type FilePath = readonly (string | number)[];

/** `sites[0].areas[1].id` */
export function pathText(path: FilePath): string {
  let text = '';
  for (const step of path) text += typeof step === 'number' ? `[${step}]` : text ? `.${step}` : step;
  return text;
}

export interface Position {
  line: number;
  column: number;
}

/**
 * Line and column (1-based) of what stands at `path`: of the value, or of the key when `key` is set. Where the path
 * does not exist (a missing key) it is the nearest existing parent.
 */
export function positionOf(doc: Document, lines: LineCounter, path: FilePath, key = false): Position {
  let node = doc.contents as Node | null;
  let offset = node?.range?.[0] ?? 0;
  for (let i = 0; i < path.length; i++) {
    const step = path[i]!;
    if (isAlias(node)) node = (node.resolve(doc) as Node | undefined) ?? null;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === `${step}`,
      );
      if (!pair) break;
      const keyNode = pair.key as Node;
      const value = pair.value as Node | null;
      const wantKey = key && i === path.length - 1;
      offset = (wantKey ? keyNode.range?.[0] : (value?.range?.[0] ?? keyNode.range?.[0])) ?? offset;
      node = value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      if (!item) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  const at = lines.linePos(offset);
  return { line: Math.max(1, at.line), column: Math.max(1, at.col) };
}

/** What stands at `path` in plain data; undefined where nothing does. */
export function valueAt(data: unknown, path: FilePath): unknown {
  let at = data;
  for (const step of path) {
    if (at === null || typeof at !== 'object') return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}
