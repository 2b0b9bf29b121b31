import type { LotCard } from '@deungdae/contracts/api-inventory.ts';
import type { Lot } from '@deungdae/contracts/lot.ts';
import { Checkbox, CloseButton, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { showFailure } from '../../ui/notify.ts';
import { Picker } from '../../ui/picker.tsx';
import { ActDialog, within } from './act-dialog.tsx';
import { Amount, MasterSelect } from './common.tsx';
import { type LotDialogProps, PlaceSelect } from './lot-dialogs.tsx';
import { useContainerSource, useThingSource } from './stock-source.ts';

interface Line {
  lot: Pick<Lot, 'id' | 'number' | 'item' | 'unit' | 'kind'>;
  quantity: number | string;
}

/** Loose goods and whole boxes go into a container: `into` the one of this page, or this lot into a chosen or new one. */
export function PackDialog({ card, close, show, into }: LotDialogProps & { into: boolean }) {
  const t = useText();
  const { lot } = card;
  const places = lot.kind === 'container' ? lot.stock : card.loose;
  const [location, setLocation] = useState<string | null>(places[0]?.location ?? null);
  const [container, setContainer] = useState<string | null>(null);
  const whole = lot.kind === 'container' ? 1 : (places[0]?.quantity ?? '');
  const [lines, setLines] = useState<Line[]>(into ? [] : [{ lot, quantity: whole }]);
  const containers = useContainerSource(location);
  const things = useThingSource(location);
  const add = async (code: string | null) => {
    if (code === null) return;
    try {
      const { lot: found } = await api.scan({ code });
      if (!found || found.id === lot.id || lines.some((line) => line.lot.id === found.id)) return;
      const there = found.stock.find((s) => s.location === location) ?? found.stock[0];
      if (location === null) setLocation(there?.location ?? null);
      setLines([...lines, { lot: found, quantity: found.kind === 'container' ? 1 : (there?.quantity ?? '') }]);
    } catch (error) {
      showFailure(error);
    }
  };
  return (
    <ActDialog
      title={t(into ? 'inventory.packInto' : 'inventory.packOf', { lot: lot.number })}
      submit={t('inventory.pack')}
      ready={location !== null && lines.length > 0 && lines.every((line) => within(line.quantity))}
      send={async (entry) => {
        const target = into ? lot.number : container;
        const made = await api.packLots({
          ...{ ...entry, location: location ?? '' },
          lots: lines.map((line) => ({ lot: line.lot.id, quantity: Number(line.quantity) })),
          ...(target === null ? {} : { container: target }),
        });
        show(made);
        return made;
      }}
      done={(made) => t('inventory.done.pack', { lot: made.number })}
      close={close}
    >
      <div className="row wrap act-fields">
        {places.length > 0 ? (
          <PlaceSelect
            label={t('inventory.column.location')}
            places={places}
            unit={lot.unit}
            value={location}
            change={setLocation}
          />
        ) : (
          <MasterSelect
            kind="location"
            required
            label={t('inventory.column.location')}
            value={location}
            change={setLocation}
          />
        )}
        {into ? null : (
          <div className="grow">
            <Picker
              source={containers}
              label={t('inventory.containerOrNew')}
              value={container}
              onChange={setContainer}
            />
          </div>
        )}
      </div>
      {lines.map((line) => (
        <PackLine
          key={line.lot.id}
          line={line}
          change={(quantity) => setLines(lines.map((l) => (l === line ? { ...l, quantity } : l)))}
          remove={() => setLines(lines.filter((l) => l !== line))}
        />
      ))}
      <Picker source={things} label={t('inventory.addToBox')} value={null} onChange={(code) => void add(code)} />
    </ActDialog>
  );
}

function PackLine({
  line,
  change,
  remove,
}: {
  line: Line;
  change: (quantity: number | string) => void;
  remove: () => void;
}) {
  const t = useText();
  const { lot, quantity } = line;
  return (
    <div className="row pack-line">
      <span className="grow">
        <strong>{lot.number}</strong> <span className="muted small">{lot.item}</span>
      </span>
      {lot.kind === 'container' ? (
        <span className="muted">{t('inventory.wholeBox')}</span>
      ) : (
        <NumberInput
          w={140}
          min={0}
          decimalScale={6}
          thousandSeparator=","
          aria-label={t('inventory.quantityOf', { lot: lot.number })}
          rightSection={<span className="unit">{unitText(lot.unit)}</span>}
          rightSectionWidth={52}
          value={quantity}
          onChange={change}
        />
      )}
      <CloseButton aria-label={t('inventory.removeLine', { lot: lot.number })} onClick={remove} />
    </div>
  );
}

/** What may come out of a container: its own lots by quantity, boxes in it whole. */
interface Taken extends Line {
  most: number;
  out: boolean;
}

/** Everything is taken out, or what is ticked. */
export function UnpackDialog({ card, close }: LotDialogProps) {
  const t = useText();
  const { lot } = card;
  const [lines, setLines] = useState<readonly Taken[]>(() => takable(card));
  const change = (line: Taken, next: Partial<Taken>) =>
    setLines(lines.map((each) => (each === line ? { ...each, ...next } : each)));
  const chosen = lines.filter((line) => line.out);
  return (
    <ActDialog
      title={t('inventory.unpackOf', { lot: lot.number })}
      submit={t('inventory.unpack')}
      help={t('inventory.unpackHelp', { place: lot.stock[0]?.location ?? '' })}
      ready={chosen.length > 0 && chosen.every((line) => within(line.quantity, line.most))}
      send={(entry) =>
        api.unpackContainer(
          { id: lot.id },
          { ...entry, lots: chosen.map((line) => ({ lot: line.lot.number, quantity: Number(line.quantity) })) },
        )
      }
      done={() => t('inventory.done.unpack')}
      close={close}
    >
      {lines.map((line) => (
        <div key={line.lot.number} className="row pack-line">
          <Checkbox
            className="grow"
            label={
              <>
                <strong>{line.lot.number}</strong> <span className="muted small">{line.lot.item}</span>
              </>
            }
            checked={line.out}
            onChange={(e) => change(line, { out: e.currentTarget.checked })}
          />
          {line.lot.kind === 'container' ? (
            <span className="muted">{t('inventory.wholeBox')}</span>
          ) : (
            <>
              <NumberInput
                w={120}
                min={0}
                max={line.most}
                decimalScale={6}
                thousandSeparator=","
                disabled={!line.out}
                aria-label={t('inventory.quantityOf', { lot: line.lot.number })}
                value={line.quantity}
                onChange={(quantity) => change(line, { quantity })}
              />
              <span className="muted nowrap">
                / <Amount value={line.most} unit={line.lot.unit} />
              </span>
            </>
          )}
        </div>
      ))}
    </ActDialog>
  );
}

function takable({ lot: box, contents }: LotCard): Taken[] {
  const lines = new Map<string, Taken>();
  for (const { lot, quantity, box: at } of contents) {
    if (at === box.number) lines.set(lot.number, { lot, quantity, most: quantity, out: true });
    else if (!lines.has(at)) {
      const whole = { id: at, number: at, item: lot.item, unit: lot.unit, kind: 'container' as const };
      lines.set(at, { lot: whole, quantity: 1, most: 1, out: true });
    }
  }
  return [...lines.values()];
}
