import type { Nonconformity } from '@deungdae/contracts/quality.ts';
import { Button, NumberInput, Select, Textarea } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { PhotoButton } from '../../ui/photo-button.tsx';
import { useDefectSource, useLotSource, useMachineSource, useMasterSource } from '../../ui/pick-sources.ts';
import { MultiPicker, Picker } from '../../ui/picker.tsx';
import { useNow } from '../../ui/use-now.ts';
import { qualityKey } from './common.tsx';

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
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened(true)}>
        {t('quality.report')}
      </Button>
      {opened ? <ReportDialog open={open} close={() => setOpened(false)} /> : null}
    </>
  );
}

function ReportDialog({ open, close }: { open: (id: string) => void; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const [entryId] = useState(newEntryId);
  const [source, setSource] = useState<(typeof sources)[number]>('production');
  const [item, setItem] = useState<string | null>(null);
  const [lots, setLots] = useState<string[]>([]);
  const [machine, setMachine] = useState<string | null>(null);
  const [defect, setDefect] = useState<string | null>(null);
  const [quantity, setQuantity] = useState<number | string>('');
  const [text, setText] = useState('');
  const [partner, setPartner] = useState<string | null>(null);
  const [pictures, setPictures] = useState<string[]>([]);
  const complaint = source === 'customer' || source === 'supplier';
  const choices = {
    items: useMasterSource('item'),
    lots: useLotSource(item),
    machines: useMachineSource(),
    defects: useDefectSource(),
    partners: useMasterSource('partner', {
      name: source,
      keep: (data) => (data.roles as string[] | undefined)?.includes(source) ?? false,
    }),
  };
  /** The first lot says which item it is. */
  const takeLots = async (next: string[]) => {
    setLots(next);
    if (item !== null || next[0] === undefined) return;
    const { lot } = await api.lot({ id: next[0] });
    setItem((before) => before ?? lot.item);
  };
  const send = useMutation({
    mutationFn: () =>
      api.openNonconformity({
        ...{ entryId, source, item: item ?? '', text: text.trim(), quantity: Number(quantity) || 0, pictures },
        ...{ lots, defect, machine },
        ...(complaint && partner ? { partner } : {}),
      }),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: [qualityKey] });
      close();
      open(made.number);
    },
  });
  return (
    <FormDialog
      title={t('quality.report')}
      size={560}
      close={close}
      save={send}
      ready={item !== null && text.trim() !== ''}
      submit={t('quality.send')}
      aside={<PhotoButton count={pictures.length} onTaken={(id) => setPictures([...pictures, id])} />}
    >
      <Select
        label={t('quality.sourceName')}
        allowDeselect={false}
        value={source}
        onChange={(v) => {
          setSource(sources.find((s) => s === v) ?? 'production');
          setPartner(null);
        }}
        data={sources.map((value) => ({ value, label: t(`quality.source.${value}`) }))}
      />
      <MultiPicker
        autoFocus
        label={t('quality.lots')}
        description={t('quality.lotsHint')}
        source={choices.lots}
        values={lots}
        onChange={(next) => void takeLots(next)}
      />
      <Picker required label={t('quality.item')} source={choices.items} value={item} onChange={setItem} />
      {complaint ? (
        <Picker label={t('quality.partner')} source={choices.partners} value={partner} onChange={setPartner} />
      ) : (
        <Picker label={t('quality.machine')} source={choices.machines} value={machine} onChange={setMachine} />
      )}
      <div className="row wrap">
        <div className="grow">
          <Picker label={t('quality.defect')} source={choices.defects} value={defect} onChange={setDefect} />
        </div>
        <NumberInput w={120} label={t('quality.quantity')} min={0} value={quantity} onChange={setQuantity} />
      </div>
      <Textarea
        label={t('quality.what')}
        required
        autosize
        minRows={2}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
    </FormDialog>
  );
}
