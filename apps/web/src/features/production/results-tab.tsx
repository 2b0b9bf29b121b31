import type { RunResult } from '@deungdae/contracts/work-order.ts';
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { useWindow } from '../../time/use-window.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { csvText, download } from '../../ui/csv.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { CorrectResult } from './correct-result.tsx';

/** Confirmed results of the window, and their corrections. */
export function ResultsTab() {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const can = useAbilities();
  const { query, ready } = useWindow();
  const [correcting, setCorrecting] = useState<RunResult | null>(null);
  const results = useQuery({
    queryKey: ['production', 'results', query.from, query.to],
    enabled: ready,
    queryFn: ({ signal }) => api.runResults({ ...query, limit: 1000 }, { signal }),
  });
  const rows = results.data ?? [];
  const exportCsv = () =>
    download(
      'results.csv',
      csvText([
        ['time', 'machine', 'order', 'operation', 'item', 'good', 'scrap', 'rework', 'counted', 'lot', 'by', 'reason'],
        ...rows.map((r) => [
          new Date(r.time / 1000).toISOString(),
          r.machine,
          r.workOrderNumber,
          r.operation,
          r.item,
          r.good,
          r.scrap,
          r.rework,
          r.counted?.total ?? '',
          r.lotNumber ?? '',
          r.by,
          r.reason ?? '',
        ]),
      ]),
    );
  if (results.error) return <ErrorBox error={results.error} retry={() => void results.refetch()} />;
  if (results.isLoading || !ready) return <LoadingRows />;
  return (
    <section className="panel" aria-label={t('production.tab.results')}>
      <div className="panel-head">
        <h2>{t('production.tab.results')}</h2>
        <span className="muted small">{rows.length}</span>
        <Button
          className="push"
          variant="subtle"
          color="gray"
          leftSection={<IconDownload size={16} />}
          onClick={exportCsv}
          disabled={rows.length === 0}
        >
          CSV
        </Button>
      </div>
      {rows.length === 0 ? (
        <EmptyState title={t('production.noResults')}>{t('production.noResultsText')}</EmptyState>
      ) : (
        <div className="table-scroll">
          <CardTable>
            <thead>
              <tr>
                <th>{t('field.time')}</th>
                <th>{t('field.machine')}</th>
                <th>{t('production.number')}</th>
                <th className="num">{t('production.good')}</th>
                <th className="num">{t('production.scrap')}</th>
                <th className="num">{t('production.rework')}</th>
                <th className="num">{t('production.counted')}</th>
                <th>{t('production.defects')}</th>
                <th>{t('production.lot')}</th>
                <th>{t('field.by')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {rows.map((r) => (
                <tr key={r.id}>
                  <td className="nowrap">{f.dateTime(r.time / 1000)}</td>
                  <td className="nowrap">{plant.name(r.machine)}</td>
                  <td className="nowrap">
                    {r.workOrderNumber} <span className="muted small">{r.operation}</span>
                  </td>
                  <td className="num">{f.number(r.good)}</td>
                  <td className="num">{f.number(r.scrap)}</td>
                  <td className="num">{f.number(r.rework)}</td>
                  <td className="num">{r.counted ? f.number(r.counted.total) : '–'}</td>
                  <td>{r.defects.map((d) => `${d.reason} ${f.number(d.quantity)}`).join(', ')}</td>
                  <td className="nowrap">{r.lotNumber ?? ''}</td>
                  <td className="nowrap">
                    {r.by}
                    {r.corrects ? <span className="muted small"> · {t('production.correction')}</span> : null}
                    {r.reason ? <span className="muted small"> · {r.reason}</span> : null}
                  </td>
                  <td>
                    {can.lead && !r.corrects ? (
                      <Button variant="subtle" color="gray" onClick={() => setCorrecting(r)}>
                        {t('production.correct')}
                      </Button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </div>
      )}
      {correcting ? <CorrectResult result={correcting} all={rows} close={() => setCorrecting(null)} /> : null}
    </section>
  );
}
