import type { StockCount } from '@deungdae/contracts/api-inventory.ts';
import { Button, MultiSelect, NumberInput, Switch } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { EmptyState } from '../../ui/messages.tsx';
import { Coded, useNames } from '../../ui/names.tsx';
import { showFailure } from '../../ui/notify.ts';
import { type Column, RowsTable } from '../../ui/rows-table.tsx';
import { useSaveOn } from '../../ui/use-act.ts';
import { Amount, MasterSelect, materialsKey, ScanField, useAct, useChoices } from './common.tsx';
import { OnePaper, PaperHead, PaperList } from './papers.tsx';

export function CountsTab({ id, open }: { id: string | undefined; open: (number: string | undefined) => void }) {
  return id === undefined ? <Counts open={open} /> : <OneCount id={id} back={() => open(undefined)} />;
}

function Counts({ open }: { open: (number: string) => void }) {
  const t = useText();
  const places = useChoices('location');
  const placeName = (code: string) => String(places.find((p) => p.value === code)?.name ?? code);
  const f = useFormats();
  const columns: Column<StockCount>[] = [
    { name: t('inventory.column.count'), cell: (c) => c.number },
    { name: t('inventory.column.status'), cell: (c) => t(`inventory.count.${c.status}`) },
    {
      name: t('inventory.column.location'),
      cell: (c) => c.locations.map(placeName).join(', ') || t('inventory.everywhere'),
    },
    { name: t('inventory.countedLines'), num: true, cell: (c) => c.counted },
    { name: t('inventory.column.frozenAt'), cell: (c) => f.dateTime(c.frozenAt / 1000) },
  ];
  return (
    <PaperList
      kind="counts"
      load={(signal) => api.stockCounts({ limit: 200 }, { signal })}
      columns={columns}
      words={{
        add: t('inventory.newCount'),
        none: t('inventory.noCounts'),
        noneHelp: t('inventory.noCountsHelp'),
      }}
      open={open}
      dialog={(close) => <NewCount close={close} open={open} />}
    />
  );
}

function NewCount({ close, open }: { close: () => void; open: (number: string) => void }) {
  const t = useText();
  const places = useChoices('location');
  const [entryId] = useState(newEntryId);
  const [locations, setLocations] = useState<string[]>([]);
  const [blind, setBlind] = useState(true);
  const save = useSaveOn(materialsKey, {
    close,
    work: () => api.startStockCount({ entryId, locations, blind }),
    done: (made) => {
      open(made.number);
      return undefined;
    },
  });
  return (
    <FormDialog title={t('inventory.newCount')} close={close} save={save} submit={t('inventory.begin')}>
      <MultiSelect
        searchable
        label={t('inventory.column.location')}
        description={t('inventory.countPlacesHelp')}
        data={places.map(({ value, label }) => ({ value, label }))}
        value={locations}
        onChange={setLocations}
      />
      <Switch label={t('inventory.blind')} checked={blind} onChange={(e) => setBlind(e.currentTarget.checked)} />
    </FormDialog>
  );
}

/** On a tablet: scan the place once, then lot after lot, each with its quantity. */
function OneCount({ id, back }: { id: string; back: () => void }) {
  return (
    <OnePaper kind="count" id={id} load={(signal) => api.stockCount({ id }, { signal })}>
      {(count) => <CountSheet count={count} back={back} />}
    </OnePaper>
  );
}

function CountSheet({ count, back }: { count: StockCount; back: () => void }) {
  const t = useText();
  const can = useAbilities();
  const { act, busy } = useAct();
  const { id } = count;
  const open = count.status === 'open';
  const post = () =>
    void act(
      () => api.postStockCount({ id }, { entryId: newEntryId(), uncounted: 'keep' }),
      t('inventory.countPosted'),
    );
  const cancel = () => void act(() => api.cancelStockCount({ id }), t('inventory.countCancelled'));
  return (
    <>
      <PaperHead
        back={back}
        backText={t('inventory.allCounts')}
        title={count.number}
        state={`${t(`inventory.count.${count.status}`)} · ${count.counted} / ${count.lines.length}`}
      >
        {open && can.lead ? (
          <>
            <Button variant="default" loading={busy} onClick={cancel}>
              {t('inventory.cancelCount')}
            </Button>
            <Button loading={busy} disabled={count.counted === 0} onClick={post}>
              {t('inventory.postCount')}
            </Button>
          </>
        ) : null}
      </PaperHead>
      {open && can.operate ? <CountForm count={count} /> : null}
      <CountLines count={count} />
    </>
  );
}

function CountForm({ count }: { count: StockCount }) {
  const t = useText();
  const { act, busy } = useAct();
  const [location, setLocation] = useState<string | null>(count.locations.length === 1 ? count.locations[0]! : null);
  const [code, setCode] = useState<string | null>(null);
  const [quantity, setQuantity] = useState<number | string>('');
  const scan = async (text: string) => {
    try {
      const found = await api.scan({ code: text });
      if (found.location) setLocation(found.location.code);
      else setCode(found.lot?.number ?? found.item?.code ?? null);
    } catch (error) {
      showFailure(error);
    }
  };
  const save = async () => {
    if (code === null || location === null) return;
    const body = { entryId: newEntryId(), code, location, quantity: Number(quantity) };
    if (await act(() => api.countStock({ id: count.id }, body))) {
      setCode(null);
      setQuantity('');
    }
  };
  return (
    <div className="panel-body stack">
      <ScanField autoFocus label={t('inventory.scanPlaceThenLot')} onScan={scan} />
      <form
        className="row wrap"
        style={{ alignItems: 'flex-end' }}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <MasterSelect kind="location" label={t('inventory.column.location')} value={location} change={setLocation} />
        <div className="grow">
          <span className="muted small">{t('inventory.column.lot')}</span>
          <div className="lot-figure">{code ?? '–'}</div>
        </div>
        <NumberInput
          size="lg"
          min={0}
          decimalScale={6}
          label={t('inventory.counted')}
          value={quantity}
          onChange={setQuantity}
        />
        <Button size="lg" type="submit" loading={busy} disabled={code === null || location === null || quantity === ''}>
          {t('action.save')}
        </Button>
      </form>
    </div>
  );
}

function CountLines({ count }: { count: StockCount }) {
  const t = useText();
  const nameOf = useNames({ item: count.lines.map((l) => l.item), location: count.lines.map((l) => l.location) });
  if (count.lines.length === 0) return <EmptyState title={t('inventory.emptyCount')} />;
  type Line = StockCount['lines'][number];
  const figure = (value: number | null, line: Line, none: string) =>
    value === null ? none : <Amount value={value} unit={line.unit} />;
  const columns: Column<Line>[] = [
    { name: t('inventory.column.location'), cell: (l) => nameOf('location', l.location) },
    {
      name: t('inventory.column.item'),
      cell: (l) => <Coded name={nameOf('item', l.item, l.itemName)} code={l.item} />,
    },
    { name: t('inventory.column.lot'), cell: (l) => l.lotNumber ?? '' },
    { name: t('inventory.expected'), num: true, cell: (l) => figure(l.expected, l, '·') },
    { name: t('inventory.counted'), num: true, cell: (l) => figure(l.counted, l, '') },
    {
      name: t('inventory.difference'),
      num: true,
      cell: (l) => (
        <span className={l.difference ? 'bad-text' : ''}>
          {l.difference === null ? '' : `${l.difference > 0 ? '+' : ''}${l.difference}`}
        </span>
      ),
    },
  ];
  return <RowsTable columns={columns} rows={count.lines} keyOf={(l) => `${l.location} ${l.item} ${l.lot}`} />;
}
