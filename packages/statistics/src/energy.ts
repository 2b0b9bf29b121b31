import { leastSquares } from './regression.ts';

export interface EnergyUse {
  id: string;
  /** Metered while it ran, whole Wh. */
  runWh: number;
  /** What the shared energy is divided by: busy minutes, good pieces …; the key is part of the result. */
  weight: number;
}

/**
 * Divides a meter's energy over lots: what each used while it ran, and its share of the rest (idle, standby, auxiliary)
 * in whole Wh, largest remainder first, ties by id. The sum is the meter, to the last Wh; what nobody can carry is left.
 */
export function shareEnergy(
  meterWh: number,
  uses: readonly EnergyUse[],
): { shares: { id: string; exactWh: number; totalWh: number }[]; unallocatedWh: number } {
  const shared = meterWh - uses.reduce((total, u) => total + u.runWh, 0);
  const weights = uses.reduce((total, u) => total + u.weight, 0);
  if (weights <= 0)
    return { shares: uses.map((u) => ({ id: u.id, exactWh: 0, totalWh: u.runWh })), unallocatedWh: shared };
  const rows = uses.map((u) => {
    const exactWh = (shared * u.weight) / weights;
    return { id: u.id, exactWh, wh: Math.floor(exactWh), totalWh: u.runWh + Math.floor(exactWh) };
  });
  let left = shared - rows.reduce((total, r) => total + r.wh, 0);
  const order = [...rows].sort((a, b) => b.exactWh - b.wh - (a.exactWh - a.wh) || (a.id < b.id ? -1 : 1));
  for (const row of order) {
    if (left <= 0) break;
    row.totalWh++;
    left--;
  }
  return { shares: rows.map(({ id, exactWh, totalWh }) => ({ id, exactWh, totalWh })), unallocatedWh: left };
}

export interface EnergyBaseline {
  intercept: number;
  slope: number;
  rSquared: number;
  residualSd: number;
  /** Residual standard deviation over mean energy. */
  cv: number;
  /** Range of the base period's variable; beyond it a prediction is extrapolated. */
  from: number;
  to: number;
}

/** EnB: energy on its relevant variable over the base period (ISO 50006). */
export function energyBaseline(x: readonly number[], energy: readonly number[]): EnergyBaseline {
  const fit = leastSquares(
    x.map((v) => [v]),
    energy,
  );
  const average = energy.reduce((total, v) => total + v, 0) / energy.length;
  return {
    intercept: fit.coefficients[0]!,
    slope: fit.coefficients[1]!,
    rSquared: fit.rSquared,
    residualSd: fit.residualSd,
    cv: fit.residualSd / average,
    from: Math.min(...x),
    to: Math.max(...x),
  };
}

/** Against a baseline: predictions, the running sum of savings (predicted − actual), and EnPI actual/predicted. */
export function energyPerformance(
  baseline: EnergyBaseline,
  x: readonly number[],
  energy: readonly number[],
): { predicted: number[]; savings: number[]; ratio: number; extrapolated: boolean[] } {
  const predicted = x.map((v) => baseline.intercept + baseline.slope * v);
  let running = 0;
  const savings = predicted.map((p, i) => {
    running += p - energy[i]!;
    return running;
  });
  const total = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0);
  return {
    predicted,
    savings,
    ratio: total(energy) / total(predicted),
    extrapolated: x.map((v) => v < baseline.from || v > baseline.to),
  };
}
