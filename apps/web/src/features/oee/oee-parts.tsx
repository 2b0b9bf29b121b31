import type { OeeReport } from '@deungdae/contracts/api-entities.ts';
import { IconFlag } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { type PlantIndex, usePlantIndex } from '../../api/queries.ts';
import { type Formats, useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { ShareBar } from '../../ui/figure.tsx';

type Report = OeeReport;

/** Name of a part for a file; on screen a shift and a day get their date as well. */
export function partName(part: Report, by: string, plant: PlantIndex): string {
  if (by === 'machine' || by === 'line') return plant.name(part.equipment);
  if (by === 'product') return part.product ?? '';
  return new Date(part.from / 1000).toISOString();
}

function shownName(part: Report, by: string, plant: PlantIndex, f: Formats): string {
  if (by === 'day') return f.day(part.from / 1000);
  if (by === 'shift') return `${f.day(part.from / 1000)} ${f.time(part.from / 1000)}–${f.time(part.to / 1000)}`;
  return partName(part, by, plant) || '–';
}

const columns = ['oee', 'availability', 'effectiveness', 'qualityRatio'] as const;
type Column = (typeof columns)[number];
const titles = {
  oee: 'oee.oee',
  availability: 'oee.availability',
  effectiveness: 'oee.effectiveness',
  qualityRatio: 'oee.quality',
} as const;

/** The same figures by shift, day, machine, line or product; sums of numerators and denominators, never means. */
export function OeeParts({ parts, by, target }: { parts: readonly Report[]; by: string; target: number | null }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const navigate = useNavigate();
  const [sort, setSort] = useState<{ column: Column; down: boolean } | null>(null);
  const rows = sort
    ? [...parts].sort((a, b) => ((a[sort.column].value ?? -1) - (b[sort.column].value ?? -1)) * (sort.down ? -1 : 1))
    : parts;
  const open = (part: Report) => {
    if (by === 'machine' || by === 'line')
      void navigate({ to: '/oee', search: (s) => ({ ...s, path: part.equipment }) });
    else if (by !== 'product')
      void navigate({
        to: '/oee',
        search: (s) => ({ ...s, span: 'range', from: part.from / 1000, to: part.to / 1000 }),
      });
  };
  if (parts.length === 0) return <p className="panel-body muted">{t('oee.noParts')}</p>;
  return (
    <div className="table-scroll">
      <CardTable>
        <thead>
          <tr>
            <th>{t(`oee.by.${by as 'shift'}`)}</th>
            {columns.map((column) => (
              <th
                key={column}
                className="num"
                aria-sort={sort?.column === column ? (sort.down ? 'descending' : 'ascending') : 'none'}
              >
                <button
                  type="button"
                  onClick={() => setSort({ column, down: sort?.column === column ? !sort.down : false })}
                >
                  {t(titles[column])} % {sort?.column === column ? (sort.down ? '▾' : '▴') : ''}
                </button>
              </th>
            ))}
            <th style={{ width: 130 }}>{t('oee.oee')}</th>
            <th className="num">{t('step.pbt')}</th>
            <th className="num">{t('step.adet')}</th>
            <th className="num">{t('step.asut')}</th>
            <th className="num">{t('field.good')}</th>
            <th className="num">{t('field.scrap')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((part) => (
            <tr
              key={`${part.equipment}${part.from}${part.product}${part.shift}`}
              className={by === 'product' ? '' : 'pick'}
              onClick={() => open(part)}
            >
              <td className="nowrap">
                {by === 'product' ? (
                  shownName(part, by, plant, f)
                ) : (
                  <button type="button" className="plain-button link" onClick={() => open(part)}>
                    {shownName(part, by, plant, f)}
                  </button>
                )}
                {part.flags.length > 0 ? (
                  <span title={part.flags.map((flag) => t(`flag.${flag}`)).join('\n')}>
                    {' '}
                    <IconFlag size={13} aria-label={part.flags.map((flag) => t(`flag.${flag}`)).join(' ')} />
                  </span>
                ) : null}
              </td>
              <td className="num">
                <strong>{f.percent(part.oee.value)}</strong>
              </td>
              <td className="num">{f.percent(part.availability.value)}</td>
              <td className="num">{f.percent(part.effectiveness.value)}</td>
              <td className="num">{f.percent(part.qualityRatio.value)}</td>
              <td>
                <ShareBar share={part.oee.value} target={target} />
              </td>
              <td className="num">{f.duration(part.time.pbtMs)}</td>
              <td className="num">{f.duration(part.time.adetMs)}</td>
              <td className="num">{f.duration(part.time.asutMs)}</td>
              <td className="num">{f.number(part.counts.good, 0)}</td>
              <td className="num">{f.number(part.counts.scrap, 0)}</td>
            </tr>
          ))}
        </tbody>
      </CardTable>
    </div>
  );
}
