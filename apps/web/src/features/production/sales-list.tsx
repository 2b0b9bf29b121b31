import type { SalesOrder } from '@deungdae/contracts/work-order.ts';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { ListPanel } from '../../ui/list-panel.tsx';
import { Coded, useNames } from '../../ui/names.tsx';
import type { Column } from '../../ui/rows-table.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Due } from './order-marks.tsx';

/** Customers' orders that nobody has planned yet; nothing when there are none. */
export function SalesList({ plan }: { plan: (salesOrder: string) => void }) {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const now = useNow(60_000);
  const sales = useQuery({
    queryKey: ['production', 'sales'],
    queryFn: ({ signal }) => api.salesOrders({ status: 'open', limit: 200 }, { signal }),
  });
  const nameOf = useNames({ item: sales.data?.map((s) => s.item), partner: sales.data?.map((s) => s.customer) });
  if (!sales.data?.length) return null;
  const columns: Column<SalesOrder>[] = [
    { name: t('production.salesOrder'), nowrap: true, cell: (s) => `${s.number}-${s.line}` },
    {
      name: t('production.item'),
      cell: (s) => <Coded name={nameOf('item', s.item, s.itemName)} code={s.item} />,
    },
    { name: t('production.customer'), cell: (s) => (s.customer === null ? '' : nameOf('partner', s.customer)) },
    { name: t('production.quantity'), num: true, cell: (s) => f.number(s.quantity) },
    { name: t('production.due'), cell: (s) => <Due due={s.due} over={false} now={now} /> },
    {
      name: t('field.actions'),
      bare: true,
      cell: (s) =>
        can.lead ? (
          <Button variant="light" onClick={() => plan(s.id)}>
            {t('production.plan')}
          </Button>
        ) : null,
    },
  ];
  return (
    <ListPanel
      title={t('production.toPlan')}
      list={sales}
      columns={columns}
      keyOf={(s) => s.id}
      empty={{ title: t('production.noSales'), text: t('production.noSalesText') }}
    />
  );
}
