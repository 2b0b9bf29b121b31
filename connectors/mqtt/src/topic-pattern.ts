/**
 * Topic patterns: MQTT filters (`+` one level, `#` the rest) in which a level may also be `{name}`: a `+` whose text can
 * be used in `field`. `plant/{machine}/data` with field `/{machine}/temp`.
 */
export interface TopicPattern {
  /** The MQTT filter that it stands for. */
  readonly filter: string;
  readonly levels: readonly string[];
  /** Name of the captured level by its index; null where nothing is captured. */
  readonly captures: readonly (string | null)[];
}

const capture = /^\{([A-Za-z][A-Za-z0-9_]*)\}$/;

/** Null when the text is no valid pattern (MQTT 5.0 §4.7.1). */
export function parseTopicPattern(text: string): TopicPattern | null {
  if (text.length === 0 || Buffer.byteLength(text) > 65_535 || text.includes('\0')) return null;
  const levels: string[] = [];
  const captures: (string | null)[] = [];
  const parts = text.split('/');
  for (const [i, part] of parts.entries()) {
    const name = capture.exec(part)?.[1] ?? null;
    if (name === null && part.length > 1 && /[+#{}]/.test(part)) return null;
    if (part === '#' && i !== parts.length - 1) return null;
    levels.push(name === null ? part : '+');
    captures.push(name);
  }
  return { filter: levels.join('/'), levels, captures };
}

export function isWild(pattern: TopicPattern): boolean {
  return pattern.levels.some((level) => level === '+' || level === '#');
}

/** Whether every topic of `inner` is one of `outer`. */
export function covers(outer: readonly string[], inner: readonly string[]): boolean {
  if ((outer[0] === '+' || outer[0] === '#') && inner[0]?.startsWith('$')) return false;
  for (let i = 0; i < outer.length; i++) {
    const level = outer[i]!;
    if (level === '#') return true;
    if (i >= inner.length || inner[i] === '#') return false;
    if (level !== '+' && level !== inner[i]) return false;
  }
  return inner.length === outer.length;
}
