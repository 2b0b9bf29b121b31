import type { SeveritySeries } from '@deungdae/contracts/quality.ts';
import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { qualityKey } from './common.tsx';

const levels = ['S1', 'S2', 'S3', 'S4', 'I', 'II', 'III'] as const;
const aqls = ['0.065', '0.1', '0.15', '0.25', '0.4', '0.65', '1', '1.5', '2.5', '4', '6.5', '10'];

/** How large the sample is, what it lets through, and where each supplier stands. */
export function Sampling() {
  return (
    <div className="stack">
      <Calculator />
      <Severity />
    </div>
  );
}

function Calculator() {
  const t = useText();
  const f = useFormats();
  const [lotSize, setLotSize] = useState(1000);
  const [level, setLevel] = useState<(typeof levels)[number]>('II');
  const [aql, setAql] = useState('1');
  const { data, error } = useQuery({
    queryKey: [qualityKey, 'samplingPlan', lotSize, level, aql],
    queryFn: ({ signal }) => api.samplingPlan({ lotSize, level, aql: Number(aql) }, { signal }),
  });
  return (
    <section className="panel" aria-label={t('quality.samplingPlan')}>
      <div className="panel-head">
        <h2>{t('quality.samplingPlan')}</h2>
        <span className="muted small">ISO 2859-1</span>
      </div>
      <div className="panel-body row wrap">
        <NumberInput
          label={t('quality.lotSize')}
          w={140}
          min={1}
          max={10_000_000}
          thousandSeparator=","
          value={lotSize}
          onChange={(v) => setLotSize(Math.max(1, Number(v) || 1))}
        />
        <Select
          label={t('quality.level')}
          w={110}
          allowDeselect={false}
          value={level}
          onChange={(v) => setLevel(levels.find((l) => l === v) ?? 'II')}
          data={[...levels]}
        />
        <Select
          label="AQL (%)"
          w={110}
          allowDeselect={false}
          value={aql}
          onChange={(v) => setAql(v ?? '1')}
          data={aqls}
        />
      </div>
      {error ? <ErrorBox error={error} /> : null}
      {data ? (
        <div className="panel-body sampling">
          <table className="grid figure-table">
            <thead>
              <tr>
                <th>{t('quality.severity')}</th>
                <th>{t('quality.letter')}</th>
                <th className="num">n</th>
                <th className="num">Ac</th>
                <th className="num">Re</th>
              </tr>
            </thead>
            <tbody>
              {data.map((p) => (
                <tr key={p.severity}>
                  <td>{t(`quality.severity.${p.severity}`)}</td>
                  <td>{p.letter === p.planLetter ? p.letter : `${p.letter} → ${p.planLetter}`}</td>
                  <td className="num">{p.all ? t('quality.all', { n: p.sampleSize }) : f.number(p.sampleSize, 0)}</td>
                  <td className="num">{p.acceptance}</td>
                  <td className="num">{p.rejection}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <OcCurve plans={data} />
        </div>
      ) : null}
    </section>
  );
}

type Plans = Awaited<ReturnType<typeof api.samplingPlan>>;
const width = 420;
const height = 190;

/** Chance of acceptance over the share of nonconforming items. */
function OcCurve({ plans }: { plans: Plans }) {
  const t = useText();
  const x = (share: number) => 40 + (share / 0.1) * (width - 60);
  const y = (p: number) => 10 + (1 - p) * (height - 40);
  const dashes = { normal: '', tightened: '6 3', reduced: '2 3' };
  return (
    <svg className="oc-curve" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('quality.ocCurve')}>
      {[0, 0.5, 0.95].map((p) => (
        <g key={p} className="tick">
          <line x1={40} x2={width - 20} y1={y(p)} y2={y(p)} />
          <text x={34} y={y(p) + 4} textAnchor="end">
            {p * 100}
          </text>
        </g>
      ))}
      {[0, 2, 4, 6, 8, 10].map((p) => (
        <text key={p} x={x(p / 100)} y={height - 14} textAnchor="middle">
          {p}
        </text>
      ))}
      <text x={width - 20} y={height - 1} textAnchor="end">
        {t('quality.ocAxis')}
      </text>
      {plans.map((plan, i) => (
        <g key={`${plan.severity}-name`}>
          <line
            className="key"
            strokeDasharray={dashes[plan.severity]}
            x1={width - 150}
            x2={width - 118}
            y1={18 + i * 16}
            y2={18 + i * 16}
          />
          <text x={width - 112} y={22 + i * 16}>
            {t(`quality.severity.${plan.severity}`)}
          </text>
        </g>
      ))}
      {plans.map((plan) => (
        <polyline
          key={plan.severity}
          className={plan.severity}
          strokeDasharray={dashes[plan.severity]}
          points={[{ share: 0, accepted: 1 }, ...plan.curve]
            .filter((c) => c.share <= 0.1)
            .map((c) => `${x(c.share)},${y(c.accepted)}`)
            .join(' ')}
        />
      ))}
    </svg>
  );
}

function Severity() {
  const t = useText();
  const list = useQuery({
    queryKey: [qualityKey, 'severity'],
    queryFn: ({ signal }) => api.severitySeries({ limit: 300 }, { signal }),
  });
  return (
    <section className="panel" aria-label={t('quality.severityHistory')}>
      <div className="panel-head">
        <h2>{t('quality.severityHistory')}</h2>
        <span className="muted small">{t('quality.severityText')}</span>
      </div>
      {list.error ? <ErrorBox error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isLoading ? <LoadingRows rows={3} /> : null}
      {list.data?.length === 0 ? (
        <EmptyState title={t('quality.noSeverity')}>{t('quality.noSeverityText')}</EmptyState>
      ) : null}
      {(list.data ?? []).map((s) => (
        <Series key={`${s.plan}|${s.supplier}`} series={s} />
      ))}
    </section>
  );
}

function Series({ series: s }: { series: SeveritySeries }) {
  const t = useText();
  const f = useFormats();
  const { engineer } = useAbilities();
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const resume = useMutation({
    mutationFn: () => api.resumeSampling({ plan: s.plan, supplier: s.supplier, reason }),
    onSuccess: () => client.invalidateQueries({ queryKey: [qualityKey, 'severity'] }),
  });
  return (
    <div className="severity-series">
      <div className="row wrap">
        <strong>{s.plan}</strong>
        <span>{s.supplier || '–'}</span>
        <span className={s.severity === 'normal' && !s.discontinued ? 'muted' : 'late'}>
          {s.discontinued ? t('quality.discontinued') : t(`quality.severity.${s.severity}`)}
        </span>
        {s.severity === 'normal' ? <span className="muted small">{t('quality.score', { n: s.score })}</span> : null}
      </div>
      <ol className="lot-history">
        {s.history.map((h) => (
          <li
            key={`${h.time}${h.inspection}`}
            className={h.accepted ? '' : 'rejected'}
            title={`${h.inspection} · ${f.dateTime(h.time / 1000)} · ${h.before} → ${h.after}`}
          >
            {h.accepted ? 'A' : 'R'}
            {h.switched ? <b>{t(`quality.switched.${switchName(h.switched)}`)}</b> : null}
          </li>
        ))}
      </ol>
      {s.discontinued && engineer ? (
        <div className="row wrap no-print">
          <TextInput
            placeholder={t('quality.reason')}
            aria-label={t('quality.reason')}
            value={reason}
            onChange={(e) => setReason(e.currentTarget.value)}
          />
          <Button
            variant="default"
            disabled={reason.trim() === ''}
            loading={resume.isPending}
            onClick={() => resume.mutate()}
          >
            {t('quality.resume')}
          </Button>
          {resume.error ? <ErrorBox error={resume.error} /> : null}
        </div>
      ) : null}
    </div>
  );
}

const switches = ['twoOfFive', 'fiveAccepted', 'score', 'rejectedReduced', 'irregular', 'fiveRejected'] as const;
function switchName(code: string) {
  return switches.find((s) => s === code) ?? 'twoOfFive';
}
