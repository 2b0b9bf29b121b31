import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useAct } from './use-act.ts';

/** Calls from the machines, and what one shift left to the next. */
export function CallsTab() {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const can = useAbilities();
  const now = useNow(10_000);
  const { act, busy } = useAct();
  const calls = useQuery({
    queryKey: ['production', 'calls'],
    queryFn: ({ signal }) => api.calls({ limit: 200 }, { signal }),
    refetchInterval: 10_000,
  });
  const notes = useQuery({
    queryKey: ['production', 'handovers'],
    queryFn: ({ signal }) => api.handovers({ limit: 50 }, { signal }),
  });
  const error = calls.error ?? notes.error;
  if (error) return <ErrorBox error={error} retry={() => void calls.refetch()} />;
  if (!calls.data || !notes.data) return <LoadingRows />;
  const answer = (id: string, name: 'acknowledge' | 'close') =>
    void act(() => api.answerCall({ id }, { act: name }), t('production.done'));
  return (
    <div className="stack">
      <section className="panel" aria-label={t('production.calls')}>
        <div className="panel-head">
          <h2>{t('production.calls')}</h2>
          <span className="muted small">{calls.data.filter((c) => c.status !== 'closed').length}</span>
        </div>
        {calls.data.length === 0 ? (
          <EmptyState title={t('production.noCalls')}>{t('production.noCallsText')}</EmptyState>
        ) : (
          <div className="table-scroll">
            <CardTable>
              <thead>
                <tr>
                  <th>{t('field.machine')}</th>
                  <th>{t('production.callKind')}</th>
                  <th>{t('production.text')}</th>
                  <th>{t('production.state')}</th>
                  <th>{t('field.time')}</th>
                  <th>{t('field.by')}</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {calls.data.map((c) => (
                  <tr key={c.id}>
                    <td>{plant.name(c.machine)}</td>
                    <td className="nowrap">{t(`production.call.${c.kind}`)}</td>
                    <td>
                      {c.text}
                      {c.answer ? <span className="muted small"> → {c.answer}</span> : null}
                    </td>
                    <td className={c.status === 'open' ? 'late-text nowrap' : 'nowrap'}>
                      {t(`production.callStatus.${c.status}`)}
                    </td>
                    <td className="nowrap">
                      {f.dateTime(c.raisedAt / 1000)}
                      {c.status === 'open' ? (
                        <span className="muted small"> · {f.ago(c.raisedAt / 1000, now)}</span>
                      ) : null}
                    </td>
                    <td>
                      {c.raisedBy}
                      {c.acknowledgedBy ? <span className="muted small"> → {c.acknowledgedBy}</span> : null}
                    </td>
                    <td>
                      {can.operate && c.status === 'open' ? (
                        <Button variant="light" loading={busy} onClick={() => answer(c.id, 'acknowledge')}>
                          {t('production.acknowledge')}
                        </Button>
                      ) : null}
                      {can.operate && c.status !== 'closed' ? (
                        <Button variant="subtle" color="gray" loading={busy} onClick={() => answer(c.id, 'close')}>
                          {t('production.closeCall')}
                        </Button>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </CardTable>
          </div>
        )}
      </section>
      <section className="panel" aria-label={t('production.handover')}>
        <div className="panel-head">
          <h2>{t('production.handover')}</h2>
        </div>
        {notes.data.length === 0 ? (
          <EmptyState title={t('production.noHandover')}>{t('production.noHandoverText')}</EmptyState>
        ) : (
          <div className="table-scroll">
            <CardTable>
              <thead>
                <tr>
                  <th>{t('field.machine')}</th>
                  <th>{t('production.text')}</th>
                  <th>{t('field.time')}</th>
                  <th>{t('field.by')}</th>
                  <th>{t('production.readBy')}</th>
                </tr>
              </thead>
              <tbody>
                {notes.data.map((n) => (
                  <tr key={n.id}>
                    <td>{plant.name(n.machine)}</td>
                    <td>{n.text}</td>
                    <td className="nowrap">{f.dateTime(n.at / 1000)}</td>
                    <td>{n.by}</td>
                    <td>{n.readBy ?? <span className="muted">–</span>}</td>
                  </tr>
                ))}
              </tbody>
            </CardTable>
          </div>
        )}
      </section>
    </div>
  );
}
