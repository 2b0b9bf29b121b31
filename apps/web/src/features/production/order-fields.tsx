import { NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../i18n/i18n.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { fromLocalInput, toLocalInput } from '../../time/zoned.ts';
import { useMasterSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';

/** What a customer's order and a work order both say: which item, how many, until when, how urgent. */
export function useOrderFields(start: {
  item?: string | undefined;
  quantity?: number | undefined;
  /** µs UTC */
  due?: number | null | undefined;
  priority?: number | undefined;
  note?: string | undefined;
}) {
  const zone = usePlantZone();
  const [item, setItem] = useState<string | null>(start.item ?? null);
  const [quantity, setQuantity] = useState<number | ''>(start.quantity ?? '');
  const [due, setDue] = useState(start.due ? toLocalInput(start.due / 1000, zone) : '');
  const [priority, setPriority] = useState<number | ''>(start.priority ?? 5);
  const [note, setNote] = useState(start.note ?? '');
  const moment = due === '' ? null : fromLocalInput(due, zone);
  return {
    ...{ item, setItem, quantity, setQuantity, due, setDue, priority, setPriority, note, setNote },
    ready: item !== null && Number(quantity) > 0,
    /** All but the item, as it is sent. */
    body: {
      ...{ quantity: Number(quantity), priority: Number(priority), note },
      due: moment === null ? null : moment * 1000,
    },
  };
}

export function OrderFields({ fields: o, fixed }: { fields: ReturnType<typeof useOrderFields>; fixed: boolean }) {
  const t = useText();
  const items = useMasterSource('item');
  return (
    <>
      <Picker
        source={items}
        label={t('production.item')}
        required
        disabled={fixed}
        value={o.item}
        onChange={o.setItem}
      />
      <div className="row wrap">
        <NumberInput
          className="grow"
          label={t('production.quantity')}
          required
          min={0}
          thousandSeparator=","
          value={o.quantity}
          onChange={(v) => o.setQuantity(v === '' ? '' : Number(v))}
        />
        <TextInput
          className="grow"
          type="datetime-local"
          label={t('production.due')}
          value={o.due}
          onChange={(e) => o.setDue(e.currentTarget.value)}
        />
      </div>
      <NumberInput
        label={t('production.priorityHelp')}
        min={1}
        max={9}
        value={o.priority}
        onChange={(v) => o.setPriority(v === '' ? '' : Number(v))}
      />
      <TextInput
        label={t('field.note')}
        maxLength={1000}
        value={o.note}
        onChange={(e) => o.setNote(e.currentTarget.value)}
      />
    </>
  );
}
