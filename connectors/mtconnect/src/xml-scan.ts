import { mtconnectError } from './errors.ts';
import { maxDepth, maxDocument, unescapeXml, type XmlElement } from './xml.ts';

/**
 * A scanner for the one kind of document that comes by the thousand, MTConnectStreams: the same elements as `parseXml`
 * gives (a test compares them), about ten times as fast. What it does not know it refuses; it never guesses.
 */
export function scanXml(text: string, limit = maxDocument): XmlElement {
  if (text.length > limit) throw mtconnectError('mtconnect.tooLarge', { limit });
  const stack: XmlElement[] = [];
  let root: XmlElement | null = null;
  const bad = (detail: string) => mtconnectError('mtconnect.badDocument', { detail });
  let at = 0;
  for (;;) {
    const open = text.indexOf('<', at);
    const top = stack.at(-1);
    if (top && open > at) top.text += unescapeXml(text.slice(at, open));
    if (open < 0) break;
    const next = text.charCodeAt(open + 1);
    if (next === 33 || next === 63) {
      at = skipped(text, open, top);
      if (at < 0) throw bad('markup that is not taken');
      continue;
    }
    const close = tagEnd(text, open + 1);
    if (close < 0) throw bad('a tag without an end');
    at = close + 1;
    if (next === 47) {
      const name = text.slice(open + 2, close).trim();
      if (!top || top.prefix + top.name !== name) throw bad(`</${name.slice(0, 50)}> closes nothing`);
      stack.pop();
      continue;
    }
    const empty = text.charCodeAt(close - 1) === 47;
    const element = elementOf(text, open + 1, empty ? close - 1 : close);
    if (!element) throw bad('a tag that cannot be read');
    if (top) top.children.push(element);
    else if (root) throw bad('two roots');
    else root = element;
    if (!empty && stack.push(element) > maxDepth) throw bad('nested too deep');
  }
  if (!root || stack.length > 0) throw bad(root ? 'it ends too early' : 'no element');
  return root;
}

/** Passes over declarations, instructions and comments; adds the text of CDATA. -1 for document types and broken ones. */
function skipped(text: string, open: number, top: XmlElement | undefined): number {
  const after = (end: string, from: number) => {
    const found = text.indexOf(end, from);
    return found < 0 ? -1 : found + end.length;
  };
  if (text.startsWith('<?', open)) return after('?>', open);
  if (text.startsWith('<!--', open)) return after('-->', open + 4);
  if (!text.startsWith('<![CDATA[', open) || !top) return -1;
  const end = after(']]>', open);
  if (end > 0) top.text += text.slice(open + 9, end - 3);
  return end;
}

/** Place of the `>` that ends a tag; one inside quotes does not. */
function tagEnd(text: string, from: number): number {
  let inside = 0;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inside !== 0) {
      if (c === inside) inside = 0;
    } else if (c === 34 || c === 39) inside = c;
    else if (c === 62) return i;
    else if (c === 60) return -1;
  }
  return -1;
}

const nameEnd = /[\s/]/;

function elementOf(text: string, from: number, to: number): XmlElement | null {
  const body = text.slice(from, to);
  const space = body.search(nameEnd);
  const tag = space < 0 ? body : body.slice(0, space);
  if (!/^[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?$/.test(tag)) return null;
  const attributes: Record<string, string> = {};
  for (let at = tag.length; ; ) {
    const equals = body.indexOf('=', at);
    if (equals < 0) {
      if (body.slice(at).trim() !== '') return null;
      break;
    }
    const name = body.slice(at, equals).trim();
    let start = equals + 1;
    while (start < body.length && body.charCodeAt(start) <= 32) start++;
    const quote = body.charAt(start);
    const end = quote === '"' || quote === "'" ? body.indexOf(quote, start + 1) : -1;
    if (end < 0 || !/^[A-Za-z_][\w:.-]*$/.test(name) || name === '__proto__') return null;
    attributes[name] = unescapeXml(body.slice(start + 1, end));
    at = end + 1;
  }
  const colon = tag.indexOf(':');
  return { name: tag.slice(colon + 1), prefix: tag.slice(0, colon + 1), attributes, children: [], text: '' };
}
