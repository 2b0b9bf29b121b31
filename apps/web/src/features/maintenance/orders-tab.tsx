import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { maintenanceKey, OrderStatus, usePersonName, useSubjectName } from './common.tsx';
import { FileMenu } from './file-menu.tsx';
import { OrderDrawer } from './order-drawer.tsx';
import { RequestDialog } from './request-dialog.tsx';

const filters = ['open', 'closed'] as const;

/** Requests and orders; one is opened beside the list. */
export function OrdersTab({ id, open }: { id: string | undefined; open: (number: string | undefined) => void }) {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const nameOf = useSubjectName();
  const personName = usePersonName();
  const [filter, setFilter] = useState<(typeof filters)[number]>('open');
  const [asking, setAsking] = useState(false);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [maintenanceKey, 'orders', filter],
    queryFn: ({ signal }) =>
      api.maintenanceOrders({ open: filter === 'open' ? 'true' : 'false', limit: 500 }, { signal }),
    refetchInterval: 30_000,
  });
  return (
    <>
      <div className="row wrap" style={{ marginBottom: 12 }}>
        <SegmentedControl
          aria-label={t('maintenance.filter')}
          value={filter}
          onChange={(value) => setFilter(value as typeof filter)}
          data={filters.map((value) => ({ value, label: t(`maintenance.filter.${value}`) }))}
        />
        <span className="push row">
          <FileMenu address={(format) => api.maintenanceFileAddress({ what: 'orders', format })} />
          {can.operate ? (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setAsking(true)}>
              {t('maintenance.request')}
            </Button>
          ) : null}
        </span>
      </div>
      {error ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {isLoading ? <LoadingRows /> : null}
      {data ? (
        <section className="panel table-scroll">
          {data.length === 0 ? (
            <EmptyState title={t('maintenance.noOrders')}>{t('maintenance.noOrdersHelp')}</EmptyState>
          ) : (
            <CardTable>
              <thead>
                <tr>
                  {(['number', 'subject', 'what', 'state', 'requested', 'assignee'] as const).map((key) => (
                    <th key={key}>{t(`maintenance.column.${key}`)}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.map((order) => (
                  <tr
                    key={order.id}
                    className={order.number === id ? 'pick on' : 'pick'}
                    onClick={() => open(order.number)}
                  >
                    <td>
                      <button type="button" className="plain-button link nowrap" onClick={() => open(order.number)}>
                        {order.number}
                      </button>
                    </td>
                    <td>{nameOf(order.subject)}</td>
                    <td>
                      {order.text || t('maintenance.called')}{' '}
                      {order.kind === 'corrective' ? null : (
                        <span className="muted">({t(`maintenance.kind.${order.kind}`)})</span>
                      )}
                    </td>
                    <td>
                      <OrderStatus order={order} />
                    </td>
                    <td className="muted nowrap">{f.dateTime(order.requestedAt / 1000)}</td>
                    <td>{personName(order.assignee)}</td>
                  </tr>
                ))}
              </tbody>
            </CardTable>
          )}
        </section>
      ) : null}
      {id === undefined ? null : <OrderDrawer id={id} close={() => open(undefined)} />}
      {asking ? <RequestDialog close={() => setAsking(false)} /> : null}
    </>
  );
}
