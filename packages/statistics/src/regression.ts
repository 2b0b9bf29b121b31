import { mean, sum } from './summary.ts';

export interface RegressionResult {
  coefficients: number[];
  residualSd: number;
  /** On the uncorrected total where there is no intercept (NIST NoInt1, NoInt2). */
  rSquared: number;
  degreesOfFreedom: number;
}

/**
 * Least squares by Householder QR on scaled columns, refined with residuals in doubled precision. Normal equations are
 * not used: they fail on Filip. `rows`: predictors without the constant. Throws RangeError for a singular system.
 */
export function leastSquares(
  rows: readonly (readonly number[])[],
  y: readonly number[],
  intercept = true,
): RegressionResult {
  const design = rows.map((r) => (intercept ? [1, ...r] : [...r]));
  const n = design.length;
  const p = design[0]?.length ?? 0;
  if (n < p || p === 0) throw new RangeError('fewer observations than coefficients');
  const scale = Array.from({ length: p }, (_, j) => Math.hypot(...design.map((r) => r[j]!)) || 1);
  const qr = factor(design.map((r) => Float64Array.from(r, (v, j) => v / scale[j]!)));
  const coefficients = new Doubled(p);
  let residual: Float64Array = new Float64Array(n);
  // Björck's refinement of the residual and the coefficients together: large residuals (Wampler5) need both.
  for (let round = 0; round < 8; round++) {
    const left = coefficients.residual(design, y);
    const f = left.map((v, i) => v - residual[i]!);
    const g = scale.map((unit, j) => -dotColumn(design, j, residual) / unit);
    const { dx, dr } = qr.solve(f, Float64Array.from(g));
    for (let j = 0; j < p; j++) coefficients.add(j, dx[j]! / scale[j]!);
    residual = residual.map((v, i) => v + dr[i]!);
  }
  residual = coefficients.residual(design, y);
  const ss = sum(residual.map((r) => r * r));
  const centre = intercept ? mean(y) : 0;
  const total = sum(y.map((v) => (v - centre) ** 2));
  const degreesOfFreedom = n - p;
  return {
    coefficients: coefficients.values(),
    residualSd: degreesOfFreedom > 0 ? Math.sqrt(ss / degreesOfFreedom) : Number.NaN,
    rSquared: 1 - ss / total,
    degreesOfFreedom,
  };
}

/** Powers 1 … degree of one predictor. */
export function polynomialRows(x: readonly number[], degree: number): number[][] {
  return x.map((v) => Array.from({ length: degree }, (_, k) => v ** (k + 1)));
}

/** Column j times v, products exact and the sum compensated. */
function dotColumn(design: readonly (readonly number[])[], j: number, v: Float64Array): number {
  const terms: number[] = [];
  for (let i = 0; i < v.length; i++) {
    const product = design[i]![j]! * v[i]!;
    terms.push(product, productError(design[i]![j]!, v[i]!, product));
  }
  return sum(terms);
}

/** Solves [I A; Aᵀ 0] [dr; dx] = [f; g]. */
function factor(a: Float64Array[]): {
  solve(f: Float64Array, g: Float64Array): { dx: Float64Array; dr: Float64Array };
} {
  const n = a.length;
  const p = a[0]!.length;
  const vectors: Float64Array[] = [];
  for (let k = 0; k < p; k++) {
    const v = Float64Array.from({ length: n }, (_, i) => (i < k ? 0 : a[i]![k]!));
    const norm = Math.hypot(...v);
    if (norm < 1e-15) throw new RangeError('columns depend on each other');
    v[k]! += v[k]! >= 0 ? norm : -norm;
    const length = Math.hypot(...v);
    for (let i = k; i < n; i++) v[i]! /= length;
    vectors.push(v);
    for (let j = k; j < p; j++) {
      let dot = 0;
      for (let i = k; i < n; i++) dot += v[i]! * a[i]![j]!;
      for (let i = k; i < n; i++) a[i]![j]! -= 2 * dot * v[i]!;
    }
  }
  const reflect = (v: Float64Array, c: Float64Array) => {
    let dot = 0;
    for (let i = 0; i < n; i++) dot += v[i]! * c[i]!;
    for (let i = 0; i < n; i++) c[i]! -= 2 * dot * v[i]!;
  };
  return {
    solve(f, g) {
      const h = new Float64Array(p);
      for (let k = 0; k < p; k++) {
        let rest = g[k]!;
        for (let j = 0; j < k; j++) rest -= a[j]![k]! * h[j]!;
        h[k] = rest / a[k]![k]!;
      }
      const d = Float64Array.from(f);
      for (const v of vectors) reflect(v, d);
      const dx = new Float64Array(p);
      for (let k = p - 1; k >= 0; k--) {
        let rest = d[k]! - h[k]!;
        for (let j = k + 1; j < p; j++) rest -= a[k]![j]! * dx[j]!;
        dx[k] = rest / a[k]![k]!;
      }
      const dr = d.map((v, i) => (i < p ? h[i]! : v));
      for (const v of [...vectors].reverse()) reflect(v, dr);
      return { dx, dr };
    },
  };
}

/** Coefficients as unevaluated sums of two doubles (Dekker), so that refinement gains digits. */
class Doubled {
  readonly #high: Float64Array;
  readonly #low: Float64Array;

  constructor(length: number) {
    this.#high = new Float64Array(length);
    this.#low = new Float64Array(length);
  }

  add(j: number, value: number): void {
    const high = this.#high[j]!;
    const total = high + value;
    const part = total - high;
    const low = this.#low[j]! + (high - (total - part)) + (value - part);
    this.#high[j] = total + low;
    this.#low[j] = low - (this.#high[j]! - total);
  }

  values(): number[] {
    return [...this.#high];
  }

  /** y − Xb, each product exact (Veltkamp split) and the sum compensated. */
  residual(design: readonly (readonly number[])[], y: readonly number[]): Float64Array {
    return Float64Array.from(design, (row, i) => {
      const terms = [y[i]!];
      row.forEach((x, j) => {
        const product = x * this.#high[j]!;
        terms.push(-product, -productError(x, this.#high[j]!, product), -x * this.#low[j]!);
      });
      return sum(terms);
    });
  }
}

const splitter = 2 ** 27 + 1;
function split(x: number): [number, number] {
  const c = splitter * x;
  const high = c - (c - x);
  return [high, x - high];
}
function productError(a: number, b: number, product: number): number {
  const [ah, al] = split(a);
  const [bh, bl] = split(b);
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}
