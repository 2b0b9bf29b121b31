import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { StateMark } from '../../ui/state.tsx';

const refreshMs = 30_000;

/** The three stops of the shift that cost the most time, those going on included. */
export function CostliestStops({ path, from, now }: { path: string; from: number; now: number }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const to = Math.ceil(now / refreshMs) * refreshMs * 1000;
  const { data } = useQuery({
    queryKey: ['downtimes', path, from * 1000, to],
    queryFn: ({ signal }) => api.downtimes({ path, from: from * 1000, to }, { signal }),
    enabled: path !== '',
  });
  const worst = (data ?? [])
    .filter((d) => d.state === 'unplannedStop' || d.state === 'setup')
    .map((d) => ({ ...d, ms: (d.to === null ? now : d.to / 1000) - Math.max(from, d.from / 1000) }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 3);
  return (
    <section className="wall-stops" aria-label={t('wall.stops')}>
      <h2>{t('wall.stops')}</h2>
      {worst.length === 0 ? <p className="wall-calm">{t('wall.noStops')}</p> : null}
      <ol>
        {worst.map((stop) => (
          <li key={stop.id}>
            <strong>{f.duration(stop.ms)}</strong>
            <span className="wall-stop-what">
              <span className="one-line">
                <StateMark state={stop.state} size={26} /> {plant.name(stop.equipment)}
              </span>
              <span className="wall-reason one-line">
                {plant.reasonName(stop.reason) ?? t('downtime.noReason')}
                {stop.to === null ? ` · ${t('downtime.going')}` : ''}
              </span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
