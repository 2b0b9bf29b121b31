import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { useWindow } from '../../time/use-window.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { csvText, download } from '../../ui/csv.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { maintenanceKey } from './common.tsx';

const columns = [
  'machine',
  'failures',
  'operating',
  'down',
  'mtbf',
  'mtbfLower',
  'mttr',
  'inherent',
  'operational',
] as const;

/** MTBF and MTTR of the window with their definitions below: a figure without one says nothing. */
export function ReliabilityTab() {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const { query, ready } = useWindow();
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [maintenanceKey, 'reliability', query.from, query.to],
    queryFn: ({ signal }) => api.reliability(query, { signal }),
    enabled: ready,
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  if (data.length === 0)
    return (
      <section className="panel">
        <EmptyState title={t('maintenance.noReliability')} />
      </section>
    );
  const hours = (ms: number | null) => (ms === null ? null : Math.round(ms / 36_000) / 100);
  const save = () =>
    download(
      'reliability.csv',
      csvText([
        columns.map((key) => t(`maintenance.reliability.${key}`)),
        ...data.map((r) => [
          ...[plant.name(r.machine), r.failures, hours(r.operatingMs), hours(r.failureMs), hours(r.mtbfMs)],
          ...[hours(r.mtbfLowerMs), hours(r.mttrMs), r.inherentAvailability, r.operationalAvailability],
        ]),
      ]),
    );
  const unknown = <span className="muted">{t('maintenance.notKnown')}</span>;
  return (
    <div className="stack">
      <div className="row">
        <Button className="push" variant="default" leftSection={<IconDownload size={16} />} onClick={save}>
          {t('action.export')}
        </Button>
      </div>
      <section className="panel table-scroll">
        <CardTable>
          <thead>
            <tr>
              {columns.map((key, i) => (
                <th key={key} className={i > 0 ? 'num' : ''}>
                  {t(`maintenance.reliability.${key}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.map((r) => (
              <tr key={r.machine}>
                <td>{plant.name(r.machine)}</td>
                <td className="num">{r.failures}</td>
                <td className="num">{f.duration(r.operatingMs)}</td>
                <td className="num">{f.duration(r.failureMs)}</td>
                <td className="num">{r.mtbfMs === null ? unknown : f.duration(r.mtbfMs)}</td>
                <td className="num">{r.mtbfLowerMs === null ? unknown : `≥ ${f.duration(r.mtbfLowerMs)}`}</td>
                <td className="num">{r.mttrMs === null ? unknown : f.duration(r.mttrMs)}</td>
                <td className="num">
                  {r.inherentAvailability === null ? unknown : `${f.percent(r.inherentAvailability)}%`}
                </td>
                <td className="num">
                  {r.operationalAvailability === null ? unknown : `${f.percent(r.operationalAvailability)}%`}
                </td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </section>
      <section className="panel panel-body">
        <h2>{t('maintenance.definitions')}</h2>
        <dl className="mt-facts" style={{ marginTop: 8 }}>
          {(['mtbf', 'mtbfLower', 'mttr', 'inherent', 'operational'] as const).map((key) => (
            <div key={key} style={{ display: 'contents' }}>
              <dt>{t(`maintenance.reliability.${key}`)}</dt>
              <dd>{t(`maintenance.definition.${key}`)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}
