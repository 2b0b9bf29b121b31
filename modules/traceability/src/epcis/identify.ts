import type { Lot } from '@deungdae/contracts/lot.ts';
import { decoded } from './digital-link.ts';

/** How things of this plant are called in EPCIS events. */
export interface Naming {
  /** GTIN-14 of an item; null when it has none. */
  gtin(item: string): string | null;
  /** GLN of a partner. */
  gln(partner: string): string | null;
  /** Path of the site, such as `hanbit/gimcheon`. */
  plant: string;
}

const gs1 = 'https://id.gs1.org';
/** Names that are ours alone (RFC 8141 informal use): plant, kind, number. */
const own = (naming: Naming, kind: string, id: string) =>
  `urn:x-deungdae:${encodeURIComponent(naming.plant)}:${kind}:${encodeURIComponent(id)}`;

/** Character set 82 and the length of AI 10 and 21. */
const fits = (number: string) => number.length <= 20 && /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]+$/.test(number);

/** Serials and containers are instances (EPC); lots are classes with a quantity. Canonical Digital Link where there is a GTIN. */
export function lotUri(naming: Naming, lot: Pick<Lot, 'kind' | 'item' | 'number'>): string {
  const gtin = lot.kind === 'container' ? null : naming.gtin(lot.item);
  if (gtin === null || !fits(lot.number)) return own(naming, lot.kind === 'container' ? 'box' : 'lot', lot.number);
  return `${gs1}/01/${gtin}/${lot.kind === 'serial' ? '21' : '10'}/${encodeURIComponent(lot.number)}`;
}

export function itemUri(naming: Naming, item: string): string {
  const gtin = naming.gtin(item);
  return gtin === null ? own(naming, 'item', item) : `${gs1}/01/${gtin}`;
}

export const placeUri = (naming: Naming, place: string) => own(naming, 'place', place);
export const runUri = (naming: Naming, run: string) => own(naming, 'run', run);
export const paperUri = (naming: Naming, reference: string) => own(naming, 'paper', reference);

export function partnerUri(naming: Naming, partner: string): string {
  const gln = naming.gln(partner);
  return gln === null ? own(naming, 'partner', partner) : `${gs1}/417/${gln}`;
}

/** What a lot's URI means: its number, and the GTIN where it names one; null for others' URIs. */
export function readLotUri(naming: Naming, uri: string): { number: string; gtin: string | null } | null {
  const link = /^https?:\/\/[^/]+(?:\/[^?#]*?)?\/01\/(\d{14})\/(?:10|21)\/([^/?#]+)$/.exec(uri);
  if (link) return { number: decoded(link[2]!), gtin: link[1]! };
  const ours = /^urn:x-deungdae:([^:]+):(?:lot|box):([^:]+)$/.exec(uri);
  if (ours && decoded(ours[1]!) === naming.plant) return { number: decoded(ours[2]!), gtin: null };
  return null;
}

/** UN/CEFACT Recommendation 20 codes, as EPCIS wants them, of UCUM units; null: pieces, which carry no unit. */
export function uomOf(unit: string): string | null {
  const known: Record<string, string> = {
    kg: 'KGM',
    g: 'GRM',
    t: 'TNE',
    L: 'LTR',
    mL: 'MLT',
    m: 'MTR',
    mm: 'MMT',
    m2: 'MTK',
    m3: 'MTQ',
  };
  return known[unit] ?? null;
}
