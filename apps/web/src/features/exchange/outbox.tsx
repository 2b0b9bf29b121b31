import { Button, SegmentedControl } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';

const states = ['queued', 'failed', 'dead', 'sent'] as const;

/** Documents on their way out, the newest first; looked at again every five seconds. */
export function Outbox() {
  const t = useText();
  const f = useFormats();
  const client = useQueryClient();
  const [state, setState] = useState<'' | (typeof states)[number]>('');
  const list = useQuery({
    queryKey: ['erp-outbox', state],
    queryFn: ({ signal }) => api.erpOutbox({ limit: 200, ...(state ? { state } : {}) }, { signal }),
    refetchInterval: 5000,
  });
  const resend = useMutation({
    mutationFn: (id: string) => api.resendErpDelivery({ id }),
    onSuccess: () => showDone(t('exchange.resent')),
    onSettled: () => client.invalidateQueries({ queryKey: ['erp-outbox'] }),
  });
  return (
    <section className="panel table-scroll">
      <div className="panel-head">
        <SegmentedControl
          aria-label={t('exchange.state')}
          value={state}
          onChange={(value) => setState(value as typeof state)}
          data={[
            { value: '', label: t('exchange.all') },
            ...states.map((value) => ({ value, label: t(`exchange.state.${value}`) })),
          ]}
        />
      </div>
      {list.error ? <ErrorBox error={list.error} retry={() => void list.refetch()} /> : null}
      {resend.error ? <ErrorBox error={resend.error} /> : null}
      {list.isLoading ? <LoadingRows /> : null}
      {list.data?.length === 0 ? <EmptyState title={t('exchange.none')}>{t('exchange.noneText')}</EmptyState> : null}
      {list.data?.length ? (
        <CardTable>
          <thead>
            <tr>
              <th>{t('exchange.when')}</th>
              <th>{t('exchange.type')}</th>
              <th>{t('exchange.subject')}</th>
              <th>{t('exchange.target')}</th>
              <th>{t('exchange.state')}</th>
              <th className="num">{t('exchange.attempts')}</th>
              <th>{t('exchange.error')}</th>
              <th>
                <span className="hidden-text">{t('field.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.data.map((row) => (
              <tr key={row.id}>
                <td className="nowrap">{f.dateTime(row.queuedAt / 1000)}</td>
                <td>{row.type}</td>
                <td>{row.subject}</td>
                <td>{row.target}</td>
                <td className="nowrap">
                  {row.state === 'dead' ? (
                    <strong>✕ {t('exchange.state.dead')}</strong>
                  ) : (
                    t(`exchange.state.${row.state}`)
                  )}
                  {row.state === 'failed' && row.nextAt !== null ? (
                    <div className="muted">
                      {t('exchange.next')} {f.dateTime(row.nextAt / 1000)}
                    </div>
                  ) : null}
                </td>
                <td className="num">{row.attempts}</td>
                <td className="muted">{row.error}</td>
                <td className="num">
                  <Button
                    variant="default"
                    size="compact-sm"
                    loading={resend.isPending && resend.variables === row.id}
                    onClick={() => resend.mutate(row.id)}
                  >
                    {t('exchange.resend')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      ) : null}
    </section>
  );
}
