import { type Element, toGtin14, wrongWith } from './gs1.ts';

/** GS1 Digital Link URI syntax 1.4: primary keys, and the qualifiers that may follow each in the path. */
const qualifiers: Readonly<Record<string, readonly string[]>> = {
  '01': ['22', '10', '21'],
  '00': [],
  '414': ['254'],
  '417': [],
  '8004': [],
  '8006': ['22', '10', '21'],
  '8010': ['8011'],
};

/** `https://…/01/08801234567893/10/L261125-0001?17=270101`. Throws RangeError on values that are not theirs. */
export function digitalLink(base: string, elements: readonly Element[]): string {
  const key = elements.find((e) => e.ai in qualifiers);
  if (!key) throw new RangeError('no primary key among the elements');
  const order = qualifiers[key.ai]!;
  for (const { ai, value } of elements) {
    const wrong = wrongWith(ai, value);
    if (wrong) throw new RangeError(wrong);
  }
  const inPath = [key, ...order.flatMap((ai) => elements.filter((e) => e.ai === ai))];
  const path = inPath.map((e) => `${e.ai}/${encodeURIComponent(e.value)}`).join('/');
  const rest = elements.filter((e) => !inPath.includes(e));
  const query = rest.map((e) => `${e.ai}=${encodeURIComponent(e.value)}`).join('&');
  return `${base.replace(/\/+$/, '')}/${path}${query ? `?${query}` : ''}`;
}

export interface LinkReading {
  /** Everything before the primary key. */
  stem: string;
  elements: Element[];
  /** Query parameters that are no application identifiers, such as `linkType`. */
  other: Record<string, string>;
}

/** Reads a Digital Link URI; null when the text is none, or a value in it is not what its identifier allows. */
export function readDigitalLink(text: string): LinkReading | null {
  if (!/^https?:\/\//i.test(text) || text.length > 2000) return null;
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  const parts = url.pathname.split('/');
  for (let i = 1; i + 1 < parts.length; i++) {
    if (!((parts[i] ?? '') in qualifiers)) continue;
    const elements = readPath(parts.slice(i));
    if (!elements) continue;
    const other: Record<string, string> = {};
    for (const [ai, value] of url.searchParams) {
      if (/^\d{2,4}$/.test(ai)) {
        if (wrongWith(ai, value)) return null;
        elements.push({ ai, value });
      } else other[ai] = value;
    }
    return { stem: url.origin + parts.slice(0, i).join('/'), elements, other };
  }
  return null;
}

function readPath(parts: readonly string[]): Element[] | null {
  if (parts.length % 2 !== 0) return null;
  const key = parts[0]!;
  const allowed = [key, ...qualifiers[key]!];
  const elements: Element[] = [];
  let last = -1;
  for (let i = 0; i < parts.length; i += 2) {
    const ai = parts[i]!;
    const order = allowed.indexOf(ai);
    if (order <= last) return null;
    last = order;
    let value: string;
    try {
      value = decodeURIComponent(parts[i + 1]!);
    } catch {
      return null;
    }
    if (ai === '01' && /^\d{8,13}$/.test(value)) value = toGtin14(value);
    if (wrongWith(ai, value)) return null;
    elements.push({ ai, value });
  }
  return elements;
}
