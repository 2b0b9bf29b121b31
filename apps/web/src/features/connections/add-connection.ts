/**
 * Puts a new connection into the text of a plant file, comments untouched: after the last entry of `connections:`, or
 * with a new `connections:` when there is none. Settings are written as JSON values, which are YAML as well.
 */
export function addConnection(
  text: string,
  connection: { id: string; name: string; type: string; config: Record<string, unknown> },
): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^connections:/.test(line));
  if (start < 0) return `${text.replace(/\n*$/, '\n')}\nconnections:\n${entry(connection, '  ')}\n`;
  if (/^connections:\s*\[\s*\]/.test(lines[start]!)) {
    lines.splice(start, 1, 'connections:', entry(connection, '  '));
    return lines.join('\n');
  }
  let end = start + 1;
  let last = start;
  let indent = '  ';
  for (; end < lines.length && !/^\S/.test(lines[end]!.replace(/^#.*/, '')); end++) {
    const line = lines[end]!;
    const item = /^(\s*)- /.exec(line);
    if (item && last === start) indent = item[1]!;
    if (/^\s+\S/.test(line) || item) last = end;
  }
  // A list may also stand at the left edge, under its key.
  if (last === start && /^- /.test(lines[start + 1] ?? '')) {
    indent = '';
    last = start + 1;
    while (/^(- |\s+\S)/.test(lines[last + 1] ?? '')) last++;
  }
  lines.splice(last + 1, 0, entry(connection, indent));
  return lines.join('\n');
}

function entry(
  { id, name, type, config }: { id: string; name: string; type: string; config: Record<string, unknown> },
  indent: string,
): string {
  const fields: [string, unknown][] = [
    ['id', id],
    ...(name ? ([['name', name]] as [string, unknown][]) : []),
    ['type', type],
    ...Object.entries(config),
  ];
  return fields
    .map(([key, value], index) => `${indent}${index === 0 ? '- ' : '  '}${key}: ${scalar(value)}`)
    .join('\n');
}

/** Plain where plain is safe, else JSON. */
function scalar(value: unknown): string {
  if (
    typeof value === 'string' &&
    /^[a-z][a-z0-9-]*$/.test(value) &&
    !/^(true|false|null|yes|no|on|off|y|n)$/.test(value)
  )
    return value;
  return JSON.stringify(value);
}

/** A valid id made of a name or an address; `taken` ones get a number. */
export function connectionId(wish: string, taken: ReadonlySet<string>): string {
  const base =
    wish
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 56) || 'connection';
  if (!taken.has(base)) return base;
  let n = 2;
  while (taken.has(`${base}-${n}`)) n++;
  return `${base}-${n}`;
}
