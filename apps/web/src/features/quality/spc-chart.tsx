import type { ChartData, ChartRule } from '@deungdae/contracts/quality.ts';
import { Button, Checkbox, Popover, Select, TextInput } from '@mantine/core';
import { IconArrowLeft, IconDownload, IconPrinter, IconSnowflake } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { csvText, download } from '../../ui/csv.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { CapabilityPanel } from './capability.tsx';
import { qualityKey } from './common.tsx';
import { ControlChart } from './control-chart.tsx';

const rules: readonly ChartRule[] = ['n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7', 'n8', 'w2', 'w8', 'a2'];
const lengths = ['25', '50', '100', '200', '500'];

/** One control chart with its spread chart, the chosen point, and the capability of what is shown. */
export function SpcChartPage({ id, back }: { id: string; back: () => void }) {
  const t = useText();
  const f = useFormats();
  const { engineer } = useAbilities();
  const [limit, setLimit] = useState('100');
  const [chosen, setChosen] = useState<string | null>(null);
  const { data, error, refetch } = useQuery({
    queryKey: [qualityKey, 'chart', id, limit],
    queryFn: ({ signal }) => api.chartData({ id }, { limit: Number(limit) }, { signal }),
    refetchInterval: 10_000,
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingRows />;
  const { chart, points, capability } = data;
  const hits = points.filter((p) => p.hits.length > 0 || p.spreadHit);
  const point = points.find((p) => p.key === chosen) ?? null;
  return (
    <div className="stack spc">
      <div className="row wrap no-print">
        <Button variant="subtle" leftSection={<IconArrowLeft size={16} />} onClick={back}>
          {t('quality.toList')}
        </Button>
        <Select
          aria-label={t('quality.pointsShown')}
          w={130}
          allowDeselect={false}
          value={limit}
          onChange={(v) => setLimit(v ?? '100')}
          data={lengths.map((value) => ({ value, label: t('quality.lastPoints', { n: value }) }))}
        />
        {engineer ? <Rules data={data} /> : null}
        {engineer ? <Freeze data={data} /> : null}
        {engineer ? <Stage data={data} chosen={point?.time ?? null} /> : null}
        <span className="push row">
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconDownload size={16} />}
            onClick={() => download('control-chart.csv', csvText(csvRows(data)))}
          >
            CSV
          </Button>
          <Button variant="subtle" color="gray" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
            {t('quality.print')}
          </Button>
        </span>
      </div>
      <section className="panel" aria-label={chart.name}>
        <div className="panel-head">
          <h2>{chart.name}</h2>
          <span className="muted small">{t(`quality.chartKind.${chart.settings.kind}`)}</span>
          <span className="muted small">
            {chart.baseline
              ? t('quality.baselineText', {
                  from: f.dateTime(chart.baseline.from / 1000),
                  to: f.dateTime(chart.baseline.to / 1000),
                  n: chart.baseline.points,
                  by: chart.baseline.by,
                })
              : t('quality.trialText')}
          </span>
          <strong className={`push${hits.length > 0 ? ' bad' : ' muted'}`}>
            {hits.length > 0 ? t('quality.hits', { n: hits.length }) : t('quality.inControl')}
          </strong>
        </div>
        <ControlChart
          points={points}
          part="main"
          title={`${t(`quality.mainTitle.${chart.settings.kind}`)}${chart.unit ? ` (${unitText(chart.unit)})` : ''}`}
          height={300}
          chosen={chosen}
          onChoose={setChosen}
        />
        {points.some((p) => p.spread) ? (
          <ControlChart
            points={points}
            part="spread"
            title={t(`quality.spreadTitle.${chart.settings.kind}`)}
            height={170}
            chosen={chosen}
            onChoose={setChosen}
          />
        ) : null}
        {point ? <ChosenPoint data={data} point={point} /> : null}
        <p className="small muted legend">
          {t('quality.legend', { rules: chart.settings.rules.map((r) => t(`quality.rule.${r}`)).join(' / ') })}
        </p>
      </section>
      {capability ? <CapabilityPanel chart={chart} capability={capability} /> : null}
    </div>
  );
}

function csvRows({ points }: ChartData): (string | number | null)[][] {
  return [
    ['time', 'reference', 'value', 'CL', 'UCL', 'LCL', 'spread', 'rules', 'excluded', 'stage', 'values'],
    ...points.map((p) => [
      ...[new Date(p.time / 1000).toISOString(), p.reference ?? '', p.main.value, p.main.centre, p.main.upper],
      ...[p.main.lower, p.spread?.value ?? null, p.hits.join(' '), p.excluded ?? '', p.stage, p.values.join(' ')],
    ]),
  ];
}

function useChange(data: ChartData) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Parameters<typeof api.changeChart>[1]) => api.changeChart({ id: data.chart.id }, body),
    onSuccess: () => client.invalidateQueries({ queryKey: [qualityKey] }),
  });
}

function Rules({ data }: { data: ChartData }) {
  const t = useText();
  const change = useChange(data);
  const { settings } = data.chart;
  const toggle = (rule: ChartRule, on: boolean) =>
    change.mutate({
      settings: { ...settings, rules: on ? [...settings.rules, rule] : settings.rules.filter((r) => r !== rule) },
    });
  return (
    <Popover position="bottom-start" withinPortal>
      <Popover.Target>
        <Button variant="default">{t('quality.rules')}</Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className="stack">
          {rules.map((rule) => (
            <Checkbox
              key={rule}
              label={`${rule.startsWith('n') ? rule.slice(1) : rule.toUpperCase()} · ${t(`quality.rule.${rule}`)}`}
              checked={settings.rules.includes(rule)}
              onChange={(e) => toggle(rule, e.currentTarget.checked)}
            />
          ))}
          {change.error ? <ErrorBox error={change.error} /> : null}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Limits from the points that are shown, without those left out. */
function Freeze({ data }: { data: ChartData }) {
  const t = useText();
  const client = useQueryClient();
  const { points } = data;
  const freeze = useMutation({
    mutationFn: () => api.freezeBaseline({ id: data.chart.id }, { from: points[0]!.time, to: points.at(-1)!.time + 1 }),
    onSuccess: () => client.invalidateQueries({ queryKey: [qualityKey] }),
  });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSnowflake size={16} />}
        loading={freeze.isPending}
        disabled={points.length === 0}
        onClick={() => freeze.mutate()}
      >
        {t('quality.freeze', { n: points.filter((p) => p.excluded === null).length })}
      </Button>
      {freeze.error ? <ErrorBox error={freeze.error} /> : null}
    </>
  );
}

function Stage({ data, chosen }: { data: ChartData; chosen: number | null }) {
  const t = useText();
  const change = useChange(data);
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  return (
    <>
      <Button variant="default" disabled={chosen === null} onClick={() => setOpened(true)}>
        {t('quality.newStage')}
      </Button>
      {opened ? (
        <FormDialog
          title={t('quality.newStage')}
          close={() => setOpened(false)}
          save={{
            ...{ isPending: change.isPending, error: change.error },
            mutate: () =>
              change.mutate({ addStage: { from: chosen!, name: name.trim() } }, { onSuccess: () => setOpened(false) }),
          }}
          ready={name.trim() !== ''}
          submit={t('quality.addStage')}
        >
          <p className="muted">{t('quality.stageText')}</p>
          <TextInput label={t('quality.stageName')} value={name} onChange={(e) => setName(e.currentTarget.value)} />
        </FormDialog>
      ) : null}
    </>
  );
}

/** What the chosen point is made of, which rules it breaks, and leaving it out with a cause. */
function ChosenPoint({ data, point }: { data: ChartData; point: ChartData['points'][number] }) {
  const t = useText();
  const f = useFormats();
  const { engineer } = useAbilities();
  const change = useChange(data);
  const [cause, setCause] = useState('');
  return (
    <div className="chosen-point">
      <strong>{f.dateTimeSeconds(point.time / 1000)}</strong>
      {point.reference ? <span>{point.reference}</span> : null}
      <span>{point.values.map((v) => f.number(v)).join(' · ')}</span>
      {point.hits.map((rule) => (
        <span key={rule} className="bad">
          {t(`quality.rule.${rule}`)}
        </span>
      ))}
      {point.excluded === null ? null : <span>{t('quality.leftOut', { cause: point.excluded })}</span>}
      {engineer ? (
        <span className="row push no-print">
          {point.excluded === null ? (
            <>
              <TextInput
                placeholder={t('quality.cause')}
                aria-label={t('quality.cause')}
                value={cause}
                onChange={(e) => setCause(e.currentTarget.value)}
              />
              <Button
                variant="default"
                disabled={cause.trim().length < 3}
                onClick={() => change.mutate({ exclude: { point: point.key, cause: cause.trim() } })}
              >
                {t('quality.leaveOut')}
              </Button>
            </>
          ) : (
            <Button variant="default" onClick={() => change.mutate({ include: point.key })}>
              {t('quality.takeBack')}
            </Button>
          )}
        </span>
      ) : null}
      {change.error ? <ErrorBox error={change.error} /> : null}
    </div>
  );
}
