export interface Token {
  kind: 'y-key' | 'y-comment' | 'y-string' | 'y-number' | 'y-plain';
  text: string;
}

const pattern =
  /(#.*$)|("(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)|([A-Za-z_][\w-]*)(?=\s*:(?:\s|$))|(?<![\w.:/-])(-?\d+(?:\.\d+)?)(?![\w.:-])/g;

/** One line of YAML in coloured pieces; enough for reading, no parser. */
export function yamlTokens(line: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (const match of line.matchAll(pattern)) {
    // A # inside a word is no comment.
    if (match[1] && match.index > 0 && !/\s/.test(line[match.index - 1]!)) continue;
    if (match.index > at) tokens.push({ kind: 'y-plain', text: line.slice(at, match.index) });
    const kind = match[1] ? 'y-comment' : match[2] ? 'y-string' : match[3] ? 'y-key' : 'y-number';
    tokens.push({ kind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < line.length) tokens.push({ kind: 'y-plain', text: line.slice(at) });
  return tokens;
}
