import type { ContainerRow } from '@deungdae/contracts/api-inventory.ts';
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { csvText, download } from '../../ui/csv.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNames } from '../../ui/names.tsx';
import { type Column, RowsTable } from '../../ui/rows-table.tsx';
import { LotLink, LotState, MasterSelect, materialsKey } from './common.tsx';

const limit = 500;

/** Boxes and pallets: where they stand and what is in them. Packing, taking out and moving are on the box's own page. */
export function ContainersTab() {
  const t = useText();
  const f = useFormats();
  const [search, setSearch] = useState('');
  const [location, setLocation] = useState<string | null>(null);
  const [shipped, setShipped] = useState<'without' | 'only'>('without');
  const [asked] = useDebouncedValue(search.trim(), 200);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'containers', asked, location, shipped],
    queryFn: ({ signal }) =>
      api.containers(
        { limit, shipped, ...(asked === '' ? {} : { search: asked }), ...(location === null ? {} : { location }) },
        { signal },
      ),
  });
  const nameOf = useNames({
    item: data?.flatMap((row) => row.items.map((i) => i.item)),
    location: data?.map((row) => row.place),
  });
  const contents = (row: ContainerRow) =>
    row.items.map((i) => `${nameOf('item', i.item, i.name)} ${f.number(i.quantity)} ${unitText(i.unit)}`).join(', ');
  const place = (row: ContainerRow) =>
    row.place === '@customer'
      ? t('inventory.place.@customer')
      : row.place === null
        ? t('inventory.nowhere')
        : nameOf('location', row.place);
  const columns: Column<ContainerRow>[] = [
    { name: t('inventory.container'), cell: (row) => <LotLink id={row.lot.id}>{row.lot.number}</LotLink> },
    { name: t('inventory.column.location'), cell: place },
    {
      name: t('inventory.contents'),
      cell: (row) => contents(row) || <span className="muted">{t('inventory.emptyBox')}</span>,
    },
    { name: t('inventory.column.lots'), num: true, cell: (row) => row.lots || '' },
    { name: t('inventory.boxesIn'), num: true, cell: (row) => row.boxes || '' },
    { name: t('inventory.inside'), cell: (row) => row.inside ?? '' },
    {
      name: t('inventory.column.status'),
      cell: (row) => (row.lot.holds.length > 0 ? <LotState status={row.lot.status} /> : ''),
    },
    { name: t('inventory.packedAt'), cell: (row) => f.dateTime(row.lot.producedAt / 1000) },
  ];
  const save = () =>
    download(
      'containers.csv',
      csvText([
        [
          ...[t('inventory.container'), t('inventory.column.location'), t('inventory.column.item')],
          ...[t('inventory.column.name'), t('inventory.column.quantity'), t('inventory.inside')],
        ],
        ...(data ?? []).flatMap((row) =>
          row.items.map((i) => [row.lot.number, place(row), i.item, i.name, i.quantity, row.inside]),
        ),
      ]),
    );
  return (
    <>
      <div className="filters">
        <TextInput
          className="grow"
          type="search"
          label={t('inventory.findBox')}
          placeholder={t('inventory.findBoxHint')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
        />
        <MasterSelect
          kind="location"
          clearable
          label={t('inventory.column.location')}
          value={location}
          change={setLocation}
        />
        <SegmentedControl
          aria-label={t('inventory.column.location')}
          value={shipped}
          onChange={(value) => setShipped(value as typeof shipped)}
          data={(['without', 'only'] as const).map((value) => ({ value, label: t(`inventory.boxes.${value}`) }))}
        />
        <Button className="push" variant="default" leftSection={<IconDownload size={16} />} onClick={save}>
          {t('action.export')}
        </Button>
      </div>
      {error ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {isLoading ? <LoadingRows /> : null}
      {data ? (
        <section className="panel">
          {data.length === 0 ? (
            <EmptyState title={t('inventory.noBoxes')}>{t('inventory.noBoxesHelp')}</EmptyState>
          ) : (
            <RowsTable columns={columns} rows={data} keyOf={(row) => row.lot.id} />
          )}
          {data.length === limit ? <p className="trace-note muted small">{t('inventory.moreBoxes')}</p> : null}
        </section>
      ) : null}
    </>
  );
}
