import type { ChangeNotice } from '@deungdae/contracts/work-order.ts';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { filterOf, ListPanel } from '../../ui/list-panel.tsx';
import { Coded } from '../../ui/names.tsx';
import type { Column } from '../../ui/rows-table.tsx';
import { useAct } from './use-act.ts';

const filters = ['all', 'draft', 'submitted', 'approved', 'rejected'] as const;

/** 4M notices: drafted when the system saw the change, decided here. */
export function ChangesTab() {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const can = useAbilities();
  const { act, busy } = useAct();
  const [status, setStatus] = useState<(typeof filters)[number]>('all');
  const changes = useQuery({
    queryKey: ['production', 'changes', status],
    queryFn: ({ signal }) => api.changes({ limit: 200, ...(status === 'all' ? {} : { status }) }, { signal }),
  });
  const decide = (id: string, next: 'approved' | 'rejected') =>
    void act(() => api.decideChange({ id }, { status: next }), t('production.done'));
  const columns: Column<ChangeNotice>[] = [
    { name: t('production.number'), nowrap: true, cell: (c) => c.number },
    { name: t('production.fourM'), nowrap: true, cell: (c) => t(`production.fourM.${c.kind}`) },
    { name: t('field.machine'), cell: (c) => plant.name(c.machine) },
    { name: t('production.before'), cell: (c) => <Coded name={c.before} code={c.lotBefore} /> },
    {
      name: t('production.after'),
      cell: (c) => (
        <>
          <Coded name={c.after} code={c.lotAfter} />
          {c.text ? <span className="muted small"> · {c.text}</span> : null}
        </>
      ),
    },
    {
      name: t('production.state'),
      nowrap: true,
      cell: (c) => (
        <>
          {t(`production.change.${c.status}`)}
          {c.decidedBy ? <span className="muted small"> · {c.decidedBy}</span> : null}
        </>
      ),
    },
    { name: t('field.time'), nowrap: true, cell: (c) => f.dateTime(c.createdAt / 1000) },
    {
      name: t('field.actions'),
      bare: true,
      cell: (c) =>
        can.lead && (c.status === 'draft' || c.status === 'submitted') ? (
          <>
            <Button variant="light" loading={busy} onClick={() => decide(c.id, 'approved')}>
              {t('production.approve')}
            </Button>
            <Button variant="subtle" color="gray" loading={busy} onClick={() => decide(c.id, 'rejected')}>
              {t('production.reject')}
            </Button>
          </>
        ) : null,
    },
  ];
  return (
    <ListPanel
      title={t('production.changes')}
      list={changes}
      columns={columns}
      keyOf={(c) => c.id}
      empty={{ title: t('production.noChanges'), text: t('production.noChangesText') }}
      filter={filterOf(filters, status, setStatus, (value) => t(`production.change.${value}`))}
    />
  );
}
