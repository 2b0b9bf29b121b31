import type { RejectedEntry } from '@deungdae/contracts/kiosk.ts';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { type TextKey, useText } from '../../i18n/i18n.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { ListPanel } from '../../ui/list-panel.tsx';
import { Coded, type NameOf, useNames } from '../../ui/names.tsx';
import { useMachineSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import type { Column } from '../../ui/rows-table.tsx';
import { type EntryData, EntryFields, RecordShort } from './entry-fields.tsx';
import { changed, fieldsOf, mayRecordShort, missingFields, toSend } from './entry-form.ts';
import { useSave } from './use-act.ts';

/** What people typed at a kiosk that could not be applied: nothing of it is lost, somebody decides. */
export function RejectedTab() {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const [open, setOpen] = useState<RejectedEntry | null>(null);
  const entries = useQuery({
    queryKey: ['production', 'rejected'],
    queryFn: ({ signal }) => api.rejectedEntries({ limit: 200 }, { signal }),
  });
  const reasons = entries.data?.map((e) => (typeof e.data.reason === 'string' ? e.data.reason : null));
  const nameOf = useNames({ reason: reasons });
  const columns: Column<RejectedEntry>[] = [
    { name: t('field.time'), nowrap: true, cell: (e) => f.dateTime(e.time / 1000) },
    { name: t('field.machine'), cell: (e) => plant.name(e.machine) },
    {
      name: t('production.entry'),
      wide: true,
      cell: (e) => <Coded name={entryName(t, e.kind)} code={inWords(t, nameOf, e)} />,
    },
    { name: t('production.why'), wide: true, cell: (e) => e.error.message },
    { name: t('field.by'), cell: (e) => e.person ?? e.badge ?? e.device },
    {
      name: t('production.state'),
      nowrap: true,
      cell: (e) => (
        <>
          {t(`production.rejected.${e.status}`)}
          {e.resolvedBy ? <span className="muted small"> · {e.resolvedBy}</span> : null}
        </>
      ),
    },
    {
      name: t('field.actions'),
      bare: true,
      cell: (e) =>
        e.status === 'open' ? (
          <Button variant="light" onClick={() => setOpen(e)}>
            {t('production.resolve')}
          </Button>
        ) : null,
    },
  ];
  return (
    <>
      <ListPanel
        title={t('production.tab.rejected')}
        list={entries}
        columns={columns}
        keyOf={(e) => e.entryId}
        empty={{ title: t('production.noRejected'), text: t('production.noRejectedText') }}
      />
      {open ? <Resolve entry={open} close={() => setOpen(null)} /> : null}
    </>
  );
}

const named = [
  ...(['start', 'productionStart', 'confirm', 'finish', 'pause', 'resume', 'useLot', 'pack', 'join', 'leave'] as const),
  ...(['indirect', 'call', 'acknowledgeCall', 'closeCall', 'downtimeReason', 'change', 'handover'] as const),
  ...(['readHandover', 'inspection'] as const),
];

function entryName(t: ReturnType<typeof useText>, kind: string): string {
  const known = named.find((k) => k === kind);
  return known ? t(`production.kind.${known}`) : kind;
}

/** What was typed, as `word figure`, a few of them. */
function inWords(t: ReturnType<typeof useText>, nameOf: NameOf, { kind, data }: RejectedEntry): string {
  const parts = fieldsOf(kind).flatMap(({ key }) => {
    const value = data[key];
    const plain = typeof value === 'string' || typeof value === 'number';
    return plain && value !== '' && value !== 0
      ? [`${t(`production.field.${key}` as TextKey)} ${key === 'reason' ? nameOf('reason', String(value)) : value}`]
      : [];
  });
  return parts.slice(0, 3).join(' · ');
}

/** Why it was refused, what was typed, and what to do with it. */
function Resolve({ entry, close }: { entry: RejectedEntry; close: () => void }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const machines = useMachineSource();
  const [data, setData] = useState<EntryData>(entry.data);
  const [machine, setMachine] = useState<string | null>(entry.machine);
  const [short, setShort] = useState(false);
  const [current, setCurrent] = useState(false);
  const [note, setNote] = useState('');
  const canBeShort = mayRecordShort(entry.kind, entry.error.code);
  const ready = missingFields(entry.kind, data).length === 0 && machine !== null;
  const save = useSave(close, (act: 'apply' | 'dismiss') => {
    const sent = { ...toSend(data, current), ...(short ? { short: true } : {}) };
    const corrected = act === 'apply' && machine ? { data: sent, machine } : {};
    return api.resolveRejected({ id: entry.entryId }, { act, note: note.trim(), ...corrected });
  });
  return (
    <FormDialog
      title={entryName(t, entry.kind)}
      size={560}
      close={close}
      save={{ ...save, mutate: () => save.mutate('apply') }}
      ready={ready && note.trim() !== ''}
      submit={t('production.applyAgain')}
      aside={
        <Button
          variant="default"
          color="red"
          disabled={save.isPending || note.trim() === ''}
          onClick={() => save.mutate('dismiss')}
        >
          {t('production.dismiss')}
        </Button>
      }
    >
      <p className="small muted">
        {plant.name(entry.machine)} · {entry.person ?? entry.badge ?? entry.device} · {f.dateTime(entry.time / 1000)}
      </p>
      <section className="production-why" aria-label={t('production.why')}>
        <strong>{t('production.whyRefused')}</strong>
        <p>{entry.error.message}</p>
        <p className="small muted">{entry.error.advice}</p>
      </section>
      <EntryFields
        kind={entry.kind}
        data={data}
        set={(key, value) => setData((before) => changed(before, key, value))}
      />
      <Picker source={machines} label={t('field.machine')} required value={machine} onChange={setMachine} />
      {data.run ? (
        <Checkbox
          label={t('production.onCurrentRun')}
          checked={current}
          onChange={(e) => setCurrent(e.currentTarget.checked)}
        />
      ) : null}
      {canBeShort ? <RecordShort short={short} set={setShort} /> : null}
      <TextInput
        label={t('production.resolveNote')}
        required
        maxLength={500}
        value={note}
        onChange={(e) => setNote(e.currentTarget.value)}
      />
    </FormDialog>
  );
}
