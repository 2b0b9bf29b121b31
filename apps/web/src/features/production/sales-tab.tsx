import type { SalesOrder } from '@deungdae/contracts/work-order.ts';
import { Button, Select, TextInput } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { csvText, download } from '../../ui/csv.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
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
  const rows = sales.data ?? [];
  const exportCsv = () => {
    const head = ['number', 'line', 'customer', 'item', 'name', 'quantity', 'ordered', 'good', 'due', 'state'];
    const lines = rows.map((s) => [
      ...[s.number, s.line, s.customer ?? '', s.item, s.itemName, s.quantity, s.ordered, s.good],
      ...[s.due === null ? '' : new Date(s.due / 1000).toISOString(), promiseOf(s, now)],
    ]);
    download('sales-orders.csv', csvText([head, ...lines]));
  };
  return (
    <section className="panel" aria-label={t('production.tab.sales')}>
      <div className="panel-head">
        <h2>{t('production.tab.sales')}</h2>
        <span className="muted small">{rows.length}</span>
        <Select
          aria-label={t('production.filter')}
          allowDeselect={false}
          w={150}
          value={filter}
          onChange={(value) => value && setFilter(value as typeof filter)}
          data={filters.map((value) => ({ value, label: t(`production.sales.${value}`) }))}
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
          disabled={rows.length === 0}
          onClick={exportCsv}
        >
          CSV
        </Button>
        {can.lead ? (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
            {t('production.newSales')}
          </Button>
        ) : null}
      </div>
      {sales.error ? <ErrorBox error={sales.error} retry={() => void sales.refetch()} /> : null}
      {sales.isLoading ? <LoadingRows /> : null}
      {sales.data && rows.length === 0 ? (
        <EmptyState title={t('production.noSales')}>{t('production.noSalesText')}</EmptyState>
      ) : null}
      {rows.length > 0 ? (
        <div className="table-scroll">
          <CardTable>
            <thead>
              <tr>
                <th>{t('production.salesOrder')}</th>
                <th>{t('production.customer')}</th>
                <th>{t('production.item')}</th>
                <th>{t('production.goodOfOrdered')}</th>
                <th>{t('production.due')}</th>
                <th>{t('production.promise')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {rows.map((s) => (
                <tr key={s.id}>
                  <td>
                    {can.lead && s.status !== 'cancelled' ? (
                      <button type="button" className="plain-button link" onClick={() => setEditing(s)}>
                        {s.number}-{s.line}
                      </button>
                    ) : (
                      `${s.number}-${s.line}`
                    )}
                  </td>
                  <td>{s.customer ?? ''}</td>
                  <td>
                    {s.itemName} <span className="muted small">{s.item}</span>
                  </td>
                  <td>
                    <Progress good={s.good} planned={s.quantity} />
                  </td>
                  <td className="nowrap">{s.due === null ? '–' : f.dateTime(s.due / 1000)}</td>
                  <td className="nowrap">
                    <Promised line={s} now={now} />
                  </td>
                  <td>
                    {can.lead && (s.status === 'open' || (s.status === 'planned' && s.ordered < s.quantity)) ? (
                      <Button variant="light" onClick={() => setPlanning(s.id)}>
                        {t('production.plan')}
                      </Button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </div>
      ) : null}
      {editing ? <SalesDialog line={editing === 'new' ? null : editing} close={() => setEditing(null)} /> : null}
      {planning ? <NewOrder salesOrder={planning} close={() => setPlanning(null)} /> : null}
    </section>
  );
}

function Promised({ line, now }: { line: SalesOrder; now: number }) {
  const t = useText();
  const state = promiseOf(line, now);
  const late = state === 'doneLate' || state === 'overdue';
  return <span className={late ? 'late-text' : ''}>{t(`production.promise.${state}`)}</span>;
}
