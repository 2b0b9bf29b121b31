import type { MaterialShortage } from '@deungdae/contracts/work-order.ts';
import { Button, Checkbox, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { newEntryId } from '../../ui/entry-id.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useLotSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { useAct } from './use-act.ts';

/** Material of recorded pieces that the book did not have: each stays here until somebody says what was really used. */
export function ShortagesTab() {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const can = useAbilities();
  const [status, setStatus] = useState<'open' | 'settled'>('open');
  const [settling, setSettling] = useState<MaterialShortage | null>(null);
  const list = useQuery({
    queryKey: ['production', 'shortages', status],
    queryFn: ({ signal }) => api.shortages({ status, limit: 500 }, { signal }),
  });
  return (
    <section className="panel" aria-label={t('production.tab.shortages')}>
      <div className="panel-head">
        <h2>{t('production.tab.shortages')}</h2>
        <Select
          aria-label={t('production.filter')}
          allowDeselect={false}
          w={150}
          value={status}
          onChange={(value) => value && setStatus(value as typeof status)}
          data={(['open', 'settled'] as const).map((value) => ({ value, label: t(`production.shortage.${value}`) }))}
        />
        {can.lead ? <Rule /> : null}
      </div>
      {list.error ? <ErrorBox error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isLoading ? <LoadingRows /> : null}
      {list.data?.length === 0 ? (
        <EmptyState title={t('production.noShortages')}>{t('production.noShortagesText')}</EmptyState>
      ) : null}
      {list.data && list.data.length > 0 ? (
        <div className="table-scroll">
          <CardTable>
            <thead>
              <tr>
                <th>{t('field.time')}</th>
                <th>{t('field.machine')}</th>
                <th>{t('production.number')}</th>
                <th>{t('production.material')}</th>
                <th className="num">{t('production.shortQuantity')}</th>
                <th className="num">{t('production.shortOpen')}</th>
                <th>{t('production.why')}</th>
                <th>{t('field.by')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {list.data.map((s) => (
                <tr key={s.id}>
                  <td className="nowrap">{f.dateTime(s.time / 1000)}</td>
                  <td>{plant.name(s.machine)}</td>
                  <td>
                    {s.workOrderNumber} <span className="muted small">{s.productName}</span>
                  </td>
                  <td>
                    {s.itemName} <span className="muted small">{s.item}</span>
                  </td>
                  <td className="num nowrap">
                    {f.number(s.quantity)} {unitText(s.unit)}
                  </td>
                  <td className="num nowrap">
                    <strong>{f.number(s.open)}</strong>
                  </td>
                  <td>{t(`production.shortage.${s.why}`)}</td>
                  <td className="nowrap">
                    {s.by}
                    {s.settledBy ? <span className="muted small"> → {s.settledBy}</span> : null}
                  </td>
                  <td>
                    {can.lead && s.status === 'open' ? (
                      <Button variant="light" onClick={() => setSettling(s)}>
                        {t('production.settle')}
                      </Button>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </div>
      ) : null}
      {settling ? <Settle shortage={settling} close={() => setSettling(null)} /> : null}
    </section>
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
    <label className="push row small muted" htmlFor="shortage-rule">
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
  const { act, busy } = useAct();
  const [entryId] = useState(newEntryId);
  const lots = useLotSource(shortage.item);
  const [lot, setLot] = useState<string | null>(null);
  const [quantity, setQuantity] = useState<number | ''>(shortage.open);
  const [end, setEnd] = useState(false);
  const [note, setNote] = useState('');
  const amount = Number(quantity);
  const send = async (nothing: boolean) => {
    const body = nothing
      ? { entryId, close: true, note: note.trim() }
      : { entryId, quantity: amount, ...(lot ? { lot } : {}), close: end, note: note.trim() };
    if (await act(() => api.settleShortage({ id: shortage.id }, body), t('production.done'))) close();
  };
  return (
    <Modal opened onClose={close} title={<strong>{t('production.settleTitle')}</strong>} size={520}>
      <div className="stack">
        <p>
          {shortage.itemName} <span className="muted small">{shortage.item}</span> · {shortage.workOrderNumber}
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
          value={quantity}
          onChange={(v) => setQuantity(v === '' ? '' : Number(v))}
        />
        {amount < shortage.open ? (
          <Checkbox
            label={t('production.endShortage')}
            checked={end}
            onChange={(e) => setEnd(e.currentTarget.checked)}
          />
        ) : null}
        <TextInput
          label={t('field.note')}
          maxLength={1000}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        <div className="row wrap">
          <Button loading={busy} disabled={!(amount > 0)} onClick={() => void send(false)}>
            {t('production.settleNow')}
          </Button>
          <Button variant="default" loading={busy} disabled={note.trim() === ''} onClick={() => void send(true)}>
            {t('production.nothingUsed')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
