/** Edits of a text with a selection, as an editor of YAML wants them. Pure. */
export interface Selected {
  text: string;
  start: number;
  end: number;
}

const indentUnit = '  ';

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Maps every line that the selection touches; the selection grows over them. */
function mapLines({ text, start, end }: Selected, change: (line: string) => string): Selected {
  const from = lineStart(text, start);
  const to = lineEnd(text, end > start && text[end - 1] === '\n' ? end - 1 : end);
  const before = text.slice(from, to).split('\n');
  const after = before.map(change);
  const shift = (after[0]?.length ?? 0) - (before[0]?.length ?? 0);
  const block = after.join('\n');
  return {
    text: text.slice(0, from) + block + text.slice(to),
    start: start === end ? Math.max(from, start + shift) : from,
    end: start === end ? Math.max(from, start + shift) : from + block.length,
  };
}

/** Tab: two spaces at the caret, or the chosen lines one level deeper. */
export function indent(selected: Selected): Selected {
  const { text, start, end } = selected;
  if (start !== end) return mapLines(selected, (line) => (line === '' ? line : indentUnit + line));
  const width = indentUnit.length - ((start - lineStart(text, start)) % indentUnit.length);
  return { text: text.slice(0, start) + ' '.repeat(width) + text.slice(end), start: start + width, end: start + width };
}

export function outdent(selected: Selected): Selected {
  return mapLines(selected, (line) => line.replace(/^ {1,2}/, ''));
}

/** Enter: the new line begins where the old one did; one level deeper after a key, beside the dash of an entry. */
export function newLine({ text, start, end }: Selected): Selected {
  const line = text.slice(lineStart(text, start), start);
  const lead = /^\s*/.exec(line)?.[0] ?? '';
  const dash = /^\s*- \S/.test(line) ? indentUnit : '';
  const deeper = /:\s*$/.test(line) ? indentUnit : '';
  const added = `\n${lead}${dash}${deeper}`;
  return {
    text: text.slice(0, start) + added + text.slice(end),
    start: start + added.length,
    end: start + added.length,
  };
}

/** Ctrl /: the lines become comments, or stop being ones when all are. */
export function toggleComment(selected: Selected): Selected {
  const { text, start, end } = selected;
  const lines = text
    .slice(lineStart(text, start), lineEnd(text, end))
    .split('\n')
    .filter((l) => l.trim() !== '');
  const all = lines.length > 0 && lines.every((l) => /^\s*#/.test(l));
  return mapLines(selected, (line) => {
    if (line.trim() === '') return line;
    return all ? line.replace(/^(\s*)# ?/, '$1') : line.replace(/^(\s*)/, '$1# ');
  });
}

/** Offset of a 1-based line and column. */
export function offsetOf(text: string, line: number, column = 1): number {
  let at = 0;
  for (let i = 1; i < line; i++) {
    const next = text.indexOf('\n', at);
    if (next < 0) return text.length;
    at = next + 1;
  }
  return Math.min(at + column - 1, lineEnd(text, at));
}

/** 1-based line and column of an offset. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return { line, column: offset - lineStart(text, offset) + 1 };
}
