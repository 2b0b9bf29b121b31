import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { qualityKey } from './common.tsx';
import { scaleOf } from './scale.ts';

const width = 260;
const height = 64;

/** The last 25 values of a characteristic with its limits: is the process wandering? */
export function RecentChart({
  plan,
  characteristic,
  lower,
  upper,
}: {
  plan: string;
  characteristic: string;
  lower: number | undefined;
  upper: number | undefined;
}) {
  const t = useText();
  const { data } = useQuery({
    queryKey: [qualityKey, 'recent', plan, characteristic],
    queryFn: ({ signal }) => api.recentValues({ plan, characteristic, limit: 25 }, { signal }),
  });
  if (!data) return null;
  if (data.length < 2) return <span className="small muted">{t('quality.noRecent')}</span>;
  const limits = [lower, upper].filter((v): v is number => v !== undefined);
  const y = scaleOf([...data.map((d) => d.value), ...limits], height);
  const x = (i: number) => 6 + (i * (width - 12)) / Math.max(1, data.length - 1);
  return (
    <svg
      className="recent-chart"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t('quality.recentLabel', { n: data.length })}
    >
      {limits.map((limit) => (
        <line key={limit} className="spec" x1={0} x2={width} y1={y.at(limit)} y2={y.at(limit)} />
      ))}
      <polyline points={data.map((d, i) => `${x(i)},${y.at(d.value)}`).join(' ')} />
      {data.map((d, i) => (
        <circle
          // biome-ignore lint/suspicious/noArrayIndexKey: points of one drawing, in order
          key={i}
          className={d.pass ? '' : 'out'}
          cx={x(i)}
          cy={y.at(d.value)}
          r={i === data.length - 1 ? 3.5 : 2.2}
        />
      ))}
    </svg>
  );
}
