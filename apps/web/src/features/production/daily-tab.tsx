import type { DailyReport } from '@deungdae/contracts/daily-report.ts';
import { unnamedScrap } from '@deungdae/contracts/work-order.ts';
import { Button, Modal, TextInput } from '@mantine/core';
import { IconDownload, IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { serverNow } from '../../time/server-clock.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { toLocalInput } from '../../time/zoned.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNames } from '../../ui/names.tsx';
import { plantText } from '../../ui/text.ts';
import { Fact } from './order-marks.tsx';
import { useAct } from './use-act.ts';

const steps = ['written', 'reviewed', 'approved'] as const;
const nextStep = { open: 'written', written: 'reviewed', reviewed: 'approved', closed: null } as const;

const dayMs = 86_400_000;

/** The day that the running shift belongs to: at three in the morning that is yesterday. */
function useRunningDay(): string {
  const zone = usePlantZone();
  const { root } = usePlantIndex();
  const [at] = useState(() => Math.floor(serverNow() / 60_000) * 60_000);
  const shifts = useQuery({
    queryKey: ['shifts', root, at],
    queryFn: ({ signal }) => api.shifts({ path: root, from: (at - 4 * dayMs) * 1000, to: (at + 1) * 1000 }, { signal }),
    enabled: root !== '',
  });
  if (shifts.isPending) return '';
  return shifts.data?.findLast((s) => s.from <= at * 1000)?.day ?? toLocalInput(at, zone).slice(0, 10);
}

/** Daily work reports of a day: filled by the system, signed by people, locked. */
export function DailyTab() {
  const t = useText();
  const running = useRunningDay();
  const [chosen, setDay] = useState<string | null>(null);
  const day = chosen ?? running;
  const reports = useQuery({
    queryKey: ['production', 'daily', day],
    queryFn: ({ signal }) => api.dailyReports({ day }, { signal }),
    enabled: day !== '',
  });
  const worked = (reports.data ?? []).filter((r) => r.lines.length > 0 || r.labour.length > 0 || r.status !== 'open');
  return (
    <div className="stack">
      <div className="row wrap">
        <TextInput
          type="date"
          aria-label={t('production.day')}
          value={day}
          onChange={(e) => setDay(e.currentTarget.value)}
        />
        <Button
          component="a"
          variant="default"
          leftSection={<IconDownload size={16} />}
          href={`/api/daily-reports/export?from=${day}&to=${day}`}
        >
          Excel
        </Button>
      </div>
      {reports.error ? <ErrorBox error={reports.error} retry={() => void reports.refetch()} /> : null}
      {reports.isLoading ? <LoadingRows /> : null}
      {reports.data && worked.length === 0 ? (
        <EmptyState title={t('production.noDaily')}>{t('production.noDailyText')}</EmptyState>
      ) : null}
      {worked.map((r) => (
        <Report key={`${r.machine} ${r.shift}`} report={r} />
      ))}
    </div>
  );
}

function Report({ report: r }: { report: DailyReport }) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const { time } = r;
  const nameOf = useNames({ reason: r.defects.map((d) => d.reason) });
  const defects = r.defects.map((d) => ({ ...d, name: nameOf('reason', d.reason, d.name) }));
  const print = new URLSearchParams({ machine: r.machine, day: r.day, shift: r.shift, language });
  const title = `${plantText(r.machineName, language)} · ${plantText(r.shiftName, language)}`;
  return (
    <section className="panel" aria-label={title}>
      <div className="panel-head">
        <h2>{title}</h2>
        <span className="muted small">{t(`production.report.${r.status}`)}</span>
        <Button
          className="push"
          component="a"
          variant="subtle"
          color="gray"
          leftSection={<IconPrinter size={16} />}
          href={`/api/daily-report/print?${print}`}
          target="_blank"
          rel="noreferrer"
        >
          {t('production.print')}
        </Button>
      </div>
      <div className="panel-body report-grid">
        <dl className="fact-row">
          <Fact name={t('production.good')}>{f.number(r.good)}</Fact>
          <Fact name={t('production.scrap')}>
            {f.number(r.scrap)}
            <span className="muted small">
              {' '}
              {[...defects, { name: t('production.unnamedScrap'), quantity: unnamedScrap(r) }]
                .flatMap((d) => (d.quantity > 0 ? [`${d.name} ${f.number(d.quantity)}`] : []))
                .join(', ')}
            </span>
          </Fact>
          <Fact name={t('production.shiftTime')}>{f.duration(time.shiftMinutes * 60_000)}</Fact>
          <Fact name={t('production.runTime')}>{f.duration(time.runMinutes * 60_000)}</Fact>
          <Fact name={t('production.downTime')}>{f.duration(time.downMinutes * 60_000)}</Fact>
          <Fact name={t('production.availability')}>{f.percent(time.availability)} %</Fact>
          <Fact name={t('production.utilisation')}>{f.percent(time.utilisation)} %</Fact>
          <Fact name={t('production.manHours')}>
            {f.number(r.directHours, 2)} + {f.number(r.indirectHours, 2)}
          </Fact>
        </dl>
        {r.lines.length > 0 ? <Lines report={r} /> : null}
        {r.stops.length > 0 ? <Stops report={r} /> : null}
        {r.handover ? (
          <p>
            <strong>{t('production.handover')}</strong> {r.handover}
          </p>
        ) : null}
        <Signatures report={r} />
      </div>
    </section>
  );
}

function Lines({ report }: { report: DailyReport }) {
  const t = useText();
  const f = useFormats();
  const made = report.lines.map((l) => l.item);
  const nameOf = useNames({ item: made, routing: made, tool: report.lines.map((l) => l.tool) });
  return (
    <div className="table-scroll">
      <CardTable>
        <thead>
          <tr>
            <th>{t('production.number')}</th>
            <th>{t('production.item')}</th>
            <th>{t('production.operation')}</th>
            <th className="num">{t('production.good')}</th>
            <th className="num">{t('production.scrap')}</th>
            <th className="num">{t('production.counted')}</th>
            <th>{t('production.lot')}</th>
          </tr>
        </thead>
        <tbody>
          {report.lines.map((l) => (
            <tr key={`${l.workOrder} ${l.operation} ${l.from}`}>
              <td className="nowrap">{l.workOrderNumber}</td>
              <td>{nameOf('item', l.item, l.itemName)}</td>
              <td>
                {l.operation} {nameOf('routing', `${l.item}/${l.operation}`, l.operationName)}{' '}
                <span className="muted small">{l.tool === null ? '' : nameOf('tool', l.tool)}</span>
              </td>
              <td className="num">{f.number(l.good)}</td>
              <td className="num">{f.number(l.scrap)}</td>
              <td className="num">{l.counted === null ? '–' : f.number(l.counted)}</td>
              <td>{l.lots.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </CardTable>
    </div>
  );
}

function Stops({ report }: { report: DailyReport }) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  // Stops of several kinds without a reason are one to a reader.
  const byName = new Map<string, { count: number; minutes: number }>();
  for (const s of report.stops) {
    const none = s.loss === 'minorStop' ? t('production.minorStop') : t('production.noReason');
    const name = s.name === null ? none : plantText(s.name, language);
    const sum = byName.get(name) ?? { count: 0, minutes: 0 };
    byName.set(name, { count: sum.count + s.count, minutes: sum.minutes + s.minutes });
  }
  return (
    <p className="small">
      <strong>{t('production.stops')}</strong>{' '}
      {[...byName]
        .slice(0, 8)
        .map(([name, s]) => `${name} ${f.duration(s.minutes * 60_000)} (${s.count})`)
        .join(' · ')}
    </p>
  );
}

/** Who has signed, the next signature, and opening it again. */
function Signatures({ report: r }: { report: DailyReport }) {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const plant = usePlantIndex();
  const { act, busy } = useAct();
  const [reopening, setReopening] = useState(false);
  const [reason, setReason] = useState('');
  const key = { machine: r.machine, day: r.day, shift: r.shift };
  const next = nextStep[r.status];
  const reopen = async () => {
    if (await act(() => api.reopenDailyReport({ ...key, reason: reason.trim() }), t('production.done')))
      setReopening(false);
  };
  return (
    <div className="sign-steps">
      {steps.map((step) => {
        const signed = r.signatures.findLast((s) => s.step === step && !s.undone);
        return (
          <span key={step} className={signed ? '' : 'muted'}>
            {t(`production.sign.${step}`)} {signed ? `${signed.name} ${f.time(signed.at / 1000)}` : '–'}
          </span>
        );
      })}
      {next && (next === 'written' ? can.operate : can.lead) ? (
        <Button
          variant="light"
          loading={busy}
          onClick={() => void act(() => api.signDailyReport({ ...key, step: next }), t('production.done'))}
        >
          {t(`production.signNow.${next}`)}
        </Button>
      ) : null}
      {r.status === 'closed' && can.lead ? (
        <Button variant="subtle" color="gray" onClick={() => setReopening(true)}>
          {t('production.reopen')}
        </Button>
      ) : null}
      {r.reopenings.map((o) => (
        <span key={o.at} className="small muted">
          {t('production.reopened')} {f.dateTime(o.at / 1000)} {o.by}: {o.reason}
        </span>
      ))}
      {reopening ? (
        <Modal opened onClose={() => setReopening(false)} title={<strong>{t('production.reopen')}</strong>}>
          <form
            className="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void reopen();
            }}
          >
            <p className="small muted">
              {plant.name(r.machine)} {r.day}: {t('production.reopenHelp')}
            </p>
            <TextInput
              label={t('production.reason')}
              required
              maxLength={500}
              value={reason}
              onChange={(e) => setReason(e.currentTarget.value)}
            />
            <Button type="submit" loading={busy} disabled={reason.trim() === ''}>
              {t('production.reopen')}
            </Button>
          </form>
        </Modal>
      ) : null}
    </div>
  );
}
