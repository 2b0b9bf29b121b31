import { Button, Checkbox, Modal, NumberInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { fromLocalInput, toLocalInput } from '../../time/zoned.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { useAct } from './use-act.ts';

/** A work order, empty or from a line of a customer's order. */
export function NewOrder({ salesOrder, close }: { salesOrder: string | null; close: () => void }) {
  const t = useText();
  const zone = usePlantZone();
  const { act, busy } = useAct();
  const [entryId] = useState(newEntryId);
  const sales = useQuery({
    queryKey: ['production', 'sales'],
    queryFn: ({ signal }) => api.salesOrders({ status: 'open', limit: 200 }, { signal }),
    enabled: salesOrder !== null,
  });
  const line = sales.data?.find((s) => s.id === salesOrder);
  const [item, setItem] = useState(line?.item ?? '');
  const [quantity, setQuantity] = useState<number | ''>(line?.quantity ?? '');
  const [due, setDue] = useState(line?.due ? toLocalInput(line.due / 1000, zone) : '');
  const [priority, setPriority] = useState<number | ''>(line?.priority ?? 5);
  const [release, setRelease] = useState(true);
  const [note, setNote] = useState('');
  const moment = due === '' ? null : fromLocalInput(due, zone);
  const save = async () => {
    const body = {
      ...{ entryId, item: item.trim(), quantity: Number(quantity), priority: Number(priority), release, note },
      ...{ due: moment === null ? null : moment * 1000, salesOrder },
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
        <TextInput
          label={t('production.itemCode')}
          required
          maxLength={60}
          value={item}
          disabled={line !== undefined}
          onChange={(e) => setItem(e.currentTarget.value)}
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
