import type { WorkOrder } from '@deungdae/contracts/work-order.ts';
import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { LoadingRows } from '../../ui/messages.tsx';
import { mergeable } from './order-parts.ts';
import { useSave } from './use-act.ts';

/** Orders of the same item that were not begun go into this one. */
export function MergeOrders({ order, close }: { order: WorkOrder; close: () => void }) {
  const t = useText();
  const f = useFormats();
  const [entryId] = useState(newEntryId);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { data } = useQuery({
    queryKey: ['production', 'mergeable', order.item, order.status],
    queryFn: ({ signal }) => api.workOrders({ status: order.status, item: order.item, limit: 200 }, { signal }),
  });
  const others = (data ?? []).filter((o) => mergeable(order, o));
  const sum = others.filter((o) => chosen.includes(o.id)).reduce((s, o) => s + o.quantity, order.quantity);
  const save = useSave(close, () => api.mergeWorkOrders({ entryId, orders: [order.id, ...chosen] }));
  return (
    <FormDialog
      title={t('production.mergeTitle', { order: order.number })}
      close={close}
      save={save}
      ready={chosen.length > 0}
      submit={t('production.mergeNow', { quantity: f.number(sum) })}
    >
      <p className="small muted">{t('production.mergeHelp')}</p>
      {data ? null : <LoadingRows />}
      {data && others.length === 0 ? <p>{t('production.noMerge')}</p> : null}
      {others.map((o) => (
        <Checkbox
          key={o.id}
          label={`${o.number} · ${f.number(o.quantity)}${o.due === null ? '' : ` · ${f.dateTime(o.due / 1000)}`}`}
          checked={chosen.includes(o.id)}
          onChange={(e) => setChosen(e.currentTarget.checked ? [...chosen, o.id] : chosen.filter((id) => id !== o.id))}
        />
      ))}
    </FormDialog>
  );
}
