const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text of XML without its escapes; also those of SpreadsheetML (`_x000D_`). */
export function unescapeXml(text: string): string {
  let out = text;
  if (out.includes('&'))
    out = out.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
      if (name[0] !== '#') return named[name] ?? whole;
      const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
    });
  if (out.includes('_x'))
    out = out.replace(/_x([0-9A-F]{4})_/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return out;
}

export function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : c === '>' ? '&gt;' : '&quot;'))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 may not hold them
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
  );
}

/** An attribute's value in the text of a start tag; undefined when it is not there. */
export function attribute(tag: string, name: string): string | undefined {
  let at = tag.indexOf(` ${name}="`);
  if (at >= 0) {
    const from = at + name.length + 3;
    return tag.slice(from, tag.indexOf('"', from));
  }
  at = tag.indexOf(` ${name}='`);
  if (at < 0) return undefined;
  const from = at + name.length + 3;
  return tag.slice(from, tag.indexOf("'", from));
}

/**
 * Start tags of a (small) document by local name, each as its text without the brackets. A tag ends before the next
 * begins: a text that opens thousands and closes none is looked through once.
 */
export function tagsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<(?:\\w+:)?(${name}(?:\\s[^<>]*)?)/?>`, 'g'))].map((m) =>
    m[1]!.replace(/\s+/g, ' '),
  );
}

/** The texts of all `t` elements, joined; phonetic guides (`rPh`) do not count. */
export function joinedText(xml: string): string {
  // Nearly all are one plain `t`.
  const from = xml.indexOf('>', xml.indexOf('<t')) + 1;
  const to = xml.indexOf('</t>', from);
  if (from > 0 && to > 0 && xml.indexOf('<t', from) < 0 && xml.indexOf('<r') < 0 && xml[from - 2] !== '/')
    return unescapeXml(xml.slice(from, to));
  const plain = xml.includes('rPh') ? withoutPhonetics(xml) : xml;
  let out = '';
  for (const match of plain.matchAll(/<(?:\w+:)?t(?:\s[^<>]*)?>([^<]*)<\/(?:\w+:)?t>/g)) out += match[1];
  return unescapeXml(out);
}

function withoutPhonetics(xml: string): string {
  const open = /<(?:\w+:)?rPh[\s>]/g;
  const close = /<\/(?:\w+:)?rPh>/g;
  let out = '';
  let at = 0;
  for (;;) {
    open.lastIndex = at;
    const from = open.exec(xml);
    if (!from) return out + xml.slice(at);
    out += xml.slice(at, from.index);
    close.lastIndex = from.index;
    if (!close.exec(xml)) return out;
    at = close.lastIndex;
  }
}
