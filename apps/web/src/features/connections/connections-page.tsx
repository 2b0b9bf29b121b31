import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { useConnections } from '../../live/use-live.ts';
import { Figure } from '../../ui/figure.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { plantText } from '../../ui/text.ts';
import { useNow } from '../../ui/use-now.ts';
import { ConnectionDrawer } from './connection-drawer.tsx';
import { ConnectionStatus, statusOrder } from './connection-status.tsx';
import './connections.css';
import { CardTable } from '../../ui/card-table.tsx';

export function ConnectionsPage() {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const can = useAbilities();
  const navigate = useNavigate();
  const { id } = useSearch({ from: '/session/shell/connections' });
  const now = useNow(5000);
  const first = useQuery({ queryKey: ['connections'], queryFn: ({ signal }) => api.connections({ signal }) });
  const live = useConnections();
  const known = live.length > 0 ? live : (first.data ?? []);
  const rows = [...known].sort(
    (a, b) => statusOrder.indexOf(a.status) - statusOrder.indexOf(b.status) || a.id.localeCompare(b.id),
  );
  const open = rows.find((row) => row.id === id);
  const show = (next: string | undefined) =>
    void navigate({ to: '/connections', search: (s) => ({ ...s, id: next }), replace: true });
  const wrong = rows.filter((row) => row.status === 'lost' || row.status === 'degraded').length;
  const add = can.engineer ? (
    <Button component={Link} to="/connections/discover" leftSection={<IconPlus size={16} />}>
      {t('connections.discover')}
    </Button>
  ) : null;
  return (
    <>
      <PageHead title={t('nav.connections')}>{add}</PageHead>
      {first.error && rows.length === 0 ? <ErrorBox error={first.error} retry={() => void first.refetch()} /> : null}
      {first.isLoading ? <LoadingRows /> : null}
      {first.data && rows.length === 0 ? (
        <div className="panel">
          <EmptyState title={t('connections.emptyTitle')} action={add}>
            {t('connections.emptyText')}
          </EmptyState>
        </div>
      ) : null}
      {rows.length > 0 ? (
        <div className="stack">
          <section className="panel panel-body">
            <dl className="figures">
              <Figure
                label={t('connections.connected')}
                value={rows.filter((r) => r.status === 'connected').length}
                unit={`/ ${rows.filter((r) => r.enabled).length}`}
              />
              <Figure label={t('connections.wrong')} value={wrong} tone={wrong > 0 ? 'bad' : undefined} />
              <Figure
                label={t('connections.rate')}
                value={f.number(sum(rows.map((r) => r.samplesPerSecond)), 0)}
                unit={t('connections.perSecond')}
              />
              <Figure label={t('machine.signals')} value={f.number(sum(rows.map((r) => r.signals)), 0)} />
            </dl>
          </section>
          <section className="panel table-scroll" aria-label={t('nav.connections')}>
            <CardTable>
              <thead>
                <tr>
                  <th>{t('connections.name')}</th>
                  <th>{t('field.state')}</th>
                  <th className="num">{t('connections.perSecond')}</th>
                  <th className="num">{t('machine.signals')}</th>
                  <th className="num">{t('connections.lag')}</th>
                  <th className="num">{t('connections.lastSample')}</th>
                  <th>{t('connections.lastError')}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.id} className="pick" onClick={() => show(row.id)}>
                    <td>
                      <button type="button" className="plain-button link" onClick={() => show(row.id)}>
                        {plantText(row.name, language)}
                      </button>{' '}
                      <span className="muted small nowrap">
                        {row.id} · {row.type}
                      </span>
                    </td>
                    <td>
                      <ConnectionStatus status={row.status} />{' '}
                      <span className="muted small nowrap">{f.duration(now - row.since / 1000)}</span>
                    </td>
                    <td className="num">
                      <strong>{f.number(row.samplesPerSecond, row.samplesPerSecond < 10 ? 1 : 0)}</strong>
                    </td>
                    <td className="num">{f.number(row.signals, 0)}</td>
                    <td className="num">{row.lagMs === null ? '–' : `${f.number(row.lagMs, 0)} ms`}</td>
                    <td className="num">{row.lastSampleAt === null ? '–' : f.ago(row.lastSampleAt / 1000, now)}</td>
                    <td className="small connection-error">
                      {row.lastError && row.status !== 'connected' ? row.lastError.message : ''}
                    </td>
                  </tr>
                ))}
              </tbody>
            </CardTable>
          </section>
        </div>
      ) : null}
      {open ? <ConnectionDrawer connection={open} close={() => show(undefined)} /> : null}
    </>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
