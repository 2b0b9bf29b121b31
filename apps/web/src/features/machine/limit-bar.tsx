import type { SignalInfo, SignalValue } from '@deungdae/contracts/api-entities.ts';
import { useFormats } from '../../i18n/format.ts';
import { unitText } from '../../i18n/units.ts';

/** Where the value stands between the sensor's limits, with the alarm limits marked: position, not only colour. */
export function LimitBar({ signal, value }: { signal: SignalInfo; value: SignalValue | undefined }) {
  const f = useFormats();
  const alarms = signal.alarmLimits.filter((l) => l.type === 'high' || l.type === 'low');
  const low = signal.limits?.min ?? Math.min(...alarms.map((l) => l.limit), Number.POSITIVE_INFINITY);
  const high = signal.limits?.max ?? Math.max(...alarms.map((l) => l.limit), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(low) || !Number.isFinite(high) || high <= low) return null;
  const place = (v: number) => `${Math.max(0, Math.min(1, (v - low) / (high - low))) * 100}%`;
  const number = typeof value?.value === 'number' && value.quality !== 'gap' ? value.value : null;
  const title = `${f.number(low)} – ${f.number(high)} ${unitText(signal.unit)}${alarms.map((l) => `, ${l.type === 'high' ? '≤' : '≥'} ${f.number(l.limit)}`).join('')}`;
  return (
    <span className="limit-bar" title={title}>
      {alarms.map((l) =>
        l.type === 'high' ? (
          <i key={`${l.type}${l.limit}`} style={{ left: place(l.limit), right: 0 }} />
        ) : (
          <i key={`${l.type}${l.limit}`} style={{ left: 0, width: place(l.limit) }} />
        ),
      )}
      {number === null ? null : <b style={{ left: place(number) }} />}
      <span className="hidden-text">{title}</span>
    </span>
  );
}
