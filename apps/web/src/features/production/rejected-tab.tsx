import type { RejectedEntry } from '@deungdae/contracts/kiosk.ts';
import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useAct } from './use-act.ts';

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
  if (entries.error) return <ErrorBox error={entries.error} retry={() => void entries.refetch()} />;
  if (!entries.data) return <LoadingRows />;
  if (entries.data.length === 0)
    return <EmptyState title={t('production.noRejected')}>{t('production.noRejectedText')}</EmptyState>;
  return (
    <section className="panel table-scroll" aria-label={t('production.tab.rejected')}>
      <CardTable>
        <thead>
          <tr>
            <th>{t('field.time')}</th>
            <th>{t('field.machine')}</th>
            <th>{t('production.entry')}</th>
            <th>{t('production.why')}</th>
            <th>{t('field.by')}</th>
            <th>{t('production.state')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {entries.data.map((e) => (
            <tr key={e.entryId}>
              <td className="nowrap">{f.dateTime(e.time / 1000)}</td>
              <td>{plant.name(e.machine)}</td>
              <td>
                {entryName(t, e.kind)} <code className="small">{shortData(e.data)}</code>
              </td>
              <td>{e.error.message}</td>
              <td>{e.person ?? e.badge ?? e.device}</td>
              <td className="nowrap">
                {t(`production.rejected.${e.status}`)}
                {e.resolvedBy ? <span className="muted small"> · {e.resolvedBy}</span> : null}
              </td>
              <td>
                {e.status === 'open' ? (
                  <Button variant="light" onClick={() => setOpen(e)}>
                    {t('production.resolve')}
                  </Button>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </CardTable>
      {open ? <Resolve entry={open} close={() => setOpen(null)} /> : null}
    </section>
  );
}

const named = ['start', 'confirm', 'finish', 'pause', 'resume', 'useLot', 'pack', 'join', 'leave'] as const;

function entryName(t: ReturnType<typeof useText>, kind: string): string {
  const known = named.find((k) => k === kind);
  return known ? t(`production.kind.${known}`) : kind;
}

function shortData(data: Record<string, unknown>): string {
  const text = JSON.stringify(data);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function Resolve({ entry, close }: { entry: RejectedEntry; close: () => void }) {
  const t = useText();
  const { act, busy } = useAct();
  const [text, setText] = useState(() => JSON.stringify(entry.data, null, 2));
  const [note, setNote] = useState('');
  const data = parsed(text);
  const resolve = async (name: 'apply' | 'dismiss') => {
    const body = { act: name, note: note.trim(), ...(name === 'apply' && data ? { data } : {}) };
    if (await act(() => api.resolveRejected({ id: entry.entryId }, body), t('production.done'))) close();
  };
  return (
    <Modal opened onClose={close} title={<strong>{t('production.resolve')}</strong>} size={560}>
      <div className="stack">
        <p>{entry.error.message}</p>
        <p className="small muted">{entry.error.advice}</p>
        <Textarea
          label={t('production.entryData')}
          autosize
          minRows={4}
          error={data ? undefined : t('production.badData')}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        <TextInput
          label={t('production.reason')}
          required
          maxLength={500}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        <div className="row wrap">
          <Button loading={busy} disabled={!data || note.trim() === ''} onClick={() => void resolve('apply')}>
            {t('production.applyAgain')}
          </Button>
          <Button
            variant="default"
            loading={busy}
            disabled={note.trim() === ''}
            onClick={() => void resolve('dismiss')}
          >
            {t('production.dismiss')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
