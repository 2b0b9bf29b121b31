import { pooledSigma } from './baseline.ts';
import { type ConstantsKind, chartConstants } from './constants.ts';
import { type Distribution, quantile } from './distributions.ts';
import { mean, range, standardDeviation } from './summary.ts';

export interface SpecLimits {
  lower?: number | null;
  upper?: number | null;
}

export interface CapabilityFigures {
  /** Null without both limits. */
  twoSided: number | null;
  /** Against the upper and the lower limit; null without it. */
  upper: number | null;
  lower: number | null;
  /** The smaller of the two; negative where the mean is outside, never clipped. */
  worst: number | null;
}

/** Cp, Cpu, Cpl, Cpk with a short-term sigma; Pp, PPU, PPL, Ppk with the overall one. Pure. */
export function normalFigures(centre: number, sigma: number, limits: SpecLimits): CapabilityFigures {
  return figures(limits, centre, 3 * sigma, 3 * sigma);
}

/** The quantile form for a fitted distribution (ISO 22514-4, Minitab): overall figures only. */
export function quantileFigures(distribution: Distribution, limits: SpecLimits): CapabilityFigures {
  const low = quantile(distribution, 0.00135);
  const middle = quantile(distribution, 0.5);
  const high = quantile(distribution, 0.99865);
  return figures(limits, middle, high - middle, middle - low);
}

function figures(limits: SpecLimits, centre: number, above: number, below: number): CapabilityFigures {
  const upper = limits.upper == null ? null : (limits.upper - centre) / above;
  const lower = limits.lower == null ? null : (centre - limits.lower) / below;
  const twoSided =
    limits.upper == null || limits.lower == null ? null : (limits.upper - limits.lower) / (above + below);
  const sides = [upper, lower].filter((v): v is number => v !== null);
  return { twoSided, upper, lower, worst: sides.length === 0 ? null : Math.min(...sides) };
}

/** NIST's k: how far the mean lies from the middle, in half tolerances. */
export function offCentre(centre: number, limits: { lower: number; upper: number }): number {
  return Math.abs((limits.upper + limits.lower) / 2 - centre) / ((limits.upper - limits.lower) / 2);
}

export type SigmaMethod = 'range' | 'sBar' | 'pooled' | 'movingRange' | 'overall';

/** Sigma of subgroups (or of single values for `movingRange`) by the method named. NaN when there is too little. */
export function sigmaOf(
  groups: readonly (readonly number[])[],
  method: SigmaMethod,
  constants: ConstantsKind = 'exact',
): number {
  const usable = groups.filter((g) => g.length > 1);
  switch (method) {
    case 'overall':
      return standardDeviation(groups.flat());
    case 'pooled':
      return pooledSigma(groups);
    case 'range':
      return mean(usable.map((g) => range(g) / chartConstants(g.length, constants).d2));
    case 'sBar':
      return mean(usable.map((g) => standardDeviation(g) / chartConstants(g.length, constants).c4));
    case 'movingRange': {
      const values = groups.flat();
      const moving = values.slice(1).map((v, i) => Math.abs(v - values[i]!));
      return mean(moving) / chartConstants(2, constants).d2;
    }
  }
}

/** Why Cp and Cpk are not given: "capability" is said of a stable process only (ISO 22514-4). */
export type CapabilityGate = 'noChart' | 'unstable' | 'tooFew' | null;

export interface CapabilityReport {
  n: number;
  mean: number;
  overallSigma: number;
  withinSigma: number;
  withinMethod: SigmaMethod;
  constants: ConstantsKind;
  /** Cp family: null until a control chart on the same data has passed. */
  within: CapabilityFigures | null;
  gate: CapabilityGate;
  /** Pp family. */
  overall: CapabilityFigures;
  outside: { below: number; above: number };
}

const fewest = 25;

/**
 * The figures of one characteristic. `stable`: whether a control chart on the same data has passed; null when there is
 * none. Performance (Pp, Ppk) is always given, capability (Cp, Cpk) only for a stable process.
 */
export function capabilityReport(options: {
  groups: readonly (readonly number[])[];
  limits: SpecLimits;
  method: SigmaMethod;
  stable: boolean | null;
  constants?: ConstantsKind;
}): CapabilityReport {
  const { groups, limits, method, stable, constants = 'exact' } = options;
  const values = groups.flat();
  const centre = mean(values);
  const withinSigma = sigmaOf(groups, method, constants);
  const overallSigma = standardDeviation(values);
  const gate: CapabilityGate =
    values.length < fewest ? 'tooFew' : stable === null ? 'noChart' : stable ? null : 'unstable';
  return {
    ...{ n: values.length, mean: centre, overallSigma, withinSigma, withinMethod: method, constants, gate },
    within: gate === null ? normalFigures(centre, withinSigma, limits) : null,
    overall: normalFigures(centre, overallSigma, limits),
    outside: {
      below: limits.lower == null ? 0 : values.filter((v) => v < limits.lower!).length,
      above: limits.upper == null ? 0 : values.filter((v) => v > limits.upper!).length,
    },
  };
}
