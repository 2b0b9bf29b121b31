import type { SalesOrder } from '@deungdae/contracts/work-order.ts';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
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
import { Progress } from './order-marks.tsx';
import { promiseOf } from './promise.ts';
import { SalesDialog } from './sales-dialog.tsx';

const filters = ['all', 'open', 'planned', 'done', 'cancelled'] as const;

/** Customers' orders: what was promised when, and whether it is kept. */
export function SalesTab() {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const now = useNow(60_000);
  const [filter, setFilter] = useState<(typeof filters)[number]>('all');
  const [search, setSearch] = useState('');
  const [editing, setEditing] = useState<SalesOrder | 'new' | null>(null);
  const [planning, setPlanning] = useState<string | null>(null);
  const sales = useQuery({
    queryKey: ['production', 'sales', filter, search],
    queryFn: ({ signal }) =>
      api.salesOrders(
        { ...(filter === 'all' ? {} : { status: filter }), ...(search ? { search } : {}), limit: 500 },
        { signal },
      ),
  });
  const nameOf = useNames({ item: sales.data?.map((s) => s.item), partner: sales.data?.map((s) => s.customer) });
  const customerOf = (s: SalesOrder) => (s.customer === null ? '' : nameOf('partner', s.customer));
  const canPlan = (s: SalesOrder) =>
    can.lead && (s.status === 'open' || (s.status === 'planned' && s.ordered < s.quantity));
  const columns: Column<SalesOrder>[] = [
    {
      name: t('production.salesOrder'),
      nowrap: true,
      cell: (s) =>
        can.lead && s.status !== 'cancelled' ? (
          <button type="button" className="plain-button link" onClick={() => setEditing(s)}>
            {s.number}-{s.line}
          </button>
        ) : (
          `${s.number}-${s.line}`
        ),
    },
    { name: t('production.customer'), cell: customerOf },
    {
      name: t('production.item'),
      cell: (s) => <Coded name={nameOf('item', s.item, s.itemName)} code={s.item} />,
    },
    { name: t('production.goodOfOrdered'), cell: (s) => <Progress good={s.good} planned={s.quantity} /> },
    { name: t('production.due'), nowrap: true, cell: (s) => (s.due === null ? '–' : f.dateTime(s.due / 1000)) },
    { name: t('production.promise'), nowrap: true, cell: (s) => <Promised line={s} now={now} /> },
    {
      name: t('field.actions'),
      bare: true,
      cell: (s) =>
        canPlan(s) ? (
          <Button variant="light" onClick={() => setPlanning(s.id)}>
            {t('production.plan')}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <ListPanel
        title={t('production.tab.sales')}
        list={sales}
        columns={columns}
        keyOf={(s) => s.id}
        empty={{ title: t('production.noSales'), text: t('production.noSalesText') }}
        filter={filterOf(filters, filter, setFilter, (value) => t(`production.sales.${value}`))}
        search={{ label: t('production.search'), value: search, set: setSearch }}
        csv={{
          file: 'sales-orders.csv',
          head: ['number', 'line', 'customer', 'item', 'name', 'quantity', 'ordered', 'good', 'due', 'state'],
          line: (s) => [
            ...[s.number, s.line, s.customer ?? '', s.item, s.itemName, s.quantity, s.ordered, s.good],
            ...[s.due === null ? '' : new Date(s.due / 1000).toISOString(), promiseOf(s, now)],
          ],
        }}
        aside={
          can.lead ? (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
              {t('production.newSales')}
            </Button>
          ) : null
        }
      />
      {editing ? <SalesDialog line={editing === 'new' ? null : editing} close={() => setEditing(null)} /> : null}
      {planning ? <NewOrder salesOrder={planning} close={() => setPlanning(null)} /> : null}
    </>
  );
}

function Promised({ line, now }: { line: SalesOrder; now: number }) {
  const t = useText();
  const state = promiseOf(line, now);
  const late = state === 'doneLate' || state === 'overdue';
  return <span className={late ? 'late-text' : ''}>{t(`production.promise.${state}`)}</span>;
}
