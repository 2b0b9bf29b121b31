import { Document, isCollection, isMap, isPair, isScalar, isSeq, type Node, parseDocument, stringify } from 'yaml';
import type { FilePath } from './plant-position.ts';

/**
 * Writes out as lines (block style) the flow collections on the way to `path`, such as `{ id: m1, signals: [] }` of a
 * machine that is to get signals: what is added below would else stand in one long line. What lies beside the way keeps
 * its style, comments stay, and a text without such collections comes back as it is. A collection with an anchor or a tag
 * is left alone.
 */
export function asBlocks(text: string, path: FilePath): string {
  const doc = parseDocument(text, { merge: true });
  const way: Node[] = [];
  let node = doc.contents as Node | null;
  let parentKey: Node | null = null;
  let keyOfFirst: Node | null = null;
  for (let i = 0; node; i++) {
    if (isCollection(node) && (node.flow || way.length > 0) && node.items.length > 0) {
      if (node.anchor || node.tag) return text;
      if (way.length === 0) keyOfFirst = parentKey;
      way.push(node);
    }
    const step = path[i];
    if (step === undefined) break;
    const next: { key: Node | null; value: Node | null } | null = childAt(node, step);
    if (!next) break;
    parentKey = next.key;
    node = next.value;
  }
  const first = way[0];
  if (!first?.range) return text;
  for (const item of way) (item as { flow?: boolean }).flow = false;
  return replaced(text, first, keyOfFirst);
}

function childAt(node: Node, step: string | number): { key: Node | null; value: Node | null } | null {
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Node | undefined;
    return item ? { key: null, value: item } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === `${step}`);
  return pair ? { key: pair.key as Node, value: pair.value as Node | null } : null;
}

/** The text with `node` as a block: behind a dash it begins on the same line, behind a key on the next one. */
function replaced(text: string, node: Node, key: Node | null): string {
  const [start, end] = node.range!;
  const lineEnd = text.indexOf('\n', end) < 0 ? text.length : text.indexOf('\n', end);
  // What stands behind it belongs to the head: `- { id: m1 } # the first` becomes `- id: m1 # the first`.
  const behind = text.slice(end, lineEnd);
  const comment = /^\s*#/.test(behind) ? ` ${behind.trim()}` : '';
  node.comment = null;
  node.commentBefore = null;
  node.spaceBefore = false;
  const doc = new Document();
  doc.contents = node as typeof doc.contents;
  const lines = doc.toString({ lineWidth: 0, verifyAliasOrder: false }).trimEnd().split('\n');
  const column = key ? columnOf(text, key.range![0]) + 2 : columnOf(text, start);
  const body = lines.map((line, i) => (line === '' || (i === 0 && !key) ? line : ' '.repeat(column) + line));
  const head = key ? `${text.slice(0, start).trimEnd()}${comment}\n` : text.slice(0, start);
  if (!key) body[0] += comment;
  return `${head}${body.join('\n')}${text.slice(comment ? lineEnd : end)}`;
}

/** `value` as the lines of a block at `column`, without a line break at the end. */
export function blockText(value: unknown, column: number): string {
  const pad = ' '.repeat(column);
  return stringify(value, { lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .map((line) => (line ? pad + line : line))
    .join('\n');
}

/** Column (0-based) of an offset. */
export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}
