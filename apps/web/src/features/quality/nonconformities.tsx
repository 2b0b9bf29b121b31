import type { Nonconformity } from '@deungdae/contracts/quality.ts';
import { Button, FileButton, Modal, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { IconCamera, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNow } from '../../ui/use-now.ts';
import { keepPicture, qualityKey, useAbilities } from './common.tsx';

const sources = ['production', 'inspection', 'customer', 'supplier', 'audit'] as const;
const columns = ['open', 'decided', 'closed'] as const;

/** The board: to decide, decided with measures running, closed of late. */
export function Nonconformities({ open }: { open: (id: string) => void }) {
  const t = useText();
  const { operate } = useAbilities();
  const list = useQuery({
    queryKey: [qualityKey, 'nonconformities'],
    queryFn: ({ signal }) => api.nonconformities({ limit: 300 }, { signal }),
    refetchInterval: 20_000,
  });
  const rows = list.data ?? [];
  return (
    <>
      <div className="row wrap list-head">
        <span className="muted small">{t('quality.count', { n: rows.length })}</span>
        <span className="push">{operate ? <ReportNonconformity open={open} /> : null}</span>
      </div>
      {list.error ? <ErrorBox error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isLoading ? <LoadingRows /> : null}
      {list.data && rows.length === 0 ? (
        <section className="panel">
          <EmptyState title={t('quality.noNonconformities')}>{t('quality.noNonconformitiesText')}</EmptyState>
        </section>
      ) : null}
      {rows.length > 0 ? (
        <div className="board">
          {columns.map((status) => {
            const mine = rows.filter((r) => r.status === status);
            return (
              <section key={status} className="panel" aria-label={t(`quality.board.${status}`)}>
                <div className="panel-head">
                  <h2>{t(`quality.board.${status}`)}</h2>
                  <span className="muted small">{mine.length}</span>
                </div>
                {mine.slice(0, status === 'closed' ? 20 : 300).map((row) => (
                  <Card key={row.id} row={row} open={open} />
                ))}
              </section>
            );
          })}
        </div>
      ) : null}
    </>
  );
}

function Card({ row, open }: { row: Nonconformity; open: (id: string) => void }) {
  const t = useText();
  const f = useFormats();
  const now = useNow(60_000);
  const due = row.eightD?.dueAt ?? row.dueAt;
  const late = row.status !== 'closed' && due !== null && due / 1000 < now;
  return (
    <button type="button" className="nc-card" onClick={() => open(row.number)}>
      <span className="row">
        <strong>{row.number}</strong>
        <span className="muted small">{t(`quality.source.${row.source}`)}</span>
        <span className="push muted small">{f.day(row.openedAt / 1000)}</span>
      </span>
      <span>{row.text}</span>
      <span className="muted small">
        {[row.item, row.partner, row.quantity > 0 ? f.number(row.quantity) : null].filter(Boolean).join(' · ')}
      </span>
      {row.lots.some((l) => l.held) ? (
        <span className="small">{t('quality.heldLots', { n: row.lots.filter((l) => l.held).length })}</span>
      ) : null}
      {due === null || row.status === 'closed' ? null : (
        <span className={`small${late ? ' late' : ' muted'}`}>{t('quality.dueOn', { at: f.day(due / 1000) })}</span>
      )}
    </button>
  );
}

function ReportNonconformity({ open }: { open: (id: string) => void }) {
  const t = useText();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [source, setSource] = useState<(typeof sources)[number]>('production');
  const [item, setItem] = useState('');
  const [lots, setLots] = useState('');
  const [defect, setDefect] = useState('');
  const [quantity, setQuantity] = useState<number | string>('');
  const [text, setText] = useState('');
  const [partner, setPartner] = useState('');
  const [pictures, setPictures] = useState<string[]>([]);
  const picture = useMutation({
    mutationFn: keepPicture,
    onSuccess: (id) => setPictures((before) => [...before, id]),
  });
  const send = useMutation({
    mutationFn: () =>
      api.openNonconformity({
        ...{ source, item: item.trim(), text: text.trim(), quantity: Number(quantity) || 0, pictures },
        lots: lots.split(/[\s,]+/).filter(Boolean),
        defect: defect.trim() === '' ? null : defect.trim(),
        ...(partner.trim() === '' ? {} : { partner: partner.trim() }),
      }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: [qualityKey] });
      setOpened(false);
      open(made.number);
    },
  });
  const complaint = source === 'customer' || source === 'supplier';
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened(true)}>
        {t('quality.report')}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t('quality.report')}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            send.mutate();
          }}
        >
          <Select
            label={t('quality.sourceName')}
            allowDeselect={false}
            value={source}
            onChange={(v) => setSource(sources.find((s) => s === v) ?? 'production')}
            data={sources.map((value) => ({ value, label: t(`quality.source.${value}`) }))}
          />
          <TextInput label={t('quality.item')} required value={item} onChange={(e) => setItem(e.currentTarget.value)} />
          <TextInput
            label={t('quality.lots')}
            description={t('quality.lotsHint')}
            value={lots}
            onChange={(e) => setLots(e.currentTarget.value)}
          />
          {complaint ? (
            <TextInput
              label={t('quality.partner')}
              value={partner}
              onChange={(e) => setPartner(e.currentTarget.value)}
            />
          ) : null}
          <div className="row">
            <TextInput label={t('quality.defect')} value={defect} onChange={(e) => setDefect(e.currentTarget.value)} />
            <NumberInput label={t('quality.quantity')} min={0} value={quantity} onChange={setQuantity} />
          </div>
          <Textarea
            label={t('quality.what')}
            required
            autosize
            minRows={2}
            value={text}
            onChange={(e) => setText(e.currentTarget.value)}
          />
          <FileButton accept="image/*" onChange={(file) => file && picture.mutate(file)}>
            {(props) => (
              <Button variant="default" leftSection={<IconCamera size={16} />} loading={picture.isPending} {...props}>
                {t('quality.addPicture', { n: pictures.length })}
              </Button>
            )}
          </FileButton>
          {picture.error ? <ErrorBox error={picture.error} /> : null}
          {send.error ? <ErrorBox error={send.error} /> : null}
          <Button type="submit" loading={send.isPending} disabled={item.trim() === '' || text.trim() === ''}>
            {t('quality.send')}
          </Button>
        </form>
      </Modal>
    </>
  );
}
