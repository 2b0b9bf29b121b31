import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { ApiFailure } from '../../api/http.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { plantText } from '../../ui/text.ts';
import { useNow } from '../../ui/use-now.ts';
import { AcceptProposals } from './accept-proposals.tsx';
import type { Source } from './source.ts';
import './connections.css';
import { ProbeReport } from './probe-report.tsx';
import { isComplete, type JsonSchema } from './schema-fields.ts';
import { SchemaForm } from './schema-form.tsx';
import { TrustCertificate } from './trust-certificate.tsx';

/** From an address to live signals in four steps: choose, test, browse, accept. */
export function DiscoverPage() {
  const t = useText();
  const can = useAbilities();
  const { connection } = useSearch({ from: '/session/shell/connections/discover' });
  const connectors = useQuery({ queryKey: ['connectors'], queryFn: ({ signal }) => api.connectors({ signal }) });
  // Fields that keep their own text are drawn again when the settings were filled in for the person.
  const [trusted, setTrusted] = useState(0);
  const [source, setSource] = useState<Source>(
    connection ? { kind: 'existing', id: connection } : { kind: 'new', name: '', type: '', config: {} },
  );
  const asked = source.kind === 'existing' ? { connection: source.id } : { type: source.type, config: source.config };
  const test = useMutation({
    mutationFn: () =>
      source.kind === 'existing'
        ? api.testExisting({ id: source.id })
        : api.testConnection({ type: source.type, config: source.config }),
  });
  const stop = useRef<AbortController | null>(null);
  const browse = useMutation({
    mutationFn: () => {
      stop.current = new AbortController();
      return api.discover({ ...asked, limit: 2000 }, { signal: stop.current.signal });
    },
    onError: (error) => {
      // Stopped by the person who asked: as if it had not been asked.
      if (!(error instanceof ApiFailure)) browse.reset();
    },
  });
  const change = (next: Source) => {
    stop.current?.abort();
    setSource(next);
    test.reset();
    browse.reset();
  };
  if (!can.engineer) return <EmptyState title={t('connections.engineersOnly')} />;
  const schema = source.kind === 'new' ? connectors.data?.find((c) => c.type === source.type) : undefined;
  const ready =
    source.kind === 'existing'
      ? source.id !== ''
      : schema !== undefined && isComplete(schema.config as JsonSchema, source.config);
  const nothingYet = browse.isIdle || mayTrust(source, browse.data?.error ?? null);
  const discovers = source.kind === 'existing' || schema?.discovers === true;
  return (
    <>
      <PageHead title={t('connections.discover')} />
      {connectors.error ? <ErrorBox error={connectors.error} retry={() => void connectors.refetch()} /> : null}
      {connectors.isLoading ? <LoadingRows /> : null}
      {connectors.data ? (
        <div className="discover-columns">
          <section className="panel">
            <div className="panel-head">
              <h2>{t('connections.step1')}</h2>
            </div>
            <div className="panel-body stack">
              <SourceForm key={trusted} source={source} change={change} types={connectors.data} />
              <div className="row wrap">
                <Button variant="default" onClick={() => test.mutate()} loading={test.isPending} disabled={!ready}>
                  {t('connections.test')}
                </Button>
                <Button onClick={() => browse.mutate()} loading={browse.isPending} disabled={!ready || !discovers}>
                  {t('connections.browse')}
                </Button>
              </div>
              {source.kind === 'new' && schema && !schema.discovers ? (
                <p className="small muted">{t('connections.cannotBrowse')}</p>
              ) : null}
              {test.error ? <ErrorBox error={test.error} /> : null}
              {test.data && !mayTrust(source, test.data.error) ? <ProbeReport result={test.data} /> : null}
              {source.kind === 'new' ? (
                <TrustCertificate
                  error={test.data?.error ?? browse.data?.error ?? null}
                  config={source.config}
                  trust={(config) => {
                    change({ ...source, config });
                    setTrusted((n) => n + 1);
                  }}
                />
              ) : null}
            </div>
          </section>
          <section className="panel">
            <div className="panel-head">
              <h2>{t('connections.step2')}</h2>
            </div>
            {browse.error ? (
              <div className="panel-body">
                <ErrorBox error={browse.error} />
              </div>
            ) : null}
            {browse.data?.error && !mayTrust(source, browse.data.error) ? (
              <div className="panel-body">
                <ErrorBox error={new ApiFailure(200, browse.data.error)} />
              </div>
            ) : null}
            {browse.isPending ? <Browsing since={browse.submittedAt} stop={() => stop.current?.abort()} /> : null}
            {browse.data && browse.data.proposals.length > 0 ? (
              <AcceptProposals
                key={browse.submittedAt}
                source={source}
                proposals={browse.data.proposals}
                truncated={browse.data.truncated}
              />
            ) : null}
            {browse.isIdle ||
            (browse.data &&
              browse.data.proposals.length === 0 &&
              (!browse.data.error || mayTrust(source, browse.data.error))) ? (
              <EmptyState title={nothingYet ? t('connections.nothingYet') : t('connections.nothingFound')}>
                {nothingYet ? t('connections.nothingYetText') : t('connections.nothingFoundText')}
              </EmptyState>
            ) : null}
          </section>
        </div>
      ) : null}
    </>
  );
}

/** Some devices take half a minute to tell what they have: how long it has been, and a way out. */
function Browsing({ since, stop }: { since: number; stop: () => void }) {
  const t = useText();
  const f = useFormats();
  const now = useNow(1000);
  return (
    <div className="panel-body stack" role="status">
      <div className="row">
        <strong>{t('connections.browsing', { duration: f.duration(Math.max(0, now - since)) })}</strong>
        <Button variant="default" className="push" onClick={stop}>
          {t('action.stop')}
        </Button>
      </div>
      <p className="small muted">{t('connections.browsingHelp')}</p>
      <LoadingRows />
    </div>
  );
}

/** The certificate box says it all, and what to do. */
function mayTrust(source: Source, error: { code: string } | null): boolean {
  return source.kind === 'new' && error?.code === 'opcua.certificateUnknown';
}

interface ConnectorType {
  type: string;
  config: Record<string, unknown>;
}

function SourceForm({
  source,
  change,
  types,
}: {
  source: Source;
  change: (source: Source) => void;
  types: readonly ConnectorType[];
}) {
  const t = useText();
  const language = useLanguage();
  const connections = useQuery({ queryKey: ['connections'], queryFn: ({ signal }) => api.connections({ signal }) });
  const schema = source.kind === 'new' ? types.find((c) => c.type === source.type)?.config : undefined;
  return (
    <>
      <SegmentedControl
        aria-label={t('connections.which')}
        value={source.kind}
        onChange={(kind) =>
          change(kind === 'new' ? { kind: 'new', name: '', type: '', config: {} } : { kind: 'existing', id: '' })
        }
        data={[
          { value: 'new', label: t('connections.new') },
          { value: 'existing', label: t('connections.existing') },
        ]}
      />
      {source.kind === 'existing' ? (
        <Select
          label={t('connections.name')}
          searchable
          value={source.id || null}
          onChange={(id) => change({ kind: 'existing', id: id ?? '' })}
          data={(connections.data ?? []).map((c) => ({
            value: c.id,
            label: `${plantText(c.name, language)} (${c.type})`,
          }))}
        />
      ) : (
        <>
          <Select
            label={t('connections.type')}
            required
            value={source.type || null}
            onChange={(type) => change({ ...source, type: type ?? '', config: {} })}
            data={types.map((c) => ({ value: c.type, label: t(`connector.${c.type}` as 'connector.opcua') }))}
          />
          <TextInput
            label={t('connections.name')}
            description={t('connections.nameHelp')}
            maxLength={80}
            value={source.name}
            onChange={(e) => change({ ...source, name: e.currentTarget.value })}
          />
          {schema ? (
            <SchemaForm
              key={source.type}
              type={source.type}
              schema={schema as JsonSchema}
              value={source.config}
              onChange={(config) => change({ ...source, config })}
            />
          ) : null}
        </>
      )}
    </>
  );
}
