import type { SalesOrder } from '@deungdae/contracts/work-order.ts';
import { Button, Checkbox, Modal, NumberInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { fromLocalInput, toLocalInput } from '../../time/zoned.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { useMasterSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { useAct } from './use-act.ts';

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
  const zone = usePlantZone();
  const { act, busy } = useAct();
  const items = useMasterSource('item');
  const [entryId] = useState(newEntryId);
  const [item, setItem] = useState(line?.item ?? '');
  const [quantity, setQuantity] = useState<number | ''>(
    line ? Math.max(0, line.quantity - line.ordered) || line.quantity : '',
  );
  const [due, setDue] = useState(line?.due ? toLocalInput(line.due / 1000, zone) : '');
  const [priority, setPriority] = useState<number | ''>(line?.priority ?? 5);
  const [release, setRelease] = useState(true);
  const [note, setNote] = useState('');
  const moment = due === '' ? null : fromLocalInput(due, zone);
  const save = async () => {
    const body = {
      ...{ entryId, item: item.trim(), quantity: Number(quantity), priority: Number(priority), release, note },
      ...{ due: moment === null ? null : moment * 1000, salesOrder: line?.id ?? null },
    };
    if (await act(() => api.createWorkOrder(body), t('production.orderMade'))) close();
  };
  return (
    <Modal opened onClose={close} title={<strong>{t('production.newOrder')}</strong>} size={520}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {line ? (
          <p className="small muted">
            {t('production.salesOrder')} {line.number}-{line.line} {line.customer ?? ''}
          </p>
        ) : null}
        <Picker
          source={items}
          label={t('production.item')}
          required
          value={item || null}
          disabled={line !== undefined}
          onChange={(code) => setItem(code ?? '')}
        />
        <NumberInput
          label={t('production.quantity')}
          required
          min={0}
          thousandSeparator=","
          value={quantity}
          onChange={(value) => setQuantity(value === '' ? '' : Number(value))}
        />
        <TextInput
          type="datetime-local"
          label={t('production.due')}
          value={due}
          onChange={(e) => setDue(e.currentTarget.value)}
        />
        <NumberInput
          label={t('production.priorityHelp')}
          min={1}
          max={9}
          value={priority}
          onChange={(value) => setPriority(value === '' ? '' : Number(value))}
        />
        <TextInput
          label={t('field.note')}
          maxLength={1000}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        <Checkbox
          label={t('production.releaseNow')}
          checked={release}
          onChange={(e) => setRelease(e.currentTarget.checked)}
        />
        <Button type="submit" loading={busy} disabled={item.trim() === '' || !(Number(quantity) > 0)}>
          {t('action.save')}
        </Button>
      </form>
    </Modal>
  );
}
