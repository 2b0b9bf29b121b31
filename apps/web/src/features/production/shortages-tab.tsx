import type { MaterialShortage } from '@deungdae/contracts/work-order.ts';
import { Button, Checkbox, NumberInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { filterOf, ListPanel } from '../../ui/list-panel.tsx';
import { Coded, useNames } from '../../ui/names.tsx';
import { useLotSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import type { Column } from '../../ui/rows-table.tsx';
import { useAct, useSave } from './use-act.ts';

const statuses = ['open', 'settled'] as const;

/** Material of recorded pieces that the book did not have: each stays here until somebody says what was really used. */
export function ShortagesTab() {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const can = useAbilities();
  const [status, setStatus] = useState<(typeof statuses)[number]>('open');
  const [settling, setSettling] = useState<MaterialShortage | null>(null);
  const list = useQuery({
    queryKey: ['production', 'shortages', status],
    queryFn: ({ signal }) => api.shortages({ status, limit: 500 }, { signal }),
  });
  const nameOf = useNames({ item: list.data?.flatMap((s) => [s.item, s.product]) });
  const columns: Column<MaterialShortage>[] = [
    { name: t('field.time'), nowrap: true, cell: (s) => f.dateTime(s.time / 1000) },
    { name: t('field.machine'), cell: (s) => plant.name(s.machine) },
    {
      name: t('production.number'),
      cell: (s) => <Coded name={s.workOrderNumber} code={nameOf('item', s.product, s.productName)} />,
    },
    {
      name: t('production.material'),
      cell: (s) => <Coded name={nameOf('item', s.item, s.itemName)} code={s.item} />,
    },
    { name: t('production.shortQuantity'), num: true, cell: (s) => `${f.number(s.quantity)} ${unitText(s.unit)}` },
    { name: t('production.shortOpen'), num: true, cell: (s) => <strong>{f.number(s.open)}</strong> },
    { name: t('production.why'), cell: (s) => t(`production.shortage.${s.why}`) },
    {
      name: t('field.by'),
      nowrap: true,
      cell: (s) => (
        <>
          {s.by}
          {s.settledBy ? <span className="muted small"> → {s.settledBy}</span> : null}
        </>
      ),
    },
    {
      name: t('field.actions'),
      bare: true,
      cell: (s) =>
        can.lead && s.status === 'open' ? (
          <Button variant="light" onClick={() => setSettling(s)}>
            {t('production.settle')}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <ListPanel
        title={t('production.tab.shortages')}
        list={list}
        columns={columns}
        keyOf={(s) => s.id}
        empty={{ title: t('production.noShortages'), text: t('production.noShortagesText') }}
        filter={filterOf(statuses, status, setStatus, (value) => t(`production.shortage.${value}`))}
        aside={can.lead ? <Rule /> : null}
      />
      {settling ? <Settle shortage={settling} close={() => setSettling(null)} /> : null}
    </>
  );
}

/** Who may record pieces without their material. */
function Rule() {
  const t = useText();
  const { act, busy } = useAct();
  const rules = useQuery({
    queryKey: ['production', 'rules'],
    queryFn: ({ signal }) => api.productionRules({ signal }),
  });
  if (!rules.data) return null;
  return (
    <label className="row wrap small muted" htmlFor="shortage-rule">
      {t('production.shortageRule')}
      <Select
        id="shortage-rule"
        w={280}
        allowDeselect={false}
        disabled={busy}
        value={rules.data.shortage}
        data={(['never', 'office', 'always'] as const).map((value) => ({
          value,
          label: t(`production.shortageRule.${value}`),
        }))}
        onChange={(value) =>
          value &&
          void act(
            () => api.saveProductionRules({ shortage: value as 'never' | 'office' | 'always' }),
            t('production.done'),
          )
        }
      />
    </label>
  );
}

function Settle({ shortage, close }: { shortage: MaterialShortage; close: () => void }) {
  const t = useText();
  const [entryId] = useState(newEntryId);
  const lots = useLotSource(shortage.item);
  const nameOf = useNames({ item: [shortage.item] });
  const [lot, setLot] = useState<string | null>(null);
  const [quantity, setQuantity] = useState<number | ''>(shortage.open);
  const [end, setEnd] = useState(false);
  const [note, setNote] = useState('');
  const amount = Number(quantity);
  const save = useSave(close, (act: 'settle' | 'nothing') => {
    const own = { entryId, note: note.trim() };
    const body =
      act === 'nothing' ? { ...own, close: true } : { ...own, quantity: amount, ...(lot ? { lot } : {}), close: end };
    return api.settleShortage({ id: shortage.id }, body);
  });
  return (
    <FormDialog
      title={t('production.settleTitle')}
      size={520}
      close={close}
      save={{ ...save, mutate: () => save.mutate('settle') }}
      ready={amount > 0}
      submit={t('production.settleNow')}
      aside={
        <Button
          variant="default"
          disabled={save.isPending || note.trim() === ''}
          onClick={() => save.mutate('nothing')}
        >
          {t('production.nothingUsed')}
        </Button>
      }
    >
      <p>
        <Coded name={nameOf('item', shortage.item, shortage.itemName)} code={shortage.item} /> ·{' '}
        {shortage.workOrderNumber}
      </p>
      <Picker
        source={lots}
        label={t('production.usedLot')}
        description={t('production.usedLotHelp')}
        free
        value={lot}
        onChange={setLot}
      />
      <NumberInput
        label={t('production.usedQuantity')}
        min={0}
        max={shortage.open}
        thousandSeparator=","
        rightSection={<span className="unit">{unitText(shortage.unit)}</span>}
        rightSectionWidth={52}
        value={quantity}
        onChange={(v) => setQuantity(v === '' ? '' : Number(v))}
      />
      {amount < shortage.open ? (
        <Checkbox label={t('production.endShortage')} checked={end} onChange={(e) => setEnd(e.currentTarget.checked)} />
      ) : null}
      <TextInput
        label={t('field.note')}
        maxLength={1000}
        value={note}
        onChange={(e) => setNote(e.currentTarget.value)}
      />
    </FormDialog>
  );
}
