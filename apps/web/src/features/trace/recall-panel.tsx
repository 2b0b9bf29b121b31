import type { RecallReport } from '@deungdae/contracts/api-trace.ts';
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { csvText, download } from '../../ui/csv.ts';
import { Amount } from '../materials/common.tsx';

/** Lines of a list that are drawn; the file has all. */
const shown = 200;

/** What a recall of the suspects would mean: customers, shipments and boxes, and what can still be stopped here. */
export function RecallPanel({ recall }: { recall: RecallReport }) {
  const t = useText();
  const f = useFormats();
  const save = () =>
    download(
      'recall.csv',
      csvText([
        ['customer', 'shipment', 'box', 'lot', 'item', 'quantity', 'location'].map((key) =>
          t(`inventory.column.${key as 'customer'}`),
        ),
        ...recall.shipped.map((s) => [s.customer, s.shipment, s.box, s.lot, s.item, s.quantity, '']),
        ...recall.stock.map((s) => ['', '', '', s.lot, s.item, s.quantity, s.location]),
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
      <div className="panel-head">
        <h2>{t('inventory.recallOf', { lots: recall.suspects.map((s) => s.number).join(', ') })}</h2>
        <span className="muted small">{t('inventory.took', { ms: Math.max(1, Math.round(recall.tookMs)) })}</span>
        <Button className="push" variant="default" leftSection={<IconDownload size={16} />} onClick={save}>
          {t('action.export')}
        </Button>
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
        <div className="table-scroll">
          <CardTable>
            <thead>
              <tr>
                <th>{t('inventory.column.customer')}</th>
                <th>{t('inventory.column.shipment')}</th>
                <th>{t('inventory.column.box')}</th>
                <th>{t('inventory.column.lot')}</th>
                <th className="num">{t('inventory.column.quantity')}</th>
                <th>{t('inventory.column.shippedAt')}</th>
              </tr>
            </thead>
            <tbody>
              {recall.shipped.slice(0, shown).map((s) => (
                <tr key={`${s.shipment} ${s.box} ${s.lot}`}>
                  <td>{recall.customers.find((c) => c.customer === s.customer)?.name ?? s.customer}</td>
                  <td>{s.shipment}</td>
                  <td>{s.box ?? ''}</td>
                  <td>{s.lot}</td>
                  <td className="num">
                    <Amount value={s.quantity} />
                  </td>
                  <td>{s.shippedAt === null ? '' : f.dateTime(s.shippedAt / 1000)}</td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </div>
      ) : (
        <p className="trace-note muted">{t('inventory.recallNothingOut')}</p>
      )}
      {recall.stock.length > 0 ? (
        <>
          <h3 className="trace-note">{t('inventory.stillHere')}</h3>
          <div className="table-scroll">
            <CardTable>
              <thead>
                <tr>
                  <th>{t('inventory.column.lot')}</th>
                  <th>{t('inventory.column.item')}</th>
                  <th>{t('inventory.column.location')}</th>
                  <th className="num">{t('inventory.column.quantity')}</th>
                </tr>
              </thead>
              <tbody>
                {recall.stock.slice(0, shown).map((s) => (
                  <tr key={`${s.lot} ${s.location}`}>
                    <td>{s.lot}</td>
                    <td>{s.item}</td>
                    <td>{s.location}</td>
                    <td className="num">
                      <Amount value={s.quantity} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </CardTable>
          </div>
        </>
      ) : null}
    </section>
  );
}
