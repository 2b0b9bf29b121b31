import type { SignalInfo } from '@deungdae/contracts/api-entities.ts';
import { ActionIcon, Button, useComputedColorScheme } from '@mantine/core';
import { IconEye, IconEyeOff, IconX } from '@tabler/icons-react';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { serverNow } from '../../time/server-clock.ts';
import { plantText } from '../../ui/text.ts';
import { type TrendSeries, type ValueAt, valueAtTime, windowFigures } from './align.ts';
import { lineColour, lineDash } from './colours.ts';
import type { View } from './view.ts';

interface Props {
  signals: readonly SignalInfo[];
  series: ReadonlyMap<number, TrendSeries>;
  view: View;
  /** ms */
  cursor: number | null;
  pinned: number | null;
  unpin: () => void;
  hidden: ReadonlySet<string>;
  toggle: (path: string) => void;
  remove: (path: string) => void;
}

/** Every curve at the cursor, at the pinned cursor, the difference, and over the window. */
export function CursorTable(props: Props) {
  const t = useText();
  const f = useFormats();
  const { signals, cursor, pinned, view } = props;
  const at = cursor ?? Math.min(serverNow(), view.to);
  return (
    <section className="panel" aria-label={t('trends.values')}>
      <div className="panel-head">
        <h2>{t('trends.values')}</h2>
        <span className="muted small">
          {cursor === null ? t('trends.atEnd') : t('trends.atCursor')} <strong>{f.dateTimeSeconds(at)}</strong>
        </span>
        {pinned === null ? null : (
          <span className="row small">
            <span className="muted">{t('trends.pinned')}</span> <strong>{f.dateTimeSeconds(pinned)}</strong>
            <span>Δ {f.duration(Math.abs(at - pinned))}</span>
            <Button variant="subtle" size="compact-xs" onClick={props.unpin}>
              {t('trends.unpin')}
            </Button>
          </span>
        )}
      </div>
      <div className="table-scroll">
        <table className="grid">
          <thead>
            <tr>
              <th>{t('field.signal')}</th>
              <th className="num">{t('trends.now')}</th>
              {pinned === null ? null : (
                <>
                  <th className="num">{t('trends.pinned')}</th>
                  <th className="num">Δ</th>
                </>
              )}
              <th className="num">{t('trends.min')}</th>
              <th className="num">{t('trends.mean')}</th>
              <th className="num">{t('trends.max')}</th>
              <th>
                <span className="hidden-text">{t('field.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {signals.map((signal, index) => (
              <Row key={signal.id} {...props} signal={signal} index={index} at={at} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({
  signal,
  index,
  series,
  at,
  pinned,
  view,
  hidden,
  toggle,
  remove,
}: Props & { signal: SignalInfo; index: number; at: number }) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const plant = usePlantIndex();
  const scheme = useComputedColorScheme('light');
  const data = series.get(signal.id);
  const here = data ? valueAtTime(data, at * 1000) : null;
  const there = data && pinned !== null ? valueAtTime(data, pinned * 1000) : null;
  const figures = data && !data.text ? windowFigures(data, view.from * 1000, view.to * 1000) : null;
  const off = hidden.has(signal.path);
  const name = plantText(signal.name, language);
  const show = (value: ValueAt | null) => {
    if (!value || value.value === null) return '–';
    if (typeof value.value === 'string') return plantText(signal.enumeration?.[value.value] ?? value.value, language);
    return f.number(value.value);
  };
  const difference =
    typeof here?.value === 'number' && typeof there?.value === 'number' ? here.value - there.value : null;
  return (
    <tr className={off ? 'row-off' : ''}>
      <td>
        <span className="row">
          <svg width={22} height={10} aria-hidden="true">
            <line
              x1={0}
              x2={22}
              y1={5}
              y2={5}
              stroke={lineColour(index, scheme)}
              strokeWidth={3}
              strokeDasharray={lineDash(index).join(' ')}
            />
          </svg>
          <span>
            <strong>{name}</strong> <span className="muted small">{plant.name(signal.equipment)}</span>
          </span>
        </span>
      </td>
      <td className="num">
        <strong>{show(here)}</strong>
        <span className="unit">{unitText(signal.unit)}</span>
      </td>
      {pinned === null ? null : (
        <>
          <td className="num">{show(there)}</td>
          <td className="num">{difference === null ? '–' : `${difference > 0 ? '+' : ''}${f.number(difference)}`}</td>
        </>
      )}
      <td className="num">{f.number(figures?.min)}</td>
      <td className="num">{f.number(figures?.mean)}</td>
      <td className="num">{f.number(figures?.max)}</td>
      <td className="num">
        <ActionIcon
          aria-label={off ? t('trends.show', { name }) : t('trends.hide', { name })}
          aria-pressed={!off}
          onClick={() => toggle(signal.path)}
        >
          {off ? <IconEyeOff size={17} /> : <IconEye size={17} />}
        </ActionIcon>
        <ActionIcon aria-label={t('trends.remove', { name })} onClick={() => remove(signal.path)}>
          <IconX size={17} />
        </ActionIcon>
      </td>
    </tr>
  );
}
