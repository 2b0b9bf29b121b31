import type { ImportFile, ImportJob, ImportPlan } from '@deungdae/contracts/api-masterdata.ts';
import { Button, Checkbox, Progress, Select, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { RowProblems } from '../../ui/row-problems.tsx';

const shownAtOnce = 200;

/** Checks every row, shows what is wrong, and imports all or nothing. */
export function ImportCheck({ file, plan, title }: { file: ImportFile; plan: ImportPlan; title: string }) {
  const t = useText();
  const client = useQueryClient();
  const [without, setWithout] = useState(false);
  const [begun, setBegun] = useState(false);
  const key = ['import', file.id, 'job'];
  const begin = useMutation({
    mutationFn: (kind: 'preview' | 'commit') => {
      const body = { ...plan, withoutBadRows: without };
      return kind === 'preview' ? api.previewImport({ id: file.id }, body) : api.commitImport({ id: file.id }, body);
    },
    onSuccess: (job) => {
      client.setQueryData(key, job);
      setBegun(true);
    },
  });
  const stop = useMutation({
    mutationFn: () => api.stopImport({ id: file.id }),
    onSuccess: (job) => client.setQueryData(key, job),
  });
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.importJob({ id: file.id }, { signal }),
    enabled: begun,
    staleTime: 0,
    refetchInterval: (q) => (q.state.data?.state === 'running' ? 400 : false),
  });
  const job = begun ? query.data : undefined;
  const committed = job?.done ?? null;
  useEffect(() => {
    if (committed) void client.invalidateQueries({ predicate: (q) => q.queryKey[0] !== 'import' });
  }, [committed, client]);
  const running = job?.state === 'running';
  const checked = job?.state === 'done' && job.kind === 'preview';
  const mayCommit = checked && job.rows > 0 && (job.badRows === 0 || without) && job.badRows < job.rows;
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>{t('masterdata.step3')}</h2>
        <div className="push row wrap">
          {running ? (
            <Button variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
              {t('masterdata.stop')}
            </Button>
          ) : null}
          <Button
            variant={checked ? 'default' : 'filled'}
            disabled={running}
            loading={begin.isPending}
            onClick={() => begin.mutate('preview')}
          >
            {t('masterdata.check')}
          </Button>
          {checked ? (
            <Button disabled={!mayCommit} onClick={() => begin.mutate('commit')}>
              {t('masterdata.commit', { n: job.rows - job.badRows, title })}
            </Button>
          ) : null}
        </div>
      </div>
      <div className="panel-body stack">
        {begin.error ? <ErrorBox error={begin.error} /> : null}
        {!job && !begin.error ? <p className="muted">{t('masterdata.checkHelp')}</p> : null}
        {running ? (
          <div role="status">
            <p>{t(job.kind === 'preview' ? 'masterdata.checking' : 'masterdata.importing', { n: job.rows })}</p>
            <Progress value={job.progress * 100} aria-label={t('masterdata.progress')} />
          </div>
        ) : null}
        {job?.error ? <JobError error={job.error} /> : null}
        {job && !running && job.counts ? <Outcome job={job} /> : null}
        {job && checked && job.badRows > 0 ? (
          <Checkbox
            label={t('masterdata.withoutBad', { n: job.badRows })}
            description={t('masterdata.withoutBadHelp')}
            checked={without}
            onChange={(e) => setWithout(e.currentTarget.checked)}
          />
        ) : null}
      </div>
      {job && !running && job.problems.length > 0 ? <Problems job={job} id={file.id} /> : null}
    </section>
  );
}

function JobError({ error }: { error: NonNullable<ImportJob['error']> }) {
  const t = useText();
  return (
    <div className="error-box" role="alert">
      <div>
        <strong>{error.message}</strong>
        <p>{error.advice}</p>
        <p className="small muted">
          {t('error.code')} <code>{error.code}</code>
        </p>
      </div>
    </div>
  );
}

/** What it did, or would do. */
function Outcome({ job }: { job: ImportJob }) {
  const t = useText();
  const f = useFormats();
  const { added, changed, same } = job.counts!;
  const nothing = added + changed === 0 && job.badRows === 0;
  const facts: [string, number][] = [
    [t('masterdata.rows'), job.rows],
    [t('masterdata.badRows'), job.badRows],
    [t('masterdata.added'), added],
    [t('masterdata.changedCount'), changed],
    [t('masterdata.same'), same],
  ];
  return (
    <div role="status" className="stack">
      {job.done ? <strong>{t('masterdata.imported')}</strong> : null}
      {nothing && !job.done ? <strong>{t('masterdata.nothingNew')}</strong> : null}
      {job.before ? <p className="muted">{t('masterdata.before', { at: f.dateTime(job.before.at / 1000) })}</p> : null}
      <dl className="import-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="small muted">{name}</dt>
            <dd>{f.number(value, 0)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Problems({ job, id }: { job: ImportJob; id: string }) {
  const t = useText();
  const [code, setCode] = useState<string | null>(null);
  const [text, setText] = useState('');
  const kinds = Map.groupBy(job.problems, (p) => p.code);
  const found = job.problems.filter(
    (p) =>
      (code === null || p.code === code) &&
      (text === '' || `${p.row} ${p.column ?? ''} ${p.value} ${p.message}`.toLowerCase().includes(text.toLowerCase())),
  );
  const all = job.errors + job.warnings;
  return (
    <div className="table-scroll">
      <div className="panel-head">
        <h3>{t('masterdata.problems', { n: all.toLocaleString() })}</h3>
        <Select
          aria-label={t('masterdata.kindOfProblem')}
          placeholder={t('masterdata.allProblems')}
          clearable
          value={code}
          onChange={setCode}
          data={[...kinds].map(([value, some]) => ({ value, label: `${kindLabel(some)} (${some.length})` }))}
        />
        <TextInput
          aria-label={t('masterdata.filter')}
          placeholder={t('masterdata.filter')}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
        />
        <Button
          className="push"
          component="a"
          variant="default"
          href={api.importProblemsAddress({ id }, { format: 'xlsx' })}
          leftSection={<IconDownload size={16} />}
        >
          {t('masterdata.downloadProblems')}
        </Button>
      </div>
      <RowProblems problems={found.slice(0, shownAtOnce)} />
      {found.length > shownAtOnce || all > job.problems.length ? (
        <p className="panel-body small muted">
          {t('masterdata.someShown', { n: Math.min(found.length, shownAtOnce), all: all.toLocaleString() })}
        </p>
      ) : null}
    </div>
  );
}

/** The first text of a kind without its values. */
function kindLabel(some: readonly { message: string; value: string }[]): string {
  const { message, value } = some[0]!;
  const bare = value === '' ? message : message.replaceAll(value, '…');
  return bare.length > 40 ? `${bare.slice(0, 38)}…` : bare;
}
