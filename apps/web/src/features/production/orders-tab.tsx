import type { WorkOrder } from '@deungdae/contracts/work-order.ts';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { filterOf, ListPanel } from '../../ui/list-panel.tsx';
import { Coded, useNames } from '../../ui/names.tsx';
import type { Column } from '../../ui/rows-table.tsx';
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
type Filter = keyof typeof filters;
const limit = 500;

export function OrdersTab() {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const now = useNow(60_000);
  const navigate = useNavigate();
  const { id } = useSearch({ from: '/session/shell/production' });
  const [filter, setFilter] = useState<Filter>('open');
  const [search, setSearch] = useState('');
  const [making, setMaking] = useState<{ salesOrder: string | null } | null>(null);
  const status = filters[filter];
  const orders = useQuery({
    queryKey: ['production', 'orders', status, search],
    queryFn: ({ signal }) => api.workOrders({ status, limit, ...(search ? { search } : {}) }, { signal }),
  });
  const nameOf = useNames({ item: orders.data?.map((o) => o.item), partner: orders.data?.map((o) => o.customer) });
  const open = (order: string | undefined) =>
    void navigate({ to: '/production', search: (s) => ({ ...s, id: order }), replace: true });
  const isOver = (o: WorkOrder) => ['finished', 'closed', 'cancelled'].includes(o.status);
  const columns: Column<WorkOrder>[] = [
    { name: t('production.number'), nowrap: true, cell: (o) => o.number },
    {
      name: t('production.item'),
      cell: (o) => <Coded name={nameOf('item', o.item, o.itemName)} code={o.item} />,
    },
    { name: t('production.state'), cell: (o) => <OrderStatus status={o.status} /> },
    { name: t('production.goodOfPlanned'), cell: (o) => <Progress good={o.good} planned={o.quantity} /> },
    { name: t('production.scrap'), num: true, cell: (o) => f.number(o.scrap) },
    { name: t('production.due'), cell: (o) => <Due due={o.due} over={isOver(o)} now={now} /> },
    { name: t('production.priority'), num: true, cell: (o) => o.priority },
    { name: t('production.customer'), cell: (o) => (o.customer === null ? '' : nameOf('partner', o.customer)) },
  ];
  return (
    <div className="stack">
      <SalesList plan={(salesOrder) => setMaking({ salesOrder })} />
      <ListPanel
        title={t('production.orders')}
        list={orders}
        columns={columns}
        keyOf={(o) => o.id}
        open={(o) => open(o.id)}
        empty={{ title: t('production.noOrders'), text: t('production.noOrdersText') }}
        filter={filterOf(Object.keys(filters) as Filter[], filter, setFilter, (value) =>
          t(`production.filter.${value}`),
        )}
        search={{ label: t('production.search'), value: search, set: setSearch }}
        csv={{
          file: 'work-orders.csv',
          head: ['number', 'item', 'name', 'quantity', 'good', 'scrap', 'due', 'priority', 'status', 'customer'],
          line: (o) => [
            ...[o.number, o.item, o.itemName, o.quantity, o.good, o.scrap],
            o.due === null ? '' : new Date(o.due / 1000).toISOString(),
            ...[o.priority, o.status, o.customer ?? ''],
          ],
        }}
        aside={
          can.lead ? (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking({ salesOrder: null })}>
              {t('production.newOrder')}
            </Button>
          ) : null
        }
      />
      {making ? <NewOrder salesOrder={making.salesOrder} close={() => setMaking(null)} /> : null}
      {id ? <OrderDrawer id={id} close={() => open(undefined)} /> : null}
    </div>
  );
}
