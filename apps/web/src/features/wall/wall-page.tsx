import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { floorQuery, usePlantIndex } from '../../api/queries.ts';
import { LiveBanner } from '../../app/live-banner.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { useMachines } from '../../live/use-live.ts';
import { useWindow } from '../../time/use-window.ts';
import { resolveWindow } from '../../time/window.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { plantText } from '../../ui/text.ts';
import { useNow } from '../../ui/use-now.ts';
import { totalsOf } from '../floor/floor-order.ts';
import { CostliestStops } from './costliest-stops.tsx';
import { PlanCurve } from './plan-curve.tsx';
import './wall.css';
import { WallMachines } from './wall-machines.tsx';

/** The screen on the wall, read from eight metres: are we winning the shift, and what stops us. Escape leaves it. */
export function WallPage() {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const zone = usePlantZone();
  const plant = usePlantIndex();
  const navigate = useNavigate();
  const { area } = useSearch({ from: '/session/wall' });
  const now = useNow(1000);
  const { shifts, ready } = useWindow();
  const shift = resolveWindow({}, now, zone, shifts);
  const first = useQuery(floorQuery);
  const live = useMachines();
  const cards = (live.length > 0 ? live : (first.data?.machines ?? [])).filter((card) => !area || card.area === area);
  const totals = totalsOf(cards);
  const share = totals.target > 0 ? totals.good / totals.target : null;
  const path = area ?? plant.root;
  useScreenKeptOn();
  useEffect(() => {
    const leave = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !document.fullscreenElement) void navigate({ to: '/' });
      if (event.key === 'f' || event.key === 'F11') void document.documentElement.requestFullscreen?.().catch(() => {});
    };
    window.addEventListener('keydown', leave);
    return () => window.removeEventListener('keydown', leave);
  }, [navigate]);
  return (
    <main className="wall">
      <LiveBanner />
      <header className="wall-head">
        <h1>{plant.name(path)}</h1>
        <span>
          {shift.shift ? `${plantText(shift.shift.name, language)} ${f.time(shift.from)}–${f.time(shift.to)}` : ''}
        </span>
        {shift.live && shift.shift ? (
          <span className="wall-left">{t('floor.shiftLeft', { duration: f.duration(shift.to - now) })}</span>
        ) : null}
        <time>{f.time(now)}</time>
      </header>
      {totals.target > 0 ? (
        <section className="wall-plan" aria-label={t('wall.plan')}>
          <div className="wall-score">
            <span className="wall-label">{t('floor.goodOfTarget')}</span>
            <strong>{f.number(totals.good, 0)}</strong>
            <span className="wall-target">/ {f.number(totals.target, 0)}</span>
            {share === null ? null : (
              <span className={`wall-verdict ${share >= 1 ? 'ahead' : share >= 0.95 ? 'near' : 'behind'}`}>
                {share >= 1 ? '▲' : share >= 0.95 ? '■' : '▼'} {f.percent(share, 0)}%{' '}
                <span>
                  {share >= 1
                    ? t('wall.ahead', { n: f.number(totals.good - totals.target, 0) })
                    : t('wall.behind', { n: f.number(totals.target - totals.good, 0) })}
                </span>
              </span>
            )}
          </div>
          {ready ? (
            <PlanCurve
              path={path}
              from={shift.from}
              to={shift.to}
              now={now}
              good={totals.good}
              target={totals.target}
            />
          ) : null}
        </section>
      ) : (
        <section className="wall-plan" aria-label={t('wall.runningNow')}>
          {totals.machines > 0 ? (
            <div className="wall-score">
              <span className="wall-label">{t('wall.runningNow')}</span>
              <strong>{f.number(totals.states.get('running') ?? 0, 0)}</strong>
              <span className="wall-target">/ {f.number(totals.machines, 0)}</span>
            </div>
          ) : (
            <p className="wall-calm">{first.data ? t('floor.emptyTitle') : ''}</p>
          )}
        </section>
      )}
      {ready ? <CostliestStops path={path} from={shift.from} now={now} /> : null}
      <WallMachines cards={cards} now={now} />
    </main>
  );
}

/** A wall screen must not go dark; where the browser cannot promise it, the television's own setting must. */
function useScreenKeptOn() {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    let ended = false;
    const ask = async () => {
      if (document.visibilityState !== 'visible') return;
      const got = await navigator.wakeLock?.request('screen').catch(() => null);
      if (ended) void got?.release();
      else lock = got ?? null;
    };
    void ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      ended = true;
      document.removeEventListener('visibilitychange', ask);
      void lock?.release();
    };
  }, []);
}
