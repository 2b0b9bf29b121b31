import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { Figure } from '../../ui/figure.tsx';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNow } from '../../ui/use-now.ts';

const refreshMs = 5000;
/** Below this much free disk the page says so, MB. */
const lowDiskMb = 10_000;

export function SystemPage() {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const now = useNow(1000);
  const { data, error, refetch } = useQuery({
    queryKey: ['system'],
    queryFn: ({ signal }) => api.system({ signal }),
    refetchInterval: refreshMs,
  });
  return (
    <>
      <PageHead title={t('nav.system')} />
      {error && !data ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <LoadingRows /> : null}
      {data ? (
        <div className="stack">
          <section className="panel panel-body">
            <dl className="figures">
              <Figure label={t('system.version')} value={data.version} note={`Node ${data.node}`} />
              <Figure
                label={t('system.uptime')}
                value={f.duration(now - data.startedAt / 1000)}
                note={f.dateTime(data.startedAt / 1000)}
              />
              <Figure label={t('system.memory')} value={f.number(data.memoryMb, 0)} unit="MB" />
              <Figure
                label={t('system.disk')}
                value={f.bytes(data.diskFreeMb * 1e6)}
                tone={data.diskFreeMb < lowDiskMb ? 'bad' : undefined}
                note={data.diskFreeMb < lowDiskMb ? t('system.diskLow') : undefined}
              />
            </dl>
          </section>
          <section className="panel">
            <div className="panel-head">
              <h2>{t('system.history')}</h2>
            </div>
            <dl className="figures panel-body">
              <Figure
                label={t('system.samples')}
                value={f.short(data.history.samples)}
                note={f.number(data.history.samples, 0)}
              />
              <Figure
                label={t('system.size')}
                value={f.bytes(data.history.bytes)}
                note={t('system.perSample', {
                  n: f.number(data.history.samples > 0 ? data.history.bytes / data.history.samples : null, 2),
                })}
              />
              <Figure
                label={t('system.sealed')}
                value={f.number(data.history.sealedFiles, 0)}
                note={t('system.sealedHelp')}
              />
              <Figure label={t('system.hot')} value={f.short(data.history.hotSamples)} />
            </dl>
          </section>
          <section className="panel">
            <div className="panel-head">
              <h2>{t('system.stream')}</h2>
            </div>
            <dl className="figures panel-body">
              <Figure
                label={t('connections.rate')}
                value={f.number(data.stream.samplesPerSecond, 0)}
                unit={t('connections.perSecond')}
              />
              <Figure label={t('system.ingested')} value={f.short(data.stream.ingested)} />
              <Figure label={t('system.pending')} value={f.number(data.stream.pendingSamples, 0)} />
            </dl>
          </section>
          {can.administer ? <Backup /> : null}
        </div>
      ) : null}
    </>
  );
}

function Backup() {
  const t = useText();
  const f = useFormats();
  const [name, setName] = useState(() => `backup-${new Date().toISOString().slice(0, 10)}`);
  const backup = useMutation({ mutationFn: () => api.backup({ name }) });
  const valid = /^[A-Za-z0-9._-]{1,80}$/.test(name);
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('system.backup')}</h2>
        <span className="muted small">{t('system.backupHelp')}</span>
      </div>
      <form
        className="panel-body row wrap"
        style={{ alignItems: 'flex-end' }}
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) backup.mutate();
        }}
      >
        <TextInput
          label={t('system.backupName')}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          error={valid ? null : t('system.backupRule')}
          w={280}
        />
        <Button type="submit" loading={backup.isPending} disabled={!valid}>
          {t('system.backupNow')}
        </Button>
        {backup.isPending ? (
          <span role="status" className="muted">
            {t('system.backupRunning')}
          </span>
        ) : null}
        {backup.data ? (
          <span role="status">
            {t('system.backupDone', { size: f.bytes(backup.data.bytes) })} <code>{backup.data.directory}</code>
          </span>
        ) : null}
      </form>
      {backup.error ? (
        <div className="panel-body">
          <ErrorBox error={backup.error} />
        </div>
      ) : null}
    </section>
  );
}
