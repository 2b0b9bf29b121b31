import type { LotCard } from '@deungdae/contracts/api-inventory.ts';
import type { Movement } from '@deungdae/contracts/lot.ts';
import { Button, Select, TextInput } from '@mantine/core';
import { IconGitFork, IconLock, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { Coded, useNames } from '../../ui/names.tsx';
import { showFailure } from '../../ui/notify.ts';
import { type Column, RowsTable } from '../../ui/rows-table.tsx';
import { Amount, LotLink, LotState, labelAddress, materialsKey, useAct } from './common.tsx';
import { LotActs } from './lot-acts.tsx';

/** Everything of one lot or box: what and where it is, why it is held, its label and its movements. */
export function LotPage() {
  const t = useText();
  const { id } = useParams({ from: '/session/shell/lots/$id' });
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'lot', id],
    queryFn: ({ signal }) => api.lot({ id }, { signal }),
  });
  const nameOf = useNames({ item: [data?.lot.item] });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const { lot } = data;
  return (
    <>
      <PageHead title={`${lot.number} · ${nameOf('item', lot.item, data.itemName)}`}>
        <Button
          component={Link}
          to={`/trace?lot=${encodeURIComponent(lot.number)}`}
          variant="default"
          leftSection={<IconGitFork size={16} />}
        >
          {t('inventory.trace')}
        </Button>
      </PageHead>
      <div className="lot-columns">
        <div className="stack">
          <Facts card={data} />
          <Holds card={data} />
          <Contents card={data} />
          <History movements={data.movements} lot={lot} />
        </div>
        <LabelPanel card={data} />
      </div>
    </>
  );
}

function Facts({ card }: { card: LotCard }) {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const { lot } = card;
  const nameOf = useNames({ location: lot.stock.map((s) => s.location), partner: [lot.supplier] });
  const facts: [string, string | null][] = [
    [t('inventory.column.item'), lot.revision ? `${lot.item} (${lot.revision})` : lot.item],
    [t('inventory.origin'), t(`inventory.origin.${lot.origin}`)],
    [t('inventory.column.producedAt'), f.dateTime(lot.producedAt / 1000)],
    [t('inventory.column.expiresAt'), lot.expiresAt === null ? null : f.day(lot.expiresAt / 1000)],
    [t('inventory.column.supplier'), lot.supplier && nameOf('partner', lot.supplier)],
    [t('inventory.column.supplierLot'), lot.supplierLot],
    [t('inventory.column.workOrder'), lot.workOrder],
  ];
  return (
    <section className="panel">
      <div className="panel-body stack">
        <div className="row wrap">
          <span className="lot-figure">
            <Amount value={lot.onHand} unit={lot.unit} />
          </span>
          <LotState status={lot.status} />
          <span className="muted">
            {lot.stock.length === 0 ? t('inventory.nowhere') : null}
            {lot.stock.map((s, i) => (
              <span key={s.location}>
                {i > 0 ? ' · ' : ''}
                {nameOf('location', s.location)} <Amount value={s.quantity} />
              </span>
            ))}
          </span>
        </div>
        {can.operate ? <LotActs card={card} /> : null}
        <dl className="lot-facts">
          {facts
            .filter(([, value]) => value !== null)
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </div>
    </section>
  );
}

function Holds({ card }: { card: LotCard }) {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const { act, busy } = useAct();
  const [reason, setReason] = useState('');
  const { lot } = card;
  if (lot.holds.length === 0 && lot.status !== 'quarantine' && !can.operate) return null;
  const release = (hold?: string) =>
    void act(
      () => api.releaseLot({ id: lot.id }, { entryId: newEntryId(), ...(hold === undefined ? {} : { hold }) }),
      t('inventory.released'),
    );
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('inventory.holds')}</h2>
        {lot.status === 'quarantine' && can.lead ? (
          <Button className="push" variant="default" loading={busy} onClick={() => release()}>
            {t('inventory.outOfQuarantine')}
          </Button>
        ) : null}
      </div>
      {lot.holds.map((hold) => (
        <div key={hold.id} className="hold-line">
          <IconLock size={16} aria-hidden />
          <strong className="bad-text">{hold.reason}</strong>
          <span className="muted small">{f.dateTime(hold.since / 1000)}</span>
          {can.lead ? (
            <Button className="push" variant="default" loading={busy} onClick={() => release(hold.id)}>
              {t('inventory.release')}
            </Button>
          ) : null}
        </div>
      ))}
      {can.operate ? (
        <form
          className="hold-line"
          onSubmit={(event) => {
            event.preventDefault();
            const text = reason.trim();
            if (text === '') return;
            setReason('');
            void act(() => api.holdLot({ id: lot.id }, { entryId: newEntryId(), reason: text }), t('inventory.held'));
          }}
        >
          <TextInput
            className="grow"
            aria-label={t('inventory.holdReason')}
            placeholder={t('inventory.holdReason')}
            value={reason}
            onChange={(e) => setReason(e.currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={busy} disabled={reason.trim() === ''}>
            {t('inventory.hold')}
          </Button>
        </form>
      ) : null}
    </section>
  );
}

type Content = LotCard['contents'][number];
type Box = LotCard['boxes'][number];

function Contents({ card }: { card: LotCard }) {
  const t = useText();
  const { contents, boxes, lot } = card;
  const nameOf = useNames({ item: contents.map((c) => c.lot.item), location: boxes.map((b) => b.location) });
  if (contents.length + boxes.length === 0) return null;
  const nested = contents.some((c) => c.box !== lot.number);
  const inside: Column<Content>[] = [
    { name: t('inventory.column.lot'), cell: (c) => <LotLink id={c.lot.id}>{c.lot.number}</LotLink> },
    { name: t('inventory.column.item'), cell: (c) => <Coded name={nameOf('item', c.lot.item)} code={c.lot.item} /> },
    { name: t('inventory.column.status'), cell: (c) => <LotState status={c.lot.status} /> },
    ...(nested
      ? [
          {
            name: t('inventory.column.box'),
            cell: (c: Content) => (c.box === lot.number ? '' : <LotLink id={c.box}>{c.box}</LotLink>),
          },
        ]
      : []),
    {
      name: t('inventory.column.quantity'),
      num: true,
      cell: (c) => <Amount value={c.quantity} unit={c.lot.unit} />,
    },
  ];
  const around: Column<Box>[] = [
    { name: t('inventory.container'), cell: (b) => <LotLink id={b.id}>{b.number}</LotLink> },
    {
      name: t('inventory.column.location'),
      cell: (b) => (b.location ? nameOf('location', b.location) : t('inventory.place.@customer')),
    },
    { name: t('inventory.column.quantity'), num: true, cell: (b) => <Amount value={b.quantity} unit={lot.unit} /> },
  ];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t(contents.length > 0 ? 'inventory.contents' : 'inventory.inBoxes')}</h2>
      </div>
      {contents.length > 0 ? (
        <RowsTable columns={inside} rows={contents} keyOf={(c) => `${c.box} ${c.lot.id}`} size={10} />
      ) : (
        <RowsTable columns={around} rows={boxes} keyOf={(b) => b.id} size={10} />
      )}
    </section>
  );
}

/** The paper behind a movement as people know it: a run is known by its work order; a key means nothing to anybody. */
function referenceText(reference: string | null, lot: LotCard['lot']): string | null {
  if (!/^(run|step)\//.test(reference ?? '')) return reference;
  return reference === `run/${lot.run}` || reference === lot.run ? lot.workOrder : null;
}

function History({ movements, lot }: { movements: readonly Movement[]; lot: LotCard['lot'] }) {
  const t = useText();
  const f = useFormats();
  const columns: Column<Movement>[] = [
    { name: t('inventory.column.time'), cell: (m) => f.dateTime(m.time / 1000) },
    {
      name: t('inventory.column.kind'),
      cell: (m) => `${t(`inventory.movement.${m.kind}`)}${m.reverses === null ? '' : ` · ${t('inventory.takenBack')}`}`,
    },
    {
      name: t('inventory.column.way'),
      cell: (m) => (
        <>
          <Place code={m.from} /> → <Place code={m.to} />
        </>
      ),
    },
    {
      name: t('inventory.column.quantity'),
      num: true,
      cell: (m) => <Amount value={m.quantity} unit={lot.unit} />,
    },
    {
      name: t('inventory.column.reference'),
      cell: (m) => (
        <span className="small">
          {[m.partner, referenceText(m.reference, lot), m.reason].filter(Boolean).join(' · ')}
        </span>
      ),
    },
  ];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('inventory.history')}</h2>
      </div>
      {movements.length === 0 ? (
        <EmptyState title={t('inventory.noHistory')} />
      ) : (
        <RowsTable columns={columns} rows={movements} keyOf={(m) => m.id} />
      )}
    </section>
  );
}

const outside = ['@supplier', '@customer', '@production', '@scrap', '@adjustment', '@opening'] as const;

function Place({ code }: { code: string }) {
  const t = useText();
  const known = outside.find((place) => place === code);
  const nameOf = useNames({ location: known ? [] : [code] });
  return <span>{known ? t(`inventory.place.${known}`) : nameOf('location', code)}</span>;
}

function LabelPanel({ card }: { card: LotCard }) {
  const t = useText();
  const can = useAbilities();
  const { act, busy } = useAct();
  const { lot } = card;
  const settings = useQuery({
    queryKey: [materialsKey, 'settings'],
    queryFn: ({ signal }) => api.inventorySettings({ signal }),
  });
  const printers = settings.data?.printers ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const printer = chosen ?? printers[0]?.id ?? null;
  const print = async () => {
    if (printer === null) return;
    const jobs = await act(() => api.printLabels({ entryId: newEntryId(), lots: [lot.id], printer, copies: 1 }));
    const off = jobs?.find((job) => job.error !== null);
    if (off?.error) showFailure(new Error(off.error));
  };
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('inventory.label')}</h2>
      </div>
      <div className="panel-body actions-column">
        <img
          className="label-picture"
          src={`${labelAddress(lot.id, 'svg')}&v=${lot.status}${lot.onHand}`}
          alt={t('inventory.labelOf', { number: lot.number })}
        />
        {card.label.elements ? <code className="small">{card.label.elements}</code> : null}
        <Button
          component="a"
          href={labelAddress(lot.id, 'pdf')}
          target="_blank"
          variant="default"
          leftSection={<IconPrinter size={16} />}
        >
          {t('inventory.labelPdf')}
        </Button>
        {printers.length > 0 && can.operate ? (
          <>
            <Select
              label={t('inventory.printer')}
              allowDeselect={false}
              value={printer}
              data={printers.map((p) => ({ value: p.id, label: p.name }))}
              onChange={setChosen}
            />
            <Button loading={busy} onClick={() => void print()}>
              {t('inventory.print')}
            </Button>
          </>
        ) : null}
      </div>
    </section>
  );
}
