import type { SalesOrder } from '@deungdae/contracts/work-order.ts';
import { Button, Modal, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { fromLocalInput, toLocalInput } from '../../time/zoned.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { useMasterSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { useAct } from './use-act.ts';

const isCustomer = {
  name: 'customer',
  keep: (data: Record<string, unknown>) => Array.isArray(data.roles) && data.roles.includes('customer'),
};

/** A line of a customer's order: entered, changed or cancelled. Item and customer stay as they were entered. */
export function SalesDialog({ line, close }: { line: SalesOrder | null; close: () => void }) {
  const t = useText();
  const zone = usePlantZone();
  const { act, busy } = useAct();
  const [entryId] = useState(newEntryId);
  const items = useMasterSource('item');
  const customers = useMasterSource('partner', isCustomer);
  const [number, setNumber] = useState(line?.number ?? '');
  const [place, setPlace] = useState<number | ''>(line?.line ?? 1);
  const [customer, setCustomer] = useState<string | null>(line?.customer ?? null);
  const [item, setItem] = useState<string | null>(line?.item ?? null);
  const [quantity, setQuantity] = useState<number | ''>(line?.quantity ?? '');
  const [due, setDue] = useState(line?.due ? toLocalInput(line.due / 1000, zone) : '');
  const [priority, setPriority] = useState<number | ''>(line?.priority ?? 5);
  const [note, setNote] = useState(line?.note ?? '');
  const moment = due === '' ? null : fromLocalInput(due, zone);
  const common = {
    ...{ quantity: Number(quantity), priority: Number(priority), note },
    due: moment === null ? null : moment * 1000,
  };
  const save = async () => {
    const work = line
      ? () => api.updateSalesOrder({ id: line.id }, common)
      : () =>
          api.createSalesOrder({
            entryId,
            number: number.trim(),
            line: Number(place),
            customer,
            item: item!,
            ...common,
          });
    if (await act(work, t('production.done'))) close();
  };
  const cancel = async () => {
    if (line && (await act(() => api.updateSalesOrder({ id: line.id }, { cancel: true }), t('production.done'))))
      close();
  };
  const ready = number.trim() !== '' && item !== null && Number(quantity) > 0 && Number(place) >= 1;
  return (
    <Modal
      opened
      onClose={close}
      title={<strong>{line ? `${line.number}-${line.line}` : t('production.newSales')}</strong>}
      size={520}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        {line ? null : (
          <div className="row wrap">
            <TextInput
              label={t('production.salesNumber')}
              required
              maxLength={60}
              value={number}
              onChange={(e) => setNumber(e.currentTarget.value)}
            />
            <NumberInput
              label={t('production.salesLine')}
              min={1}
              max={9999}
              w={90}
              value={place}
              onChange={(v) => setPlace(v === '' ? '' : Number(v))}
            />
          </div>
        )}
        <Picker
          source={customers}
          label={t('production.customer')}
          disabled={line !== null}
          value={customer}
          onChange={setCustomer}
        />
        <Picker
          source={items}
          label={t('production.item')}
          required
          disabled={line !== null}
          value={item}
          onChange={setItem}
        />
        <NumberInput
          label={t('production.quantity')}
          required
          min={0}
          thousandSeparator=","
          value={quantity}
          onChange={(v) => setQuantity(v === '' ? '' : Number(v))}
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
          onChange={(v) => setPriority(v === '' ? '' : Number(v))}
        />
        <TextInput
          label={t('field.note')}
          maxLength={1000}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        <div className="row wrap">
          <Button type="submit" loading={busy} disabled={!ready}>
            {t('action.save')}
          </Button>
          {line && line.status === 'open' ? (
            <Button variant="default" color="red" loading={busy} onClick={() => void cancel()}>
              {t('production.cancelSales')}
            </Button>
          ) : null}
        </div>
      </form>
    </Modal>
  );
}
