import { useElementSize } from '@mantine/hooks';
import { useQueries } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';

const hour = 3_600_000;
const mostPoints = 24;

/** Good pieces since the shift began, hour by hour, against the straight plan; the plan goes on to the shift's end. */
export function PlanCurve({
  path,
  from,
  to,
  now,
  good,
  target,
}: {
  path: string;
  /** ms */
  from: number;
  to: number;
  now: number;
  good: number;
  target: number;
}) {
  const t = useText();
  const f = useFormats();
  const { ref, width, height } = useElementSize();
  const marks: number[] = [];
  for (let at = from + hour; at < now && marks.length < mostPoints; at += hour) marks.push(at);
  const reports = useQueries({
    queries: marks.map((at) => ({
      queryKey: ['oee', path, from * 1000, at * 1000, 'total'],
      queryFn: () => api.oee({ path, from: from * 1000, to: at * 1000, by: 'total' as const }),
      enabled: path !== '',
      // A past hour changes only by late data or a correction.
      staleTime: 600_000,
    })),
  });
  const actual = [{ at: from, count: 0 }];
  marks.forEach((at, i) => {
    const counts = reports[i]?.data?.total.counts;
    const count = counts?.good ?? counts?.produced;
    if (count !== null && count !== undefined) actual.push({ at, count });
  });
  actual.push({ at: now, count: good });
  const planAtEnd = now > from ? (target * (to - from)) / (now - from) : target;
  const most = Math.max(1, planAtEnd, good, ...actual.map((p) => p.count)) * 1.05;
  const x = (at: number) => ((at - from) / (to - from)) * width;
  const y = (count: number) => height - 26 - (count / most) * (height - 34);
  const line = actual.map((p) => `${x(p.at).toFixed(1)},${y(p.count).toFixed(1)}`).join(' ');
  return (
    <div className="plan-curve" ref={ref}>
      <svg width={width} height={height} role="img" aria-label={t('wall.plan')}>
        <title>{t('wall.plan')}</title>
        <line className="plan-base" x1={0} x2={width} y1={y(0)} y2={y(0)} />
        <line className="plan-line" x1={x(from)} y1={y(0)} x2={x(now)} y2={y(target)} />
        <line className="plan-line future" x1={x(now)} y1={y(target)} x2={x(to)} y2={y(planAtEnd)} />
        <polyline className="actual-line" points={line} />
        <circle className="actual-point" cx={x(now)} cy={y(good)} r={7} />
        <text x={4} y={height - 4}>
          {f.time(from)}
        </text>
        <text x={width - 4} y={height - 4} textAnchor="end">
          {f.time(to)}
        </text>
        <text className="plan-text" x={width - 4} y={Math.max(24, y(planAtEnd) + 34)} textAnchor="end">
          {t('wall.planLine')}
        </text>
      </svg>
    </div>
  );
}
