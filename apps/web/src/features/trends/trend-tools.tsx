import type { SignalInfo } from '@deungdae/contracts/api-entities.ts';
import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { IconBookmark, IconDownload, IconGitCompare, IconLink, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n.ts';
import { copyText } from '../../ui/copy.ts';
import { showDone } from '../../ui/notify.ts';
import { loadPresets, type Preset, savePresets } from './presets.ts';
import type { View } from './view.ts';

interface Props {
  signals: readonly SignalInfo[];
  view: View;
  states: string | undefined;
  compare: string | undefined;
  change: (next: { states?: string | undefined; compare?: string | undefined }) => void;
  savePng: () => void;
}

/** Compare, states behind the curves, saved views, export and the link to send. */
export function TrendTools({ signals, view, states, compare, change, savePng }: Props) {
  const t = useText();
  const plant = usePlantIndex();
  const machines = [...new Set(signals.map((s) => s.equipment))];
  const none = signals.length === 0;
  const query = {
    ids: signals.map((s) => s.id).join(','),
    from: Math.round(view.from * 1000),
    to: Math.round(view.to * 1000),
  };
  const share = async () => {
    // A live window would show something else to who opens the link later: the sent one is fixed.
    const url = new URL(location.href);
    url.searchParams.set('span', 'range');
    url.searchParams.set('from', String(Math.round(view.from)));
    url.searchParams.set('to', String(Math.round(view.to)));
    if (await copyText(url.href)) showDone(t('trends.linkCopied'));
  };
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button variant="default" disabled={none} leftSection={<IconGitCompare size={16} />}>
            {compare ? t(`trends.compare.${compare as 'before'}`) : t('trends.compare')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('trends.compareWith')}</Menu.Label>
          {(['before', 'day', 'week'] as const).map((each) => (
            <Menu.Item
              key={each}
              onClick={() => change({ compare: compare === each ? undefined : each })}
              aria-checked={compare === each}
            >
              {compare === each ? '✓ ' : ''}
              {t(`trends.compare.${each}`)}
            </Menu.Item>
          ))}
          {compare ? (
            <Menu.Item onClick={() => change({ compare: undefined })}>{t('trends.noCompare')}</Menu.Item>
          ) : null}
          <Menu.Label>{t('trends.statesBehind')}</Menu.Label>
          {machines.map((path) => (
            <Menu.Item key={path} onClick={() => change({ states: states === path ? undefined : path })}>
              {states === path ? '✓ ' : ''}
              {plant.name(path)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Presets none={none} />
      <Menu>
        <Menu.Target>
          <Button variant="default" disabled={none} leftSection={<IconDownload size={16} />}>
            {t('action.export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(['csv', 'parquet'] as const).map((format) => (
            <Menu.Item key={format} component="a" href={api.exportAddress({ ...query, format })} download>
              {t(`export.${format}`)}
            </Menu.Item>
          ))}
          <Menu.Item onClick={savePng}>{t('export.png')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <ActionIcon
        variant="default"
        aria-label={t('trends.copyLink')}
        title={t('trends.copyLink')}
        disabled={none}
        onClick={() => void share()}
      >
        <IconLink size={17} />
      </ActionIcon>
    </>
  );
}

function Presets({ none }: { none: boolean }) {
  const t = useText();
  const navigate = useNavigate();
  const [presets, setPresets] = useState<readonly Preset[]>(loadPresets);
  const [name, setName] = useState('');
  const store = (next: readonly Preset[]) => {
    savePresets(next);
    setPresets(next);
  };
  const add = () => {
    const { signals, states, compare, hidden } = Object.fromEntries(new URLSearchParams(location.search));
    store([...presets.filter((p) => p.name !== name), { name, search: { signals, states, compare, hidden } }]);
    setName('');
  };
  return (
    <Menu closeOnItemClick={false} width={280}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconBookmark size={16} />}>
          {t('trends.views')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {presets.length === 0 ? <Menu.Label>{t('trends.noViews')}</Menu.Label> : null}
        {presets.map((preset) => (
          <div key={preset.name} className="row">
            <Menu.Item onClick={() => void navigate({ to: '/trends', search: (s) => ({ ...s, ...preset.search }) })}>
              {preset.name}
            </Menu.Item>
            <ActionIcon
              aria-label={t('trends.deleteView', { name: preset.name })}
              onClick={() => store(presets.filter((p) => p !== preset))}
            >
              <IconX size={15} />
            </ActionIcon>
          </div>
        ))}
        <Menu.Divider />
        <form
          className="row"
          style={{ padding: 8 }}
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim()) add();
          }}
        >
          <TextInput
            placeholder={t('trends.viewName')}
            aria-label={t('trends.viewName')}
            value={name}
            maxLength={60}
            onChange={(e) => setName(e.currentTarget.value)}
            disabled={none}
          />
          <Button type="submit" disabled={none || !name.trim()}>
            {t('action.save')}
          </Button>
        </form>
      </Menu.Dropdown>
    </Menu>
  );
}
