import type { ErpFile } from '@deungdae/contracts/api-erp.ts';
import { Button, FileButton, SegmentedControl, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import './exchange.css';

const states = ['taken', 'partly', 'refused', 'known'] as const;
const marks: Record<ErpFile['state'], string> = { taking: '…', taken: '✓', partly: '▲', refused: '✕', known: '=' };
const problemsShown = 20;

/** Files that came in: what was taken, what was not and why, and reading them again. Looked at every five seconds. */
export function Files() {
  const t = useText();
  const client = useQueryClient();
  const [state, setState] = useState<'' | (typeof states)[number]>('');
  const [open, setOpen] = useState<string | null>(null);
  const list = useQuery({
    queryKey: ['erp-files', state],
    queryFn: ({ signal }) => api.erpFiles({ limit: 200, ...(state ? { state } : {}) }, { signal }),
    refetchInterval: 5000,
  });
  const retake = useMutation({
    mutationFn: (id: string) => api.retakeErpFile({ id }),
    onSuccess: (file) => showDone(t('exchange.file.read', { name: file.name, refused: file.refused })),
    onSettled: () => client.invalidateQueries({ queryKey: ['erp-files'] }),
  });
  const files = list.data?.files ?? [];
  return (
    <section className="panel table-scroll">
      <div className="panel-head">
        <SegmentedControl
          aria-label={t('exchange.state')}
          value={state}
          onChange={(value) => setState(value as typeof state)}
          data={[
            { value: '', label: t('exchange.all') },
            ...states.map((value) => ({ value, label: t(`exchange.file.state.${value}`) })),
          ]}
        />
        <GiveFile />
      </div>
      {list.error ? <ErrorBox error={list.error} retry={() => void list.refetch()} /> : null}
      {retake.error ? <ErrorBox error={retake.error} /> : null}
      {list.isLoading ? <LoadingRows /> : null}
      {list.data?.waiting.length ? <Waiting waiting={list.data.waiting} /> : null}
      {list.data && files.length === 0 ? (
        <EmptyState title={t('exchange.file.none')}>{t('exchange.file.noneText')}</EmptyState>
      ) : null}
      {files.length > 0 ? (
        <CardTable>
          <thead>
            <tr>
              <th>{t('exchange.when')}</th>
              <th>{t('exchange.file.name')}</th>
              <th>{t('exchange.target')}</th>
              <th>{t('exchange.file.kind')}</th>
              <th>{t('exchange.state')}</th>
              <th className="num">{t('exchange.file.rows')}</th>
              <th>{t('exchange.file.sums')}</th>
              <th>
                <span className="hidden-text">{t('field.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <Fragment key={file.id}>
                <FileRow
                  file={file}
                  isOpen={open === file.id}
                  toggle={() => setOpen(open === file.id ? null : file.id)}
                  retake={() => retake.mutate(file.id)}
                  reading={retake.isPending && retake.variables === file.id}
                />
                {open === file.id ? <Problems file={file} /> : null}
              </Fragment>
            ))}
          </tbody>
        </CardTable>
      ) : null}
    </section>
  );
}

function FileRow({
  file,
  isOpen,
  toggle,
  retake,
  reading,
}: {
  file: ErpFile;
  isOpen: boolean;
  toggle: () => void;
  retake: () => void;
  reading: boolean;
}) {
  const t = useText();
  const f = useFormats();
  const sums = (['added', 'changed', 'cancelled', 'same', 'refused'] as const)
    .filter((key) => file[key] > 0)
    .map((key) => `${t(`exchange.file.${key}`)} ${f.number(file[key])}`);
  const isBad = file.state === 'partly' || file.state === 'refused';
  return (
    <tr>
      <td className="nowrap">{f.dateTime(file.at / 1000)}</td>
      <td>
        {file.problems.length > 0 ? (
          <button type="button" className="plain-button link" aria-expanded={isOpen} onClick={toggle}>
            {isOpen ? '▾' : '▸'} {file.name}
          </button>
        ) : (
          file.name
        )}
        {file.format ? <div className="muted">{file.format}</div> : null}
      </td>
      <td>{file.target}</td>
      <td>{file.kind ? t(`exchange.takes.${file.kind}`) : null}</td>
      <td className="nowrap">
        {isBad ? (
          <strong>
            {marks[file.state]} {t(`exchange.file.state.${file.state}`)}
          </strong>
        ) : (
          `${marks[file.state]} ${t(`exchange.file.state.${file.state}`)}`
        )}
      </td>
      <td className="num">{f.number(file.rows)}</td>
      <td className="muted">{sums.join(' · ')}</td>
      <td className="num nowrap">
        {isBad ? (
          <>
            <Button component="a" variant="default" size="compact-sm" href={api.erpFileReportAddress({ id: file.id })}>
              {t('exchange.file.report')}
            </Button>{' '}
            <Button variant="default" size="compact-sm" loading={reading} onClick={retake}>
              {t('exchange.file.retake')}
            </Button>
          </>
        ) : null}
      </td>
    </tr>
  );
}

function Problems({ file }: { file: ErpFile }) {
  const t = useText();
  const shown = file.problems.slice(0, problemsShown);
  return (
    <tr>
      <td colSpan={8}>
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
      </td>
    </tr>
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
    <div className="row wrap push">
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
