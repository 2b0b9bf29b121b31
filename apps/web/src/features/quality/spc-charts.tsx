import type { SpcChart } from '@deungdae/contracts/quality.ts';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { qualityKey } from './common.tsx';
import { NewChart } from './new-chart.tsx';

/** All control charts; those with a rule hit stand first. */
export function ChartList({ open }: { open: (id: string) => void }) {
  const t = useText();
  const { engineer } = useAbilities();
  const list = useQuery({
    queryKey: [qualityKey, 'charts'],
    queryFn: ({ signal }) => api.spcCharts({ limit: 1000 }, { signal }),
    refetchInterval: 15_000,
  });
  const rows = [...(list.data ?? [])].sort((a, b) => (b.lastHit?.time ?? 0) - (a.lastHit?.time ?? 0));
  return (
    <section className="panel" aria-label={t('quality.tab.charts')}>
      <div className="panel-head">
        <h2>{t('quality.tab.charts')}</h2>
        <span className="muted small">{t('quality.count', { n: rows.length })}</span>
        <span className="push">{engineer ? <NewChartButton open={open} /> : null}</span>
      </div>
      {list.error ? <ErrorBox error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isLoading ? <LoadingRows /> : null}
      {list.data && rows.length === 0 ? (
        <EmptyState title={t('quality.noCharts')}>{t('quality.noChartsText')}</EmptyState>
      ) : null}
      {rows.length > 0 ? <ChartTable rows={rows} open={open} /> : null}
    </section>
  );
}

function ChartTable({ rows, open }: { rows: readonly SpcChart[]; open: (id: string) => void }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  return (
    <div className="table-scroll">
      <table className="grid cards">
        <thead>
          <tr>
            <th>{t('quality.chart')}</th>
            <th>{t('quality.kind')}</th>
            <th>{t('quality.subject')}</th>
            <th>{t('quality.limitsState')}</th>
            <th>{t('quality.lastHit')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((c) => (
            <tr key={c.id} className="pick" onClick={() => open(c.id)}>
              <td>
                <button type="button" className="plain-button" onClick={() => open(c.id)}>
                  {c.name}
                </button>
                {c.active ? null : <span className="muted small"> · {t('quality.ended')}</span>}
              </td>
              <td className="nowrap">{t(`quality.chartKind.${c.settings.kind}`)}</td>
              <td>{c.machine ? plant.name(c.machine) : c.item}</td>
              <td className="nowrap">
                {c.baseline
                  ? t('quality.frozenAt', { at: f.day(c.baseline.frozenAt / 1000) })
                  : t('quality.trialLimits')}
              </td>
              <td className="nowrap">
                {c.lastHit ? (
                  <span className="late">
                    ■ {f.dateTime(c.lastHit.time / 1000)} ·{' '}
                    {c.lastHit.rules.map((r) => t(`quality.rule.${r}`)).join(', ')}
                  </span>
                ) : (
                  '–'
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NewChartButton({ open }: { open: (id: string) => void }) {
  const t = useText();
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened(true)}>
        {t('quality.newChart')}
      </Button>
      {opened ? <NewChart open={open} close={() => setOpened(false)} /> : null}
    </>
  );
}
