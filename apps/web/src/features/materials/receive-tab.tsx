import type { Lot } from '@deungdae/contracts/lot.ts';
import { Button, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { fromLocalInput } from '../../time/zoned.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { showFailure } from '../../ui/notify.ts';
import { QuantityField, WhenField } from './act-dialog.tsx';
import {
  Amount,
  LotLink,
  labelAddress,
  MasterSelect,
  ScanField,
  SupplierSelect,
  useAct,
  useChoices,
} from './common.tsx';

/** Receipt: scan the supplier's label or choose the item, count, put it somewhere, print our own label. */
export function ReceiveTab() {
  const t = useText();
  const { act, busy } = useAct();
  const items = useChoices('item');
  const [entryId, setEntryId] = useState(newEntryId);
  const [item, setItem] = useState<string | null>(null);
  const [quantity, setQuantity] = useState<number | string>('');
  const [location, setLocation] = useState<string | null>(null);
  const [supplier, setSupplier] = useState<string | null>(null);
  const [supplierLot, setSupplierLot] = useState('');
  const [expires, setExpires] = useState<number | null>(null);
  const [quarantine, setQuarantine] = useState(false);
  const [received, setReceived] = useState<Lot[]>([]);
  const zone = usePlantZone();
  const [when, setWhen] = useState('');
  const moment = when === '' ? null : fromLocalInput(when, zone);
  const unit = String(items.find((i) => i.value === item)?.data.unit ?? '');

  const scan = async (code: string) => {
    try {
      const found = await api.scan({ code });
      if (found.item) {
        setItem(found.item.code);
        setSupplierLot(found.supplierLot ?? '');
        setExpires(found.expiresAt);
        if (found.quantity !== null) setQuantity(found.quantity);
      } else if (found.location) setLocation(found.location.code);
      else if (found.lot) setItem(found.lot.item);
    } catch (error) {
      showFailure(error);
    }
  };
  const save = async () => {
    if (item === null || location === null) return;
    const lot = await act(
      () =>
        api.receiveStock({
          ...{ entryId, item, location, quarantine, quantity: Number(quantity) },
          ...(supplier === null ? {} : { supplier }),
          ...(supplierLot.trim() === '' ? {} : { supplierLot: supplierLot.trim() }),
          ...(expires === null ? {} : { expiresAt: expires }),
          ...(moment === null ? {} : { time: moment * 1000 }),
        }),
      t('inventory.received'),
    );
    if (!lot) return;
    setReceived([lot, ...received].slice(0, 20));
    setEntryId(newEntryId());
    setQuantity('');
    setSupplierLot('');
    setExpires(null);
  };
  return (
    <>
      <section className="panel work-form">
        <div className="panel-body stack">
          <ScanField autoFocus label={t('inventory.scanSupplier')} onScan={scan} />
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void save();
            }}
          >
            <MasterSelect kind="item" required label={t('inventory.column.item')} value={item} change={setItem} />
            <div className="row wrap">
              <QuantityField unit={unit} value={quantity} change={setQuantity} />
              <MasterSelect
                kind="location"
                required
                label={t('inventory.column.location')}
                value={location}
                change={setLocation}
              />
            </div>
            <div className="row wrap">
              <SupplierSelect value={supplier} change={setSupplier} />
              <TextInput
                className="grow"
                label={t('inventory.column.supplierLot')}
                value={supplierLot}
                onChange={(e) => setSupplierLot(e.currentTarget.value)}
              />
            </div>
            <div className="row wrap act-fields">
              <TextInput
                type="date"
                label={t('inventory.column.expiresAt')}
                value={expires === null ? '' : new Date(expires / 1000).toISOString().slice(0, 10)}
                onChange={(e) =>
                  setExpires(e.currentTarget.value === '' ? null : Date.parse(e.currentTarget.value) * 1000)
                }
              />
              <WhenField value={when} change={setWhen} />
            </div>
            <div className="row wrap">
              <Switch
                label={t('inventory.toQuarantine')}
                checked={quarantine}
                onChange={(e) => setQuarantine(e.currentTarget.checked)}
              />
              <Button
                className="push"
                size="md"
                type="submit"
                loading={busy}
                disabled={item === null || location === null || !(Number(quantity) > 0)}
              >
                {t('inventory.receive')}
              </Button>
            </div>
          </form>
        </div>
      </section>
      {received.length > 0 ? (
        <section className="panel work-form" style={{ marginTop: 12 }}>
          <div className="panel-head">
            <h2>{t('inventory.justReceived')}</h2>
          </div>
          {received.map((lot) => (
            <div key={lot.id} className="hold-line">
              <LotLink id={lot.id}>{lot.number}</LotLink>
              <span>{items.find((i) => i.value === lot.item)?.name ?? lot.item}</span>
              <Amount value={lot.onHand} unit={lot.unit} />
              <Button
                className="push"
                component="a"
                href={labelAddress(lot.id, 'pdf')}
                target="_blank"
                variant="default"
              >
                {t('inventory.label')}
              </Button>
            </div>
          ))}
        </section>
      ) : null}
    </>
  );
}
