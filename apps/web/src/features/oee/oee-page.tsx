import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { useWindow } from '../../time/use-window.ts';
import { csvText, download } from '../../ui/csv.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { DowntimeDrawer } from '../machine/downtime-drawer.tsx';
import { DowntimeTable } from '../machine/downtime-table.tsx';
import '../machine/machine.css';
import { OeeFigures } from './oee-figures.tsx';
import './oee.css';
import { OeeParts, partName } from './oee-parts.tsx';
import { Pareto } from './pareto.tsx';
import { Waterfall } from './waterfall.tsx';

const groupings = ['shift', 'day', 'machine', 'line', 'product'] as const;
type Grouping = (typeof groupings)[number];

export function OeePage() {
  const t = useText();
  const plant = usePlantIndex();
  const can = useAbilities();
  const navigate = useNavigate();
  const search = useSearch({ from: '/session/shell/oee' });
  const { query, window, ready } = useWindow();
  const path = search.path ?? plant.root;
  const isMachine = plant.node(path)?.level === 'equipment';
  const by: Grouping = groupings.find((g) => g === search.by) ?? (isMachine ? 'shift' : 'machine');
  const change = (next: { path?: string; by?: string; reason?: string | undefined }) =>
    void navigate({ to: '/oee', search: (s) => ({ ...s, ...next }), replace: next.path === undefined });
  const oee = useQuery({
    queryKey: ['oee', path, query.from, query.to, by],
    queryFn: ({ signal }) => api.oee({ path, ...query, by }, { signal }),
    enabled: ready && path !== '',
  });
  const stops = useQuery({
    queryKey: ['downtimes', path, query.from, query.to],
    queryFn: ({ signal }) => api.downtimes({ path, ...query }, { signal }),
    enabled: ready && path !== '',
  });
  const [openId, setOpenId] = useState<string | null>(null);
  const shownStops = useMemo(
    () =>
      (stops.data ?? [])
        .filter(
          (d) => search.reason === undefined || (d.reason ?? '') === (search.reason === 'none' ? '' : search.reason),
        )
        .sort((a, b) => (b.to ?? window.to * 1000) - b.from - ((a.to ?? window.to * 1000) - a.from)),
    [stops.data, search.reason, window.to],
  );
  const open = (stops.data ?? []).find((d) => d.id === openId);
  const report = oee.data?.total;
  const exportCsv = () => {
    const parts = oee.data?.parts ?? [];
    const row = (p: (typeof parts)[number]) => [
      p.oee.value,
      p.availability.value,
      p.effectiveness.value,
      p.qualityRatio.value,
      p.time.pbtMs,
      p.time.aptMs,
      p.counts.produced,
      p.counts.good,
      p.counts.scrap,
    ];
    const head = [
      'OEE',
      t('oee.availability'),
      t('oee.effectiveness'),
      t('oee.quality'),
      'PBT ms',
      'APT ms',
      t('oee.produced'),
      t('field.good'),
      t('field.scrap'),
    ];
    download(
      'oee.csv',
      csvText([[t(`oee.by.${by}`), ...head], ...parts.map((p) => [partName(p, by, plant), ...row(p)])]),
    );
  };
  return (
    <>
      <PageHead title={t('oee.title')} time>
        <Select
          aria-label={t('oee.scope')}
          searchable
          allowDeselect={false}
          value={path}
          onChange={(value) => value && change({ path: value })}
          data={plant.nodes
            .filter((n) => n.level !== 'enterprise')
            .map((n) => ({
              value: n.path,
              label: `${'\u2003'.repeat(depth(n.path, plant.root))}${plant.name(n.path)}`,
            }))}
          w={230}
        />
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={exportCsv} disabled={!oee.data}>
          CSV
        </Button>
      </PageHead>
      {oee.error && !oee.data ? <ErrorBox error={oee.error} retry={() => void oee.refetch()} /> : null}
      {oee.isLoading ? <LoadingRows rows={10} /> : null}
      {report && report.time.calendarMs === 0 ? (
        <div className="panel">
          <EmptyState title={t('oee.emptyTitle')}>{t('oee.emptyText')}</EmptyState>
        </div>
      ) : null}
      {report && report.time.calendarMs > 0 ? (
        <div className="stack">
          <OeeFigures report={report} target={oee.data?.target ?? null} />
          <div className="oee-columns">
            <section className="panel">
              <div className="panel-head">
                <h2>{t('oee.waterfall')}</h2>
                <span className="muted small">{t('oee.waterfallHelp')}</span>
              </div>
              <div className="panel-body">
                <Waterfall report={report} />
              </div>
            </section>
            <Pareto
              path={path}
              query={query}
              picked={search.reason}
              pick={(reason) => change({ reason })}
              losses={report.losses}
            />
          </div>
          <section className="panel">
            <div className="panel-head">
              <h2>{t('oee.parts')}</h2>
              <SegmentedControl
                size="xs"
                className="push"
                aria-label={t('oee.groupBy')}
                value={by}
                onChange={(value) => change({ by: value })}
                data={groupings.map((value) => ({ value, label: t(`oee.by.${value}`) }))}
              />
            </div>
            <OeeParts parts={oee.data?.parts ?? []} by={by} target={oee.data?.target ?? null} />
          </section>
          <section className="panel" aria-label={t('downtime.title')}>
            <div className="panel-head">
              <h2>{t('downtime.title')}</h2>
              <span className="muted small">{shownStops.length}</span>
              {search.reason === undefined ? null : (
                <Button variant="light" size="compact-sm" onClick={() => change({ reason: undefined })}>
                  {search.reason === 'none' ? t('downtime.noReason') : plant.reasonName(search.reason)} ✕
                </Button>
              )}
            </div>
            {shownStops.length === 0 ? (
              <p className="panel-body muted">{t('downtime.none')}</p>
            ) : (
              <DowntimeTable downtimes={shownStops} machines onOpen={(d) => setOpenId(d.id)} />
            )}
          </section>
        </div>
      ) : null}
      {open ? (
        <DowntimeDrawer
          key={open.id}
          downtime={open}
          canEdit={can.operate}
          close={() => setOpenId(null)}
          changed={() => void stops.refetch()}
        />
      ) : null}
    </>
  );
}

function depth(path: string, root: string): number {
  return Math.max(0, path.split('/').length - root.split('/').length);
}
