import { XMLParser } from 'fast-xml-parser';
import { mtconnectError } from './errors.ts';

/** An element of a document from outside, in the order of the document. Names are without their prefix. */
export interface XmlElement {
  name: string;
  /** Prefix with its colon, or ''. */
  prefix: string;
  attributes: Readonly<Record<string, string>>;
  children: XmlElement[];
  /** Text directly inside it. */
  text: string;
}

/** Largest document taken, bytes of text. */
export const maxDocument = 64 * 1024 * 1024;
export const maxDepth = 60;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  htmlEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: maxDepth,
});

type Raw = { [tag: string]: Raw[] | string | Record<string, string> };

/**
 * Parses a document: no document type, no entities but the five of XML and character references, bounded size and depth.
 * Throws `mtconnect.badDocument` or `mtconnect.tooLarge`.
 */
export function parseXml(text: string, limit = maxDocument): XmlElement {
  if (text.length > limit) throw mtconnectError('mtconnect.tooLarge', { limit });
  if (text.includes('<!DOCTYPE') || text.includes('<!ENTITY'))
    throw mtconnectError('mtconnect.badDocument', { detail: 'DOCTYPE' });
  let raw: Raw[];
  try {
    raw = parser.parse(text) as Raw[];
  } catch (error) {
    throw mtconnectError('mtconnect.badDocument', { detail: (error as Error).message }, { cause: error });
  }
  for (const node of raw) {
    const element = toElement(node, 0);
    if (element) return element;
  }
  throw mtconnectError('mtconnect.badDocument', { detail: 'no element' });
}

function toElement(node: Raw, depth: number): XmlElement | null {
  if (depth > maxDepth) throw mtconnectError('mtconnect.badDocument', { detail: 'nested too deep' });
  const tag = Object.keys(node).find((key) => key !== ':@');
  if (tag === undefined || tag === '#text') return null;
  const colon = tag.indexOf(':');
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries((node[':@'] ?? {}) as Record<string, string>))
    attributes[name] = unescapeXml(String(value));
  const element: XmlElement = {
    name: tag.slice(colon + 1),
    prefix: tag.slice(0, colon + 1),
    attributes,
    children: [],
    text: '',
  };
  for (const child of node[tag] as Raw[]) {
    if ('#text' in child) element.text += unescapeXml(String(child['#text']));
    else {
      const inner = toElement(child, depth + 1);
      if (inner) element.children.push(inner);
    }
  }
  return element;
}

export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

const named: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g, (all, dec, hex, name) => {
    if (name) return named[name]!;
    const code = dec ? Number(dec) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** Text made safe for XML content and attributes; characters that XML 1.0 does not allow are left out. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(
      /[&<>"']/g,
      (c) => `&${c === '&' ? 'amp' : c === '<' ? 'lt' : c === '>' ? 'gt' : c === '"' ? 'quot' : 'apos'};`,
    );
}
