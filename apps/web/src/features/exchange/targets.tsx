import type { ErpTarget } from '@deungdae/contracts/api-erp.ts';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';

export type Target = ErpTarget & { hasSecret: boolean };

export function Targets({ edit }: { edit: (target: Target) => void }) {
  const t = useText();
  const targets = useQuery({ queryKey: ['erp-targets'], queryFn: ({ signal }) => api.erpTargets({ signal }) });
  return (
    <section className="panel table-scroll">
      {targets.error ? <ErrorBox error={targets.error} retry={() => void targets.refetch()} /> : null}
      {targets.isLoading ? <LoadingRows /> : null}
      {targets.data?.length === 0 ? (
        <EmptyState title={t('exchange.noTargets')}>{t('exchange.noTargetsText')}</EmptyState>
      ) : null}
      {targets.data?.length ? (
        <CardTable>
          <thead>
            <tr>
              <th>{t('exchange.name')}</th>
              <th>{t('exchange.kind')}</th>
              <th>{t('exchange.url')}</th>
              <th>{t('exchange.events')}</th>
              <th>{t('exchange.format')}</th>
            </tr>
          </thead>
          <tbody>
            {targets.data.map((target) => (
              <tr key={target.id} className="pick" onClick={() => edit(target)}>
                <td>
                  <button type="button" className="plain-button link" onClick={() => edit(target)}>
                    {target.name}
                  </button>
                  {target.enabled ? null : <span className="muted"> {t('exchange.off')}</span>}
                </td>
                <td>{t(`exchange.kind.${target.kind}`)}</td>
                <td className="muted">{target.kind === 'file' ? `erp/${target.id}/out` : target.url}</td>
                <td>{target.events.join(', ')}</td>
                <td>{t(`exchange.format.${target.format}`)}</td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      ) : null}
    </section>
  );
}
