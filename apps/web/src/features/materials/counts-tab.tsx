import type { StockCount } from '@deungdae/contracts/api-inventory.ts';
import { Button, Modal, MultiSelect, NumberInput, Switch } from '@mantine/core';
import { IconArrowLeft, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { newEntryId } from '../../ui/entry-id.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { showFailure } from '../../ui/notify.ts';
import { Amount, MasterSelect, materialsKey, ScanField, useAct, useChoices } from './common.tsx';

export function CountsTab({ id, open }: { id: string | undefined; open: (number: string | undefined) => void }) {
  return id === undefined ? <Counts open={open} /> : <OneCount id={id} back={() => open(undefined)} />;
}

function Counts({ open }: { open: (number: string) => void }) {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const [adding, setAdding] = useState(false);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'counts'],
    queryFn: ({ signal }) => api.stockCounts({ limit: 100 }, { signal }),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const add = can.operate ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('inventory.newCount')}
    </Button>
  ) : null;
  return (
    <>
      <div className="filters">
        <span className="push">{data.length > 0 ? add : null}</span>
      </div>
      <section className="panel table-scroll">
        {data.length === 0 ? (
          <EmptyState title={t('inventory.noCounts')} action={add}>
            {t('inventory.noCountsHelp')}
          </EmptyState>
        ) : (
          <CardTable>
            <thead>
              <tr>
                <th>{t('inventory.column.count')}</th>
                <th>{t('inventory.column.status')}</th>
                <th>{t('inventory.column.location')}</th>
                <th className="num">{t('inventory.countedLines')}</th>
                <th>{t('inventory.column.frozenAt')}</th>
              </tr>
            </thead>
            <tbody>
              {data.map((c) => (
                <tr key={c.id} className="pick" onClick={() => open(c.number)}>
                  <td>
                    <button type="button" className="link" onClick={() => open(c.number)}>
                      {c.number}
                    </button>
                  </td>
                  <td>{t(`inventory.count.${c.status}`)}</td>
                  <td>{c.locations.join(', ') || t('inventory.everywhere')}</td>
                  <td className="num">{c.counted}</td>
                  <td>{f.dateTime(c.frozenAt / 1000)}</td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        )}
      </section>
      {adding ? <NewCount close={() => setAdding(false)} open={open} /> : null}
    </>
  );
}

function NewCount({ close, open }: { close: () => void; open: (number: string) => void }) {
  const t = useText();
  const { act, busy } = useAct();
  const places = useChoices('location');
  const [entryId] = useState(newEntryId);
  const [locations, setLocations] = useState<string[]>([]);
  const [blind, setBlind] = useState(true);
  const start = async () => {
    const made = await act(() => api.startStockCount({ entryId, locations, blind }));
    if (made) open(made.number);
  };
  return (
    <Modal opened onClose={close} title={<strong>{t('inventory.newCount')}</strong>}>
      <div className="stack">
        <MultiSelect
          searchable
          label={t('inventory.column.location')}
          description={t('inventory.countPlacesHelp')}
          data={places.map(({ value, label }) => ({ value, label }))}
          value={locations}
          onChange={setLocations}
        />
        <Switch label={t('inventory.blind')} checked={blind} onChange={(e) => setBlind(e.currentTarget.checked)} />
        <Button loading={busy} onClick={() => void start()}>
          {t('inventory.begin')}
        </Button>
      </div>
    </Modal>
  );
}

/** On a tablet: scan the place once, then lot after lot, each with its quantity. */
function OneCount({ id, back }: { id: string; back: () => void }) {
  const t = useText();
  const can = useAbilities();
  const { act, busy } = useAct();
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'count', id],
    queryFn: ({ signal }) => api.stockCount({ id }, { signal }),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const post = (uncounted: 'keep' | 'zero') =>
    void act(() => api.postStockCount({ id }, { entryId: newEntryId(), uncounted }), t('inventory.countPosted'));
  return (
    <section className="panel">
      <div className="panel-head">
        <Button variant="subtle" leftSection={<IconArrowLeft size={16} />} onClick={back}>
          {t('inventory.allCounts')}
        </Button>
        <h2>{data.number}</h2>
        <span className="muted">
          {t(`inventory.count.${data.status}`)} · {data.counted} / {data.lines.length}
        </span>
        {data.status === 'open' && can.lead ? (
          <span className="push row">
            <Button loading={busy} disabled={data.counted === 0} onClick={() => post('keep')}>
              {t('inventory.postCount')}
            </Button>
          </span>
        ) : null}
      </div>
      {data.status === 'open' && can.operate ? <CountForm count={data} /> : null}
      <CountLines count={data} />
    </section>
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
  if (count.lines.length === 0) return <EmptyState title={t('inventory.emptyCount')} />;
  return (
    <div className="table-scroll">
      <CardTable>
        <thead>
          <tr>
            <th>{t('inventory.column.location')}</th>
            <th>{t('inventory.column.item')}</th>
            <th>{t('inventory.column.lot')}</th>
            <th className="num">{t('inventory.expected')}</th>
            <th className="num">{t('inventory.counted')}</th>
            <th className="num">{t('inventory.difference')}</th>
          </tr>
        </thead>
        <tbody>
          {count.lines.map((line) => (
            <tr key={`${line.location} ${line.item} ${line.lot}`}>
              <td>{line.location}</td>
              <td>{line.itemName}</td>
              <td>{line.lotNumber ?? ''}</td>
              <td className="num">
                {line.expected === null ? '·' : <Amount value={line.expected} unit={line.unit} />}
              </td>
              <td className="num">{line.counted === null ? '' : <Amount value={line.counted} unit={line.unit} />}</td>
              <td className={line.difference ? 'num bad-text' : 'num'}>
                {line.difference === null ? '' : `${line.difference > 0 ? '+' : ''}${line.difference}`}
              </td>
            </tr>
          ))}
        </tbody>
      </CardTable>
    </div>
  );
}
