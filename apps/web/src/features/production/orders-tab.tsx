import { Button, Select, TextInput } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { csvText, download } from '../../ui/csv.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNow } from '../../ui/use-now.ts';
import { NewOrder } from './new-order.tsx';
import { OrderDrawer } from './order-drawer.tsx';
import { Due, OrderStatus, Progress } from './order-marks.tsx';
import { SalesList } from './sales-list.tsx';

const filters = {
  open: 'planned,released,running,held',
  planned: 'planned',
  running: 'released,running',
  held: 'held',
  over: 'finished,closed,cancelled',
} as const;
const limit = 500;

export function OrdersTab() {
  const t = useText();
  const can = useAbilities();
  const now = useNow(60_000);
  const navigate = useNavigate();
  const { id } = useSearch({ from: '/session/shell/production' });
  const [filter, setFilter] = useState<keyof typeof filters>('open');
  const [search, setSearch] = useState('');
  const [making, setMaking] = useState<{ salesOrder: string | null } | null>(null);
  const status = filters[filter];
  const orders = useQuery({
    queryKey: ['production', 'orders', status, search],
    queryFn: ({ signal }) => api.workOrders({ status, limit, ...(search ? { search } : {}) }, { signal }),
  });
  const open = (order: string | undefined) =>
    void navigate({ to: '/production', search: (s) => ({ ...s, id: order }), replace: true });
  const rows = orders.data ?? [];
  const exportCsv = () =>
    download(
      'work-orders.csv',
      csvText([
        ['number', 'item', 'name', 'quantity', 'good', 'scrap', 'due', 'priority', 'status', 'customer'],
        ...rows.map((o) => [
          o.number,
          o.item,
          o.itemName,
          o.quantity,
          o.good,
          o.scrap,
          o.due === null ? '' : new Date(o.due / 1000).toISOString(),
          o.priority,
          o.status,
          o.customer ?? '',
        ]),
      ]),
    );
  return (
    <div className="stack">
      <SalesList plan={(salesOrder) => setMaking({ salesOrder })} />
      <section className="panel" aria-label={t('production.orders')}>
        <div className="panel-head">
          <h2>{t('production.orders')}</h2>
          <span className="muted small">{rows.length}</span>
          <Select
            aria-label={t('production.filter')}
            allowDeselect={false}
            w={150}
            value={filter}
            onChange={(value) => value && setFilter(value as typeof filter)}
            data={(Object.keys(filters) as (keyof typeof filters)[]).map((value) => ({
              value,
              label: t(`production.filter.${value}`),
            }))}
          />
          <TextInput
            aria-label={t('production.search')}
            placeholder={t('production.search')}
            value={search}
            onChange={(e) => setSearch(e.currentTarget.value)}
          />
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
          {can.lead ? (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking({ salesOrder: null })}>
              {t('production.newOrder')}
            </Button>
          ) : null}
        </div>
        {orders.error ? <ErrorBox error={orders.error} retry={() => void orders.refetch()} /> : null}
        {orders.isLoading ? <LoadingRows /> : null}
        {orders.data && rows.length === 0 ? (
          <EmptyState title={t('production.noOrders')}>{t('production.noOrdersText')}</EmptyState>
        ) : null}
        {rows.length > 0 ? (
          <div className="table-scroll">
            <CardTable>
              <thead>
                <tr>
                  <th>{t('production.number')}</th>
                  <th>{t('production.item')}</th>
                  <th>{t('production.state')}</th>
                  <th>{t('production.goodOfPlanned')}</th>
                  <th className="num">{t('production.scrap')}</th>
                  <th>{t('production.due')}</th>
                  <th className="num">{t('production.priority')}</th>
                  <th>{t('production.customer')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((o) => (
                  <tr key={o.id} className="pick" onClick={() => open(o.id)}>
                    <td>
                      <button type="button" className="plain-button link" onClick={() => open(o.id)}>
                        {o.number}
                      </button>
                    </td>
                    <td>
                      {o.itemName} <span className="muted small">{o.item}</span>
                    </td>
                    <td>
                      <OrderStatus status={o.status} />
                    </td>
                    <td>
                      <Progress good={o.good} planned={o.quantity} />
                    </td>
                    <td className="num">{o.scrap}</td>
                    <td>
                      <Due due={o.due} over={['finished', 'closed', 'cancelled'].includes(o.status)} now={now} />
                    </td>
                    <td className="num">{o.priority}</td>
                    <td>{o.customer ?? ''}</td>
                  </tr>
                ))}
              </tbody>
            </CardTable>
          </div>
        ) : null}
      </section>
      {making ? <NewOrder salesOrder={making.salesOrder} close={() => setMaking(null)} /> : null}
      {id ? <OrderDrawer id={id} close={() => open(undefined)} /> : null}
    </div>
  );
}
