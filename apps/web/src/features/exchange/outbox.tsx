import type { ErpDelivery } from '@deungdae/contracts/api-erp.ts';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { filterOf, ListPanel } from '../../ui/list-panel.tsx';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import type { Column } from '../../ui/rows-table.tsx';

const states = ['all', 'queued', 'failed', 'dead', 'sent'] as const;

/** Documents on their way out, the newest first; looked at again every five seconds. */
export function Outbox() {
  const t = useText();
  const f = useFormats();
  const client = useQueryClient();
  const [state, setState] = useState<(typeof states)[number]>('all');
  const list = useQuery({
    queryKey: ['erp-outbox', state],
    queryFn: ({ signal }) => api.erpOutbox({ limit: 200, ...(state === 'all' ? {} : { state }) }, { signal }),
    refetchInterval: 5000,
  });
  const resend = useMutation({
    mutationFn: (id: string) => api.resendErpDelivery({ id }),
    onSuccess: () => showDone(t('exchange.resent')),
    onSettled: () => client.invalidateQueries({ queryKey: ['erp-outbox'] }),
  });
  const columns: Column<ErpDelivery>[] = [
    { name: t('exchange.when'), nowrap: true, cell: (row) => f.dateTime(row.queuedAt / 1000) },
    { name: t('exchange.type'), cell: (row) => row.type },
    { name: t('exchange.subject'), cell: (row) => row.subject },
    { name: t('exchange.target'), cell: (row) => row.target },
    {
      name: t('exchange.state'),
      nowrap: true,
      cell: (row) => (
        <>
          {row.state === 'dead' ? <strong>✕ {t('exchange.state.dead')}</strong> : t(`exchange.state.${row.state}`)}
          {row.state === 'failed' && row.nextAt !== null ? (
            <div className="muted">
              {t('exchange.next')} {f.dateTime(row.nextAt / 1000)}
            </div>
          ) : null}
        </>
      ),
    },
    { name: t('exchange.attempts'), num: true, cell: (row) => row.attempts },
    { name: t('exchange.error'), cell: (row) => <span className="muted">{row.error}</span> },
    {
      name: t('field.actions'),
      bare: true,
      num: true,
      cell: (row) => (
        <Button
          variant="default"
          size="compact-sm"
          loading={resend.isPending && resend.variables === row.id}
          onClick={() => resend.mutate(row.id)}
        >
          {t('exchange.resend')}
        </Button>
      ),
    },
  ];
  return (
    <ListPanel
      title={t('exchange.outbox')}
      list={list}
      columns={columns}
      keyOf={(row) => row.id}
      empty={{ title: t('exchange.none'), text: t('exchange.noneText') }}
      filter={filterOf(states, state, setState, (value) =>
        value === 'all' ? t('exchange.all') : t(`exchange.state.${value}`),
      )}
    >
      {resend.error ? <ErrorBox error={resend.error} /> : null}
    </ListPanel>
  );
}
