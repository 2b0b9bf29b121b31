/** Linear scale from data to pixels, with a margin so that no mark sits on the edge. Pure. */
export interface Scale {
  low: number;
  high: number;
  at(value: number): number;
}

/** `size` pixels for the values given; `up` puts larger values at the top. */
export function scaleOf(values: readonly number[], size: number, up = true): Scale {
  const known = values.filter(Number.isFinite);
  let low = Math.min(...known);
  let high = Math.max(...known);
  if (known.length === 0) [low, high] = [0, 1];
  if (!(high > low)) [low, high] = [low - 1, high + 1];
  const margin = (high - low) * 0.08;
  low -= margin;
  high += margin;
  const at = (value: number) => {
    const share = (value - low) / (high - low);
    return (up ? 1 - share : share) * size;
  };
  return { low, high, at };
}

/** Three to six round values within the scale. */
export function ticksOf({ low, high }: Pick<Scale, 'low' | 'high'>): number[] {
  const rough = (high - low) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((f) => f * power).find((s) => s >= rough)!;
  const ticks: number[] = [];
  for (let v = Math.ceil(low / step) * step; v <= high; v += step) ticks.push(Number(v.toPrecision(12)));
  return ticks;
}

/** As many decimals as tell two neighbouring ticks apart, at most six. */
export function digitsFor(low: number, high: number): number {
  const range = Math.abs(high - low);
  if (!(range > 0)) return 2;
  return Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(range))));
}
