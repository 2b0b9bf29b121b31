import type { SignalInfo } from '@deungdae/contracts/api-entities.ts';
import { Button } from '@mantine/core';
import { useDebouncedCallback, useElementSize } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { catalogueQuery } from '../../api/queries.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { useWindow } from '../../time/use-window.ts';
import { EmptyState, ErrorBox } from '../../ui/messages.tsx';
import { alignSeries, type TrendSeries } from './align.ts';
import type { ChartMarks } from './chart-marks.ts';
import { type ChartSignal, scaleOf } from './chart-options.ts';
import { CursorTable } from './cursor-table.tsx';
import { SignalPicker } from './signal-picker.tsx';
import { TextLanes } from './text-lanes.tsx';
import { TrendChart, type TrendChartHandle } from './trend-chart.tsx';
import { TrendTools } from './trend-tools.tsx';
import './trends.css';
import { useTrend } from './use-trend.ts';
import { sameView, type View } from './view.ts';

/** More lines than this cannot be read, and the contract bounds a query. */
const mostSignals = 20;
const split = (text: string | undefined) => text?.split(',').filter(Boolean) ?? [];
const isText = (signal: SignalInfo) => ['enum', 'text', 'condition', 'json', 'vector'].includes(signal.kind);

export function TrendsPage() {
  const t = useText();
  const search = useSearch({ from: '/session/shell/trends' });
  const navigate = useNavigate();
  const { window, set, now } = useWindow();
  const catalogue = useQuery(catalogueQuery);
  const byPath = useMemo(() => new Map((catalogue.data ?? []).map((s) => [s.path, s])), [catalogue.data]);
  const paths = split(search.signals);
  const signals = paths.flatMap((path) => byPath.get(path) ?? []).slice(0, mostSignals);
  const hidden = new Set(split(search.hidden));
  const [picking, setPicking] = useState(false);
  const change = (next: {
    signals?: string[];
    states?: string | undefined;
    compare?: string | undefined;
    hidden?: string[];
  }) =>
    void navigate({
      to: '/trends',
      search: (s) => ({
        ...s,
        ...('signals' in next ? { signals: next.signals?.join(',') || undefined } : {}),
        ...('hidden' in next ? { hidden: next.hidden?.join(',') || undefined } : {}),
        ...('states' in next ? { states: next.states } : {}),
        ...('compare' in next ? { compare: next.compare } : {}),
      }),
      replace: true,
    });
  // A running shift ends at the present with a little room: an empty future would only make the curves narrow.
  const to = window.live ? Math.min(window.to, now + (now - window.from) * 0.03) : window.to;
  const { view, moveView, pending } = useView({ from: window.from, to }, (v) => set({ span: 'range', ...v }));
  const chart = useRef<TrendChartHandle>(null);
  return (
    <>
      <PageHead title={t('nav.trends')} time>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setPicking(true)}>
          {t('trends.addSignals')}
        </Button>
        <TrendTools
          signals={signals}
          view={view}
          states={search.states}
          compare={search.compare}
          change={change}
          savePng={() => chart.current?.savePng('trend.png')}
        />
      </PageHead>
      {catalogue.error ? <ErrorBox error={catalogue.error} retry={() => void catalogue.refetch()} /> : null}
      {catalogue.data && signals.length === 0 ? (
        <div className="panel">
          <EmptyState
            title={paths.length > 0 ? t('trends.goneTitle') : t('trends.emptyTitle')}
            action={<Button onClick={() => setPicking(true)}>{t('trends.addSignals')}</Button>}
          >
            {paths.length > 0 ? t('trends.goneText', { names: paths.join(', ') }) : t('trends.emptyText')}
          </EmptyState>
        </div>
      ) : null}
      {signals.length > 0 ? (
        <TrendBoard
          signals={signals}
          hidden={hidden}
          view={view}
          live={window.live && !pending}
          now={now}
          states={search.states}
          compareMs={compareOffset(search.compare, view)}
          onView={moveView}
          onReset={() => set({ span: 'shift' })}
          toggle={(path) =>
            change({ hidden: hidden.has(path) ? [...hidden].filter((p) => p !== path) : [...hidden, path] })
          }
          remove={(path) => change({ signals: paths.filter((p) => p !== path) })}
          handle={chart}
        />
      ) : null}
      {picking ? (
        <SignalPicker
          catalogue={catalogue.data ?? []}
          picked={paths}
          most={mostSignals}
          close={() => setPicking(false)}
          apply={(next) =>
            change({ signals: next, ...(search.states ? {} : { states: byPath.get(next[0] ?? '')?.equipment }) })
          }
        />
      ) : null}
    </>
  );
}

function compareOffset(compare: string | undefined, view: View): number {
  if (compare === 'day') return 86_400_000;
  if (compare === 'week') return 7 * 86_400_000;
  return compare === 'before' ? view.to - view.from : 0;
}

/** The view follows the address, and the hand at once; the address follows the hand when it rests. */
function useView(address: View, commit: (view: View) => void) {
  const [own, setOwn] = useState<View | null>(null);
  const push = useDebouncedCallback(
    (view: View) => commit({ from: Math.round(view.from), to: Math.round(view.to) }),
    250,
  );
  const { from, to } = address;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an address that has arrived ends the own view
  useEffect(() => setOwn(null), [from, to]);
  const view = useMemo(() => own ?? { from, to }, [own, from, to]);
  const moveView = (next: View) => {
    setOwn(next);
    push(next);
  };
  return { view, moveView, pending: own !== null && !sameView(own, address) };
}

interface BoardProps {
  signals: readonly SignalInfo[];
  hidden: ReadonlySet<string>;
  view: View;
  live: boolean;
  now: number;
  states: string | undefined;
  compareMs: number;
  onView: (view: View) => void;
  onReset: () => void;
  toggle: (path: string) => void;
  remove: (path: string) => void;
  handle: React.Ref<TrendChartHandle>;
}

function TrendBoard(props: BoardProps) {
  const t = useText();
  const { signals, hidden, view, live, compareMs } = props;
  const { ref, width } = useElementSize();
  const [settled, setSettled] = useState(view);
  const settle = useDebouncedCallback(setSettled, 120);
  useEffect(() => settle(view), [view, settle]);
  const ids = signals.map((s) => s.id);
  const trend = useTrend(ids, settled, width, live);
  const earlier = useTrend(compareMs > 0 ? ids : [], settled, width, false, compareMs);
  const [cursor, setCursor] = useState<number | null>(null);
  const [pinned, setPinned] = useState<number | null>(null);
  const [plot, setPlot] = useState({ left: 58, width: 600 });
  const marks = useMarks(props, pinned);
  const series = useMemo(() => new Map((trend.data?.series ?? []).map((s) => [s.id, s])), [trend.data]);
  const curves = signals.filter((s) => !isText(s) && !series.get(s.id)?.text);
  const texts = signals.filter((s) => !curves.includes(s));
  // biome-ignore lint/correctness/useExhaustiveDependencies: curves, signals and hidden are new arrays each time; their keys tell
  const { chartSignals, data } = useMemo(() => {
    const drawn: { series: TrendSeries; offsetUs: number }[] = [];
    const list: ChartSignal[] = [];
    const old = new Map((compareMs > 0 ? (earlier.data?.series ?? []) : []).map((s) => [s.id, s]));
    for (const info of curves) {
      const colour = signals.indexOf(info);
      const now = series.get(info.id);
      if (now) {
        drawn.push({ series: now, offsetUs: 0 });
        list.push({ info, hidden: hidden.has(info.path), earlier: false, colour });
      }
      const before = old.get(info.id);
      if (!before) continue;
      drawn.push({ series: before, offsetUs: compareMs * 1000 });
      list.push({ info, hidden: hidden.has(info.path), earlier: true, colour });
    }
    return { chartSignals: list, data: alignSeries(drawn) };
  }, [series, earlier.data, compareMs, ids.join(','), [...hidden].join(',')]);
  const nothing = trend.data && data.x.length === 0 && texts.every((s) => (series.get(s.id)?.time.length ?? 0) === 0);
  return (
    <div className="stack">
      <section className="panel trend-panel" ref={ref} aria-busy={trend.isFetching}>
        {trend.error && !trend.data ? <ErrorBox error={trend.error} retry={() => void trend.refetch()} /> : null}
        {nothing ? <p className="trend-note">{t('trends.noData')}</p> : null}
        {curves.length > 0 ? (
          <TrendChart
            signals={chartSignals}
            data={data}
            view={view}
            marks={marks}
            height={width < 600 ? 300 : 420}
            onView={props.onView}
            onReset={props.onReset}
            onCursor={setCursor}
            onPin={(at) => setPinned(at !== null && pinned !== null ? null : at)}
            onPlot={setPlot}
            handle={props.handle}
          />
        ) : null}
        <TextLanes
          signals={texts}
          series={series}
          view={view}
          plot={curves.length > 0 ? plot : { left: 12, width: Math.max(100, width - 24) }}
          hidden={hidden}
          now={props.now}
        />
        <p className="trend-help small muted">{t('trends.help')}</p>
      </section>
      <CursorTable
        signals={signals}
        series={series}
        view={view}
        cursor={cursor}
        pinned={pinned}
        unpin={() => setPinned(null)}
        hidden={hidden}
        toggle={props.toggle}
        remove={props.remove}
      />
    </div>
  );
}

function useMarks({ states, view, signals, hidden, now }: BoardProps, pinned: number | null): ChartMarks {
  const width = view.to - view.from;
  const from = Math.round((view.from - width / 2) * 1000);
  const to = Math.round((view.to + width / 2) * 1000);
  const intervals = useQuery({
    queryKey: ['states', states, from, to],
    queryFn: ({ signal }) => api.states({ equipment: states ?? '', from, to }, { signal }),
    enabled: states !== undefined,
  });
  const key = `${signals.map((s) => s.path).join(',')}|${[...hidden].join(',')}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: signals and hidden are new each time; their key tells
  return useMemo(
    () => ({
      pinned,
      now,
      states:
        states === undefined
          ? []
          : (intervals.data ?? []).map((i) => ({
              from: i.from / 1000,
              to: i.to === null ? now : i.to / 1000,
              state: i.state,
            })),
      limits: signals
        .filter((s) => !hidden.has(s.path))
        .flatMap((s) =>
          s.alarmLimits
            .filter((l) => l.type === 'high' || l.type === 'low')
            .map((l) => ({
              scale: scaleOf(s.unit ?? ''),
              value: l.limit,
              colour: getComputedStyle(document.documentElement).getPropertyValue(`--${l.priority}`).trim(),
              label: `${l.type === 'high' ? '▲' : '▼'} ${l.limit}`,
            })),
        ),
    }),
    [pinned, now, states, intervals.data, key],
  );
}
