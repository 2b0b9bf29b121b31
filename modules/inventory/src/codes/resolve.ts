import { inventoryError } from '../errors.ts';
import { numberPattern } from '../numbering.ts';
import { readDigitalLink } from './digital-link.ts';
import { type Element, looksLikeElements, readElements, valueAt } from './gs1.ts';
import { hangulToKeys } from './hangul-keys.ts';

/** What a label without a GTIN carries: `DD1:<plant>:<number>`. */
const ownMark = /^DD1:([^:]{1,200}):(.{1,60})$/;

export interface PlantMarks {
  /** Path of the site, such as `hanbit/gimcheon`. */
  plant: string;
  linkBase: string | null;
}

export function ownCode(marks: PlantMarks, number: string): string {
  return marks.linkBase === null
    ? `DD1:${marks.plant}:${number}`
    : `${marks.linkBase.replace(/\/+$/, '')}/lot/${encodeURIComponent(number)}`;
}

/** What a scanned text may mean; `readings` hold GTIN, lot and serial of an element string or a Digital Link. */
export interface CodeReading {
  /** A number or code as printed. */
  plain: string | null;
  readings: readonly (readonly Element[])[];
  /** Digital Link of another plant: said when nothing of this plant is found. */
  foreign: string | null;
}

/** Throws `inventory.otherPlant` for our own kind of label from another plant, and `inventory.badCode`. */
export function readCode(scanned: string, marks: PlantMarks): CodeReading {
  const text = scanned.trim();
  const own = ownMark.exec(text);
  if (own) {
    if (own[1] !== marks.plant) throw inventoryError('inventory.otherPlant', { plant: own[1]! }, { status: 409 });
    return { plain: own[2]!, readings: [], foreign: null };
  }
  if (/^https?:\/\//i.test(text)) return readAddress(text, marks);
  if (looksLikeElements(text)) {
    const readings = readElements(text);
    if (readings.length === 0 && !numberPattern.test(text))
      throw inventoryError('inventory.badCode', { detail: text.slice(0, 80) }, { status: 400 });
    return { plain: numberPattern.test(text) ? text : null, readings, foreign: null };
  }
  return { plain: text, readings: [], foreign: null };
}

function readAddress(text: string, marks: PlantMarks): CodeReading {
  const base = marks.linkBase?.replace(/\/+$/, '') ?? null;
  const link = readDigitalLink(text);
  const ours = base !== null && text.toLowerCase().startsWith(`${base.toLowerCase()}/`);
  const foreign = ours ? null : hostOf(text);
  if (link) return { plain: null, readings: [link.elements], foreign };
  const number = ours ? /^\/lot\/([^/?#]+)/.exec(text.slice(base.length))?.[1] : undefined;
  const plain = number === undefined ? null : decoded(number);
  if (plain !== null) return { plain, readings: [], foreign: null };
  if (foreign !== null) throw inventoryError('inventory.otherPlant', { plant: foreign }, { status: 409 });
  throw inventoryError('inventory.badCode', { detail: text.slice(0, 80) }, { status: 400 });
}

/** Null for what is escaped wrongly. */
function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function hostOf(text: string): string {
  try {
    return new URL(text).host;
  } catch {
    return text.slice(0, 60);
  }
}

/** Other ways the same keys may have come: typed with the Korean input on, or with the case the other way. */
export function otherSpellings(plain: string): string[] {
  const keys = hangulToKeys(plain);
  return [...new Set([keys, keys.toUpperCase(), plain.toUpperCase()])].filter((s) => s !== plain);
}

export function lotNumberOf(elements: readonly Element[]): string | null {
  return valueAt(elements, '21') ?? valueAt(elements, '10');
}
