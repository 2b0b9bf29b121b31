import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
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
  const rows = sales.data ?? [];
  if (rows.length === 0) return null;
  return (
    <section className="panel" aria-label={t('production.toPlan')}>
      <div className="panel-head">
        <h2>{t('production.toPlan')}</h2>
        <span className="muted small">{rows.length}</span>
      </div>
      <div className="table-scroll">
        <CardTable>
          <thead>
            <tr>
              <th>{t('production.salesOrder')}</th>
              <th>{t('production.item')}</th>
              <th>{t('production.customer')}</th>
              <th className="num">{t('production.quantity')}</th>
              <th>{t('production.due')}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {rows.map((s) => (
              <tr key={s.id}>
                <td>
                  {s.number}-{s.line}
                </td>
                <td>
                  {s.itemName} <span className="muted small">{s.item}</span>
                </td>
                <td>{s.customer ?? ''}</td>
                <td className="num">{f.number(s.quantity)}</td>
                <td>
                  <Due due={s.due} over={false} now={now} />
                </td>
                <td>
                  {can.lead ? (
                    <Button variant="light" onClick={() => plan(s.id)}>
                      {t('production.plan')}
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </div>
    </section>
  );
}
