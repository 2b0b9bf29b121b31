import type { RecallReport } from '@deungdae/contracts/api-trace.ts';
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { csvText, download } from '../../ui/csv.ts';
import { useNames } from '../../ui/names.tsx';
import { type Column, RowsTable } from '../../ui/rows-table.tsx';
import { Amount, useChoices } from '../materials/common.tsx';
import { type CustomerSum, sumsByCustomer } from './recall-sums.ts';

type Shipped = RecallReport['shipped'][number];
type InStock = RecallReport['stock'][number];

/** What a recall of the suspects would mean: customers, shipments and boxes, and what can still be stopped here. */
export function RecallPanel({ recall }: { recall: RecallReport }) {
  const t = useText();
  const f = useFormats();
  const items = useChoices('item');
  const [only, setOnly] = useState<string | null>(null);
  const sums = sumsByCustomer(recall);
  const nameOf = (customer: string) => recall.customers.find((c) => c.customer === customer)?.name ?? customer;
  const itemOf = (code: string) => items.find((i) => i.value === code);
  const placeName = useNames({ location: recall.stock.map((s) => s.location) });
  const amount = (quantity: number, item: string) => (
    <Amount value={quantity} unit={String(itemOf(item)?.data.unit ?? '')} />
  );
  const itemText = (code: string) => String(itemOf(code)?.name ?? code);
  const column = (key: 'customer' | 'item' | 'lot' | 'box' | 'quantity' | 'location' | 'shipment' | 'shippedAt') =>
    t(`inventory.column.${key}`);
  const sumColumns: Column<CustomerSum>[] = [
    { name: column('customer'), cell: (s) => nameOf(s.customer) },
    { name: column('item'), cell: (s) => itemText(s.item) },
    { name: column('quantity'), num: true, cell: (s) => amount(s.quantity, s.item) },
    { name: t('inventory.recallBoxes'), num: true, cell: (s) => f.number(s.boxes) },
    { name: t('inventory.recallShipments'), num: true, cell: (s) => f.number(s.shipments) },
  ];
  const shippedColumns: Column<Shipped>[] = [
    { name: column('customer'), cell: (s) => nameOf(s.customer) },
    { name: column('shipment'), cell: (s) => s.shipment },
    { name: column('box'), cell: (s) => s.box ?? '' },
    { name: column('lot'), cell: (s) => s.lot },
    { name: column('item'), cell: (s) => itemText(s.item) },
    { name: column('quantity'), num: true, cell: (s) => amount(s.quantity, s.item) },
    { name: column('shippedAt'), cell: (s) => (s.shippedAt === null ? '' : f.dateTime(s.shippedAt / 1000)) },
  ];
  const stockColumns: Column<InStock>[] = [
    { name: column('lot'), cell: (s) => s.lot },
    { name: column('item'), cell: (s) => itemText(s.item) },
    { name: column('location'), cell: (s) => placeName('location', s.location) },
    { name: column('quantity'), num: true, cell: (s) => amount(s.quantity, s.item) },
  ];
  const shipped = only === null ? recall.shipped : recall.shipped.filter((s) => s.customer === only);
  const saveSums = () =>
    download(
      'recall-customers.csv',
      csvText([
        sumColumns.map((c) => c.name),
        ...sums.map((s) => [nameOf(s.customer), itemText(s.item), s.quantity, s.boxes, s.shipments]),
      ]),
    );
  const saveLines = () =>
    download(
      'recall.csv',
      csvText([
        [...shippedColumns.map((c) => c.name), column('location')],
        ...recall.shipped.map((s) => [
          ...[nameOf(s.customer), s.shipment, s.box, s.lot, itemText(s.item), s.quantity],
          ...[s.shippedAt === null ? '' : f.dateTime(s.shippedAt / 1000), ''],
        ]),
        ...recall.stock.map((s) => ['', '', '', s.lot, itemText(s.item), s.quantity, '', s.location]),
      ]),
    );
  const figures = [
    [t('inventory.recallCustomers'), recall.customers.length],
    [t('inventory.recallShipments'), recall.customers.reduce((sum, c) => sum + c.shipments, 0)],
    [t('inventory.recallBoxes'), recall.boxes],
    [t('inventory.recallLots'), recall.lots],
  ] as const;
  return (
    <section className="panel">
      <div className="panel-head wrap">
        <h2>{t('inventory.recallOf', { lots: recall.suspects.map((s) => s.number).join(', ') })}</h2>
        <span className="muted small">{t('inventory.took', { ms: Math.max(1, Math.round(recall.tookMs)) })}</span>
        <span className="push row wrap">
          {sums.length > 0 ? (
            <Button variant="default" leftSection={<IconDownload size={16} />} onClick={saveSums}>
              {t('inventory.recallSumsFile')}
            </Button>
          ) : null}
          <Button variant="default" leftSection={<IconDownload size={16} />} onClick={saveLines}>
            {t('inventory.recallLinesFile')}
          </Button>
        </span>
      </div>
      <div className="panel-body stack">
        <div className="recall-figures">
          {figures.map(([name, value]) => (
            <div key={name}>
              <strong>{f.number(value)}</strong>
              <span className="muted">{name}</span>
            </div>
          ))}
        </div>
        {recall.cut ? <p className="bad-text">{t('inventory.recallCut')}</p> : null}
      </div>
      {recall.shipped.length > 0 ? (
        <>
          <h3 className="trace-note">{t('inventory.recallByCustomer')}</h3>
          <RowsTable
            columns={sumColumns}
            rows={sums}
            keyOf={(s) => `${s.customer} ${s.item}`}
            open={(s) => setOnly(only === s.customer ? null : s.customer)}
          />
          <div className="row wrap trace-note">
            <h3>{only === null ? t('inventory.recallLines') : t('inventory.recallLinesOf', { name: nameOf(only) })}</h3>
            {only === null ? null : (
              <Button variant="subtle" onClick={() => setOnly(null)}>
                {t('inventory.allCustomers')}
              </Button>
            )}
          </div>
          <RowsTable
            key={only}
            columns={shippedColumns}
            rows={shipped}
            keyOf={(s) => `${s.shipment} ${s.box} ${s.lot}`}
          />
        </>
      ) : (
        <p className="trace-note muted">{t('inventory.recallNothingOut')}</p>
      )}
      {recall.stock.length > 0 ? (
        <>
          <h3 className="trace-note">{t('inventory.stillHere')}</h3>
          <RowsTable columns={stockColumns} rows={recall.stock} keyOf={(s) => `${s.lot} ${s.location}`} />
        </>
      ) : null}
    </section>
  );
}
