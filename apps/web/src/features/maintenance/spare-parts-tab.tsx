import { Switch } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { maintenanceKey } from './common.tsx';
import { FileMenu } from './file-menu.tsx';

const columns = ['item', 'name', 'onHand', 'safetyStock', 'missing', 'usedInYear'] as const;

/** Spare parts, those below their safety stock first: what is to be bought. */
export function SparePartsTab() {
  const t = useText();
  const f = useFormats();
  const [onlyShort, setOnlyShort] = useState(false);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [maintenanceKey, 'parts'],
    queryFn: ({ signal }) => api.spareParts({}, { signal }),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  if (data.length === 0)
    return (
      <section className="panel">
        <EmptyState title={t('maintenance.noParts')}>{t('maintenance.noPartsHelp')}</EmptyState>
      </section>
    );
  const shown = onlyShort ? data.filter((part) => part.short) : data;
  const missing = (part: (typeof data)[number]) => (part.short ? (part.safetyStock ?? 0) - part.onHand : 0);
  return (
    <>
      <div className="row" style={{ marginBottom: 12 }}>
        <Switch
          label={t('maintenance.onlyShort')}
          checked={onlyShort}
          onChange={(e) => setOnlyShort(e.currentTarget.checked)}
        />
        <span className="push">
          <FileMenu address={(format) => api.maintenanceFileAddress({ what: 'parts', format })} />
        </span>
      </div>
      <section className="panel table-scroll">
        <CardTable>
          <thead>
            <tr>
              {columns.map((key, i) => (
                <th key={key} className={i > 1 ? 'num' : ''}>
                  {t(`maintenance.part.${key}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((part) => (
              <tr key={part.item}>
                <td>{part.item}</td>
                <td>{part.name}</td>
                <td className="num">
                  {f.number(part.onHand)} <span className="unit">{unitText(part.unit)}</span>
                </td>
                <td className="num">{f.number(part.safetyStock)}</td>
                <td className={part.short ? 'num mt-late' : 'num'}>{part.short ? f.number(missing(part)) : ''}</td>
                <td className="num">{f.number(part.usedInYear)}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      </section>
    </>
  );
}
