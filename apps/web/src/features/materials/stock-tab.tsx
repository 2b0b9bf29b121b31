import { Button } from '@mantine/core';
import { IconArrowLeft, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { csvText, download } from '../../ui/csv.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { Coded, useNames } from '../../ui/names.tsx';
import { Amount, LotLink, LotState, MasterSelect, materialsKey } from './common.tsx';

/** Stock of each item; one chosen shows its lots and places. */
export function StockTab({ item, open }: { item: string | undefined; open: (item: string | undefined) => void }) {
  return item === undefined ? <Items open={open} /> : <Places item={item} back={() => open(undefined)} />;
}

const columns = ['item', 'name', 'quantity', 'usable', 'blocked', 'expired', 'safetyStock', 'lots', 'value'] as const;

function Items({ open }: { open: (item: string) => void }) {
  const t = useText();
  const f = useFormats();
  const [location, setLocation] = useState<string | null>(null);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'sums', location],
    queryFn: ({ signal }) => api.stockSums(location === null ? {} : { location }, { signal }),
  });
  const nameOf = useNames({ item: data?.map((row) => row.item) });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const save = () =>
    download(
      'stock.csv',
      csvText([
        columns.map((key) => t(`inventory.column.${key}`)),
        ...data.map((r) => [
          ...[r.item, r.itemName, r.quantity, r.quantity - r.blocked, r.blocked, r.expired],
          ...[r.safetyStock, r.lots, r.value],
        ]),
      ]),
    );
  return (
    <>
      <div className="filters">
        <MasterSelect
          kind="location"
          clearable
          label={t('inventory.column.location')}
          value={location}
          change={setLocation}
        />
        <Button className="push" variant="default" leftSection={<IconDownload size={16} />} onClick={save}>
          {t('action.export')}
        </Button>
      </div>
      {data.length === 0 ? (
        <section className="panel">
          <EmptyState title={t('inventory.noStock')}>{t('inventory.noStockHelp')}</EmptyState>
        </section>
      ) : (
        <section className="panel table-scroll">
          <CardTable>
            <thead>
              <tr>
                {columns.map((key, i) => (
                  <th key={key} className={i > 1 ? 'num' : ''}>
                    {t(`inventory.column.${key}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.map((row) => {
                const short = row.safetyStock !== null && row.quantity - row.blocked < row.safetyStock;
                return (
                  <tr key={row.item} className="pick" onClick={() => open(row.item)}>
                    <td>
                      <button type="button" className="plain-button link" onClick={() => open(row.item)}>
                        {row.item}
                      </button>
                    </td>
                    <td>{nameOf('item', row.item, row.itemName)}</td>
                    <td className="num">
                      <Amount value={row.quantity} unit={row.unit} />
                    </td>
                    <td className={short ? 'num bad-text' : 'num'}>
                      <Amount value={row.quantity - row.blocked} />
                    </td>
                    <td className="num">{row.blocked > 0 ? <Amount value={row.blocked} /> : ''}</td>
                    <td className="num">{row.expired > 0 ? <Amount value={row.expired} /> : ''}</td>
                    <td className="num">{row.safetyStock === null ? '' : <Amount value={row.safetyStock} />}</td>
                    <td className="num">{row.lots}</td>
                    <td className="num">{row.value === null ? '' : f.number(row.value)}</td>
                  </tr>
                );
              })}
            </tbody>
          </CardTable>
        </section>
      )}
    </>
  );
}

const placeColumns = ['location', 'lot', 'status', 'quantity', 'packed', 'producedAt', 'expiresAt'] as const;

function Places({ item, back }: { item: string; back: () => void }) {
  const t = useText();
  const f = useFormats();
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'stock', item],
    queryFn: ({ signal }) => api.stock({ item, limit: 1000 }, { signal }),
  });
  const nameOf = useNames({ item: [item], location: data?.map((row) => row.location) });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  return (
    <section className="panel">
      <div className="panel-head">
        <Button variant="subtle" leftSection={<IconArrowLeft size={16} />} onClick={back}>
          {t('inventory.allItems')}
        </Button>
        <h2>
          <Coded name={nameOf('item', item, data[0]?.itemName)} code={item} />
        </h2>
      </div>
      {data.length === 0 ? (
        <EmptyState title={t('inventory.noStockOfItem')} />
      ) : (
        <div className="table-scroll">
          <CardTable>
            <thead>
              <tr>
                {placeColumns.map((key) => (
                  <th key={key} className={key === 'quantity' || key === 'packed' ? 'num' : ''}>
                    {t(`inventory.column.${key}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.map((row) => (
                <tr key={`${row.lot} ${row.location}`}>
                  <td>
                    <Coded name={nameOf('location', row.location, row.locationName)} code={row.location} />
                  </td>
                  <td>{row.lot === null ? '' : <LotLink id={row.lot}>{row.lotNumber}</LotLink>}</td>
                  <td>
                    <LotState status={row.status} />
                  </td>
                  <td className="num">
                    <Amount value={row.quantity} unit={row.unit} />
                  </td>
                  <td className="num">{row.packed > 0 ? `${row.packed} ${unitText(row.unit)}` : ''}</td>
                  <td>{f.dateTime(row.producedAt / 1000)}</td>
                  <td>{row.expiresAt === null ? '' : f.day(row.expiresAt / 1000)}</td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </div>
      )}
    </section>
  );
}
