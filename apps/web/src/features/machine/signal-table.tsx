import type { SignalInfo, SignalValue } from '@deungdae/contracts/api-entities.ts';
import { parseCondition } from '@deungdae/contracts/condition.ts';
import { Button, Checkbox, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { type Translate, useLanguage, useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { useLiveValue, useWatchedSignals } from '../../live/use-live.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState } from '../../ui/messages.tsx';
import { plantText } from '../../ui/text.ts';
import { LimitBar } from './limit-bar.tsx';

interface Props {
  signals: readonly SignalInfo[];
  values: readonly SignalValue[];
  equipment: string;
  query: { from: number; to: number };
}

/** Every signal of the machine, live; picked ones open as a trend or leave as a file. */
export function SignalTable({ signals, values, equipment, query }: Props) {
  const t = useText();
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  useWatchedSignals(signals.map((s) => s.id));
  const initial = new Map(values.map((v) => [v.id, v]));
  const chosen = signals.filter((s) => picked.has(s.id));
  const toggle = (id: number) =>
    setPicked((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const exported = (chosen.length > 0 ? chosen : signals).map((s) => s.id).join(',');
  return (
    <section className="panel" aria-label={t('machine.signals')}>
      <div className="panel-head">
        <h2>{t('machine.signals')}</h2>
        <span className="muted small">{signals.length}</span>
        <span className="push row">
          <Menu>
            <Menu.Target>
              <Button
                variant="subtle"
                color="gray"
                leftSection={<IconDownload size={16} />}
                disabled={signals.length === 0}
              >
                {t('action.export')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {(['csv', 'parquet'] as const).map((format) => (
                <Menu.Item
                  key={format}
                  component="a"
                  href={api.exportAddress({ ids: exported, ...query, format })}
                  download
                >
                  {t(`export.${format}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <Button
            variant="default"
            disabled={chosen.length === 0}
            component={Link}
            to="/trends"
            search={{ signals: chosen.map((s) => s.path).join(','), states: equipment } as never}
          >
            {t('machine.pickedTrend', { n: chosen.length })}
          </Button>
        </span>
      </div>
      {signals.length === 0 ? (
        <EmptyState title={t('machine.noSignals')}>{t('machine.noSignalsText')}</EmptyState>
      ) : null}
      {signals.length > 0 ? (
        <div className="table-scroll">
          <CardTable className="signal-grid">
            <thead>
              <tr>
                <th>
                  <span className="hidden-text">{t('machine.pick')}</span>
                </th>
                <th>{t('field.signal')}</th>
                <th className="num">{t('field.value')}</th>
                <th>{t('field.range')}</th>
                <th className="num">{t('field.changed')}</th>
              </tr>
            </thead>
            <tbody>
              {signals.map((signal) => (
                <SignalRow
                  key={signal.id}
                  signal={signal}
                  initial={initial.get(signal.id)}
                  picked={picked.has(signal.id)}
                  toggle={toggle}
                />
              ))}
            </tbody>
          </CardTable>
        </div>
      ) : null}
    </section>
  );
}

interface RowProps {
  signal: SignalInfo;
  initial: SignalValue | undefined;
  picked: boolean;
  toggle: (id: number) => void;
}

/** One signal; only this row is drawn again when its value changes. */
const SignalRow = memo(function SignalRow({ signal, initial, picked, toggle }: RowProps) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const value = useLiveValue(signal.id) ?? initial;
  const name = plantText(signal.name, language);
  const beyond = typeof value?.value === 'number' && value.quality !== 'gap' ? alarmBeyond(signal, value.value) : false;
  return (
    <tr className={picked ? 'on' : ''}>
      <td>
        <Checkbox
          size="sm"
          checked={picked}
          onChange={() => toggle(signal.id)}
          aria-label={t('machine.pickSignal', { name })}
        />
      </td>
      <td>
        <Link to="/trends" search={{ signals: signal.path, states: signal.equipment } as never} className="link">
          {name}
        </Link>
      </td>
      <td className={`num signal-value${beyond ? ' beyond' : ''}`}>
        <SignalText signal={signal} value={value} />
      </td>
      <td>{signal.kind === 'number' ? <LimitBar signal={signal} value={value} /> : null}</td>
      <td className="num muted small">
        {value?.stale ? <span className="stale-word">{t('signal.stale')} </span> : null}
        {value ? f.timeSeconds(value.time / 1000) : ''}
      </td>
    </tr>
  );
});

export function SignalText({ signal, value }: { signal: SignalInfo; value: SignalValue | undefined }) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  if (!value || value.quality === 'gap' || value.value === null)
    return <span className="muted">{t('signal.gap')}</span>;
  const named = signal.enumeration?.[String(value.value)];
  const text = named
    ? plantText(named, language)
    : typeof value.value === 'number'
      ? f.number(value.value)
      : signal.kind === 'condition'
        ? conditionText(value.value, t)
        : value.value;
  return (
    <>
      {value.quality === 'good' ? null : <span title={t(`quality.${value.quality}`)}>≈ </span>}
      <strong>{text}</strong>
      <span className="unit">{unitText(signal.unit)}</span>
    </>
  );
}

/** Level in words, then what the machine says of it. */
function conditionText(text: string, t: Translate): string {
  const condition = parseCondition(text);
  if (!condition) return text;
  return [t(`condition.${condition.level}`), condition.nativeCode, condition.text].filter(Boolean).join(' · ');
}

function alarmBeyond(signal: SignalInfo, value: number): boolean {
  return signal.alarmLimits.some(
    (l) => (l.type === 'high' && value > l.limit) || (l.type === 'low' && value < l.limit),
  );
}
