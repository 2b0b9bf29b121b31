import type { ConnectionHealth } from '@deungdae/contracts/api-entities.ts';
import { Button, Drawer } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { plantText } from '../../ui/text.ts';
import { ConnectionStatus } from './connection-status.tsx';
import { ProbeReport } from './probe-report.tsx';

/** One connection: how it does, what went wrong in plain words, a test without side effects. */
export function ConnectionDrawer({ connection, close }: { connection: ConnectionHealth; close: () => void }) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const can = useAbilities();
  const test = useMutation({ mutationFn: () => api.testExisting({ id: connection.id }) });
  const facts: [string, string][] = [
    [t('connections.type'), connection.type],
    [t('field.since'), f.dateTimeSeconds(connection.since / 1000)],
    [t('connections.rate'), `${f.number(connection.samplesPerSecond, 1)} ${t('connections.perSecond')}`],
    [t('connections.total'), f.number(connection.samplesTotal, 0)],
    [t('connections.dropped'), f.number(connection.duplicatesOrDropped, 0)],
    [t('connections.reconnects'), f.number(connection.reconnects, 0)],
    [t('connections.lag'), connection.lagMs === null ? '–' : `${f.number(connection.lagMs, 0)} ms`],
    [
      t('connections.lastSample'),
      connection.lastSampleAt === null ? '–' : f.dateTimeSeconds(connection.lastSampleAt / 1000),
    ],
  ];
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size={520}
      title={<strong>{plantText(connection.name, language)}</strong>}
    >
      <div className="stack">
        <ConnectionStatus status={connection.status} />
        {connection.lastError ? (
          <section className={connection.status === 'connected' ? 'past-error' : 'error-box'}>
            <div>
              <strong>{connection.lastError.message}</strong>
              <p>{connection.lastError.advice}</p>
              <p className="small">
                {f.dateTimeSeconds(connection.lastError.at / 1000)} · <code>{connection.lastError.code}</code>
              </p>
            </div>
          </section>
        ) : null}
        <dl className="fact-list">
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        <div className="row wrap">
          {can.lead ? (
            <Button onClick={() => test.mutate()} loading={test.isPending}>
              {t('connections.test')}
            </Button>
          ) : null}
          {can.engineer ? (
            <Button
              variant="default"
              component={Link}
              to="/connections/discover"
              search={{ connection: connection.id } as never}
            >
              {t('connections.findSignals')}
            </Button>
          ) : null}
        </div>
        {test.error ? <ErrorBox error={test.error} /> : null}
        {test.data ? <ProbeReport result={test.data} /> : null}
        {connection.notices.length > 0 ? (
          <section>
            <h3>{t('connections.notices')}</h3>
            <ul className="notice-list">
              {connection.notices.map((notice) => (
                <li key={`${notice.at}${notice.code}`}>
                  <span className="muted small">
                    {f.dateTimeSeconds(notice.at / 1000)} · <code>{notice.code}</code>
                  </span>
                  <span>{notice.message}</span>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
    </Drawer>
  );
}
