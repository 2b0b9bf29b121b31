import type { MachineCard } from '@deungdae/contracts/api-entities.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { useWindow } from '../../time/use-window.ts';
import { useCause } from '../../ui/cause.ts';
import { Figure, ShareBar } from '../../ui/figure.tsx';
import { MainValue, useMainSignals } from '../../ui/main-values.tsx';
import { type Interval, stateShares } from '../../ui/ribbon-segments.ts';
import { MeterMark, StateMark } from '../../ui/state.tsx';
import { statesByUrgency } from '../../ui/urgency.ts';
import { useNow } from '../../ui/use-now.ts';
import { countsPieces } from '../floor/floor-order.ts';

/** What it is doing and since when (now); counts, cycle and OEE (of the window). */
export function MachineFigures({ card, path }: { card: MachineCard; path: string }) {
  const t = useText();
  const f = useFormats();
  const now = useNow(1000);
  const { query, window, ready } = useWindow();
  const { data } = useQuery({
    queryKey: ['oee', path, query.from, query.to, 'total'],
    queryFn: ({ signal }) => api.oee({ path, ...query, by: 'total' }, { signal }),
    enabled: ready,
  });
  const report = data?.total;
  const produced = report?.counts.produced ?? null;
  // Actual seconds a piece while it ran, against the planned run time of the same pieces.
  const cycle = report && produced ? report.time.aptMs / produced / 1000 : null;
  const ideal = report?.plannedRunMs && produced ? report.plannedRunMs / produced / 1000 : null;
  const good = report?.counts.good ?? produced;
  const target = window.live ? card.target : null;
  const cause = useCause()(card.cause, card.state);
  const counts = card.hasState && (report ? produced !== null || good !== null : countsPieces(card));
  const flags = (report?.flags ?? []).filter((flag) => counts || !aboutCounts.has(flag));
  return (
    <section className="panel machine-figures" aria-label={t('machine.now')}>
      {card.hasState ? (
        <div className={`machine-state tile-${card.state}`}>
          <StateMark state={card.state} size={30} />
          <div>
            <strong>{t(`state.${card.state}`)}</strong>
            <span className="machine-since">{card.since > 0 ? f.clock(now - card.since / 1000) : ''}</span>
            <p className="small">{[cause, card.product].filter(Boolean).join(' · ')}</p>
          </div>
        </div>
      ) : (
        <div className="machine-state tile-meter">
          <MeterMark size={30} />
          <strong>{t('floor.meter')}</strong>
        </div>
      )}
      <dl className="figures">
        {counts ? (
          <>
            <Figure
              label={t('field.good')}
              value={f.number(good, 0)}
              unit={target === null ? undefined : `/ ${f.number(target, 0)}`}
              note={target === null ? undefined : <ShareBar share={(good ?? 0) / target} />}
            />
            <Figure
              label={t('field.scrap')}
              value={f.number(report?.counts.scrap, 0)}
              note={<>{f.percent(shareOf(report?.counts.scrap, produced), 2)} %</>}
            />
            <Figure
              label={t('machine.cycle')}
              value={f.number(cycle, 1)}
              unit="s"
              note={ideal === null ? t('machine.noIdeal') : t('machine.ideal', { s: f.number(ideal, 1) })}
            />
            <Figure
              label={t('oee.oee')}
              value={f.percent(report?.oee.value)}
              unit="%"
              note={
                <Link to="/oee" search={{ path }}>
                  {t('floor.whyOee')}
                </Link>
              }
            />
            <Figure label={t('oee.availability')} value={f.percent(report?.availability.value)} unit="%" />
            <Figure label={t('oee.effectiveness')} value={f.percent(report?.effectiveness.value)} unit="%" />
            <Figure label={t('oee.quality')} value={f.percent(report?.qualityRatio.value)} unit="%" />
          </>
        ) : (
          <>
            <MainFigures equipment={path} />
            {card.hasState ? (
              <Figure label={t('oee.availability')} value={f.percent(report?.availability.value)} unit="%" />
            ) : null}
          </>
        )}
      </dl>
      {flags.map((flag) => (
        <p key={flag} className="small muted machine-flag">
          ⚑ {t(`flag.${flag}`)}
        </p>
      ))}
    </section>
  );
}

/** What to say about counts is no news where nothing is counted. */
const aboutCounts: ReadonlySet<string> = new Set(['noCounts', 'noCycleTime', 'noQualityCount']);

function MainFigures({ equipment }: { equipment: string }) {
  const main = useMainSignals(equipment, 4);
  return main.map((signal) => <Figure key={signal.id} label={signal.name} value={<MainValue signal={signal} />} />);
}

function shareOf(part: number | null | undefined, whole: number | null): number | null {
  return part === null || part === undefined || !whole ? null : part / whole;
}

export function StateShares({ intervals }: { intervals: readonly Interval[] }) {
  const t = useText();
  const f = useFormats();
  const shares = stateShares(intervals);
  return (
    <span className="row wrap push small">
      {statesByUrgency.map((state) => {
        const share = shares.get(state);
        return share === undefined ? null : (
          <span key={state} className="row" style={{ gap: 4 }}>
            <StateMark state={state} size={11} />
            {t(`state.${state}`)} <strong>{f.percent(share)}</strong>%
          </span>
        );
      })}
    </span>
  );
}
