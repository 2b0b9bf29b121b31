import type { ReactNode } from 'react';
import { useFormats } from '../i18n/format.ts';
import { useText } from '../i18n/i18n.ts';
import './figure.css';

/** One number with its unit, name, and against what it stands. */
export function Figure({
  label,
  value,
  unit,
  note,
  tone,
  size,
}: {
  label: string;
  value: ReactNode;
  unit?: string | undefined;
  note?: ReactNode;
  tone?: 'bad' | undefined;
  size?: 'large' | undefined;
}) {
  return (
    <div className={`figure${tone ? ` figure-${tone}` : ''}${size ? ` figure-${size}` : ''}`}>
      <dt>{label}</dt>
      <dd>
        {value}
        {unit ? <span className="unit">{unit}</span> : null}
      </dd>
      {note ? <dd className="figure-note">{note}</dd> : null}
    </div>
  );
}

/** A share of a whole with an optional target mark; both 0 to 1, clipped for drawing only. */
export function ShareBar({ share, target, tone }: { share: number | null; target?: number | null; tone?: string }) {
  const clip = (value: number) => `${Math.max(0, Math.min(1, value)) * 100}%`;
  return (
    <span className="share-bar" aria-hidden>
      {share === null ? null : <span style={{ width: clip(share), background: tone ?? 'var(--text-2)' }} />}
      {target === null || target === undefined ? null : <i style={{ left: clip(target) }} />}
    </span>
  );
}

/** A ratio beside the one aimed at: the difference in percentage points, its direction as a sign and a word. */
export function AgainstTarget({ value, target }: { value: number | null; target: number | null | undefined }) {
  const t = useText();
  const f = useFormats();
  if (target === null || target === undefined) return null;
  const difference = value === null ? null : Math.round((value - target) * 1000) / 10;
  return (
    <span className="against-target">
      {t('oee.target', { target: f.percent(target, Number.isInteger(Math.round(target * 1000) / 10) ? 0 : 1) })}
      {difference === null ? null : (
        <strong>
          {difference >= 0 ? '▲' : '▼'}{' '}
          {t(difference >= 0 ? 'oee.above' : 'oee.below', { n: f.number(Math.abs(difference), 1) })}
        </strong>
      )}
    </span>
  );
}
