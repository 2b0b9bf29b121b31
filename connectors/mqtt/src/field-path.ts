/** A place in a JSON value: a JSON pointer (`/a/0/b`, RFC 6901) or a dotted path (`a[0].b`). Empty is the whole value. */
export type FieldPath = readonly string[];

/** Null when the text is neither. */
export function parseFieldPath(text: string): FieldPath | null {
  if (text === '') return [];
  if (text.startsWith('/')) {
    if (/~(?![01])/.test(text)) return null;
    return text
      .slice(1)
      .split('/')
      .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  const segments = text.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  if (segments[0] === '') segments.shift();
  return segments.every((s) => s.length > 0 && !/[[\]]/.test(s)) ? segments : null;
}

/** The value at the path; undefined when there is nothing. */
export function fieldAt(value: unknown, path: FieldPath): unknown {
  let at = value;
  for (const segment of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, segment)) return undefined;
    at = (at as Record<string, unknown>)[segment];
  }
  return at;
}

/** Puts captured topic levels into segments written as `{name}`. */
export function withCaptures(path: FieldPath, captured: ReadonlyMap<string, string>): FieldPath {
  if (captured.size === 0) return path;
  return path.map((s) =>
    s.replaceAll(/\{([A-Za-z][A-Za-z0-9_]*)\}/g, (hole, name: string) => captured.get(name) ?? hole),
  );
}
