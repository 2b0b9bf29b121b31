import type { Defect } from '@deungdae/contracts/work-order.ts';
import { Button, Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type TextKey, useText } from '../../i18n/i18n.ts';
import { useDefectSource, useLotSource, useMasterSource, useStopReasonSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { type EntryField, fieldsOf } from './entry-form.ts';

export type EntryData = Record<string, unknown>;
interface Shared {
  data: EntryData;
  set: (key: string, value: unknown) => void;
}

/** The fields of a kiosk entry of one kind, in the words of the shop; what has no field stays as it was typed. */
export function EntryFields({ kind, data, set }: Shared & { kind: string }) {
  const fields = fieldsOf(kind);
  return (
    <>
      {fields.map((field) => (
        <OneField key={field.key} field={field} data={data} set={set} />
      ))}
    </>
  );
}

function OneField({ field, data, set }: Shared & { field: EntryField }) {
  const t = useText();
  const label = t(`production.field.${field.key}` as TextKey);
  const value = data[field.key];
  const text = typeof value === 'string' ? value : '';
  switch (field.type) {
    case 'number':
      return (
        <NumberInput
          label={label}
          // Pieces that were turned good stand below nothing in a correction.
          min={Math.min(0, Number(value) || 0)}
          required={field.required ?? false}
          thousandSeparator=","
          value={typeof value === 'number' ? value : ''}
          onChange={(v) => set(field.key, v === '' ? undefined : Number(v))}
        />
      );
    case 'long':
      return (
        <Textarea
          label={label}
          autosize
          minRows={2}
          maxLength={1000}
          value={text}
          onChange={(e) => set(field.key, e.currentTarget.value)}
        />
      );
    case 'yes':
      return (
        <Checkbox label={label} checked={value === true} onChange={(e) => set(field.key, e.currentTarget.checked)} />
      );
    case 'choice':
      return (
        <Select
          label={label}
          allowDeselect={false}
          value={text}
          data={field.choices!.map((c) => ({ value: c, label: t(`production.${field.words}.${c}` as TextKey) }))}
          onChange={(v) => set(field.key, v)}
        />
      );
    case 'defects':
      return <Defects data={data} set={set} />;
    case 'lot':
    case 'tool':
    case 'correction':
    case 'stop':
      return (
        <Picked
          type={field.type}
          label={label}
          required={field.required ?? false}
          value={text}
          set={(v) => set(field.key, v ?? undefined)}
        />
      );
    default:
      return (
        <TextInput
          label={label}
          required={field.required ?? false}
          maxLength={200}
          value={text}
          onChange={(e) => set(field.key, e.currentTarget.value)}
        />
      );
  }
}

const isCorrection = { name: 'correction', keep: (data: Record<string, unknown>) => data.tree === 'correction' };

function Picked(props: {
  type: 'lot' | 'tool' | 'correction' | 'stop';
  label: string;
  required: boolean;
  value: string;
  set: (value: string | null) => void;
}) {
  const sources = {
    ...{ lot: useLotSource(), tool: useMasterSource('tool') },
    ...{ correction: useMasterSource('reason', isCorrection), stop: useStopReasonSource() },
  };
  const { label, required, value, set } = props;
  return <Picker source={sources[props.type]} free {...{ label, required, value }} onChange={set} />;
}

/** Bad pieces by their reason; the scrap of the entry is their sum. */
function Defects({ data, set }: Shared) {
  const t = useText();
  const source = useDefectSource();
  const defects = (Array.isArray(data.defects) ? data.defects : []) as Defect[];
  const put = (next: readonly Defect[]) => set('defects', next);
  return (
    <fieldset className="stack">
      <legend className="small">{t('production.field.defects')}</legend>
      {defects.map((defect, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
        <div className="row wrap" key={i}>
          <Picker
            bare
            source={source}
            label={t('production.field.defects')}
            value={defect.reason || null}
            onChange={(reason) => put(defects.map((d, k) => (k === i ? { ...d, reason: reason ?? '' } : d)))}
          />
          {defect.cavity === undefined ? null : (
            <span className="muted small nowrap">{t('production.cavity', { n: defect.cavity })}</span>
          )}
          <NumberInput
            aria-label={t('production.quantity')}
            w={100}
            min={0}
            value={defect.quantity}
            onChange={(q) => put(defects.map((d, k) => (k === i ? { ...d, quantity: Number(q) } : d)))}
          />
          <Button
            variant="subtle"
            color="gray"
            aria-label={t('production.removeDefect')}
            onClick={() => put(defects.filter((_, k) => k !== i))}
          >
            <IconX size={16} aria-hidden />
          </Button>
        </div>
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={16} />}
        onClick={() => put([...defects, { reason: '', quantity: 1 }])}
      >
        {t('production.addDefect')}
      </Button>
    </fieldset>
  );
}

/** Pieces count although the book has no material for them. */
export function RecordShort({ short, set }: { short: boolean; set: (short: boolean) => void }) {
  const t = useText();
  return (
    <Checkbox
      label={t('production.recordShort')}
      description={t('production.recordShortHelp')}
      checked={short}
      onChange={(e) => set(e.currentTarget.checked)}
    />
  );
}
