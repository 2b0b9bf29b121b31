import type { CheckItem, CheckSheet } from '@deungdae/contracts/maintenance.ts';
import { ActionIcon, Button, Checkbox, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { showDone } from '../../ui/notify.ts';
import { useSubjectSource } from '../../ui/pick-sources.ts';
import { MultiPicker } from '../../ui/picker.tsx';
import { maintenanceKey } from './common.tsx';
import { subjectOfKey } from './request-dialog.tsx';

const units = ['shift', 'day', 'week', 'month'] as const;
const newItem = (): CheckItem => ({ id: newEntryId().slice(0, 8), text: '', kind: 'ok', picture: false });

/** Makes a sheet, or a new version of one; checks done keep the version they were done with. */
export function SheetDialog({ sheet, close }: { sheet: CheckSheet | null; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const subjects = useSubjectSource();
  const [code, setCode] = useState(sheet?.code ?? '');
  const [name, setName] = useState(sheet?.name ?? '');
  const [keys, setKeys] = useState((sheet?.subjects ?? []).map(({ kind, id }) => `${kind}/${id}`));
  const [every, setEvery] = useState<CheckSheet['every']>(sheet?.every ?? { unit: 'day', count: 1 });
  const [items, setItems] = useState<CheckItem[]>(sheet?.items ?? [newItem()]);
  const [active, setActive] = useState(sheet?.active ?? true);
  const save = useMutation({
    mutationFn: () => api.putCheckSheet({ code }, { name, subjects: keys.map(subjectOfKey), every, items, active }),
    onSuccess: async (saved) => {
      showDone(t('maintenance.sheetSaved', { version: saved.version }));
      await client.invalidateQueries({ queryKey: [maintenanceKey] });
      close();
    },
  });
  const set = (id: string, part: Partial<CheckItem>) =>
    setItems(items.map((item) => (item.id === id ? { ...item, ...part } : item)));
  const ready = code.trim() !== '' && name.trim() !== '' && keys.length > 0 && items.length > 0;
  return (
    <FormDialog
      title={sheet?.name ?? t('maintenance.addSheet')}
      size={760}
      close={close}
      save={save}
      ready={ready}
      aside={
        <Switch
          label={t('maintenance.sheetActive')}
          checked={active}
          onChange={(e) => setActive(e.currentTarget.checked)}
        />
      }
    >
      <div className="row wrap">
        <TextInput
          required
          w={140}
          disabled={sheet !== null}
          label={t('maintenance.code')}
          value={code}
          onChange={(e) => setCode(e.currentTarget.value)}
        />
        <TextInput
          required
          style={{ flex: 1, minWidth: 180 }}
          label={t('maintenance.sheetName')}
          placeholder={t('maintenance.sheetNameHint')}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <NumberInput
          w={80}
          min={1}
          max={52}
          label={t('maintenance.rhythm')}
          value={every.count}
          onChange={(value) => setEvery({ ...every, count: Math.max(1, Number(value) || 1) })}
        />
        <Select
          w={110}
          label={t('maintenance.rhythmUnit')}
          allowDeselect={false}
          value={every.unit}
          data={units.map((value) => ({ value, label: t(`maintenance.per.${value}`) }))}
          onChange={(unit) => setEvery({ ...every, unit: unit as CheckSheet['every']['unit'] })}
        />
      </div>
      <MultiPicker required label={t('maintenance.subjects')} source={subjects} values={keys} onChange={setKeys} />
      <fieldset className="mt-lines">
        <legend>{t('maintenance.items')}</legend>
        {items.map((item) => (
          <ItemRow
            key={item.id}
            item={item}
            change={(part) => set(item.id, part)}
            remove={() => setItems(items.filter((other) => other.id !== item.id))}
          />
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={15} />}
          onClick={() => setItems([...items, newItem()])}
        >
          {t('maintenance.addItem')}
        </Button>
      </fieldset>
    </FormDialog>
  );
}

function ItemRow({
  item,
  change,
  remove,
}: {
  item: CheckItem;
  change: (part: Partial<CheckItem>) => void;
  remove: () => void;
}) {
  const t = useText();
  const limit = (value: string | number) => (value === '' ? undefined : Number(value));
  return (
    <div className="row wrap">
      <TextInput
        required
        style={{ flex: 1, minWidth: 200 }}
        aria-label={t('maintenance.itemText')}
        placeholder={t('maintenance.itemHint')}
        value={item.text}
        onChange={(e) => change({ text: e.currentTarget.value })}
      />
      <Select
        w={120}
        aria-label={t('maintenance.itemKind')}
        allowDeselect={false}
        value={item.kind}
        data={(['ok', 'value'] as const).map((value) => ({ value, label: t(`maintenance.itemKind.${value}`) }))}
        onChange={(kind) => change({ kind: kind as CheckItem['kind'] })}
      />
      {item.kind === 'value' ? (
        <>
          <NumberInput
            w={86}
            aria-label={t('maintenance.lower')}
            placeholder={t('maintenance.lower')}
            value={item.lower ?? ''}
            onChange={(value) => change({ lower: limit(value) })}
          />
          <NumberInput
            w={86}
            aria-label={t('maintenance.upper')}
            placeholder={t('maintenance.upper')}
            value={item.upper ?? ''}
            onChange={(value) => change({ upper: limit(value) })}
          />
          <TextInput
            w={76}
            aria-label={t('maintenance.itemUnit')}
            placeholder={t('maintenance.itemUnit')}
            value={item.unit ?? ''}
            onChange={(e) => change({ unit: e.currentTarget.value || undefined })}
          />
        </>
      ) : null}
      <Checkbox
        label={t('maintenance.photo')}
        checked={item.picture}
        onChange={(e) => change({ picture: e.currentTarget.checked })}
      />
      <ActionIcon variant="subtle" color="gray" aria-label={t('maintenance.remove')} onClick={remove}>
        <IconTrash size={18} />
      </ActionIcon>
    </div>
  );
}
