import type { Inspection } from '@deungdae/contracts/inspection.ts';

export interface Entered {
  characteristic: string;
  sample: number;
  value: number | null;
  pass: boolean;
}
type Characteristic = Inspection['characteristics'][number];
type Limits = Pick<Characteristic, 'lower' | 'upper' | 'nominal'>;

/** What is measured next, sample by sample of each characteristic; null when all is there. `index` counts from 1. */
export function nextQuestion(inspection: Inspection, entered: readonly Entered[]) {
  const has = (id: string, sample: number) =>
    entered.some((e) => e.characteristic === id && e.sample === sample) ||
    inspection.results.some((r) => r.characteristic === id && r.sample === sample);
  const total = inspection.characteristics.reduce((sum, c) => sum + c.required, 0);
  let index = 0;
  for (const characteristic of inspection.characteristics)
    for (let sample = 1; sample <= characteristic.required; sample++) {
      index++;
      if (!has(characteristic.id, sample)) return { characteristic, sample, index, total };
    }
  return null;
}

/** Inside its limits, outside, or so far outside that a figure was probably mistyped (a whole tolerance beyond). */
export function judge({ lower, upper, nominal }: Limits, value: number): 'in' | 'out' | 'far' {
  const within = (lower === undefined || value >= lower) && (upper === undefined || value <= upper);
  if (within) return 'in';
  const width =
    lower !== undefined && upper !== undefined ? upper - lower : Math.abs((upper ?? lower ?? 0) - (nominal ?? 0));
  const beyond = upper !== undefined && value > upper ? value - upper : (lower ?? value) - value;
  return beyond > Math.max(width, 1e-9) ? 'far' : 'out';
}

/** Where a value stands on the tolerance bar, 0 … 1: the limits at a fifth and four fifths. */
export function pointerShare({ lower, upper, nominal }: Limits, value: number): number {
  const low = lower ?? (nominal ?? upper ?? 0) - ((upper ?? 0) - (nominal ?? upper ?? 0) || 1);
  const high = upper ?? (nominal ?? lower ?? 0) + ((nominal ?? lower ?? 0) - (lower ?? 0) || 1);
  const share = 0.2 + (0.6 * (value - low)) / (high - low || 1);
  return Math.min(0.99, Math.max(0.01, share));
}

/** What a gauge that types means: a figure, with its channel before it and its unit behind it or not; null for other codes. */
export function gaugeValue(code: string): number | null {
  const found = /^(?:\d{2}A)?([+-]?\d+(?:[.,]\d+)?)\s*[a-zµ°%"]{0,4}$/i.exec(code.trim());
  return found ? Number(found[1]!.replace(',', '.')) : null;
}
