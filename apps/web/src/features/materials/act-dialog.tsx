import { type InputWrapperProps, NumberInput, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { fromLocalInput } from '../../time/zoned.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useSaveOn } from '../../ui/use-act.ts';
import { materialsKey } from './common.tsx';

/** What every act on stock is sent with. */
export interface Entry {
  entryId: string;
  /** µs UTC; now when left out. */
  time?: number;
  reason?: string;
}

/** A dialog of one act on stock: its own fields, a reason where one is asked, and when it happened if not just now. */
export function ActDialog<T>({
  title,
  submit,
  help,
  ready,
  reason: reasonAsked = 'may',
  send,
  done,
  close,
  children,
}: {
  title: string;
  submit: string;
  help?: string;
  ready: boolean;
  reason?: 'must' | 'may';
  send: (entry: Entry) => Promise<T>;
  /** Answers what to say. */
  done: (result: T) => string;
  close: () => void;
  children: ReactNode;
}) {
  const t = useText();
  const zone = usePlantZone();
  const [entryId] = useState(newEntryId);
  const [reason, setReason] = useState('');
  const [when, setWhen] = useState('');
  const moment = when === '' ? null : fromLocalInput(when, zone);
  const save = useSaveOn<void, T>(materialsKey, {
    ...{ close, done },
    work: () =>
      send({
        entryId,
        ...(moment === null ? {} : { time: moment * 1000 }),
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
      }),
  });
  const filled = ready && (reasonAsked === 'may' || reason.trim() !== '') && (when === '' || moment !== null);
  return (
    <FormDialog title={title} size={560} close={close} save={save} ready={filled} submit={submit}>
      {help ? <p className="muted small">{help}</p> : null}
      {children}
      <div className="row wrap act-foot">
        <TextInput
          className="grow"
          maxLength={200}
          required={reasonAsked === 'must'}
          label={t('inventory.reason')}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
        <WhenField value={when} change={setWhen} />
      </div>
    </FormDialog>
  );
}

/** What is said of a field stands below it, so that fields side by side keep one line. */
const below: InputWrapperProps['inputWrapperOrder'] = ['label', 'input', 'description', 'error'];

/** When it happened, in the plant's time; empty is now. */
export function WhenField({ value, change }: { value: string; change: (text: string) => void }) {
  const t = useText();
  return (
    <TextInput
      type="datetime-local"
      inputWrapperOrder={below}
      label={t('inventory.when')}
      description={t('inventory.whenHelp')}
      value={value}
      onChange={(e) => change(e.currentTarget.value)}
    />
  );
}

/** A quantity with its unit, and how much there is. */
export function QuantityField({
  value,
  change,
  unit,
  most,
  label,
}: {
  value: number | string;
  change: (value: number | string) => void;
  unit: string;
  most?: number | undefined;
  label?: string;
}) {
  const t = useText();
  const text = unitText(unit);
  return (
    <NumberInput
      required
      className="grow"
      min={0}
      decimalScale={6}
      thousandSeparator=","
      inputWrapperOrder={below}
      label={label ?? t('inventory.column.quantity')}
      description={most === undefined ? undefined : t('inventory.atMost', { n: `${most.toLocaleString()} ${text}` })}
      rightSection={<span className="unit">{text}</span>}
      rightSectionWidth={52}
      value={value}
      onChange={change}
    />
  );
}

/** Whether a typed quantity is one, and not more than there is. */
export function within(value: number | string, most = Number.POSITIVE_INFINITY): boolean {
  return value !== '' && Number(value) > 0 && Number(value) <= most;
}
