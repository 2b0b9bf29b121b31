import { useElementSize } from '@mantine/hooks';
import { useId, useMemo, useState } from 'react';
import { useFormats } from '../i18n/format.ts';
import { useText } from '../i18n/i18n.ts';
import './ribbon.css';
import { useCause } from './cause.ts';
import { type Interval, ribbonSegments, type Segment } from './ribbon-segments.ts';
import { StateBadge } from './state.tsx';

interface RibbonProps {
  intervals: readonly Interval[];
  /** ms */
  from: number;
  to: number;
  /** Present moment, when it lies in the window. */
  now?: number;
  label: string;
  /** Intervals that a person can explain open this with a press or Enter. */
  onPick?: (interval: Interval) => void;
}

/** What a machine did over the window: one bar, read with the pointer or with ← →, one interval after the other. */
export function StateRibbon({ intervals, from, to, now, label, onPick }: RibbonProps) {
  const t = useText();
  const f = useFormats();
  const pattern = useId();
  const { ref, width } = useElementSize();
  const [active, setActive] = useState<number | null>(null);
  const segments = useMemo(
    () => (width > 0 ? ribbonSegments(intervals, from, to, width) : []),
    [intervals, from, to, width],
  );
  const shown = active === null ? undefined : segments[Math.min(active, segments.length - 1)];
  const cause = useCause()(shown?.cause ?? '', shown?.state);
  const describe = (s: Segment) =>
    `${t(`state.${s.state}`)}, ${f.timeSeconds(s.from)}–${f.timeSeconds(s.to)}, ${f.duration(s.to - s.from)}`;
  const onKey = (event: React.KeyboardEvent) => {
    const at = active ?? segments.length - 1;
    const moves: Record<string, number> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: segments.length - 1 };
    const next = moves[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(segments.length - 1, next)));
    }
    if (event.key === 'Enter' && shown && onPick) onPick(shown);
  };
  const pointAt = (event: React.PointerEvent) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const index = segments.findIndex((s) => x < s.x + s.width);
    setActive(index < 0 ? null : index);
  };
  return (
    <div className="ribbon" ref={ref}>
      <div
        className="ribbon-bar"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, segments.length - 1)}
        aria-valuenow={active ?? Math.max(0, segments.length - 1)}
        aria-valuetext={shown ? describe(shown) : t('ribbon.hint')}
        onKeyDown={onKey}
        onFocus={() => setActive((a) => a ?? segments.length - 1)}
        onBlur={() => setActive(null)}
        onPointerMove={pointAt}
        onPointerLeave={() => setActive(null)}
        onClick={() => shown && onPick?.(shown)}
      >
        <svg width={width} height={44} aria-hidden="true">
          <defs>
            <pattern id={pattern} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="7" height="7" fill="var(--surface-2)" />
              <rect width="3" height="7" fill="var(--plannedStop)" />
            </pattern>
          </defs>
          {segments.map((s) => (
            <rect
              key={s.from}
              x={s.x}
              y={ribbonTop(s.state)}
              width={Math.max(1.5, s.width)}
              height={44 - ribbonTop(s.state)}
              fill={s.state === 'plannedStop' ? `url(#${pattern})` : `var(--ribbon-${s.state})`}
              stroke={s.state === 'noData' ? 'var(--noData)' : 'none'}
              strokeDasharray="3 3"
            />
          ))}
          {shown ? (
            <rect className="ribbon-active" x={shown.x} y={1} width={Math.max(2, shown.width)} height={42} />
          ) : null}
          {now !== undefined && now > from && now < to ? (
            <line
              x1={((now - from) / (to - from)) * width}
              x2={((now - from) / (to - from)) * width}
              y1={0}
              y2={44}
              className="ribbon-now"
            />
          ) : null}
        </svg>
        {shown ? (
          <div
            className="ribbon-tip"
            style={{ left: Math.max(0, Math.min(width - 250, shown.x + shown.width / 2 - 125)) }}
          >
            <StateBadge state={shown.state} size={14} />
            <strong>{f.duration(shown.to - shown.from)}</strong>
            <span className="muted">
              {f.timeSeconds(shown.from)} – {f.timeSeconds(shown.to)}
            </span>
            {cause ? <span className="muted">{cause}</span> : null}
            {shown.merged > 1 ? <span className="muted">{t('ribbon.merged', { n: shown.merged })}</span> : null}
          </div>
        ) : null}
      </div>
      <TimeTicks from={from} to={to} width={width} />
    </div>
  );
}

/** Height tells the states apart as well: what runs stands tall, what waits is lower. */
function ribbonTop(state: Interval['state']): number {
  return state === 'idle' || state === 'off' ? 16 : state === 'running' ? 6 : 0;
}

const steps = [5, 15, 30, 60, 120, 240, 720, 1440].map((minutes) => minutes * 60_000);

export function TimeTicks({ from, to, width }: { from: number; to: number; width: number }) {
  const f = useFormats();
  const wanted = Math.max(2, width / 90);
  const step =
    steps.find((s) => (to - from) / s <= wanted) ?? 86_400_000 * Math.ceil((to - from) / 86_400_000 / wanted);
  const ticks: number[] = [];
  // Whole steps from the hour of the window's start; day steps land on the plant's midnight because windows start there.
  const first = step >= 86_400_000 ? from : Math.ceil(from / step) * step;
  for (let at = first; at <= to && ticks.length < 60; at += step) ticks.push(at);
  return (
    <div className="ribbon-ticks" aria-hidden>
      {ticks.map((at) => (
        <span key={at} style={{ left: `${((at - from) / (to - from)) * 100}%` }}>
          {step >= 86_400_000 ? f.day(at) : f.time(at)}
        </span>
      ))}
    </div>
  );
}
