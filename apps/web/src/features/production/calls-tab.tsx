import type { FloorCall, Handover } from '@deungdae/contracts/work-order.ts';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { ListPanel } from '../../ui/list-panel.tsx';
import type { Column } from '../../ui/rows-table.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useAct } from './use-act.ts';

/** Calls from the machines, and what one shift left to the next. */
export function CallsTab() {
  return (
    <div className="stack">
      <Calls />
      <Handovers />
    </div>
  );
}

function Calls() {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const can = useAbilities();
  const now = useNow(10_000);
  const { act, busy } = useAct();
  const calls = useQuery({
    queryKey: ['production', 'calls'],
    queryFn: ({ signal }) => api.calls({ limit: 200 }, { signal }),
    refetchInterval: 10_000,
  });
  const answer = (id: string, name: 'acknowledge' | 'close') =>
    void act(() => api.answerCall({ id }, { act: name }), t('production.done'));
  const columns: Column<FloorCall>[] = [
    { name: t('field.machine'), cell: (c) => plant.name(c.machine) },
    { name: t('production.callKind'), nowrap: true, cell: (c) => t(`production.call.${c.kind}`) },
    {
      name: t('production.text'),
      wide: true,
      cell: (c) => (
        <>
          {c.text}
          {c.answer ? <span className="muted small"> → {c.answer}</span> : null}
        </>
      ),
    },
    {
      name: t('production.state'),
      nowrap: true,
      cell: (c) => (
        <span className={c.status === 'open' ? 'late-text' : ''}>{t(`production.callStatus.${c.status}`)}</span>
      ),
    },
    {
      name: t('field.time'),
      nowrap: true,
      cell: (c) => (
        <>
          {f.dateTime(c.raisedAt / 1000)}
          {c.status === 'open' ? <span className="muted small"> · {f.ago(c.raisedAt / 1000, now)}</span> : null}
        </>
      ),
    },
    {
      name: t('field.by'),
      cell: (c) => (
        <>
          {c.raisedBy}
          {c.acknowledgedBy ? <span className="muted small"> → {c.acknowledgedBy}</span> : null}
        </>
      ),
    },
    {
      name: t('field.actions'),
      bare: true,
      cell: (c) =>
        can.operate && c.status !== 'closed' ? (
          <>
            {c.status === 'open' ? (
              <Button variant="light" loading={busy} onClick={() => answer(c.id, 'acknowledge')}>
                {t('production.acknowledge')}
              </Button>
            ) : null}
            <Button variant="subtle" color="gray" loading={busy} onClick={() => answer(c.id, 'close')}>
              {t('production.closeCall')}
            </Button>
          </>
        ) : null,
    },
  ];
  return (
    <ListPanel
      title={t('production.calls')}
      list={calls}
      columns={columns}
      keyOf={(c) => c.id}
      empty={{ title: t('production.noCalls'), text: t('production.noCallsText') }}
    />
  );
}

function Handovers() {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const notes = useQuery({
    queryKey: ['production', 'handovers'],
    queryFn: ({ signal }) => api.handovers({ limit: 50 }, { signal }),
  });
  const columns: Column<Handover>[] = [
    { name: t('field.machine'), cell: (n) => plant.name(n.machine) },
    { name: t('production.text'), wide: true, cell: (n) => n.text },
    { name: t('field.time'), nowrap: true, cell: (n) => f.dateTime(n.at / 1000) },
    { name: t('field.by'), cell: (n) => n.by },
    { name: t('production.readBy'), cell: (n) => n.readBy ?? <span className="muted">–</span> },
  ];
  return (
    <ListPanel
      title={t('production.handover')}
      list={notes}
      columns={columns}
      keyOf={(n) => n.id}
      empty={{ title: t('production.noHandover'), text: t('production.noHandoverText') }}
    />
  );
}
