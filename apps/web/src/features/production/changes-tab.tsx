import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useAct } from './use-act.ts';

const statuses = ['draft', 'submitted', 'approved', 'rejected'] as const;

/** 4M notices: drafted when the system saw the change, decided here. */
export function ChangesTab() {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const can = useAbilities();
  const { act, busy } = useAct();
  const [status, setStatus] = useState<(typeof statuses)[number] | 'all'>('all');
  const changes = useQuery({
    queryKey: ['production', 'changes', status],
    queryFn: ({ signal }) => api.changes({ limit: 200, ...(status === 'all' ? {} : { status }) }, { signal }),
  });
  const rows = changes.data ?? [];
  const decide = (id: string, next: 'approved' | 'rejected') =>
    void act(() => api.decideChange({ id }, { status: next }), t('production.done'));
  if (changes.error) return <ErrorBox error={changes.error} retry={() => void changes.refetch()} />;
  if (changes.isLoading) return <LoadingRows />;
  return (
    <section className="panel" aria-label={t('production.tab.changes')}>
      <div className="panel-head">
        <h2>{t('production.changes')}</h2>
        <Select
          aria-label={t('production.filter')}
          allowDeselect={false}
          w={150}
          value={status}
          onChange={(value) => value && setStatus(value as typeof status)}
          data={(['all', ...statuses] as const).map((value) => ({ value, label: t(`production.change.${value}`) }))}
        />
      </div>
      {rows.length === 0 ? (
        <EmptyState title={t('production.noChanges')}>{t('production.noChangesText')}</EmptyState>
      ) : (
        <div className="table-scroll">
          <CardTable>
            <thead>
              <tr>
                <th>{t('production.number')}</th>
                <th>{t('production.fourM')}</th>
                <th>{t('field.machine')}</th>
                <th>{t('production.before')}</th>
                <th>{t('production.after')}</th>
                <th>{t('production.state')}</th>
                <th>{t('field.time')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {rows.map((c) => (
                <tr key={c.id}>
                  <td className="nowrap">{c.number}</td>
                  <td className="nowrap">{t(`production.fourM.${c.kind}`)}</td>
                  <td>{plant.name(c.machine)}</td>
                  <td>
                    {c.before} <span className="muted small">{c.lotBefore ?? ''}</span>
                  </td>
                  <td>
                    {c.after} <span className="muted small">{c.lotAfter ?? ''}</span>
                    {c.text ? <span className="muted small"> · {c.text}</span> : null}
                  </td>
                  <td className="nowrap">
                    {t(`production.change.${c.status}`)}
                    {c.decidedBy ? <span className="muted small"> · {c.decidedBy}</span> : null}
                  </td>
                  <td className="nowrap">{f.dateTime(c.createdAt / 1000)}</td>
                  <td>
                    {can.lead && (c.status === 'draft' || c.status === 'submitted') ? (
                      <>
                        <Button variant="light" loading={busy} onClick={() => decide(c.id, 'approved')}>
                          {t('production.approve')}
                        </Button>
                        <Button variant="subtle" color="gray" loading={busy} onClick={() => decide(c.id, 'rejected')}>
                          {t('production.reject')}
                        </Button>
                      </>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </div>
      )}
    </section>
  );
}
