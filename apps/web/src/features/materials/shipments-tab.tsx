import type { Shipment } from '@deungdae/contracts/api-inventory.ts';
import { Button, Modal, TextInput } from '@mantine/core';
import { IconArrowLeft, IconPlus, IconTruck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { newEntryId } from '../../ui/entry-id.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { Amount, LotLink, MasterSelect, materialsKey, ScanField, useAct } from './common.tsx';

export function ShipmentsTab({ id, open }: { id: string | undefined; open: (number: string | undefined) => void }) {
  return id === undefined ? <Shipments open={open} /> : <OneShipment id={id} back={() => open(undefined)} />;
}

function Shipments({ open }: { open: (number: string) => void }) {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const [adding, setAdding] = useState(false);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'shipments'],
    queryFn: ({ signal }) => api.shipments({ limit: 200 }, { signal }),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const add = can.operate ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('inventory.newShipment')}
    </Button>
  ) : null;
  return (
    <>
      <div className="filters">
        <span className="push">{data.length > 0 ? add : null}</span>
      </div>
      <section className="panel table-scroll">
        {data.length === 0 ? (
          <EmptyState title={t('inventory.noShipments')} action={add}>
            {t('inventory.noShipmentsHelp')}
          </EmptyState>
        ) : (
          <CardTable>
            <thead>
              <tr>
                <th>{t('inventory.column.shipment')}</th>
                <th>{t('inventory.column.customer')}</th>
                <th>{t('inventory.column.status')}</th>
                <th>{t('inventory.column.createdAt')}</th>
                <th>{t('inventory.column.shippedAt')}</th>
              </tr>
            </thead>
            <tbody>
              {data.map((s) => (
                <tr key={s.id} className="pick" onClick={() => open(s.number)}>
                  <td>
                    <button type="button" className="link" onClick={() => open(s.number)}>
                      {s.number}
                    </button>
                  </td>
                  <td>{s.customerName}</td>
                  <td>{t(`inventory.shipment.${s.status}`)}</td>
                  <td>{f.dateTime(s.createdAt / 1000)}</td>
                  <td>{s.shippedAt === null ? '' : f.dateTime(s.shippedAt / 1000)}</td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        )}
      </section>
      {adding ? <NewShipment close={() => setAdding(false)} open={open} /> : null}
    </>
  );
}

function NewShipment({ close, open }: { close: () => void; open: (number: string) => void }) {
  const t = useText();
  const { act, busy } = useAct();
  const [entryId] = useState(newEntryId);
  const [customer, setCustomer] = useState<string | null>(null);
  const [salesOrder, setSalesOrder] = useState('');
  const save = async () => {
    if (customer === null) return;
    const order = salesOrder.trim() === '' ? {} : { salesOrder: salesOrder.trim() };
    const made = await act(() => api.createShipment({ entryId, customer, note: '', ...order }));
    if (made) open(made.number);
  };
  return (
    <Modal opened onClose={close} title={<strong>{t('inventory.newShipment')}</strong>}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <MasterSelect
          kind="partner"
          required
          label={t('inventory.column.customer')}
          value={customer}
          change={setCustomer}
          only={(data) => Array.isArray(data.roles) && data.roles.includes('customer')}
        />
        <TextInput
          label={t('inventory.salesOrder')}
          value={salesOrder}
          onChange={(e) => setSalesOrder(e.currentTarget.value)}
        />
        <Button type="submit" loading={busy} disabled={customer === null}>
          {t('inventory.begin')}
        </Button>
      </form>
    </Modal>
  );
}

function OneShipment({ id, back }: { id: string; back: () => void }) {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const { act, busy } = useAct();
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'shipment', id],
    queryFn: ({ signal }) => api.shipment({ id }, { signal }),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const working = data.status === 'open' && can.operate;
  const load = (code: string) => act(() => api.loadShipment({ id }, { entryId: newEntryId(), code }));
  const unload = (code: string) => act(() => api.unloadShipment({ id }, { entryId: newEntryId(), code }));
  return (
    <section className="panel">
      <div className="panel-head">
        <Button variant="subtle" leftSection={<IconArrowLeft size={16} />} onClick={back}>
          {t('inventory.allShipments')}
        </Button>
        <h2>
          {data.number} · {data.customerName}
        </h2>
        <span className="muted">
          {t(`inventory.shipment.${data.status}`)}
          {data.shippedAt === null ? '' : ` · ${f.dateTime(data.shippedAt / 1000)}`}
        </span>
        {working ? (
          <Button
            className="push"
            leftSection={<IconTruck size={16} />}
            loading={busy}
            disabled={data.lines.length === 0}
            onClick={() => void act(() => api.sendShipment({ id }, { entryId: newEntryId() }), t('inventory.sent'))}
          >
            {t('inventory.send')}
          </Button>
        ) : null}
      </div>
      {working ? (
        <div className="panel-body">
          <ScanField autoFocus busy={busy} label={t('inventory.scanBox')} onScan={load} />
        </div>
      ) : null}
      {data.lines.length === 0 ? (
        <EmptyState title={t('inventory.emptyShipment')}>{t('inventory.emptyShipmentHelp')}</EmptyState>
      ) : (
        <Lines shipment={data} unload={working ? (code) => void unload(code) : null} />
      )}
    </section>
  );
}

function Lines({ shipment, unload }: { shipment: Shipment; unload: ((code: string) => void) | null }) {
  const t = useText();
  return (
    <div className="table-scroll">
      <CardTable>
        <thead>
          <tr>
            <th>{t('inventory.column.box')}</th>
            <th>{t('inventory.column.lot')}</th>
            <th>{t('inventory.column.item')}</th>
            <th className="num">{t('inventory.column.quantity')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {shipment.lines.map((line) => (
            <tr key={`${line.box} ${line.lot}`}>
              <td>{line.box === null ? t('inventory.loose') : <LotLink id={line.box}>{line.boxNumber}</LotLink>}</td>
              <td>
                <LotLink id={line.lot}>{line.lotNumber}</LotLink>
              </td>
              <td>{line.itemName}</td>
              <td className="num">
                <Amount value={line.quantity} unit={line.unit} />
              </td>
              <td className="num">
                {unload ? (
                  <Button variant="subtle" onClick={() => unload(line.boxNumber ?? line.lotNumber)}>
                    {t('inventory.unload')}
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </CardTable>
    </div>
  );
}
