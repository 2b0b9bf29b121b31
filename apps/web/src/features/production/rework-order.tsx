import type { WorkOrder } from '@deungdae/contracts/work-order.ts';
import { NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useNames } from '../../ui/names.tsx';
import { reworkChoices } from './order-parts.ts';
import { useSave } from './use-act.ts';

/** Pieces that were set aside go back to an earlier operation, as an order of their own. */
export function ReworkOrder({ order, close }: { order: WorkOrder; close: () => void }) {
  const t = useText();
  const f = useFormats();
  const [entryId] = useState(newEntryId);
  const named = useNames({ routing: [order.item] });
  const choices = reworkChoices(order);
  const [from, setFrom] = useState(choices[0]?.from.number ?? 0);
  const chosen = choices.find((c) => c.from.number === from) ?? choices[0];
  const [to, setTo] = useState<number | null>(null);
  const [quantity, setQuantity] = useState<number | ''>(chosen?.from.rework ?? '');
  const [reason, setReason] = useState('');
  const stepName = (number: number) => order.steps.find((s) => s.number === number)?.name ?? '';
  const nameOf = (number: number) => `${number} ${named('routing', `${order.item}/${number}`, stepName(number))}`;
  const back = to ?? chosen?.to[0] ?? 0;
  const save = useSave(close, () => {
    const body = {
      ...{ entryId, fromOperation: chosen?.from.number ?? 0, toOperation: back },
      ...{ quantity: Number(quantity), reason: reason.trim() },
    };
    return api.reworkWorkOrder({ id: order.id }, body);
  });
  if (!chosen) return null;
  return (
    <FormDialog
      title={t('production.reworkTitle')}
      close={close}
      save={save}
      ready={Number(quantity) > 0 && reason.trim() !== ''}
      submit={t('production.reworkNow')}
    >
      <p className="small muted">{t('production.reworkHelp')}</p>
      <Select
        label={t('production.reworkFrom')}
        allowDeselect={false}
        value={String(chosen.from.number)}
        data={choices.map((c) => ({
          value: String(c.from.number),
          label: `${nameOf(c.from.number)} · ${f.number(c.from.rework)}`,
        }))}
        onChange={(value) => {
          setFrom(Number(value));
          setTo(null);
          setQuantity(choices.find((c) => c.from.number === Number(value))?.from.rework ?? '');
        }}
      />
      <Select
        label={t('production.reworkTo')}
        allowDeselect={false}
        value={String(back)}
        data={chosen.to.map((n) => ({ value: String(n), label: nameOf(n) }))}
        onChange={(value) => setTo(Number(value))}
      />
      <NumberInput
        label={t('production.quantity')}
        min={0}
        max={chosen.from.rework}
        value={quantity}
        onChange={(v) => setQuantity(v === '' ? '' : Number(v))}
      />
      <TextInput
        label={t('production.reason')}
        required
        maxLength={500}
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
    </FormDialog>
  );
}
