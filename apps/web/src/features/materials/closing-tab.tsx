import type { ClosingCheck, StockClosing, StockPeriod } from '@deungdae/contracts/api-inventory.ts';
import { Button, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconLock } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities, useMe } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { type Column, RowsTable } from '../../ui/rows-table.tsx';
import { materialsKey } from './common.tsx';

/** Months of the stock: what is closed, by whom, and what stands against closing the rest. */
export function ClosingTab() {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const [closing, setClosing] = useState<StockPeriod | null>(null);
  const [reopening, setReopening] = useState<StockClosing | null>(null);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'periods'],
    queryFn: ({ signal }) => api.stockPeriods({ limit: 60 }, { signal }),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const standing = data.flatMap((p) => p.closings).filter((c) => c.reopenedAt === null);
  // Only the last closing can be taken back, and the oldest month is closed first.
  const last = standing.toSorted((a, b) => (a.day < b.day ? 1 : -1))[0];
  const next = data.findLast((p) => p.status === 'open' || p.status === 'reopened');
  const columns: Column<StockPeriod>[] = [
    { name: t('inventory.period'), cell: (p) => <strong className="nowrap">{p.from.slice(0, 7)}</strong> },
    { name: t('inventory.column.status'), cell: (p) => <PeriodState period={p} /> },
    { name: t('inventory.movements'), num: true, cell: (p) => f.number(p.movements) },
    { name: t('inventory.signature'), cell: (p) => <Signatures closings={p.closings} /> },
    {
      name: '',
      num: true,
      cell: (p) => (
        <>
          {can.lead && p === next ? (
            <Button onClick={() => setClosing(p)}>{t('inventory.closeMonth')}</Button>
          ) : can.lead && (p.status === 'open' || p.status === 'reopened' || p.status === 'running') ? (
            <Button variant="subtle" onClick={() => setClosing(p)}>
              {t('inventory.closingCheck')}
            </Button>
          ) : null}
          {can.administer && last && p.closings.includes(last) ? (
            <Button variant="subtle" color="gray" onClick={() => setReopening(last)}>
              {t('inventory.reopen')}
            </Button>
          ) : null}
        </>
      ),
    },
  ];
  return (
    <>
      <p className="muted closing-lead">
        {last ? t('inventory.closedUpTo', { day: last.day }) : t('inventory.nothingClosed')}{' '}
        {t('inventory.closingHelp')}
      </p>
      <section className="panel">
        <RowsTable columns={columns} rows={data} keyOf={(p) => p.from} />
      </section>
      {closing ? <CloseDialog period={closing} close={() => setClosing(null)} /> : null}
      {reopening ? <ReopenDialog closing={reopening} close={() => setReopening(null)} /> : null}
    </>
  );
}

function PeriodState({ period }: { period: StockPeriod }) {
  const t = useText();
  return (
    <span className={period.status === 'reopened' ? 'bad-text' : period.status === 'running' ? 'muted' : ''}>
      {period.status === 'closed' ? <IconLock size={14} aria-hidden /> : null}{' '}
      {t(`inventory.periodState.${period.status}`)}
    </span>
  );
}

function Signatures({ closings }: { closings: readonly StockClosing[] }) {
  const t = useText();
  const f = useFormats();
  return closings.map((c) => (
    <div key={c.id} className={c.reopenedAt === null ? '' : 'muted'}>
      {c.name} · {f.dateTime(c.at / 1000)} · {t('inventory.upTo', { day: c.day })}
      {c.note ? ` · ${c.note}` : ''}
      {c.reopenedAt === null ? null : (
        <div className="small">
          {t('inventory.reopenedBy', { name: c.reopenedBy ?? '', time: f.dateTime(c.reopenedAt / 1000) })}
          {c.reopenReason ? `: ${c.reopenReason}` : ''}
        </div>
      )}
    </div>
  ));
}

/** Sends a change, has the lists read again, says it is done and closes the dialog. */
function useSend(send: () => Promise<unknown>, done: string, close: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [materialsKey] });
      showDone(done);
      close();
    },
  });
}

/** What stands against closing, then the signature. */
function CloseDialog({ period, close }: { period: StockPeriod; close: () => void }) {
  const t = useText();
  const me = useMe();
  const [day, setDay] = useState(period.to);
  const [note, setNote] = useState('');
  const check = useQuery({
    queryKey: [materialsKey, 'closingCheck', day],
    queryFn: ({ signal }) => api.checkClosing({ day }, { signal }),
    enabled: day !== '',
  });
  const blocked = check.data?.obstacles.some((o) => o.blocks) ?? true;
  const save = useSend(
    () => api.closeStock({ day, ...(note.trim() === '' ? {} : { note: note.trim() }) }),
    t('inventory.done.close', { day }),
    close,
  );
  return (
    <FormDialog
      title={t('inventory.closeOf', { month: period.from.slice(0, 7) })}
      size={560}
      close={close}
      save={save}
      ready={!blocked}
      submit={t('inventory.signAndClose')}
      aside={<span className="muted small">{t('inventory.signsAs', { name: me.displayName || me.name })}</span>}
    >
      <TextInput
        type="date"
        required
        label={t('inventory.closeUpTo')}
        value={day}
        onChange={(e) => setDay(e.currentTarget.value)}
      />
      {check.error ? <ErrorBox error={check.error} retry={() => void check.refetch()} /> : null}
      {check.data ? <Obstacles check={check.data} /> : <LoadingRows rows={2} />}
      <TextInput
        maxLength={200}
        label={t('inventory.closingNote')}
        value={note}
        onChange={(e) => setNote(e.currentTarget.value)}
      />
      <p className="muted small">{t('inventory.closeEffect')}</p>
    </FormDialog>
  );
}

function Obstacles({ check }: { check: ClosingCheck }) {
  const t = useText();
  const line = (icon: ReactNode, key: string, text: ReactNode) => (
    <div key={key} className="row obstacle">
      {icon}
      <span>{text}</span>
    </div>
  );
  if (check.obstacles.length === 0)
    return line(<IconCircleCheck size={18} aria-hidden />, 'none', t('inventory.noObstacle'));
  return check.obstacles.map((o) =>
    line(
      o.blocks ? (
        <IconAlertTriangle size={18} className="bad-text" aria-hidden />
      ) : (
        <IconInfoCircle size={18} aria-hidden />
      ),
      o.kind,
      <>
        <strong className={o.blocks ? 'bad-text' : ''}>{t(`inventory.obstacle.${o.kind}`, { n: o.count })}</strong>{' '}
        <span className="muted">
          {t(o.blocks ? 'inventory.blocks' : 'inventory.onlyToKnow')}
          {o.names.length > 0 ? ` · ${o.names.join(', ')}${o.count > o.names.length ? ' …' : ''}` : ''}
        </span>
      </>,
    ),
  );
}

function ReopenDialog({ closing, close }: { closing: StockClosing; close: () => void }) {
  const t = useText();
  const [reason, setReason] = useState('');
  const save = useSend(
    () => api.reopenStock({ id: closing.id }, { reason: reason.trim() }),
    t('inventory.done.reopen'),
    close,
  );
  return (
    <FormDialog
      title={t('inventory.reopenOf', { day: closing.day })}
      close={close}
      save={save}
      ready={reason.trim() !== ''}
      submit={t('inventory.reopen')}
    >
      <p className="muted small">{t('inventory.reopenHelp')}</p>
      <TextInput
        required
        maxLength={200}
        label={t('inventory.reason')}
        value={reason}
        onChange={(e) => setReason(e.currentTarget.value)}
      />
    </FormDialog>
  );
}
