import { nearest } from './nearest.ts';

/**
 * A checker for the UCUM units that factories use (https://ucum.org, case-sensitive form): atoms and prefixes below,
 * `.` and `/`, exponents, whole factors, brackets and `{annotations}`. Not the whole of UCUM: no arbitrary units.
 */

const metric =
  'm g s A K cd mol rad sr Hz N Pa J W C F Ohm V S Wb T H lm lx Cel L l bar eV Bq Gy Sv kat t u St P G Mx B Np cal bit By Bd ar dyn erg'.split(
    ' ',
  );
const plain = [
  '%',
  '[ppth]',
  '[ppm]',
  '[ppb]',
  '[pptr]',
  'min',
  'h',
  'd',
  'wk',
  'mo',
  'a',
  'deg',
  "'",
  "''",
  'gon',
  'circ',
  'atm',
  'B[W]',
  'B[V]',
  'dB',
  '[degF]',
  '[in_i]',
  '[ft_i]',
  '[yd_i]',
  '[mi_i]',
  '[lb_av]',
  '[oz_av]',
  '[gal_us]',
  '[psi]',
  '[lbf_av]',
  '[HP]',
  '[Btu]',
  '[pH]',
  '[g]',
  '[pi]',
  'mm[Hg]',
  'm[Hg]',
  'm[H2O]',
  '[car_m]',
  '[cfu]',
];
const prefixes = ['Y', 'Z', 'E', 'P', 'T', 'G', 'M', 'k', 'h', 'da', 'd', 'c', 'm', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];
const prefixesOfBinary = ['Ki', 'Mi', 'Gi', 'Ti'];

const atoms = new Set<string>([...metric, ...plain]);
for (const unit of metric) for (const prefix of prefixes) atoms.add(prefix + unit);
for (const unit of ['By', 'bit']) for (const prefix of prefixesOfBinary) atoms.add(prefix + unit);

/** What people write, and the UCUM code for it. */
const usual: Record<string, string> = {
  '℃': 'Cel',
  '°C': 'Cel',
  C: 'Cel',
  degC: 'Cel',
  '°F': '[degF]',
  degF: '[degF]',
  kWh: 'kW.h',
  Wh: 'W.h',
  MWh: 'MW.h',
  Ah: 'A.h',
  rpm: '{rpm}/min',
  RPM: '{rpm}/min',
  'rev/min': '{rev}/min',
  psi: '[psi]',
  inch: '[in_i]',
  in: '[in_i]',
  ft: '[ft_i]',
  lb: '[lb_av]',
  sec: 's',
  hr: 'h',
  Nm: 'N.m',
  kNm: 'kN.m',
  'kgf/cm2': 'kgf/cm2',
  pcs: '{pcs}',
  ea: '{ea}',
  EA: '{ea}',
  개: '{pcs}',
  µm: 'um',
  μm: 'um',
  'm³/h': 'm3/h',
  'm³': 'm3',
  'm²': 'm2',
  ppm: '[ppm]',
  VA: 'V.A',
  kVA: 'kV.A',
  var: 'var',
  ohm: 'Ohm',
  '°': 'deg',
};
for (const extra of ['kgf', 'gf', 'var', 'kvar', 'Mvar']) atoms.add(extra);

/** Whether `unit` is a unit that this checker knows. */
export function isUnit(unit: string): boolean {
  const rest = term(unit, 0);
  return rest === unit.length && unit.length > 0;
}

/** The unit most likely meant, or null. */
export function nearestUnit(unit: string): string | null {
  const known = usual[unit] ?? usual[unit.trim()];
  if (known) return known;
  const parts = unit.split(/([./])/);
  if (parts.length > 1) {
    const mended = parts
      .map((part) => (/^[./]$/.test(part) || isUnit(part) ? part : (usual[part] ?? nearest(part, atoms) ?? part)))
      .join('');
    if (isUnit(mended)) return mended;
  }
  return nearest(unit, atoms);
}

/** Reads a term from `i`; returns the index after it, or -1. */
function term(text: string, start: number): number {
  let i = text[start] === '/' ? start + 1 : start;
  for (;;) {
    i = component(text, i);
    if (i < 0) return -1;
    if (text[i] !== '.' && text[i] !== '/') return i;
    i++;
  }
}

function component(text: string, start: number): number {
  if (text[start] === '(') {
    const end = term(text, start + 1);
    return end > 0 && text[end] === ')' ? end + 1 : -1;
  }
  let i = start;
  const rest = text.slice(i);
  const number = /^(?:10[*^][+-]?\d+|\d+)/.exec(rest)?.[0];
  const word = number ?? (/^[[A-Za-z%'{]/.test(rest) ? atomAt(text, i) : undefined);
  if (word === undefined) return -1;
  i += word.length;
  if (number === undefined) i += /^[+-]?\d+/.exec(text.slice(i))?.[0].length ?? 0;
  i += /^\{[^{}]*\}/.exec(text.slice(i))?.[0].length ?? 0;
  return i > start ? i : -1;
}

/** The longest known atom at `i`; empty when an annotation stands there; undefined when neither. */
function atomAt(text: string, i: number): string | undefined {
  if (text[i] === '{') return '';
  const run = /^(?:\[[^\]]*\]|[A-Za-z%'])+/.exec(text.slice(i))?.[0] ?? '';
  return atoms.has(run) ? run : undefined;
}
