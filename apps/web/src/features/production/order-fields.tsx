import type { SalesOrder } from '@deungdae/contracts/work-order.ts';
import { NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../../i18n/i18n.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { fromLocalInput, toLocalInput } from '../../time/zoned.ts';
import { Coded, useNames } from '../../ui/names.tsx';
import { useMasterSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { Fact } from './order-marks.tsx';

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
      {fixed ? null : (
        <Picker source={items} label={t('production.item')} required value={o.item} onChange={o.setItem} />
      )}
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

/** What of a line of a customer's order stays as it is. */
export function OfSales({ line }: { line: SalesOrder }) {
  const t = useText();
  const nameOf = useNames({ item: [line.item], partner: [line.customer] });
  return (
    <dl className="fact-row">
      <Fact name={t('production.salesOrder')}>
        {line.number}-{line.line}
      </Fact>
      {line.customer === null ? null : <Fact name={t('production.customer')}>{nameOf('partner', line.customer)}</Fact>}
      <Fact name={t('production.item')}>
        <Coded name={nameOf('item', line.item, line.itemName)} code={line.item} />
      </Fact>
    </dl>
  );
}
