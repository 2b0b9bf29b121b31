import type { SafetyRecord } from '@deungdae/contracts/person.ts';
import { SafetyKind } from '@deungdae/contracts/person.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNow } from '../../ui/use-now.ts';
import { FileMenu } from '../maintenance/file-menu.tsx';
import '../maintenance/maintenance.css';
import { Risk } from './risk.tsx';
import { SafetyDialog } from './safety-dialog.tsx';
import { SafetyDrawer } from './safety-drawer.tsx';

const columns = ['number', 'kind', 'time', 'place', 'text', 'risk', 'state'] as const;
export const kinds = SafetyKind.options;

/** Near misses, risk assessments, toolbox meetings: to record one is the first thing on the page. */
export function SafetyTab({ id, open }: { id: string | undefined; open: (number: string | undefined) => void }) {
  const t = useText();
  const can = useAbilities();
  const [adding, setAdding] = useState<SafetyRecord['kind'] | null>(null);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: ['people', 'safety'],
    queryFn: ({ signal }) => api.safetyRecords({ limit: 500 }, { signal }),
  });
  const chosen = data?.find((record) => record.number === id);
  return (
    <>
      {can.operate ? (
        <div className="safety-kinds">
          {kinds.map((kind) => (
            <button key={kind} type="button" className="panel" onClick={() => setAdding(kind)}>
              <strong>{t(`people.report.${kind}`)}</strong>
              <span className="muted small">{t(`people.reportHelp.${kind}`)}</span>
            </button>
          ))}
        </div>
      ) : null}
      {error ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {isLoading ? <LoadingRows /> : null}
      {data && data.length === 0 ? (
        <section className="panel">
          <EmptyState title={t('people.noSafety')}>{t('people.noSafetyHelp')}</EmptyState>
        </section>
      ) : null}
      {data && data.length > 0 ? (
        <section className="panel">
          <div className="panel-head">
            <h2>{t('people.safetyRecords')}</h2>
            <span className="push">
              <FileMenu address={(format) => api.peopleFileAddress({ what: 'safety', format })} />
            </span>
          </div>
          <div className="table-scroll">
            <CardTable>
              <thead>
                <tr>
                  {columns.map((key) => (
                    <th key={key}>{t(`people.column.${key}`)}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.map((record) => (
                  <Row key={record.id} record={record} open={() => open(record.number)} />
                ))}
              </tbody>
            </CardTable>
          </div>
        </section>
      ) : null}
      {adding ? <SafetyDialog kind={adding} close={() => setAdding(null)} /> : null}
      {chosen ? <SafetyDrawer record={chosen} close={() => open(undefined)} /> : null}
    </>
  );
}

/** The hazard with the largest risk as it is now: after its measures where that was judged. */
function worst(record: SafetyRecord) {
  let found: { likelihood: number; severity: number; risk: number } | null = null;
  for (const hazard of record.hazards) {
    const likelihood = hazard.likelihoodAfter ?? hazard.likelihood;
    const severity = hazard.severityAfter ?? hazard.severity;
    const risk = likelihood * severity;
    if (!found || risk > found.risk) found = { likelihood, severity, risk };
  }
  return found;
}

function Row({ record, open }: { record: SafetyRecord; open: () => void }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const now = useNow(600_000);
  const risk = worst(record);
  const late =
    record.status === 'open' && record.measures.some((m) => !m.doneAt && m.due !== null && m.due / 1000 < now);
  const review = record.reviewDue !== null && record.reviewDue / 1000 < now + 30 * 86_400_000;
  return (
    <tr className="pick" onClick={open}>
      <td>
        <button type="button" className="plain-button link nowrap" onClick={open}>
          {record.number}
        </button>
      </td>
      <td className="nowrap">{t(`people.safetyKind.${record.kind}`)}</td>
      <td className="muted nowrap">{f.dateTime(record.time / 1000)}</td>
      <td>{plant.name(record.place)}</td>
      <td>{record.text.length > 80 ? `${record.text.slice(0, 80)}…` : record.text}</td>
      <td>{risk ? <Risk {...risk} /> : null}</td>
      <td className={late || review ? 'mt-late' : ''}>
        {late ? t('people.measureLate') : review ? t('people.reviewDue') : t(`people.safetyStatus.${record.status}`)}
      </td>
    </tr>
  );
}
