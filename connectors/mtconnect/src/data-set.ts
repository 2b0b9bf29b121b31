/**
 * DATA_SET and TABLE text of SHDR: `:MANUAL a=1 b="x y" c={p=1 q=2} d=` → entries. An entry without a value is a
 * removed one and is null. What one observation says is a change to the set, not the whole set (`merged-set.ts`).
 */
export type DataSetValue = number | string | null | { [cell: string]: number | string | null };
export interface DataSet {
  entries: Record<string, DataSetValue>;
  /** Reason of the reset that came before the entries; null when the set was changed only. */
  reset: string | null;
}

/** Entries of one observation; more are a fault of the device. */
const maxEntries = 10_000;

export function parseDataSet(text: string, options: { table?: boolean } = {}): DataSet {
  const entries: Record<string, DataSetValue> = Object.create(null);
  let reset: string | null = null;
  let body = text.trim();
  const mark = /^:([A-Z_]+)\s*/.exec(body);
  if (mark) {
    reset = mark[1]!;
    body = body.slice(mark[0].length);
  }
  let at = 0;
  for (let n = 0; at < body.length && n < maxEntries; n++) {
    while (at < body.length && body.charCodeAt(at) <= 32) at++;
    const start = at;
    while (at < body.length && body[at] !== '=' && body.charCodeAt(at) > 32) at++;
    const key = body.slice(start, at);
    if (key === '') {
      at++;
      continue;
    }
    if (body[at] !== '=') {
      entries[key] = null;
      continue;
    }
    const [raw, next, nested] = readValue(body, at + 1);
    at = next;
    if (raw === null) break;
    entries[key] =
      nested && options.table
        ? (parseDataSet(raw).entries as { [c: string]: number | string | null })
        : scalar(raw, nested);
  }
  return { entries, reset };
}

const decimalText = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A decimal as number, all else as text; so is a whole number that a JS number cannot hold exactly, such as an id. */
export function numberOrText(raw: string): number | string {
  if (!decimalText.test(raw)) return raw;
  const n = Number(raw);
  return Number.isSafeInteger(n) || (Number.isFinite(n) && !/^[+-]?\d+$/.test(raw)) ? n : raw;
}

function scalar(raw: string, quoted: boolean): number | string | null {
  if (quoted) return raw;
  return raw === '' ? null : numberOrText(raw);
}

/** The value that starts at `at`: its text, where it ends, and whether quotes or braces held it. Null text: no end. */
function readValue(body: string, at: number): [string | null, number, boolean] {
  const open = body[at];
  const close = open === '{' ? '}' : open === '"' || open === "'" ? open : null;
  if (close === null) {
    let end = at;
    while (end < body.length && body.charCodeAt(end) > 32) end++;
    return [body.slice(at, end), end, false];
  }
  let text = '';
  let depth = 1;
  for (let i = at + 1; i < body.length; i++) {
    const c = body[i]!;
    if (c === '\\' && i + 1 < body.length) text += body[++i];
    else if (close === '}' && c === '{') {
      depth++;
      text += c;
    } else if (c === close && --depth === 0) return [text, i + 1, true];
    else text += c;
  }
  return [null, body.length, true];
}
