import type { CheckDone, CheckItem, CheckSheet, Subject } from '@deungdae/contracts/maintenance.ts';
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { newEntryId } from '../../ui/entry-id.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { PhotoButton } from '../../ui/photo-button.tsx';
import { maintenanceKey, useSubjectName } from './common.tsx';
import './maintenance.css';

interface Entry {
  ok: boolean | null;
  value: string;
  note: string;
  document: string | null;
}
const blank: Entry = { ok: null, value: '', note: '', document: null };

/** A value as people type it, also with a comma. */
const numberOf = (text: string) => (text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.')));

function inside(item: CheckItem, value: number): boolean {
  return (item.lower === undefined || value >= item.lower) && (item.upper === undefined || value <= item.upper);
}

function answered(item: CheckItem, entry: Entry): boolean {
  const judged = item.kind === 'value' ? Number.isFinite(numberOf(entry.value)) : entry.ok !== null;
  return judged && (!item.picture || entry.document !== null);
}

/** One check on a tablet or phone: large buttons, values with their limits, pictures where the sheet asks for them. */
export function CheckPage() {
  const t = useText();
  const nameOf = useSubjectName();
  const { sheet: code, kind, subject: id } = useSearch({ from: '/session/shell/maintenance/check' });
  const { data, error } = useQuery({
    queryKey: [maintenanceKey, 'sheets'],
    queryFn: ({ signal }) => api.checkSheets({ signal }),
  });
  const [done, setDone] = useState<CheckDone | null>(null);
  const sheet = data?.find((each) => each.code === code);
  const subject: Subject = { kind: kind === 'tool' ? 'tool' : 'machine', id: id ?? '' };
  return (
    <>
      <PageHead title={sheet?.name ?? t('maintenance.check')} lead={<span className="muted">{nameOf(subject)}</span>} />
      {error ? <ErrorBox error={error} /> : null}
      {!data && !error ? <LoadingRows /> : null}
      {data && !sheet ? (
        <section className="panel">
          <EmptyState title={t('maintenance.sheetGone')} action={<BackToday />} />
        </section>
      ) : null}
      {sheet && !done ? <CheckForm sheet={sheet} subject={subject} done={setDone} /> : null}
      {done ? (
        <section className="panel">
          <EmptyState
            title={done.failed === 0 ? t('maintenance.checkedOk') : t('maintenance.checkedNg', { n: done.failed })}
            action={<BackToday />}
          >
            {done.failed === 0 ? '' : t('maintenance.ordersOpened', { orders: done.orders.join(', ') })}
          </EmptyState>
        </section>
      ) : null}
    </>
  );
}

function BackToday() {
  const t = useText();
  return (
    <>
      <Button size="lg" renderRoot={(props) => <Link to="/maintenance" search={{}} {...props} />}>
        {t('maintenance.toToday')}
      </Button>
      <Button
        size="lg"
        variant="default"
        renderRoot={(props) => <Link to="/maintenance/scan" search={{}} {...props} />}
      >
        {t('maintenance.scanNext')}
      </Button>
    </>
  );
}

function CheckForm({
  sheet,
  subject,
  done,
}: {
  sheet: CheckSheet;
  subject: Subject;
  done: (check: CheckDone) => void;
}) {
  const t = useText();
  const client = useQueryClient();
  const [entryId] = useState(newEntryId);
  const [badge, setBadge] = useState('');
  const [entries, setEntries] = useState<Record<string, Entry>>({});
  const of = (item: CheckItem) => entries[item.id] ?? blank;
  const open = sheet.items.filter((item) => !answered(item, of(item))).length;
  const send = useMutation({
    mutationFn: () =>
      api.doCheck({
        ...{ entryId, sheet: sheet.code, subject },
        ...(badge.trim() === '' ? {} : { badge: badge.trim() }),
        results: sheet.items.map((item) => {
          const entry = of(item);
          const value = item.kind === 'value' ? numberOf(entry.value) : null;
          const ok = value === null ? entry.ok === true : inside(item, value);
          return { item: item.id, ok, value, note: entry.note, document: entry.document };
        }),
      }),
    onSuccess: async (check) => {
      await client.invalidateQueries({ queryKey: [maintenanceKey] });
      done(check);
    },
  });
  return (
    <form
      className="panel"
      onSubmit={(event) => {
        event.preventDefault();
        if (open === 0) send.mutate();
      }}
    >
      {sheet.items.map((item, i) => (
        <ItemEntry
          key={item.id}
          item={item}
          number={i + 1}
          entry={of(item)}
          change={(part) => setEntries((all) => ({ ...all, [item.id]: { ...(all[item.id] ?? blank), ...part } }))}
        />
      ))}
      <div className="mt-steps stack">
        {send.error ? <ErrorBox error={send.error} /> : null}
        <div className="row wrap">
          <TextInput
            size="lg"
            w={200}
            placeholder={t('maintenance.badge')}
            aria-label={t('maintenance.badge')}
            value={badge}
            onChange={(e) => setBadge(e.currentTarget.value)}
            // A scanner ends with Enter, which must not send a check that is not finished.
            onKeyDown={(e) => (e.key === 'Enter' ? e.preventDefault() : undefined)}
          />
          <Button className="push" size="lg" type="submit" loading={send.isPending} disabled={open > 0}>
            {open > 0 ? t('maintenance.itemsLeft', { n: open }) : t('maintenance.saveCheck')}
          </Button>
        </div>
      </div>
    </form>
  );
}

function ItemEntry({
  item,
  number,
  entry,
  change,
}: {
  item: CheckItem;
  number: number;
  entry: Entry;
  change: (part: Partial<Entry>) => void;
}) {
  const t = useText();
  const language = useLanguage();
  const text = item.names?.[language] ?? item.text;
  const value = numberOf(entry.value);
  const out = item.kind === 'value' && Number.isFinite(value) && !inside(item, value);
  return (
    <div className="mt-item">
      <h3 id={`item-${item.id}`}>
        <span className="muted">{number}.</span> {text}
      </h3>
      {item.kind === 'value' ? (
        <div className="mt-value">
          <input
            inputMode="decimal"
            aria-labelledby={`item-${item.id}`}
            aria-invalid={out}
            className={out ? 'out' : ''}
            value={entry.value}
            onChange={(e) => change({ value: e.currentTarget.value })}
            onKeyDown={(e) => (e.key === 'Enter' ? e.preventDefault() : undefined)}
          />
          <span>{unitText(item.unit)}</span>
          <Limits item={item} />
          {out ? <strong className="mt-late">{t('maintenance.ng')}</strong> : null}
        </div>
      ) : (
        <fieldset className="mt-choice" aria-labelledby={`item-${item.id}`}>
          <button type="button" aria-pressed={entry.ok === true} onClick={() => change({ ok: true })}>
            {t('maintenance.ok')}
          </button>
          <button type="button" className="ng" aria-pressed={entry.ok === false} onClick={() => change({ ok: false })}>
            {t('maintenance.ng')}
          </button>
        </fieldset>
      )}
      {out || entry.ok === false ? (
        <TextInput
          size="md"
          aria-label={t('maintenance.note')}
          placeholder={t('maintenance.noteHint')}
          value={entry.note}
          onChange={(e) => change({ note: e.currentTarget.value })}
          onKeyDown={(e) => (e.key === 'Enter' ? e.preventDefault() : undefined)}
        />
      ) : null}
      {item.picture || out || entry.ok === false ? (
        <span>
          <PhotoButton count={entry.document === null ? 0 : 1} onTaken={(document) => change({ document })} />
          {item.picture && entry.document === null ? (
            <span className="muted"> {t('maintenance.photoNeeded')}</span>
          ) : null}
        </span>
      ) : null}
    </div>
  );
}

function Limits({ item }: { item: CheckItem }) {
  const f = useFormats();
  if (item.lower === undefined && item.upper === undefined) return null;
  const text =
    item.lower === undefined
      ? `≤ ${f.number(item.upper)}`
      : item.upper === undefined
        ? `≥ ${f.number(item.lower)}`
        : `${f.number(item.lower)} – ${f.number(item.upper)}`;
  return <span className="muted nowrap">{text}</span>;
}
