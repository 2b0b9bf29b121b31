import type { Inspection } from '@deungdae/contracts/inspection.ts';
import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { csvText, download } from '../../ui/csv.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNow } from '../../ui/use-now.ts';
import { qualityKey, Verdict } from './common.tsx';
import { QifImport, UnlinkedMeasurements } from './qif-import.tsx';

const stages = ['incoming', 'first', 'middle', 'last', 'self', 'patrol', 'inProcess', 'final', 'shipping'] as const;
const states = ['waiting', 'done'] as const;

/** What is to be inspected, the longest waiting first; and what was. */
export function Inspections({ open }: { open: (id: string) => void }) {
  const t = useText();
  const [status, setStatus] = useState<(typeof states)[number]>('waiting');
  const [stage, setStage] = useState<(typeof stages)[number] | null>(null);
  const { lead } = useAbilities();
  const list = useQuery({
    queryKey: [qualityKey, 'inspections', status, stage],
    queryFn: ({ signal }) => api.inspections({ status, limit: 500, ...(stage ? { stage } : {}) }, { signal }),
    refetchInterval: 15_000,
  });
  const rows = [...(list.data ?? [])];
  if (status === 'waiting') rows.sort((a, b) => (a.dueAt ?? a.askedAt) - (b.dueAt ?? b.askedAt));
  return (
    <div className="stack">
      <UnlinkedMeasurements lead={lead} open={open} />
      <section className="panel" aria-label={t('quality.tab.inspections')}>
        <div className="panel-head">
          <SegmentedControl
            value={status}
            onChange={(value) => setStatus(states.find((s) => s === value) ?? 'waiting')}
            data={states.map((value) => ({ value, label: t(`quality.list.${value}`) }))}
          />
          <Select
            aria-label={t('quality.stage')}
            placeholder={t('quality.allStages')}
            clearable
            w={150}
            value={stage}
            onChange={(value) => setStage(stages.find((s) => s === value) ?? null)}
            data={stages.map((value) => ({ value, label: t(`quality.stage.${value}`) }))}
          />
          <span className="muted small">{t('quality.count', { n: rows.length })}</span>
          <span className="push row">
            {lead ? <QifImport /> : null}
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconDownload size={16} />}
              disabled={rows.length === 0}
              onClick={() => download('inspections.csv', csvText(csvRows(rows)))}
            >
              CSV
            </Button>
          </span>
        </div>
        {list.error ? <ErrorBox error={list.error} retry={() => void list.refetch()} /> : null}
        {list.isLoading ? <LoadingRows /> : null}
        {list.data && rows.length === 0 ? (
          <EmptyState title={t(`quality.none.${status}`)}>{t(`quality.noneText.${status}`)}</EmptyState>
        ) : null}
        {rows.length > 0 ? <InspectionTable rows={rows} open={open} /> : null}
      </section>
    </div>
  );
}

function csvRows(rows: readonly Inspection[]): (string | number | null)[][] {
  const head = ['number', 'stage', 'plan', 'item', 'lot', 'machine', 'status', 'verdict', 'asked', 'done', 'inspector'];
  return [
    [...head, 'characteristic', 'sample', 'value', 'pass', 'count', 'gauge'],
    ...rows.flatMap((i) => {
      const time = (us: number | null) => (us === null ? '' : new Date(us / 1000).toISOString());
      const front = [
        ...[i.number, i.stage, i.planName, i.item, i.lotNumber ?? '', i.machine ?? '', i.status, i.verdict ?? ''],
        ...[time(i.askedAt), time(i.doneAt), i.inspector ?? ''],
      ];
      if (i.results.length === 0) return [[...front, '', '', '', '', '', '']];
      return i.results.map((r) => [
        ...front,
        ...[r.characteristic, r.sample, r.value, r.pass ? 'pass' : 'fail', r.count ?? 1, r.gauge ?? ''],
      ]);
    }),
  ];
}

function InspectionTable({ rows, open }: { rows: readonly Inspection[]; open: (id: string) => void }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const now = useNow(30_000);
  return (
    <div className="table-scroll">
      <table className="grid cards">
        <thead>
          <tr>
            <th>{t('quality.number')}</th>
            <th>{t('quality.stage')}</th>
            <th>{t('quality.plan')}</th>
            <th>{t('quality.subject')}</th>
            <th>{t('quality.when')}</th>
            <th className="num">{t('quality.sample')}</th>
            <th>{t('quality.verdictName')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((i) => {
            const late = i.status === 'due' && i.dueAt !== null && i.dueAt / 1000 < now - 600_000;
            return (
              <tr key={i.id} className="pick" onClick={() => open(i.number)}>
                <td>
                  <button type="button" className="plain-button nowrap" onClick={() => open(i.number)}>
                    {i.number}
                  </button>
                </td>
                <td>{t(`quality.stage.${i.stage}`)}</td>
                <td>
                  {i.planName} <span className="muted small">{i.item}</span>
                </td>
                <td>
                  {i.lotNumber ?? i.workOrder ?? (i.note || '')}
                  {i.machine ? <span className="muted small"> {plant.name(i.machine)}</span> : null}
                </td>
                <td className="nowrap">
                  {i.doneAt === null ? (
                    <span className={late ? 'late' : undefined}>{f.dateTime((i.dueAt ?? i.askedAt) / 1000)}</span>
                  ) : (
                    f.dateTime(i.doneAt / 1000)
                  )}
                  {late ? <span className="small late"> {t('quality.late')}</span> : null}
                </td>
                <td className="num nowrap">
                  {i.sampleSize}
                  {i.acceptance === null ? null : <span className="muted small"> Ac {i.acceptance}</span>}
                </td>
                <td>
                  <Verdict inspection={i} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
