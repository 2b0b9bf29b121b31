import { Switch, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { Coded, useNames } from '../../ui/names.tsx';
import { Amount, LotLink, LotState, materialsKey } from './common.tsx';

const columns = ['lot', 'item', 'status', 'quantity', 'location', 'supplierLot', 'workOrder', 'producedAt'] as const;

/** Lots and boxes, the newest first; Enter in the search opens what a scanner typed. */
export function LotsTab() {
  const t = useText();
  const f = useFormats();
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const [blocked, setBlocked] = useState(false);
  const [asked] = useDebouncedValue(search.trim(), 200);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'lots', asked, blocked],
    queryFn: ({ signal }) =>
      api.lots(
        { limit: 200, ...(asked === '' ? {} : { search: asked }), ...(blocked ? { blocked: 'true' } : {}) },
        { signal },
      ),
  });
  const nameOf = useNames({
    item: data?.map((lot) => lot.item),
    location: data?.flatMap((lot) => lot.stock.map((s) => s.location)),
  });
  return (
    <>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          if (search.trim() !== '') void navigate({ to: '/lots/$id', params: { id: search.trim() } });
        }}
      >
        <TextInput
          className="grow"
          type="search"
          label={t('inventory.findLot')}
          placeholder={t('inventory.findLotHint')}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(e) => setSearch(e.currentTarget.value)}
        />
        <Switch
          label={t('inventory.onlyBlocked')}
          checked={blocked}
          onChange={(e) => setBlocked(e.currentTarget.checked)}
        />
      </form>
      {error ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {isLoading ? <LoadingRows /> : null}
      {data && data.length === 0 ? (
        <section className="panel">
          <EmptyState title={t('inventory.noLots')}>{t('inventory.noLotsHelp')}</EmptyState>
        </section>
      ) : null}
      {data && data.length > 0 ? (
        <section className="panel table-scroll">
          <CardTable>
            <thead>
              <tr>
                {columns.map((key) => (
                  <th key={key} className={key === 'quantity' ? 'num' : ''}>
                    {t(`inventory.column.${key}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.map((lot) => (
                <tr key={lot.id}>
                  <td>
                    <LotLink id={lot.id}>{lot.number}</LotLink>{' '}
                    <span className="muted small">{lot.kind === 'lot' ? '' : t(`inventory.kind.${lot.kind}`)}</span>
                  </td>
                  <td>
                    <Coded name={nameOf('item', lot.item)} code={lot.item} />
                  </td>
                  <td>
                    <LotState status={lot.status} />
                  </td>
                  <td className="num">
                    <Amount value={lot.onHand} unit={lot.unit} />
                  </td>
                  <td>{lot.stock.map((s) => nameOf('location', s.location)).join(', ')}</td>
                  <td>{lot.supplierLot ?? ''}</td>
                  <td className="nowrap">{lot.workOrder ?? ''}</td>
                  <td>{f.dateTime(lot.producedAt / 1000)}</td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </section>
      ) : null}
    </>
  );
}
