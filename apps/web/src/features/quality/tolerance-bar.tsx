import { useFormats } from '../../i18n/format.ts';

interface Limits {
  lower?: number | undefined;
  nominal?: number | undefined;
  upper?: number | undefined;
}

/** Where a value stands in its tolerance: the band, the nominal as a line, the value as a mark. */
export function ToleranceBar({ limits, value }: { limits: Limits; value: number | null }) {
  const f = useFormats();
  const { lower, nominal, upper } = limits;
  const low = lower ?? nominal ?? (upper === undefined ? undefined : Math.min(0, upper));
  const high = upper ?? nominal ?? (lower === undefined ? undefined : lower * 2);
  if (low === undefined || high === undefined || !(high > low)) return null;
  const width = high - low;
  const place = (v: number) => Math.max(0, Math.min(100, ((v - low + width * 0.25) / (width * 1.5)) * 100));
  const outside = value !== null && ((lower !== undefined && value < lower) || (upper !== undefined && value > upper));
  return (
    <span
      className={`tolerance-bar${outside ? ' outside' : ''}`}
      role="img"
      aria-label={`${lower === undefined ? '' : f.number(lower)} … ${upper === undefined ? '' : f.number(upper)}`}
    >
      <i style={{ left: `${place(low)}%`, width: `${place(high) - place(low)}%` }} />
      {nominal === undefined ? null : <u style={{ left: `${place(nominal)}%` }} />}
      {value === null ? null : <b style={{ left: `${place(value)}%` }} />}
    </span>
  );
}
