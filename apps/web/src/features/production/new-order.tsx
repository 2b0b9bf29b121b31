import type { SalesOrder } from '@deungdae/contracts/work-order.ts';
import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { OfSales, OrderFields, useOrderFields } from './order-fields.tsx';
import { useSave } from './use-act.ts';

/** A work order, empty or from a line of a customer's order: drawn when the line is there, with what is left to plan of it. */
export function NewOrder({ salesOrder, close }: { salesOrder: string | null; close: () => void }) {
  const sales = useQuery({
    queryKey: ['production', 'sales', 'toPlan'],
    queryFn: ({ signal }) => api.salesOrders({ limit: 1000 }, { signal }),
    enabled: salesOrder !== null,
  });
  const line = sales.data?.find((s) => s.id === salesOrder);
  return salesOrder === null || line ? <OrderForm line={line} close={close} /> : null;
}

function OrderForm({ line, close }: { line: SalesOrder | undefined; close: () => void }) {
  const t = useText();
  const [entryId] = useState(newEntryId);
  const [release, setRelease] = useState(true);
  const quantity = line && (Math.max(0, line.quantity - line.ordered) || line.quantity);
  const fields = useOrderFields({ item: line?.item, quantity, due: line?.due, priority: line?.priority });
  const save = useSave(
    close,
    () => api.createWorkOrder({ ...fields.body, entryId, release, item: fields.item!, salesOrder: line?.id ?? null }),
    t('production.orderMade'),
  );
  return (
    <FormDialog title={t('production.newOrder')} size={520} close={close} save={save} ready={fields.ready}>
      {line ? <OfSales line={line} /> : null}
      <OrderFields fields={fields} fixed={line !== undefined} />
      <Checkbox
        label={t('production.releaseNow')}
        checked={release}
        onChange={(e) => setRelease(e.currentTarget.checked)}
      />
    </FormDialog>
  );
}
