/** Splits CSV records (RFC 4180): quotes hold separators, newlines and doubled quotes. */

/** Longest record, characters: a quote that is never closed must not swallow the file. */
export const maxRecord = 1_048_576;

/**
 * Place of the newline that ends the record at `from`, `text.length` for a last one without newline, -1 when the end is
 * not in the text yet. A record longer than the limit ends at its first newline.
 */
export function csvRecordEnd(text: string, from: number, final: boolean): number {
  const newline = text.indexOf('\n', from);
  const line = newline < 0 ? (final ? text.length : -1) : newline;
  const quote = text.indexOf('"', from);
  if (quote < 0 || (line >= 0 && quote > line)) return line;
  let open = false;
  const most = Math.min(text.length, from + maxRecord);
  for (let i = quote; i < most; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) open = !open;
    else if (c === 10 && !open) return i;
  }
  if (most < text.length) return line;
  return final ? (open ? line : text.length) : -1;
}

/** Fields of the record at [from, to) into `fields`; returns how many. False ends: null when a quote is not closed. */
export function splitCsv(text: string, from: number, to: number, separator: string, fields: string[]): number | null {
  let end = to;
  if (end > from && text.charCodeAt(end - 1) === 13) end--;
  let n = 0;
  for (let at = from; ; ) {
    if (text.charCodeAt(at) === 34 && at < end) {
      let value = '';
      let start = at + 1;
      for (;;) {
        const quote = text.indexOf('"', start);
        if (quote < 0 || quote >= end) return null;
        value += text.slice(start, quote);
        if (text.charCodeAt(quote + 1) !== 34 || quote + 1 >= end) {
          at = quote + 1;
          break;
        }
        value += '"';
        start = quote + 2;
      }
      fields[n++] = value;
      if (at >= end) return n;
      if (text[at] !== separator) return null;
      at++;
    } else {
      const next = text.indexOf(separator, at);
      if (next < 0 || next >= end) {
        fields[n++] = text.slice(at, end);
        return n;
      }
      fields[n++] = text.slice(at, next);
      at = next + 1;
    }
  }
}
