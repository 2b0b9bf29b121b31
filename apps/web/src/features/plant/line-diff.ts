export interface DiffLine {
  kind: 'same' | 'added' | 'removed';
  text: string;
  /** 1-based, in the new text; in the old one for removed lines. */
  line: number;
}

/** Beyond this many changed lines the middle is shown as replaced whole: the exact answer would cost seconds. */
const exactUpTo = 1500;

/** Lines that differ, with `context` unchanged ones around; stretches in between are left out. */
export function lineDiff(before: string, after: string, context = 2): DiffLine[] {
  const a = before.split('\n');
  const b = after.split('\n');
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  if (head === a.length && head === b.length) return [];
  const middle = diffMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), head);
  const same = (line: number): DiffLine => ({ kind: 'same', text: b[line] ?? '', line: line + 1 });
  const lead = Array.from({ length: Math.min(context, head) }, (_, i) => same(head - Math.min(context, head) + i));
  const trail = Array.from({ length: Math.min(context, tail) }, (_, i) => same(b.length - tail + i));
  return thin([...lead, ...middle, ...trail], context);
}

/** Longest common subsequence of the part that differs. */
function diffMiddle(a: readonly string[], b: readonly string[], offset: number): DiffLine[] {
  const removed = (i: number): DiffLine => ({ kind: 'removed', text: a[i]!, line: offset + i + 1 });
  const added = (j: number): DiffLine => ({ kind: 'added', text: b[j]!, line: offset + j + 1 });
  if (a.length > exactUpTo || b.length > exactUpTo)
    return [...a.map((_, i) => removed(i)), ...b.map((_, j) => added(j))];
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ kind: 'same', text: b[j]!, line: offset + j + 1 });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!))
      lines.push(removed(i++));
    else lines.push(added(j++));
  }
  return lines;
}

/** Drops unchanged lines that are far from a change. */
function thin(lines: readonly DiffLine[], context: number): DiffLine[] {
  const near = new Uint8Array(lines.length);
  lines.forEach((line, i) => {
    if (line.kind !== 'same') near.fill(1, Math.max(0, i - context), i + context + 1);
  });
  return lines.filter((_, i) => near[i] === 1);
}
