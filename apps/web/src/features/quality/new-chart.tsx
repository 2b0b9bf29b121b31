import type { ChartSettings } from '@deungdae/contracts/quality.ts';
import { NumberInput, SegmentedControl, Select } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useSignalSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { characteristicOf, useCharacteristicSource } from './characteristic-source.ts';
import { qualityKey } from './common.tsx';

const kinds = ['individuals', 'xbarR', 'xbarS', 'p', 'np', 'c', 'u', 'ewma', 'cusum'] as const;

/** A chart on a characteristic of a control plan, or on a signal. The plan's own wish for a chart is taken over. */
export function NewChart({ open, close }: { open: (id: string) => void; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const [on, setOn] = useState<'plan' | 'signal'>('plan');
  const [measured, setMeasured] = useState<string | null>(null);
  const [signal, setSignal] = useState<string | null>(null);
  const [kind, setKind] = useState<ChartSettings['kind']>('individuals');
  const [subgroup, setSubgroup] = useState(5);
  const [everySeconds, setEverySeconds] = useState(60);
  const characteristics = useCharacteristicSource();
  const signals = useSignalSource({ numbers: true });
  const single = kind === 'individuals' || kind === 'ewma' || kind === 'cusum';
  const take = async (value: string | null) => {
    setMeasured(value);
    const wanted = value === null ? null : await characteristicOf(value);
    if (wanted) setKind(wanted.chart ?? (wanted.kind === 'attribute' ? 'p' : 'individuals'));
  };
  const make = useMutation({
    mutationFn: () => {
      const [plan = '', characteristic = ''] = measured?.split('\n') ?? [];
      return api.createChart({
        ...(on === 'plan' ? { plan, characteristic } : { signal: signal ?? '' }),
        settings: { kind, subgroup: single ? 1 : subgroup, everySeconds, rules: ['n1'] },
      });
    },
    onSuccess: async (chart) => {
      await client.invalidateQueries({ queryKey: [qualityKey, 'charts'] });
      close();
      open(chart.id);
    },
  });
  return (
    <FormDialog
      title={t('quality.newChart')}
      size={520}
      close={close}
      save={make}
      ready={(on === 'plan' ? measured : signal) !== null}
      submit={t('quality.createChart')}
    >
      <SegmentedControl
        value={on}
        onChange={(value) => setOn(value === 'signal' ? 'signal' : 'plan')}
        data={(['plan', 'signal'] as const).map((value) => ({ value, label: t(`quality.chartOn.${value}`) }))}
      />
      {on === 'plan' ? (
        <Picker
          autoFocus
          required
          label={t('quality.characteristicOfPlan')}
          description={t('quality.characteristicHint')}
          source={characteristics}
          value={measured}
          onChange={(value) => void take(value)}
        />
      ) : (
        <>
          <Picker required label={t('quality.signal')} source={signals} value={signal} onChange={setSignal} />
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
    </FormDialog>
  );
}
