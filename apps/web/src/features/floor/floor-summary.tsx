import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { windowLabel } from '../../app/time-control.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { useWindow } from '../../time/use-window.ts';
import { resolveWindow } from '../../time/window.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { AgainstTarget, Figure, ShareBar } from '../../ui/figure.tsx';
import { StateMark } from '../../ui/state.tsx';
import { statesByUrgency } from '../../ui/urgency.ts';
import type { FloorTotals } from './floor-order.ts';

/** How many machines in which state (press to filter), and the shift in four figures. */
export function FloorSummary({
  totals,
  picked,
  toggle,
}: {
  totals: FloorTotals;
  picked: readonly string[];
  toggle: (state: string) => void;
}) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const zone = usePlantZone();
  const plant = usePlantIndex();
  const { shifts, now, ready } = useWindow();
  // The floor is always about the present shift, whatever window the other pages look at.
  const shift = resolveWindow({}, now, zone, shifts);
  const from = shift.from * 1000;
  const to = Math.min(now, shift.to) * 1000;
  const oee = useQuery({
    queryKey: ['oee', plant.root, from, to, 'total'],
    queryFn: ({ signal }) => api.oee({ path: plant.root, from, to, by: 'total' }, { signal }),
    enabled: ready && plant.root !== '',
  });
  const share = totals.target > 0 ? totals.good / totals.target : null;
  const value = oee.data?.total.oee.value ?? null;
  return (
    <section className="panel summary" aria-label={t('floor.summary')}>
      <div className="summary-states">
        {statesByUrgency.map((state) => {
          const count = totals.states.get(state) ?? 0;
          if (count === 0) return null;
          return (
            <button
              type="button"
              key={state}
              className={`state-filter${state === 'unplannedStop' ? ' hot' : ''}`}
              aria-pressed={picked.includes(state)}
              onClick={() => toggle(state)}
            >
              <StateMark state={state} size={18} />
              <strong>{count}</strong>
              <span>{t(`state.${state}`)}</span>
            </button>
          );
        })}
        <span className="muted small nowrap">
          {t('floor.machines', { n: totals.machines })}
          {totals.meters > 0 ? ` · ${t('floor.meters', { n: totals.meters })}` : ''}
        </span>
      </div>
      <dl className="figures">
        {value === null ? null : (
          <Figure
            label={t('oee.oee')}
            value={f.percent(value)}
            unit="%"
            note={
              <>
                <AgainstTarget value={value} target={oee.data?.target} />
                <Link to="/oee" search={{ path: plant.root }}>
                  {t('floor.whyOee')}
                </Link>
              </>
            }
          />
        )}
        {totals.target === 0 ? null : (
          <Figure
            label={t('floor.goodOfTarget')}
            value={f.number(totals.good, 0)}
            unit={`/ ${f.number(totals.target, 0)}`}
            note={<ShareBar share={share} />}
          />
        )}
        <Figure
          label={t('floor.unacknowledged')}
          value={f.number(totals.unacknowledged, 0)}
          note={<Link to="/alarms">{t('floor.toAlarms')}</Link>}
        />
        <Figure
          label={t('floor.shift')}
          value={<span className="summary-shift">{windowLabel(shift, f, t, language)}</span>}
          note={shiftLeft(shift.to - now, shift.live, f.duration, t)}
        />
      </dl>
    </section>
  );
}

function shiftLeft(ms: number, live: boolean, duration: (ms: number) => string, t: ReturnType<typeof useText>) {
  return live && ms > 0 ? t('floor.shiftLeft', { duration: duration(ms) }) : t('floor.noShift');
}
