import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { useWindow } from '../../time/use-window.ts';
import { Figure } from '../../ui/figure.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { PriorityBadge } from '../../ui/priority.tsx';
import { TimeTicks } from '../../ui/ribbon.tsx';
import { prioritiesByUrgency } from '../../ui/urgency.ts';
import '../../ui/ribbon.css';
import { useElementSize } from '@mantine/hooks';
import { CardTable } from '../../ui/card-table.tsx';

/** EEMUA 191 and ISA-18.2: one alarm in ten minutes can be handled, more than ten is a flood. */
const acceptablePerTenMinutes = 1;
const floodFrom = 10;

export function AlarmKpis() {
  const t = useText();
  const f = useFormats();
  const { query, window, ready } = useWindow();
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: ['alarms', 'kpis', query.from, query.to],
    queryFn: ({ signal }) => api.alarmKpis(query, { signal }),
    enabled: ready,
  });
  if (error && !data) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  if (data.total === 0)
    return (
      <div className="panel">
        <EmptyState title={t('alarms.noJournal')}>{t('alarms.kpisEmpty')}</EmptyState>
      </div>
    );
  const rules = (list: readonly string[]) => list.map((rule) => data.pareto.find((p) => p.rule === rule)?.name ?? rule);
  return (
    <div className="stack">
      <section className="panel panel-body">
        <dl className="figures">
          <Figure size="large" label={t('alarms.total')} value={f.number(data.total, 0)} />
          <Figure
            size="large"
            label={t('alarms.perTen')}
            value={f.number(data.perTenMinutes, 2)}
            tone={data.perTenMinutes > acceptablePerTenMinutes ? 'bad' : undefined}
            note={t('alarms.perTenHelp')}
          />
          <Figure
            size="large"
            label={t('alarms.largestTen')}
            value={f.number(data.largestTenMinuteWindow, 0)}
            note={t('alarms.largestTenHelp')}
            tone={data.largestTenMinuteWindow > floodFrom ? 'bad' : undefined}
          />
          <Figure
            size="large"
            label={t('alarms.floodShare')}
            value={f.percent(data.floodShare)}
            unit="%"
            note={t('alarms.floods', { n: data.floods.length })}
          />
          <Figure
            size="large"
            label={t('alarms.topTen')}
            value={f.percent(data.topTenShare, 0)}
            unit="%"
            note={t('alarms.topTenHelp')}
          />
          <Figure
            size="large"
            label={t('alarms.standing')}
            value={f.number(data.standing, 0)}
            note={t('alarms.standingHelp')}
          />
        </dl>
      </section>
      <section className="panel">
        <div className="panel-head">
          <h2>{t('alarms.rate')}</h2>
          <span className="muted small">{t('alarms.rateHelp')}</span>
        </div>
        <div className="panel-body">
          <RateChart
            bins={data.bins.map((b) => ({ at: b.from / 1000, count: b.count }))}
            from={window.from}
            to={window.to}
          />
        </div>
      </section>
      <div className="alarm-kpi-columns">
        <section className="panel table-scroll">
          <div className="panel-head">
            <h2>{t('alarms.pareto')}</h2>
          </div>
          <CardTable>
            <thead>
              <tr>
                <th>{t('nav.alarms')}</th>
                <th className="num">{t('alarms.count')}</th>
                <th className="num">{t('alarms.share')}</th>
                <th className="num">{t('alarms.activeTime')}</th>
              </tr>
            </thead>
            <tbody>
              {data.pareto.map((row) => (
                <tr key={row.rule}>
                  <td title={row.rule}>
                    {row.name}{' '}
                    <span className="muted small">{row.rule.split('#')[0]?.split('/').slice(-2).join('/')}</span>
                  </td>
                  <td className="num">
                    <strong>{row.count}</strong>
                  </td>
                  <td className="num">{f.percent(row.count / data.total)} %</td>
                  <td className="num">{f.duration(row.activeMs)}</td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </section>
        <div className="stack">
          <section className="panel panel-body stack">
            <h2>{t('alarms.byPriority')}</h2>
            {prioritiesByUrgency.map((priority) => (
              <div key={priority} className="row">
                <PriorityBadge priority={priority} />
                <strong className="push">{data.byPriority[priority]}</strong>
                <span className="muted small" style={{ width: 60, textAlign: 'right' }}>
                  {f.percent(data.byPriority[priority] / data.total, 0)} %
                </span>
              </div>
            ))}
          </section>
          <NameList title={t('alarms.chattering')} help={t('alarms.chatteringHelp')} names={rules(data.chattering)} />
          <NameList title={t('alarms.stale')} help={t('alarms.staleHelp')} names={rules(data.stale)} />
        </div>
      </div>
    </div>
  );
}

function NameList({ title, help, names }: { title: string; help: string; names: readonly string[] }) {
  const t = useText();
  return (
    <section className="panel panel-body">
      <h2>
        {title} <span className="muted">{names.length}</span>
      </h2>
      <p className="small muted">{help}</p>
      {names.length === 0 ? <p className="small">{t('alarms.noneOfThese')}</p> : null}
      <ul style={{ paddingLeft: 18 }}>
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
    </section>
  );
}

/** Alarms in every ten minutes; above the line is a flood. */
function RateChart({ bins, from, to }: { bins: readonly { at: number; count: number }[]; from: number; to: number }) {
  const t = useText();
  const { ref, width } = useElementSize();
  const height = 110;
  const most = Math.max(floodFrom + 2, ...bins.map((b) => b.count));
  const y = (count: number) => height - (count / most) * height;
  const barWidth = Math.max(1.5, (600_000 / (to - from)) * width - 1);
  return (
    <div ref={ref} className="ribbon">
      <svg width={width} height={height} role="img" aria-label={t('alarms.rate')}>
        <title>{t('alarms.rate')}</title>
        {bins.map((bin) => (
          <rect
            key={bin.at}
            x={((bin.at - from) / (to - from)) * width}
            y={y(bin.count)}
            width={barWidth}
            height={height - y(bin.count)}
            fill={bin.count > floodFrom ? 'var(--unplannedStop)' : 'var(--idle)'}
          />
        ))}
        <line x1={0} x2={width} y1={y(floodFrom)} y2={y(floodFrom)} stroke="var(--text-2)" strokeDasharray="6 4" />
        <text x={4} y={y(floodFrom) - 4} fontSize={12} fill="var(--text-2)">
          {t('alarms.floodLine')}
        </text>
      </svg>
      <TimeTicks from={from} to={to} width={width} />
    </div>
  );
}
