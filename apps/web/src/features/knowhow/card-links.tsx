import type { KnowHowLinks } from '@deungdae/contracts/know-how.ts';
import { ActionIcon, Button, NumberInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useText } from '../../i18n/i18n.ts';
import {
  useDefectSource,
  useMachineSource,
  useMasterSource,
  useSignalSource,
  useStopReasonSource,
} from '../../ui/pick-sources.ts';
import { MultiPicker, Picker } from '../../ui/picker.tsx';

const maxWindows = 20;

/** Where a card applies: the kiosk offers it when the same comes back. All of it may stay empty. */
export function CardLinks({ links, change }: { links: KnowHowLinks; change: (links: KnowHowLinks) => void }) {
  const t = useText();
  const machines = useMachineSource();
  const defects = useDefectSource();
  const stops = useStopReasonSource();
  const items = useMasterSource('item');
  const tools = useMasterSource('tool');
  const set = (part: Partial<KnowHowLinks>) => change({ ...links, ...part });
  return (
    <>
      <MultiPicker
        label={t('knowhow.machines')}
        source={machines}
        values={links.machines}
        onChange={(values) => set({ machines: values })}
      />
      <MultiPicker
        label={t('knowhow.defects')}
        source={defects}
        values={links.defects}
        onChange={(values) => set({ defects: values })}
      />
      <MultiPicker
        label={t('knowhow.items')}
        source={items}
        values={links.items}
        onChange={(values) => set({ items: values })}
      />
      <details className="knowhow-more" open={hasMore(links)}>
        <summary>{t('knowhow.moreLinks')}</summary>
        <div className="stack">
          <MultiPicker
            label={t('knowhow.stops')}
            source={stops}
            values={links.downtimeReasons}
            onChange={(values) => set({ downtimeReasons: values })}
          />
          <MultiPicker
            label={t('knowhow.tools')}
            source={tools}
            values={links.tools}
            onChange={(values) => set({ tools: values })}
          />
          <Windows windows={links.parameters} change={(parameters) => set({ parameters })} />
        </div>
      </details>
    </>
  );
}

function hasMore({ downtimeReasons, tools, parameters }: KnowHowLinks): boolean {
  return downtimeReasons.length + tools.length + parameters.length > 0;
}

type Window = KnowHowLinks['parameters'][number];

/** Signals and the range they are in when the trouble comes. */
function Windows({ windows, change }: { windows: readonly Window[]; change: (windows: Window[]) => void }) {
  const t = useText();
  const signals = useSignalSource({ numbers: true });
  const limit = (value: string | number) => (value === '' ? null : Number(value));
  const set = (index: number, part: Partial<Window>) =>
    change(windows.map((each, i) => (i === index ? { ...each, ...part } : each)));
  return (
    <fieldset className="mt-lines">
      <legend>{t('knowhow.windows')}</legend>
      {windows.map((window, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: windows have no identity but their place
        <div className="row wrap" key={i}>
          <div className="grow knowhow-signal">
            <Picker
              bare
              label={t('knowhow.signal')}
              source={signals}
              value={window.signal || null}
              onChange={(signal) => set(i, { signal: signal ?? '' })}
            />
          </div>
          <NumberInput
            w={92}
            aria-label={t('knowhow.from')}
            placeholder={t('knowhow.from')}
            value={window.lower ?? ''}
            onChange={(value) => set(i, { lower: limit(value) })}
          />
          <NumberInput
            w={92}
            aria-label={t('knowhow.to')}
            placeholder={t('knowhow.to')}
            value={window.upper ?? ''}
            onChange={(value) => set(i, { upper: limit(value) })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('knowhow.removeWindow')}
            onClick={() => change(windows.filter((_, at) => at !== i))}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </div>
      ))}
      {windows.length < maxWindows ? (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={15} />}
          onClick={() => change([...windows, { signal: '', lower: null, upper: null }])}
        >
          {t('knowhow.addWindow')}
        </Button>
      ) : null}
    </fieldset>
  );
}
