/**
 * GS1 element strings (GS1 General Specifications, section 3 and 7.8): application identifiers with their values, as
 * scanners type them. Values are checked: length, digits, check digit, date.
 */
export interface Element {
  ai: string;
  value: string;
}

export const groupSeparator = '\x1d';

interface AiRule {
  /** n: digits only. */
  digits: boolean;
  min: number;
  max: number;
  /** The last digit is a GS1 check digit. */
  check?: boolean;
  date?: boolean;
}

const n = (length: number, more: Partial<AiRule> = {}): AiRule => ({ digits: true, min: length, max: length, ...more });
const upTo = (max: number, digits = false): AiRule => ({ digits, min: 1, max });
const rules: ReadonlyMap<string, AiRule> = new Map<string, AiRule>([
  ['00', n(18, { check: true })],
  ['01', n(14, { check: true })],
  ['02', n(14, { check: true })],
  ['10', upTo(20)],
  ...['11', '12', '13', '15', '16', '17'].map((ai): [string, AiRule] => [ai, n(6, { date: true })]),
  ['20', n(2)],
  ['21', upTo(20)],
  ['22', upTo(20)],
  ['30', upTo(8, true)],
  ['37', upTo(8, true)],
  ...['90', '240', '241', '250', '251', '400', '401', '403', '8002', '8004'].map((ai): [string, AiRule] => [
    ai,
    upTo(30),
  ]),
  ...['91', '92', '93', '94', '95', '96', '97', '98', '99'].map((ai): [string, AiRule] => [ai, upTo(90)]),
  ...['410', '411', '412', '413', '414', '415', '416', '417'].map((ai): [string, AiRule] => [
    ai,
    n(13, { check: true }),
  ]),
  ['254', upTo(20)],
  ['7003', n(10)],
  ['8006', n(18)],
  ['8010', upTo(30)],
  ['8200', upTo(70)],
]);
/** Identifiers whose length is fixed for ever: after them no separator stands (General Specifications, figure 7.8.5-2). */
const fixedStarts = /^(0[0-4]|1[1-9]|20|3[1-6]|41)/;

/** Net weights and other measures: 310n … 369n, six digits, n decimals. */
function ruleOf(ai: string): AiRule | undefined {
  return rules.get(ai) ?? (/^3[1-6]\d\d$/.test(ai) ? n(6) : undefined);
}

/** The check digit of a GTIN, SSCC or GLN without it (mod 10, weights 3 and 1 from the right). */
export function checkDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum += Number(body[body.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  return String((10 - (sum % 10)) % 10);
}

export function hasCheckDigit(code: string): boolean {
  return /^\d{8,18}$/.test(code) && checkDigit(code.slice(0, -1)) === code.at(-1);
}

export function toGtin14(gtin: string): string {
  return gtin.padStart(14, '0');
}

/** Character set 82 of the General Specifications, what lots and serials may hold. */
const set82 = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+$/;

/** Why a value is not one of this identifier; null when it is. */
export function wrongWith(ai: string, value: string): string | null {
  const rule = ruleOf(ai);
  if (!rule) return `(${ai}) is unknown`;
  if (value.length < rule.min || value.length > rule.max) return `(${ai}) has ${value.length} characters`;
  if (rule.digits ? !/^\d+$/.test(value) : !set82.test(value)) return `(${ai}) has a character that is not allowed`;
  if (rule.check && !hasCheckDigit(value)) return `(${ai}) has a wrong check digit`;
  if (rule.date && !isDate(value)) return `(${ai}) is no date`;
  return null;
}

/** YYMMDD; day 00 means the end of the month. */
function isDate(value: string): boolean {
  const month = Number(value.slice(2, 4));
  const day = Number(value.slice(4, 6));
  const days = new Date(Date.UTC(2000 + Number(value.slice(0, 2)), month, 0)).getUTCDate();
  return month >= 1 && month <= 12 && day <= days;
}

/** A date of an identifier as yyyy-mm-dd; years 51 and more before now's are the next century's (section 7.12). */
export function dateOf(value: string, thisYear: number): string {
  const yy = Number(value.slice(0, 2));
  const century = Math.floor(thisYear / 100) * 100;
  const difference = yy - (thisYear % 100);
  const year = century + yy + (difference >= 51 ? -100 : difference <= -50 ? 100 : 0);
  const month = Number(value.slice(2, 4));
  const day = Number(value.slice(4, 6)) || new Date(Date.UTC(year, month, 0)).getUTCDate();
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** As printers and symbol encoders take it: GS after values of variable length that are not the last. Throws RangeError. */
export function elementString(elements: readonly Element[]): string {
  return elements
    .map(({ ai, value }, i) => {
      const wrong = wrongWith(ai, value);
      if (wrong) throw new RangeError(wrong);
      return ai + value + (i === elements.length - 1 || fixedStarts.test(ai) ? '' : groupSeparator);
    })
    .join('');
}

/** With brackets, as people read it. */
export function humanReadable(elements: readonly Element[]): string {
  return elements.map(({ ai, value }) => `(${ai})${value}`).join('');
}

/** Symbology identifiers of GS1 DataMatrix, QR, 128 and DataBar. */
const symbology = /^\](d2|Q3|C1|e0|J1)/;
/** What scanners are set to type in the place of GS; none of them can stand in a value. */
const typedSeparator = /\{GS\}|<GS>|\\x1d|\\u001d|␝|[|^~]/gi;

/** Whether a text can only be meant as an element string. */
export function looksLikeElements(text: string): boolean {
  if (symbology.test(text) || text.startsWith(groupSeparator) || /^\(\d{2,4}\)/.test(text)) return true;
  return (
    (/^0[12]\d{14}/.test(text) && hasCheckDigit(text.slice(2, 16))) ||
    (/^00\d{18}/.test(text) && hasCheckDigit(text.slice(2, 20)))
  );
}

/** Readings of one text that are kept. */
const mostReadings = 32;
/** Places where a value could end that are tried in one text; real labels need some hundred. */
const mostTries = 20_000;

/**
 * Every way a scanned text can be read, the likeliest first; empty when there is none. With separators in place there is
 * one. A keyboard wedge that drops them leaves several: the caller knows which lot exists.
 */
export function readElements(scanned: string): Element[][] {
  const text = scanned.trim();
  if (/^\(\d{2,4}\)/.test(text)) return readBrackets(text);
  const plain = text
    .replace(symbology, '')
    .replace(typedSeparator, groupSeparator)
    .split(groupSeparator)
    .filter((part, i, all) => part !== '' || (i > 0 && i < all.length - 1))
    .join(groupSeparator);
  const readings: Element[][] = [];
  readFrom(plain, 0, [], readings, { left: mostTries });
  return readings;
}

function readBrackets(text: string): Element[][] {
  const elements: Element[] = [];
  for (const match of text.matchAll(/\((\d{2,4})\)([^(]*)/g)) elements.push({ ai: match[1]!, value: match[2]!.trim() });
  const whole = elements.map((e) => `(${e.ai})${e.value}`).join('').length;
  const bad = elements.length === 0 || elements.some((e) => wrongWith(e.ai, e.value)) || whole > text.length;
  return bad ? [] : [elements];
}

/** Values of variable length end at a separator; where none follows, at the end or before anything that reads well. */
function readFrom(
  text: string,
  at: number,
  before: readonly Element[],
  readings: Element[][],
  tries: { left: number },
): void {
  if (readings.length >= mostReadings) return;
  if (at >= text.length) {
    if (before.length > 0) readings.push([...before]);
    return;
  }
  for (const size of [2, 3, 4]) {
    const ai = text.slice(at, at + size);
    const rule = ruleOf(ai);
    if (!rule || ai.length < size || before.some((e) => e.ai === ai)) continue;
    const start = at + size;
    const separator = text.indexOf(groupSeparator, start);
    const bound = Math.min(start + rule.max, separator === -1 ? text.length : separator);
    const ends = rule.min === rule.max ? [start + rule.max] : endsOf(start, bound, rule, separator);
    for (const end of ends) {
      if (tries.left-- <= 0) return;
      const value = text.slice(start, end);
      if (end > text.length || wrongWith(ai, value)) continue;
      const next = text[end] === groupSeparator ? end + 1 : end;
      readFrom(text, next, [...before, { ai, value }], readings, tries);
    }
  }
}

function endsOf(start: number, bound: number, rule: AiRule, separator: number): number[] {
  if (separator !== -1 && separator - start <= rule.max) return [separator];
  const ends: number[] = [];
  for (let end = bound; end >= start + rule.min; end--) ends.push(end);
  return ends;
}

/** The value of an identifier in a reading. */
export function valueAt(elements: readonly Element[], ai: string): string | null {
  return elements.find((e) => e.ai === ai)?.value ?? null;
}
