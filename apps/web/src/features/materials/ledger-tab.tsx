import { Button, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { serverNow } from '../../time/server-clock.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { toLocalInput } from '../../time/zoned.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNames } from '../../ui/names.tsx';
import { Amount, MasterSelect, materialsKey } from './common.tsx';

/** Stock ledger (수불부): opening, in, out, closing; of the plant or of one place. */
export function LedgerTab() {
  const t = useText();
  const zone = usePlantZone();
  const today = toLocalInput(serverNow(), zone).slice(0, 10);
  const [from, setFrom] = useState(`${today.slice(0, 8)}01`);
  const [to, setTo] = useState(today);
  const [location, setLocation] = useState<string | null>(null);
  const query = { from, to, ...(location === null ? {} : { location }) };
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'ledger', query],
    queryFn: ({ signal }) => api.stockLedger(query, { signal }),
    enabled: from !== '' && to !== '' && from <= to,
  });
  const nameOf = useNames({ item: data?.rows.map((row) => row.item) });
  const file = `/api/stock/ledger-file?${new URLSearchParams({ ...query, format: 'xlsx' })}`;
  return (
    <>
      <div className="filters">
        <TextInput type="date" label={t('time.from')} value={from} onChange={(e) => setFrom(e.currentTarget.value)} />
        <TextInput type="date" label={t('time.to')} value={to} onChange={(e) => setTo(e.currentTarget.value)} />
        <MasterSelect
          kind="location"
          clearable
          label={t('inventory.column.location')}
          value={location}
          change={setLocation}
        />
        <Button
          className="push"
          component="a"
          href={file}
          download
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          {t('action.export')}
        </Button>
      </div>
      {error ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {isLoading ? <LoadingRows /> : null}
      {data ? (
        <section className="panel">
          <div className="panel-head">
            <h2>{t('inventory.tab.ledger')}</h2>
            {data.balanced ? (
              <span className="muted row">
                <IconCheck size={16} aria-hidden /> {t('inventory.balanced')}
              </span>
            ) : (
              <span className="bad-text row">
                <IconAlertTriangle size={16} aria-hidden /> {t('inventory.unbalanced')}
              </span>
            )}
          </div>
          {data.rows.length === 0 ? (
            <EmptyState title={t('inventory.noLedger')}>{t('inventory.noLedgerHelp')}</EmptyState>
          ) : (
            <div className="table-scroll">
              <CardTable>
                <thead>
                  <tr>
                    <th>{t('inventory.column.item')}</th>
                    <th>{t('inventory.column.name')}</th>
                    <th className="num">{t('inventory.opening')}</th>
                    <th className="num">{t('inventory.in')}</th>
                    <th className="num">{t('inventory.out')}</th>
                    <th className="num">{t('inventory.closing')}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.rows.map((row) => (
                    <tr key={row.item}>
                      <td>{row.item}</td>
                      <td>{nameOf('item', row.item, row.itemName)}</td>
                      <td className="num">
                        <Amount value={row.opening} />
                      </td>
                      <td className="num">
                        <Amount value={row.received} />
                      </td>
                      <td className="num">
                        <Amount value={row.issued} />
                      </td>
                      <td className="num">
                        <strong>
                          <Amount value={row.closing} unit={row.unit} />
                        </strong>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </CardTable>
            </div>
          )}
        </section>
      ) : null}
    </>
  );
}
