import type { Inspection } from '@deungdae/contracts/inspection.ts';
import { typedNumber } from './typed-number.ts';

/** What stands in the fields, as typed. Sample 0 of a judged characteristic holds how many failed. */
export type Cells = Record<string, string>;
type Characteristic = Inspection['characteristics'][number];

export function cellKey(characteristic: string, sample: number): string {
  return `${characteristic}#${sample}`;
}

/** The fields of an inspection, filled with what was recorded. */
export function emptyCells(inspection: Inspection): Cells {
  const cells: Cells = {};
  for (const c of inspection.characteristics) {
    const results = inspection.results.filter((r) => r.characteristic === c.id);
    if (c.kind === 'variable')
      for (const r of results) cells[cellKey(c.id, r.sample)] = r.value === null ? '' : String(r.value);
    else if (results.length > 0)
      cells[cellKey(c.id, 0)] = String(results.filter((r) => !r.pass).reduce((n, r) => n + (r.count ?? 1), 0));
  }
  return cells;
}

export function countsOf(c: Characteristic, cells: Cells): { judged: boolean; fail: number } {
  const typed = typedNumber(cells[cellKey(c.id, 0)] ?? '');
  return Number.isFinite(typed) ? { judged: true, fail: typed } : { judged: false, fail: 0 };
}

/** Values still to be entered. */
export function missingOf(inspection: Inspection, cells: Cells): number {
  return inspection.characteristics.reduce((total, c) => {
    if (c.kind !== 'variable') return total + (countsOf(c, cells).judged ? 0 : 1);
    let missing = 0;
    for (let n = 1; n <= c.required; n++) if (!Number.isFinite(typedNumber(cells[cellKey(c.id, n)] ?? ''))) missing++;
    return total + missing;
  }, 0);
}

export interface EnteredResult {
  characteristic: string;
  sample: number;
  value?: number;
  pass?: boolean;
  count?: number;
  source: 'form';
}

/** What is sent: measured values one by one, judged pieces as counts of good and failed. */
export function resultsOf(inspection: Inspection, cells: Cells): EnteredResult[] {
  const results: EnteredResult[] = [];
  for (const c of inspection.characteristics) {
    if (c.kind === 'variable') {
      for (let n = 1; n <= c.required; n++) {
        const value = typedNumber(cells[cellKey(c.id, n)] ?? '');
        if (Number.isFinite(value)) results.push({ characteristic: c.id, sample: n, value, source: 'form' });
      }
      continue;
    }
    const { judged, fail } = countsOf(c, cells);
    if (!judged) continue;
    const good = c.required - fail;
    const common = { characteristic: c.id, source: 'form' } as const;
    if (good > 0) results.push({ ...common, sample: 1, pass: true, count: good });
    if (fail > 0) results.push({ ...common, sample: 2, pass: false, count: fail });
  }
  return results;
}
