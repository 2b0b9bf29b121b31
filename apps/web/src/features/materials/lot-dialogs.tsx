import type { LotCard } from '@deungdae/contracts/api-inventory.ts';
import type { Lot } from '@deungdae/contracts/lot.ts';
import { Select } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { useNames } from '../../ui/names.tsx';
import { MultiPicker } from '../../ui/picker.tsx';
import { ActDialog, QuantityField, within } from './act-dialog.tsx';
import { MasterSelect } from './common.tsx';
import { useStockSource } from './stock-source.ts';

export interface LotDialogProps {
  card: LotCard;
  close: () => void;
  /** Shows another lot: the one that the act made. */
  show: (lot: Lot) => void;
}

export function PlaceSelect({
  places,
  unit,
  value,
  change,
  label,
}: {
  places: readonly { location: string; quantity: number }[];
  unit: string;
  value: string | null;
  change: (value: string | null) => void;
  label: string;
}) {
  const nameOf = useNames({ location: places.map((p) => p.location) });
  return (
    <Select
      className="grow"
      required
      allowDeselect={false}
      label={label}
      value={value}
      onChange={change}
      data={places.map((p) => ({
        value: p.location,
        label: `${nameOf('location', p.location)} · ${p.quantity.toLocaleString()} ${unitText(unit)}`,
      }))}
    />
  );
}

export function SplitDialog({ card, close, show }: LotDialogProps) {
  const t = useText();
  const { lot } = card;
  const most = card.loose.reduce((sum, p) => sum + p.quantity, 0);
  const [quantity, setQuantity] = useState<number | string>('');
  return (
    <ActDialog
      title={t('inventory.splitOf', { lot: lot.number })}
      submit={t('inventory.split')}
      help={t('inventory.splitHelp')}
      ready={within(quantity, most)}
      send={async (entry) => {
        const made = await api.splitLot({ id: lot.id }, { ...entry, quantity: Number(quantity) });
        show(made);
        return made;
      }}
      done={(made) => t('inventory.done.split', { lot: made.number })}
      close={close}
    >
      <QuantityField
        label={t('inventory.newLotQuantity')}
        unit={lot.unit}
        most={most}
        value={quantity}
        change={setQuantity}
      />
    </ActDialog>
  );
}

export function MergeDialog({ card, close, show }: LotDialogProps) {
  const t = useText();
  const { lot } = card;
  const [others, setOthers] = useState<string[]>([]);
  const [location, setLocation] = useState<string | null>(card.loose[0]?.location ?? null);
  const source = useStockSource({ item: lot.item });
  const nameOf = useNames({ item: [lot.item] });
  return (
    <ActDialog
      title={t('inventory.mergeOf', { lot: lot.number })}
      submit={t('inventory.merge')}
      help={t('inventory.mergeHelp')}
      ready={others.some((each) => each !== lot.number) && location !== null}
      send={async (entry) => {
        const lots = [...new Set([lot.number, ...others])];
        const made = await api.mergeLots({ ...entry, lots, location: location ?? '' });
        show(made);
        return made;
      }}
      done={(made) => t('inventory.done.merge', { lot: made.number })}
      close={close}
    >
      <MultiPicker
        required
        source={source}
        label={t('inventory.mergeWith')}
        description={t('inventory.mergeWithHelp', { item: nameOf('item', lot.item, card.itemName) })}
        values={others}
        onChange={setOthers}
      />
      <MasterSelect kind="location" required label={t('inventory.mergeAt')} value={location} change={setLocation} />
    </ActDialog>
  );
}

/** Moves loose goods, or a container with all that is in it. */
export function MoveDialog({ card, close }: LotDialogProps) {
  const t = useText();
  const { lot } = card;
  const whole = lot.kind === 'container';
  const places = whole ? lot.stock : card.loose;
  const [from, setFrom] = useState<string | null>(places[0]?.location ?? null);
  const most = places.find((p) => p.location === from)?.quantity ?? 0;
  const [quantity, setQuantity] = useState<number | string>(most);
  const [to, setTo] = useState<string | null>(null);
  return (
    <ActDialog
      title={t('inventory.moveOf', { lot: lot.number })}
      submit={t('inventory.deed.transfer')}
      {...(whole ? { help: t('inventory.moveBoxHelp') } : {})}
      ready={from !== null && to !== null && to !== from && (whole || within(quantity, most))}
      send={(entry) =>
        api.transferStock({
          ...{ ...entry, lot: lot.id, from: from ?? '', to: to ?? '' },
          ...(whole ? {} : { quantity: Number(quantity) }),
        })
      }
      done={() => t('inventory.done.transfer')}
      close={close}
    >
      <div className="row wrap act-fields">
        <PlaceSelect
          label={t('inventory.from')}
          places={places}
          unit={lot.unit}
          value={from}
          change={(place) => {
            setFrom(place);
            setQuantity(places.find((p) => p.location === place)?.quantity ?? '');
          }}
        />
        <MasterSelect kind="location" required label={t('inventory.to')} value={to} change={setTo} />
      </div>
      {whole ? null : <QuantityField unit={lot.unit} most={most} value={quantity} change={setQuantity} />}
    </ActDialog>
  );
}
