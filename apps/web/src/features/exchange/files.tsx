import type { ErpFile } from '@deungdae/contracts/api-erp.ts';
import { Button, FileButton, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { filterOf, ListPanel } from '../../ui/list-panel.tsx';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import type { Column } from '../../ui/rows-table.tsx';
import './exchange.css';

const states = ['all', 'taken', 'partly', 'refused', 'known'] as const;
const marks: Record<ErpFile['state'], string> = { taking: '…', taken: '✓', partly: '▲', refused: '✕', known: '=' };
const sumKinds = ['added', 'changed', 'cancelled', 'same', 'refused'] as const;
const problemsShown = 20;
const isBad = (file: ErpFile) => file.state === 'partly' || file.state === 'refused';

/** Files that came in: what was taken, what was not and why, and reading them again. Looked at every five seconds. */
export function Files() {
  const t = useText();
  const f = useFormats();
  const client = useQueryClient();
  const [state, setState] = useState<(typeof states)[number]>('all');
  const [open, setOpen] = useState<string | null>(null);
  const list = useQuery({
    queryKey: ['erp-files', state],
    queryFn: ({ signal }) => api.erpFiles({ limit: 200, ...(state === 'all' ? {} : { state }) }, { signal }),
    refetchInterval: 5000,
  });
  const retake = useMutation({
    mutationFn: (id: string) => api.retakeErpFile({ id }),
    onSuccess: (file) => showDone(t('exchange.file.read', { name: file.name, refused: file.refused })),
    onSettled: () => client.invalidateQueries({ queryKey: ['erp-files'] }),
  });
  const sumsOf = (file: ErpFile) =>
    sumKinds.filter((key) => file[key] > 0).map((key) => `${t(`exchange.file.${key}`)} ${f.number(file[key])}`);
  const columns: Column<ErpFile>[] = [
    { name: t('exchange.when'), nowrap: true, cell: (file) => f.dateTime(file.at / 1000) },
    {
      name: t('exchange.file.name'),
      cell: (file) => (
        <>
          {file.problems.length > 0 ? (
            <button
              type="button"
              className="plain-button link"
              aria-expanded={open === file.id}
              onClick={() => setOpen(open === file.id ? null : file.id)}
            >
              {open === file.id ? '▾' : '▸'} {file.name}
            </button>
          ) : (
            file.name
          )}
          {file.format ? <div className="muted">{file.format}</div> : null}
        </>
      ),
    },
    { name: t('exchange.target'), cell: (file) => file.target },
    { name: t('exchange.file.kind'), cell: (file) => (file.kind ? t(`exchange.takes.${file.kind}`) : null) },
    {
      name: t('exchange.state'),
      nowrap: true,
      cell: (file) => {
        const text = `${marks[file.state]} ${t(`exchange.file.state.${file.state}`)}`;
        return isBad(file) ? <strong>{text}</strong> : text;
      },
    },
    { name: t('exchange.file.rows'), num: true, cell: (file) => f.number(file.rows) },
    { name: t('exchange.file.sums'), cell: (file) => <span className="muted">{sumsOf(file).join(' · ')}</span> },
    {
      name: t('field.actions'),
      bare: true,
      num: true,
      cell: (file) =>
        isBad(file) ? (
          <>
            <Button component="a" variant="default" size="compact-sm" href={api.erpFileReportAddress({ id: file.id })}>
              {t('exchange.file.report')}
            </Button>{' '}
            <Button
              variant="default"
              size="compact-sm"
              loading={retake.isPending && retake.variables === file.id}
              onClick={() => retake.mutate(file.id)}
            >
              {t('exchange.file.retake')}
            </Button>
          </>
        ) : null,
    },
  ];
  return (
    <ListPanel
      title={t('exchange.files')}
      list={{ ...list, data: list.data?.files }}
      columns={columns}
      keyOf={(file) => file.id}
      below={(file) => (open === file.id ? <Problems file={file} /> : null)}
      empty={{ title: t('exchange.file.none'), text: t('exchange.file.noneText') }}
      filter={filterOf(states, state, setState, (value) =>
        value === 'all' ? t('exchange.all') : t(`exchange.file.state.${value}`),
      )}
      aside={<GiveFile />}
    >
      {retake.error ? <ErrorBox error={retake.error} /> : null}
      {list.data?.waiting.length ? <Waiting waiting={list.data.waiting} /> : null}
    </ListPanel>
  );
}

function Problems({ file }: { file: ErpFile }) {
  const t = useText();
  const shown = file.problems.slice(0, problemsShown);
  return (
    <>
      <ul className="exchange-list">
        {shown.map((problem, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes its order
          <li key={i}>
            <strong>
              {problem.row > 0 ? t('exchange.file.row', { row: problem.row }) : t('exchange.file.whole')}
              {problem.code ? ` · ${problem.code}` : ''}
            </strong>{' '}
            {problem.message} <span className="muted">{problem.advice}</span>
          </li>
        ))}
      </ul>
      {file.refused > shown.length ? (
        <p className="muted">{t('exchange.file.more', { count: file.refused - shown.length })}</p>
      ) : null}
    </>
  );
}

function Waiting({ waiting }: { waiting: { target: string; name: string; why: string; since: number }[] }) {
  const t = useText();
  const f = useFormats();
  return (
    <ul className="exchange-list" aria-label={t('exchange.file.waiting')}>
      {waiting.map((file) => (
        <li key={`${file.target}/${file.name}`} className="muted">
          {file.name} ({file.target}) · {t(`exchange.file.why.${file.why as 'growing'}`)} ·{' '}
          {f.dateTime(file.since / 1000)}
        </li>
      ))}
    </ul>
  );
}

/** A corrected file, or one of somebody without a way to the folder. */
function GiveFile() {
  const t = useText();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string | null>(null);
  const targets = useQuery({ queryKey: ['erp-targets'], queryFn: ({ signal }) => api.erpTargets({ signal }) });
  const taking = (targets.data ?? []).filter((target) => target.takes.length > 0);
  const target = chosen ?? taking[0]?.id ?? null;
  const give = useMutation({
    mutationFn: ({ id, file }: { id: string; file: File }) => api.giveErpFile({ id }, { name: file.name }, file),
    onSuccess: (file) => showDone(t('exchange.file.read', { name: file.name, refused: file.refused })),
    onSettled: () => client.invalidateQueries({ queryKey: ['erp-files'] }),
  });
  if (target === null) return null;
  return (
    <div className="row wrap">
      {taking.length > 1 ? (
        <Select
          aria-label={t('exchange.target')}
          allowDeselect={false}
          value={target}
          onChange={setChosen}
          data={taking.map(({ id, name }) => ({ value: id, label: name }))}
        />
      ) : null}
      <FileButton accept=".csv,.txt,.tsv,.xlsx,.json" onChange={(file) => file && give.mutate({ id: target, file })}>
        {(props) => (
          <Button {...props} variant="default" loading={give.isPending}>
            {t('exchange.file.give')}
          </Button>
        )}
      </FileButton>
      {give.error ? <ErrorBox error={give.error} /> : null}
    </div>
  );
}
