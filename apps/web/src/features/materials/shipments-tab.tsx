import type { Shipment } from '@deungdae/contracts/api-inventory.ts';
import { Button, TextInput } from '@mantine/core';
import { IconTruck } from '@tabler/icons-react';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { EmptyState } from '../../ui/messages.tsx';
import { Coded, useNames } from '../../ui/names.tsx';
import { type Column, RowsTable } from '../../ui/rows-table.tsx';
import { useSaveOn } from '../../ui/use-act.ts';
import { Amount, LotLink, MasterSelect, materialsKey, ScanField, useAct } from './common.tsx';
import { OnePaper, PaperHead, PaperList } from './papers.tsx';

export function ShipmentsTab({ id, open }: { id: string | undefined; open: (number: string | undefined) => void }) {
  return id === undefined ? <Shipments open={open} /> : <OneShipment id={id} back={() => open(undefined)} />;
}

function Shipments({ open }: { open: (number: string) => void }) {
  const t = useText();
  const f = useFormats();
  const columns: Column<Shipment>[] = [
    { name: t('inventory.column.shipment'), cell: (s) => s.number },
    { name: t('inventory.column.customer'), cell: (s) => s.customerName },
    { name: t('inventory.column.status'), cell: (s) => t(`inventory.shipment.${s.status}`) },
    { name: t('inventory.column.createdAt'), cell: (s) => f.dateTime(s.createdAt / 1000) },
    {
      name: t('inventory.column.shippedAt'),
      cell: (s) => (s.shippedAt === null ? '' : f.dateTime(s.shippedAt / 1000)),
    },
  ];
  return (
    <PaperList
      kind="shipments"
      load={(signal) => api.shipments({ limit: 200 }, { signal })}
      columns={columns}
      words={{
        add: t('inventory.newShipment'),
        none: t('inventory.noShipments'),
        noneHelp: t('inventory.noShipmentsHelp'),
      }}
      open={open}
      dialog={(close) => <NewShipment close={close} open={open} />}
    />
  );
}

function NewShipment({ close, open }: { close: () => void; open: (number: string) => void }) {
  const t = useText();
  const [entryId] = useState(newEntryId);
  const [customer, setCustomer] = useState<string | null>(null);
  const [salesOrder, setSalesOrder] = useState('');
  const order = salesOrder.trim() === '' ? {} : { salesOrder: salesOrder.trim() };
  const save = useSaveOn(materialsKey, {
    close,
    work: () => api.createShipment({ entryId, customer: customer ?? '', note: '', ...order }),
    done: (made) => {
      open(made.number);
      return undefined;
    },
  });
  return (
    <FormDialog
      title={t('inventory.newShipment')}
      close={close}
      save={save}
      ready={customer !== null}
      submit={t('inventory.begin')}
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
    </FormDialog>
  );
}

function OneShipment({ id, back }: { id: string; back: () => void }) {
  return (
    <OnePaper kind="shipment" id={id} load={(signal) => api.shipment({ id }, { signal })}>
      {(shipment) => <ShipmentSheet shipment={shipment} back={back} />}
    </OnePaper>
  );
}

function ShipmentSheet({ shipment, back }: { shipment: Shipment; back: () => void }) {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const { act, busy } = useAct();
  const { id } = shipment;
  const working = shipment.status === 'open' && can.operate;
  const load = (code: string) => act(() => api.loadShipment({ id }, { entryId: newEntryId(), code }));
  const unload = (code: string) => act(() => api.unloadShipment({ id }, { entryId: newEntryId(), code }));
  const sent = shipment.shippedAt === null ? '' : ` · ${f.dateTime(shipment.shippedAt / 1000)}`;
  return (
    <>
      <PaperHead
        back={back}
        backText={t('inventory.allShipments')}
        title={`${shipment.number} · ${shipment.customerName}`}
        state={`${t(`inventory.shipment.${shipment.status}`)}${sent}`}
      >
        {working ? (
          <Button
            leftSection={<IconTruck size={16} />}
            loading={busy}
            disabled={shipment.lines.length === 0}
            onClick={() => void act(() => api.sendShipment({ id }, { entryId: newEntryId() }), t('inventory.sent'))}
          >
            {t('inventory.send')}
          </Button>
        ) : null}
      </PaperHead>
      {working ? (
        <div className="panel-body">
          <ScanField autoFocus busy={busy} label={t('inventory.scanBox')} onScan={load} />
        </div>
      ) : null}
      {shipment.lines.length === 0 ? (
        <EmptyState title={t('inventory.emptyShipment')}>{t('inventory.emptyShipmentHelp')}</EmptyState>
      ) : (
        <Lines shipment={shipment} unload={working ? (code) => void unload(code) : null} />
      )}
    </>
  );
}

type Line = Shipment['lines'][number];

function Lines({ shipment, unload }: { shipment: Shipment; unload: ((code: string) => void) | null }) {
  const t = useText();
  const nameOf = useNames({ item: shipment.lines.map((l) => l.item) });
  const columns: Column<Line>[] = [
    {
      name: t('inventory.column.box'),
      cell: (l) => (l.box === null ? t('inventory.loose') : <LotLink id={l.box}>{l.boxNumber}</LotLink>),
    },
    { name: t('inventory.column.lot'), cell: (l) => <LotLink id={l.lot}>{l.lotNumber}</LotLink> },
    {
      name: t('inventory.column.item'),
      cell: (l) => <Coded name={nameOf('item', l.item, l.itemName)} code={l.item} />,
    },
    {
      name: t('inventory.column.quantity'),
      num: true,
      cell: (l) => <Amount value={l.quantity} unit={l.unit} />,
    },
  ];
  if (unload)
    columns.push({
      name: t('field.actions'),
      bare: true,
      num: true,
      cell: (l) => (
        <Button variant="subtle" onClick={() => unload(l.boxNumber ?? l.lotNumber)}>
          {t('inventory.unload')}
        </Button>
      ),
    });
  return <RowsTable columns={columns} rows={shipment.lines} keyOf={(l) => `${l.box} ${l.lot}`} />;
}
