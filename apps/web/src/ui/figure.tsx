import type { ReactNode } from 'react';
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
