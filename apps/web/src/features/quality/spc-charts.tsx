import type { ChartSettings, SpcChart } from '@deungdae/contracts/quality.ts';
import { Button, Modal, NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { catalogueQuery, usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { plantText } from '../../ui/text.ts';
import { qualityKey, useAbilities } from './common.tsx';

const kinds = ['individuals', 'xbarR', 'xbarS', 'p', 'np', 'c', 'u', 'ewma', 'cusum'] as const;

/** All control charts; those with a rule hit stand first. */
export function ChartList({ open }: { open: (id: string) => void }) {
  const t = useText();
  const { engineer } = useAbilities();
  const list = useQuery({
    queryKey: [qualityKey, 'charts'],
    queryFn: ({ signal }) => api.spcCharts({ limit: 1000 }, { signal }),
    refetchInterval: 15_000,
  });
  const rows = [...(list.data ?? [])].sort((a, b) => (b.lastHit?.time ?? 0) - (a.lastHit?.time ?? 0));
  return (
    <section className="panel" aria-label={t('quality.tab.charts')}>
      <div className="panel-head">
        <h2>{t('quality.tab.charts')}</h2>
        <span className="muted small">{t('quality.count', { n: rows.length })}</span>
        <span className="push">{engineer ? <NewChart open={open} /> : null}</span>
      </div>
      {list.error ? <ErrorBox error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isLoading ? <LoadingRows /> : null}
      {list.data && rows.length === 0 ? (
        <EmptyState title={t('quality.noCharts')}>{t('quality.noChartsText')}</EmptyState>
      ) : null}
      {rows.length > 0 ? <ChartTable rows={rows} open={open} /> : null}
    </section>
  );
}

function ChartTable({ rows, open }: { rows: readonly SpcChart[]; open: (id: string) => void }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  return (
    <div className="table-scroll">
      <table className="grid cards">
        <thead>
          <tr>
            <th>{t('quality.chart')}</th>
            <th>{t('quality.kind')}</th>
            <th>{t('quality.subject')}</th>
            <th>{t('quality.limitsState')}</th>
            <th>{t('quality.lastHit')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((c) => (
            <tr key={c.id} className="pick" onClick={() => open(c.id)}>
              <td>
                <button type="button" className="plain-button" onClick={() => open(c.id)}>
                  {c.name}
                </button>
                {c.active ? null : <span className="muted small"> · {t('quality.ended')}</span>}
              </td>
              <td className="nowrap">{t(`quality.chartKind.${c.settings.kind}`)}</td>
              <td>{c.machine ? plant.name(c.machine) : c.item}</td>
              <td className="nowrap">
                {c.baseline
                  ? t('quality.frozenAt', { at: f.day(c.baseline.frozenAt / 1000) })
                  : t('quality.trialLimits')}
              </td>
              <td className="nowrap">
                {c.lastHit ? (
                  <span className="late">
                    ■ {f.dateTime(c.lastHit.time / 1000)} ·{' '}
                    {c.lastHit.rules.map((r) => t(`quality.rule.${r}`)).join(', ')}
                  </span>
                ) : (
                  '–'
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NewChart({ open }: { open: (id: string) => void }) {
  const t = useText();
  const language = useLanguage();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [on, setOn] = useState<'plan' | 'signal'>('plan');
  const [plan, setPlan] = useState('');
  const [characteristic, setCharacteristic] = useState('');
  const [signal, setSignal] = useState<string | null>(null);
  const [kind, setKind] = useState<ChartSettings['kind']>('individuals');
  const [subgroup, setSubgroup] = useState(5);
  const [everySeconds, setEverySeconds] = useState(60);
  const signals = useQuery({ ...catalogueQuery, enabled: opened && on === 'signal' });
  const single = kind === 'individuals' || kind === 'ewma' || kind === 'cusum';
  const make = useMutation({
    mutationFn: () =>
      api.createChart({
        ...(on === 'plan' ? { plan: plan.trim(), characteristic: characteristic.trim() } : { signal: signal ?? '' }),
        settings: { kind, subgroup: single ? 1 : subgroup, everySeconds, rules: ['n1'] },
      }),
    onSuccess: async (chart) => {
      await client.invalidateQueries({ queryKey: [qualityKey, 'charts'] });
      open(chart.id);
    },
  });
  const ready = on === 'plan' ? plan.trim() !== '' && characteristic.trim() !== '' : signal !== null;
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened(true)}>
        {t('quality.newChart')}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t('quality.newChart')}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate();
          }}
        >
          <SegmentedControl
            value={on}
            onChange={(value) => setOn(value === 'signal' ? 'signal' : 'plan')}
            data={(['plan', 'signal'] as const).map((value) => ({ value, label: t(`quality.chartOn.${value}`) }))}
          />
          {on === 'plan' ? (
            <>
              <TextInput label={t('quality.plan')} value={plan} onChange={(e) => setPlan(e.currentTarget.value)} />
              <TextInput
                label={t('quality.characteristicCode')}
                value={characteristic}
                onChange={(e) => setCharacteristic(e.currentTarget.value)}
              />
            </>
          ) : (
            <>
              <Select
                label={t('quality.signal')}
                searchable
                limit={100}
                value={signal}
                onChange={setSignal}
                data={(signals.data ?? [])
                  .filter((s) => s.kind === 'number')
                  .map((s) => ({ value: s.path, label: `${plantText(s.name, language)} (${s.path})` }))}
              />
              <NumberInput
                label={t('quality.everySeconds')}
                min={1}
                max={86_400}
                value={everySeconds}
                onChange={(v) => setEverySeconds(Number(v) || 60)}
              />
            </>
          )}
          <Select
            label={t('quality.kind')}
            value={kind}
            allowDeselect={false}
            onChange={(value) => setKind(kinds.find((k) => k === value) ?? 'individuals')}
            data={kinds.map((value) => ({ value, label: t(`quality.chartKind.${value}`) }))}
          />
          {single || on === 'plan' ? null : (
            <NumberInput
              label={t('quality.subgroup')}
              min={2}
              max={25}
              value={subgroup}
              onChange={(v) => setSubgroup(Number(v) || 5)}
            />
          )}
          {make.error ? <ErrorBox error={make.error} /> : null}
          <Button type="submit" loading={make.isPending} disabled={!ready}>
            {t('quality.createChart')}
          </Button>
        </form>
      </Modal>
    </>
  );
}
