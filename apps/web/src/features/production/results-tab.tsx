import type { RunResult } from '@deungdae/contracts/work-order.ts';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { useWindow } from '../../time/use-window.ts';
import { ListPanel } from '../../ui/list-panel.tsx';
import { LoadingRows } from '../../ui/messages.tsx';
import { Coded, useNames } from '../../ui/names.tsx';
import type { Column } from '../../ui/rows-table.tsx';
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
  const nameOf = useNames({
    item: rows.map((r) => r.item),
    reason: rows.flatMap((r) => [r.reason, ...r.defects.map((d) => d.reason)]),
  });
  if (!ready) return <LoadingRows />;
  const columns: Column<RunResult>[] = [
    { name: t('field.time'), nowrap: true, cell: (r) => f.dateTime(r.time / 1000) },
    { name: t('field.machine'), cell: (r) => plant.name(r.machine) },
    {
      name: t('production.number'),
      nowrap: true,
      cell: (r) => <Coded name={r.workOrderNumber} code={String(r.operation)} />,
    },
    { name: t('production.item'), cell: (r) => <span title={r.item}>{nameOf('item', r.item)}</span> },
    { name: t('production.good'), num: true, cell: (r) => f.number(r.good) },
    { name: t('production.scrap'), num: true, cell: (r) => f.number(r.scrap) },
    { name: t('production.rework'), num: true, cell: (r) => f.number(r.rework) },
    { name: t('production.counted'), num: true, cell: (r) => (r.counted ? f.number(r.counted.total) : '–') },
    {
      name: t('production.defects'),
      cell: (r) => r.defects.map((d) => `${nameOf('reason', d.reason)} ${f.number(d.quantity)}`).join(', '),
    },
    { name: t('production.lot'), nowrap: true, cell: (r) => r.lotNumber ?? '' },
    {
      name: t('field.by'),
      cell: (r) => (
        <>
          {r.by}
          {r.corrects ? <span className="muted small"> · {t('production.correction')}</span> : null}
          {r.reason ? <span className="muted small"> · {nameOf('reason', r.reason)}</span> : null}
        </>
      ),
    },
    {
      name: t('field.actions'),
      bare: true,
      cell: (r) =>
        can.lead && !r.corrects ? (
          <Button variant="default" size="compact-sm" onClick={() => setCorrecting(r)}>
            {t('production.correct')}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <ListPanel
        title={t('production.tab.results')}
        list={results}
        columns={columns}
        keyOf={(r) => r.id}
        empty={{ title: t('production.noResults'), text: t('production.noResultsText') }}
        csv={{
          file: 'results.csv',
          head: [
            ...['time', 'machine', 'order', 'operation', 'item', 'good', 'scrap', 'rework', 'counted'],
            ...['lot', 'by', 'reason'],
          ],
          line: (r) => [
            ...[new Date(r.time / 1000).toISOString(), r.machine, r.workOrderNumber, r.operation, r.item],
            ...[r.good, r.scrap, r.rework, r.counted?.total ?? '', r.lotNumber ?? '', r.by, r.reason ?? ''],
          ],
        }}
      />
      {correcting ? <CorrectResult result={correcting} all={rows} close={() => setCorrecting(null)} /> : null}
    </>
  );
}
