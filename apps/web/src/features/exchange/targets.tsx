import type { ErpTarget, ShownErpTarget } from '@deungdae/contracts/api-erp.ts';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';

export type Target = ErpTarget & { hasSecret: boolean };

/** Subscriptions are ended where they are made. */
const isOwn = (target: ShownErpTarget): target is Target => target.kind !== 'epcis';

export function Targets({ edit }: { edit: (target: Target) => void }) {
  const t = useText();
  const targets = useQuery({ queryKey: ['erp-targets'], queryFn: ({ signal }) => api.erpTargets({ signal }) });
  const own = targets.data?.filter(isOwn);
  return (
    <section className="panel table-scroll">
      {targets.error ? <ErrorBox error={targets.error} retry={() => void targets.refetch()} /> : null}
      {targets.isLoading ? <LoadingRows /> : null}
      {own?.length === 0 ? (
        <EmptyState title={t('exchange.noTargets')}>{t('exchange.noTargetsText')}</EmptyState>
      ) : null}
      {own?.length ? (
        <CardTable>
          <thead>
            <tr>
              <th>{t('exchange.name')}</th>
              <th>{t('exchange.kind')}</th>
              <th>{t('exchange.url')}</th>
              <th>{t('exchange.events')}</th>
              <th>{t('exchange.format')}</th>
              <th>{t('exchange.takes')}</th>
            </tr>
          </thead>
          <tbody>
            {own.map((target) => (
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
                <td>{target.events.length > 0 ? t(`exchange.format.${target.format}`) : null}</td>
                <td>
                  {target.takes.map((kind) => t(`exchange.takes.${kind}`)).join(', ')}
                  {target.takes.length > 0 ? <div className="muted">erp/{target.id}/in</div> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </CardTable>
      ) : null}
    </section>
  );
}
