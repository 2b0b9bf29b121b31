import type { SalesOrder } from '@deungdae/contracts/work-order.ts';
import { Button, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useMasterSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { OfSales, OrderFields, useOrderFields } from './order-fields.tsx';
import { useSave } from './use-act.ts';

const isCustomer = {
  name: 'customer',
  keep: (data: Record<string, unknown>) => Array.isArray(data.roles) && data.roles.includes('customer'),
};

/** A line of a customer's order: entered, changed or cancelled. Item and customer stay as they were entered. */
export function SalesDialog({ line, close }: { line: SalesOrder | null; close: () => void }) {
  const t = useText();
  const [entryId] = useState(newEntryId);
  const customers = useMasterSource('partner', isCustomer);
  const [number, setNumber] = useState(line?.number ?? '');
  const [place, setPlace] = useState<number | ''>(line?.line ?? 1);
  const [customer, setCustomer] = useState<string | null>(line?.customer ?? null);
  const fields = useOrderFields(line ?? {});
  const { item, body } = fields;
  const save = useSave(close, (act: 'save' | 'cancel') => {
    if (line) return api.updateSalesOrder({ id: line.id }, act === 'cancel' ? { cancel: true } : body);
    const own = { entryId, number: number.trim(), line: Number(place), customer, item: item! };
    return api.createSalesOrder({ ...own, ...body });
  });
  return (
    <FormDialog
      title={line ? `${line.number}-${line.line}` : t('production.newSales')}
      size={520}
      close={close}
      save={{ ...save, mutate: () => save.mutate('save') }}
      ready={number.trim() !== '' && Number(place) >= 1 && fields.ready}
      aside={
        line?.status === 'open' ? (
          <Button variant="default" color="red" disabled={save.isPending} onClick={() => save.mutate('cancel')}>
            {t('production.cancelSales')}
          </Button>
        ) : null
      }
    >
      {line ? null : (
        <div className="row wrap">
          <TextInput
            className="grow"
            data-autofocus
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
      {line ? (
        <OfSales line={line} />
      ) : (
        <Picker source={customers} label={t('production.customer')} value={customer} onChange={setCustomer} />
      )}
      <OrderFields fields={fields} fixed={line !== null} />
    </FormDialog>
  );
}
