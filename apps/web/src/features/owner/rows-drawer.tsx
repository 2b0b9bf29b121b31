import type { OwnerDay, OwnerFigure, OwnerRow } from '@deungdae/contracts/owner.ts';
import { Button, Drawer } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { type Formats, useFormats } from '../../i18n/format.ts';
import { type Language, type TextKey, type Translate, useLanguage, useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { csvText, download } from '../../ui/csv.ts';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { plantText } from '../../ui/text.ts';

const limit = 500;

interface Column {
  key: string;
  number?: boolean;
  text(row: OwnerRow, f: Formats, t: Translate, language: Language): string | null;
}
const columns: readonly Column[] = [
  { key: 'order', text: (r) => r.order },
  { key: 'item', text: (r) => r.itemName },
  { key: 'machine', text: (r, _f, _t, language) => (r.machineName ? plantText(r.machineName, language) : null) },
  {
    key: 'reason',
    text: (r, _f, _t, language) => (r.reasonName ? plantText(r.reasonName, language) : r.reason),
  },
  { key: 'customer', text: (r) => r.customer },
  { key: 'time', text: (r, f) => (r.time === null ? null : f.dateTime(r.time / 1000)) },
  {
    key: 'quantity',
    number: true,
    text: (r, f) => (r.quantity === null ? null : f.number(Math.round(r.quantity * 10) / 10)),
  },
  { key: 'plan', number: true, text: (r, f) => (r.plan === null ? null : f.number(r.plan)) },
  { key: 'price', number: true, text: (r, f) => (r.price === null ? null : f.number(r.price, 0)) },
  { key: 'won', number: true, text: (r, f) => (r.won === null ? null : f.number(r.won, 0)) },
  { key: 'onTime', text: (r, _f, t) => (r.onTime === null ? null : t(r.onTime ? 'owner.yes' : 'owner.no')) },
];

/** The rows that a figure of the day is made of; columns without any value are left out. */
export function RowsDrawer({ day, figure, close }: { day: OwnerDay; figure: OwnerFigure; close: () => void }) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const { data, error } = useQuery({
    queryKey: ['owner-rows', figure.id, day.day],
    queryFn: ({ signal }) => api.ownerRows({ figure: figure.id, from: day.day, to: day.day, limit }, { signal }),
  });
  const rows = data?.rows ?? [];
  const shown = columns.filter((c) => rows.some((r) => c.text(r, f, t, language) !== null));
  const name = (c: Column) => t(`owner.row.${c.key}` as TextKey);
  const exportCsv = () =>
    download(
      `owner-${figure.id}-${day.day}.csv`,
      csvText([shown.map(name), ...rows.map((r) => shown.map((c) => c.text(r, f, t, language)))]),
    );
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={820}
      title={
        <strong>
          {t(`owner.figure.${figure.id}`)} · {f.day(day.from / 1000)}
        </strong>
      }
    >
      <p className="muted small">{t(`owner.definition.${figure.id}`)}</p>
      {error ? <ErrorBox error={error} /> : null}
      {!data && !error ? <LoadingRows /> : null}
      {data && rows.length === 0 ? <p>{t('owner.rowsNone')}</p> : null}
      {rows.length > 0 ? (
        <>
          <Button variant="default" size="xs" leftSection={<IconDownload size={14} />} onClick={exportCsv}>
            CSV
          </Button>
          <CardTable className="owner-rows">
            <thead>
              <tr>
                {shown.map((c) => (
                  <th key={c.key} scope="col" className={c.number ? 'num' : ''}>
                    {name(c)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((r) => (
                <tr key={r.key}>
                  {shown.map((c) => (
                    <td key={c.key} className={c.number ? 'num' : ''}>
                      {c.text(r, f, t, language) ?? ''}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </CardTable>
          {data?.more ? <p className="muted small">{t('owner.rowsMore', { n: limit })}</p> : null}
        </>
      ) : null}
    </Drawer>
  );
}
