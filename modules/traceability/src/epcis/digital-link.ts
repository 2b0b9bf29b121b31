/**
 * Identifiers of GS1 in their canonical, constrained form (CBV 2.0, 8.9.2; GS1 Digital Link URI Syntax 1.2, 4.11; EPC Tag
 * Data Standard 2.0): EPC URNs become Digital Link URIs, other Digital Link URIs lose domain, query and coarser levels.
 */
const root = 'https://id.gs1.org';

/** Key qualifiers that stay, the finest first; and what the key's value must look like. */
const keys: Record<string, { value: RegExp; finest: readonly string[] }> = {
  '00': { value: /^\d{18}$/, finest: [] },
  '01': { value: /^(\d{8}|\d{12,14})$/, finest: ['21', '10', '235'] },
  '253': { value: /^\d{13}.{0,17}$/, finest: [] },
  '255': { value: /^\d{13}\d{0,12}$/, finest: [] },
  '401': { value: /^.{1,30}$/, finest: [] },
  '402': { value: /^\d{17}$/, finest: [] },
  '414': { value: /^\d{13}$/, finest: ['254'] },
  '417': { value: /^\d{13}$/, finest: [] },
  '8003': { value: /^\d{14}.{0,16}$/, finest: [] },
  '8004': { value: /^.{1,30}$/, finest: [] },
  '8006': { value: /^\d{18}$/, finest: ['21', '10'] },
  '8010': { value: /^.{1,30}$/, finest: ['8011'] },
  '8017': { value: /^\d{18}$/, finest: [] },
  '8018': { value: /^\d{18}$/, finest: [] },
};
const qualifiers = new Set(['10', '21', '22', '235', '254', '8011', '8019', '8020', '7040']);
/** Words that once stood for the numbers (Digital Link 1.1). */
const words: Record<string, string> = {
  ...{ sscc: '00', gtin: '01', gdti: '253', gcn: '255', ginc: '401', gsin: '402', gln: '414', party: '417' },
  ...{ grai: '8003', giai: '8004', itip: '8006', cpid: '8010', gsrnp: '8017', gsrn: '8018' },
  ...{ ser: '21', lot: '10', cpv: '22', glnx: '254', cpsn: '8011' },
};

/** The canonical form of an EPC URN or Digital Link URI; null for anything else. Pure. */
export function canonicalLink(text: string): string | null {
  if (text.startsWith('urn:epc:')) return ofUrn(text);
  return /^https?:\/\//.test(text) ? ofLink(text) : null;
}

function ofLink(text: string): string | null {
  const url = URL.parse(text);
  if (!url) return null;
  const parts = url.pathname.split('/').filter((p) => p !== '');
  const codes = parts.map((p) => words[p] ?? p);
  // The key is the first number with a value that fits it; what stands before is the resolver's own.
  const at = codes.findIndex((code, i) => keys[code]?.value.test(decoded(parts[i + 1] ?? '')));
  if (at === -1) return null;
  const code = codes[at]!;
  const found = new Map<string, string>();
  for (let i = at + 2; i < parts.length; i += 2) {
    if (!qualifiers.has(codes[i]!) || parts[i + 1] === undefined) return null;
    found.set(codes[i]!, encoded(decoded(parts[i + 1]!)));
  }
  const value = decoded(parts[at + 1]!);
  const key = code === '01' ? value.padStart(14, '0') : value;
  const finest = keys[code]!.finest.find((q) => found.has(q));
  return `${root}/${code}/${encoded(key)}${finest === undefined ? '' : `/${finest}/${found.get(finest)}`}`;
}

/** Check digit of GS1 keys: weights 3 and 1 from the right. */
export function checkDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

const checked = (digits: string) => digits + checkDigit(digits);
/** The first digit of a reference stands before the company prefix. */
const indicated = (company: string, reference: string) => checked(reference[0] + company + reference.slice(1));
const serial = (code: string, value: string | undefined) =>
  value === undefined || value === '*' ? '' : `/${code}/${encoded(decoded(value))}`;
const tail = (value: string | undefined) => (value === undefined || value === '*' ? '' : encoded(decoded(value)));

const schemes: Record<string, (parts: readonly string[]) => string> = {
  sgtin: ([c, r, s]) => `/01/${indicated(c!, r!)}${serial('21', s)}`,
  lgtin: ([c, r, l]) => `/01/${indicated(c!, r!)}${serial('10', l)}`,
  upui: ([c, r, t]) => `/01/${indicated(c!, r!)}${serial('235', t)}`,
  sscc: ([c, r]) => `/00/${indicated(c!, r!)}`,
  sgln: ([c, r, e]) => `/414/${checked(c! + r!)}${e === '0' ? '' : serial('254', e)}`,
  pgln: ([c, r]) => `/417/${checked(c! + r!)}`,
  grai: ([c, r, s]) => `/8003/0${checked(c! + r!)}${tail(s)}`,
  giai: ([c, r]) => `/8004/${c}${tail(r)}`,
  gsrn: ([c, r]) => `/8018/${checked(c! + r!)}`,
  gsrnp: ([c, r]) => `/8017/${checked(c! + r!)}`,
  gdti: ([c, r, s]) => `/253/${checked(c! + r!)}${tail(s)}`,
  sgcn: ([c, r, s]) => `/255/${checked(c! + r!)}${tail(s)}`,
  ginc: ([c, r]) => `/401/${c}${tail(r)}`,
  gsin: ([c, r]) => `/402/${checked(c! + r!)}`,
  cpi: ([c, r, s]) => `/8010/${c}${tail(r)}${serial('8011', s)}`,
  itip: ([c, r, p, t, s]) => `/8006/${indicated(c!, r!)}${p}${t}${serial('21', s)}`,
};

function ofUrn(text: string): string | null {
  const match = /^urn:epc:(?:id|class|idpat):([a-z]+):(\d+)\.(.*)$/.exec(text);
  const write = match && schemes[match[1]!];
  if (!match || !write) return null;
  const [, scheme, company, rest] = match;
  // The last part may hold full stops; the ones before are digits.
  const count =
    scheme === 'itip' ? 4 : ['sscc', 'pgln', 'giai', 'gsrn', 'gsrnp', 'ginc', 'gsin'].includes(scheme!) ? 1 : 2;
  const split = rest!.split('.');
  const parts = [company!, ...split.slice(0, count - 1), split.slice(count - 1).join('.')];
  if (parts.length !== count + 1) return null;
  const digits =
    scheme === 'cpi' || scheme === 'giai' || scheme === 'ginc' ? [] : parts.slice(1, count === 1 ? 2 : count);
  if (digits.some((d) => !/^\d*$/.test(d))) return null;
  const needsFirst = ['sgtin', 'lgtin', 'upui', 'sscc', 'itip'].includes(scheme!);
  return needsFirst && parts[1] === '' ? null : `${root}${write(parts)}`;
}

/** What is escaped wrongly stands for itself. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Everything but unreserved letters is escaped (RFC 3986, 2.3). */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
