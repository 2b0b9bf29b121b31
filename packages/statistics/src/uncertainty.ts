import { studentQuantile } from './special.ts';

/** One input of a measurement: sensitivity, standard uncertainty and degrees of freedom (GUM 5.1, G.4). */
export interface UncertaintyInput {
  /** Partial derivative of the result; 1 when left out. */
  sensitivity?: number;
  u: number;
  /** Infinite when left out. */
  dof?: number;
}

export interface CombinedUncertainty {
  u: number;
  /** Welch–Satterthwaite before and after truncation; the t table is entered with the truncated one. */
  effectiveDof: number;
  dofUsed: number;
  /** Coverage factor and expanded uncertainty at `level`. */
  k: number;
  expanded: number;
  level: number;
}

/** Combines uncorrelated inputs; `correlation(i, j)` adds the covariance terms. */
export function combine(
  inputs: readonly UncertaintyInput[],
  options: { level?: number; correlation?: (i: number, j: number) => number } = {},
): CombinedUncertainty {
  const { level = 0.95, correlation } = options;
  const parts = inputs.map((i) => (i.sensitivity ?? 1) * i.u);
  let variance = parts.reduce((total, p) => total + p * p, 0);
  if (correlation)
    for (let i = 0; i < parts.length; i++)
      for (let j = i + 1; j < parts.length; j++) variance += 2 * parts[i]! * parts[j]! * correlation(i, j);
  const u = Math.sqrt(Math.max(0, variance));
  const below = parts.reduce((total, p, i) => total + p ** 4 / (inputs[i]!.dof ?? Number.POSITIVE_INFINITY), 0);
  const effectiveDof = below === 0 ? Number.POSITIVE_INFINITY : u ** 4 / below;
  const dofUsed = Math.floor(effectiveDof + 1e-9);
  const k = studentQuantile(0.5 + level / 2, Number.isFinite(dofUsed) ? Math.max(1, dofUsed) : 1e9);
  return { u, effectiveDof, dofUsed, k, expanded: k * u, level };
}

export interface Propagated {
  values: number[];
  /** Standard uncertainties and the matrix of correlations of the results. */
  u: number[];
  correlations: number[][];
}

/** Several results of shared, correlated inputs (GUM H.2): covariance J V Jᵀ with derivatives by central differences. */
export function propagate(
  functions: readonly ((x: readonly number[]) => number)[],
  inputs: { value: number; u: number }[],
  correlation: (i: number, j: number) => number,
): Propagated {
  const x = inputs.map((i) => i.value);
  const values = functions.map((f) => f(x));
  const jacobian = functions.map((f) =>
    inputs.map(({ value, u }, i) => {
      const h = u > 0 ? u * 1e-3 : Math.max(1e-8, Math.abs(value) * 1e-8);
      const at = (v: number) => f(x.map((old, k) => (k === i ? v : old)));
      return (at(value + h) - at(value - h)) / (2 * h);
    }),
  );
  const covariance = jacobian.map((row) =>
    jacobian.map((other) => {
      let total = 0;
      for (let i = 0; i < inputs.length; i++)
        for (let j = 0; j < inputs.length; j++)
          total += row[i]! * other[j]! * inputs[i]!.u * inputs[j]!.u * (i === j ? 1 : correlation(i, j));
      return total;
    }),
  );
  const u = covariance.map((row, i) => Math.sqrt(Math.max(0, row[i]!)));
  return { values, u, correlations: covariance.map((row, i) => row.map((c, j) => c / (u[i]! * u[j]!))) };
}

/** Uncertainty to two figures and the value to the same place: for display only, never before a computation. */
export function forDisplay(value: number, u: number): { value: string; u: string } {
  if (!(u > 0)) return { value: String(value), u: String(u) };
  const place = 1 - Math.floor(Math.log10(Number(u.toPrecision(2))));
  if (place >= 0) return { value: value.toFixed(place), u: u.toFixed(place) };
  const unit = 10 ** -place;
  return { value: String(Math.round(value / unit) * unit), u: String(Math.round(u / unit) * unit) };
}
