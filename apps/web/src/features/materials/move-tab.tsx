import type { Lot } from '@deungdae/contracts/lot.ts';
import { Button, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { EmptyState } from '../../ui/messages.tsx';
import { Coded, useNames } from '../../ui/names.tsx';
import { showFailure } from '../../ui/notify.ts';
import { Amount, LotLink, LotState, MasterSelect, ScanField, useAct } from './common.tsx';

const deeds = ['transfer', 'adjust', 'scrap'] as const;
type Deed = (typeof deeds)[number];

/** Scan a lot, then the place it goes to; or say what was counted or is scrapped, with a reason. */
export function MoveTab() {
  const t = useText();
  const [lot, setLot] = useState<Lot | null>(null);
  const [deed, setDeed] = useState<Deed>('transfer');
  const [to, setTo] = useState<string | null>(null);
  const scan = async (code: string) => {
    try {
      const found = await api.scan({ code });
      if (found.lot) setLot(found.lot);
      else if (found.location) setTo(found.location.code);
      else showFailure(new Error(code));
    } catch (error) {
      showFailure(error);
    }
  };
  return (
    <section className="panel work-form">
      <div className="panel-body stack">
        <SegmentedControl
          aria-label={t('inventory.deed')}
          value={deed}
          onChange={(value) => setDeed(value as Deed)}
          data={deeds.map((value) => ({ value, label: t(`inventory.deed.${value}`) }))}
        />
        <ScanField autoFocus label={t('inventory.scanLotThenPlace')} onScan={scan} />
        {lot === null ? (
          <EmptyState title={t('inventory.noLotScanned')}>{t('inventory.noLotScannedHelp')}</EmptyState>
        ) : (
          <LotDeed key={`${lot.id} ${deed}`} lot={lot} deed={deed} to={to} setTo={setTo} done={() => setLot(null)} />
        )}
      </div>
    </section>
  );
}

function LotDeed({
  lot,
  deed,
  to,
  setTo,
  done,
}: {
  lot: Lot;
  deed: Deed;
  to: string | null;
  setTo: (code: string | null) => void;
  done: () => void;
}) {
  const t = useText();
  const { act, busy } = useAct();
  const [entryId] = useState(newEntryId);
  const [from, setFrom] = useState<string | null>(lot.stock[0]?.location ?? null);
  const [quantity, setQuantity] = useState<number | string>('');
  const [reason, setReason] = useState('');
  const nameOf = useNames({ item: [lot.item], location: lot.stock.map((s) => s.location) });
  const whole = lot.kind === 'container';
  const send = async () => {
    if (from === null) return;
    const entry = { entryId, lot: lot.id };
    const amount = quantity === '' ? {} : { quantity: Number(quantity) };
    const result = await act<unknown>(
      () => {
        if (deed === 'transfer') return api.transferStock({ ...entry, from, to: to ?? '', ...(whole ? {} : amount) });
        if (deed === 'adjust')
          return api.adjustStock({ ...entry, item: lot.item, location: from, counted: Number(quantity), reason });
        return api.scrapStock({ ...entry, item: lot.item, location: from, quantity: Number(quantity), reason });
      },
      t(`inventory.done.${deed}`),
    );
    if (result !== null) done();
  };
  const ready = deed === 'transfer' ? to !== null : quantity !== '' && reason.trim() !== '';
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="row wrap">
        <strong>
          <LotLink id={lot.id}>{lot.number}</LotLink>
        </strong>
        <span>
          <Coded name={nameOf('item', lot.item)} code={lot.item} />
        </span>
        <Amount value={lot.onHand} unit={lot.unit} />
        <LotState status={lot.status} />
      </div>
      <div className="row wrap">
        <Select
          className="grow"
          label={t(deed === 'transfer' ? 'inventory.from' : 'inventory.column.location')}
          value={from}
          onChange={setFrom}
          data={lot.stock.map((s) => ({
            value: s.location,
            label: `${nameOf('location', s.location)} · ${s.quantity.toLocaleString()} ${unitText(lot.unit)}`,
          }))}
        />
        {deed === 'transfer' ? (
          <MasterSelect kind="location" label={t('inventory.to')} value={to} change={setTo} />
        ) : null}
        {whole ? null : (
          <NumberInput
            className="grow"
            min={0}
            decimalScale={6}
            label={t(deed === 'adjust' ? 'inventory.counted' : 'inventory.column.quantity')}
            placeholder={deed === 'transfer' ? t('inventory.allOfIt') : ''}
            value={quantity}
            onChange={setQuantity}
          />
        )}
      </div>
      {deed === 'transfer' ? null : (
        <TextInput
          required
          label={t('inventory.reason')}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
      )}
      <div className="row">
        <Button variant="default" onClick={done}>
          {t('inventory.otherLot')}
        </Button>
        <Button className="push" size="md" type="submit" loading={busy} disabled={!ready || from === null}>
          {t(`inventory.deed.${deed}`)}
        </Button>
      </div>
    </form>
  );
}
