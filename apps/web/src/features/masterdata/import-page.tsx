import type { ImportFile, ImportMapping, ImportPlan } from '@deungdae/contracts/api-masterdata.ts';
import { Select } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { FileDrop } from './file-drop.tsx';
import { ImportCheck } from './import-check.tsx';
import { MappingTable } from './mapping-table.tsx';
import { useTargets } from './master-queries.ts';
import './masterdata.css';

/** From a spreadsheet to records: give it, say what it is, match the columns, look at every problem, import. */
export function ImportPage() {
  const t = useText();
  const can = useAbilities();
  const [file, setFile] = useState<ImportFile | null>(null);
  const upload = useMutation({
    mutationFn: (given: File) => api.uploadImport({ name: given.name.normalize('NFC') }, given),
    onSuccess: setFile,
  });
  if (!can.lead) return <EmptyState title={t('masterdata.leadersOnly')} />;
  return (
    <>
      <PageHead title={t('masterdata.importTitle')} />
      <div className="stack">
        <section className="panel">
          <div className="panel-head">
            <h2>{t('masterdata.step1')}</h2>
          </div>
          <div className="panel-body stack">
            <FileDrop
              name={file?.name ?? null}
              busy={upload.isPending}
              give={(given) => {
                setFile(null);
                upload.mutate(given);
              }}
            />
            {upload.error ? <ErrorBox error={upload.error} /> : null}
            {file?.encoding ? (
              <p className="small muted">{t('masterdata.encoding', { encoding: file.encoding.toUpperCase() })}</p>
            ) : null}
          </div>
        </section>
        {file ? <SheetSteps key={file.id} file={file} /> : <History />}
      </div>
    </>
  );
}

/** What it is, and which column means what. */
function SheetSteps({ file }: { file: ImportFile }) {
  const t = useText();
  const language = useLanguage() === 'ko' ? 'ko' : 'en';
  const targets = useTargets();
  const firstVisible = Math.max(
    0,
    file.sheets.findIndex((s) => !s.hidden),
  );
  const [sheet, setSheet] = useState(firstVisible);
  const [chosen, setChosen] = useState<string | undefined>(undefined);
  const [header, setHeader] = useState<{ top: number; bottom: number } | undefined>(undefined);
  const [edited, setEdited] = useState<ImportMapping | null>(null);
  const look = useQuery({
    queryKey: ['import', file.id, sheet, chosen, header],
    queryFn: ({ signal }) =>
      api.importSheet({ id: file.id }, { sheet, ...(chosen ? { target: chosen } : {}), ...header }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const change = (act: () => void) => {
    setEdited(null);
    act();
  };
  const target = targets.data?.find((x) => x.id === look.data?.target);
  const mapping = edited ?? look.data?.mapping ?? { columns: {}, constants: {} };
  const plan: ImportPlan | null =
    look.data && target ? { sheet, header: look.data.header, target: target.id, mapping, withoutBadRows: false } : null;
  const fits = new Set(look.data?.fits.slice(0, 3).map((fit) => fit.target));
  const title = (id: string) => targets.data?.find((x) => x.id === id)?.title[language] ?? id;
  const choices = (targets.data ?? []).map((x) => ({ value: x.id, label: x.title[language] }));
  return (
    <>
      <section className="panel">
        <div className="panel-head">
          <h2>{t('masterdata.step2')}</h2>
          {look.data?.remembered && !edited ? <span className="muted small">{t('masterdata.remembered')}</span> : null}
        </div>
        <div className="panel-body stack">
          {look.error ? <ErrorBox error={look.error} retry={() => void look.refetch()} /> : null}
          {look.isLoading ? <LoadingRows rows={3} /> : null}
          {look.data ? (
            <div className="master-fields">
              {file.sheets.length > 1 ? (
                <Select
                  label={t('masterdata.sheet')}
                  allowDeselect={false}
                  value={String(sheet)}
                  data={file.sheets.map((s, i) => ({ value: String(i), label: s.name }))}
                  onChange={(next) =>
                    change(() => {
                      setSheet(Number(next));
                      setHeader(undefined);
                      setChosen(undefined);
                    })
                  }
                />
              ) : null}
              <Select
                label={t('masterdata.target')}
                allowDeselect={false}
                searchable
                value={look.data.target}
                data={[
                  { group: t('masterdata.fitting'), items: choices.filter((c) => fits.has(c.value)) },
                  { group: t('masterdata.others'), items: choices.filter((c) => !fits.has(c.value)) },
                ]}
                onChange={(next) => change(() => setChosen(next ?? undefined))}
                description={target?.help[language]}
              />
              <Select
                label={t('masterdata.header')}
                allowDeselect={false}
                value={`${look.data.header.top}-${look.data.header.bottom}`}
                data={headerChoices(look.data, (top, bottom) =>
                  top === bottom ? t('masterdata.row', { n: top }) : t('masterdata.rowsTo', { from: top, to: bottom }),
                )}
                onChange={(next) => {
                  const [top = 1, bottom = top] = (next ?? '1-1').split('-').map(Number);
                  change(() => setHeader({ top, bottom }));
                }}
                description={t('masterdata.rowCount', { n: look.data.rows.toLocaleString() })}
              />
            </div>
          ) : null}
        </div>
        {look.data && target ? (
          <MappingTable look={look.data} target={target} mapping={mapping} onChange={setEdited} />
        ) : null}
      </section>
      {plan ? <ImportCheck key={JSON.stringify(plan)} file={file} plan={plan} title={title(plan.target)} /> : null}
    </>
  );
}

function headerChoices(
  look: { header: { top: number; bottom: number }; head: readonly { row: number }[] },
  name: (top: number, bottom: number) => string,
) {
  const own = `${look.header.top}-${look.header.bottom}`;
  const singles = look.head.slice(0, 15).map((r) => `${r.row}-${r.row}`);
  const pairs = look.head.slice(0, 8).map((r) => `${r.row}-${r.row + 1}`);
  return [...new Set([own, ...singles, ...pairs])].map((value) => {
    const [top = 1, bottom = top] = value.split('-').map(Number);
    return { value, label: name(top, bottom) };
  });
}

function History() {
  const t = useText();
  const f = useFormats();
  const language = useLanguage() === 'ko' ? 'ko' : 'en';
  const targets = useTargets();
  const history = useQuery({ queryKey: ['imports'], queryFn: ({ signal }) => api.imports({ limit: 50 }, { signal }) });
  if (history.error) return <ErrorBox error={history.error} retry={() => void history.refetch()} />;
  if (history.isLoading) return <LoadingRows rows={3} />;
  if (!history.data?.length)
    return <EmptyState title={t('masterdata.noImports')}>{t('masterdata.noImportsHelp')}</EmptyState>;
  return (
    <section className="panel table-scroll">
      <div className="panel-head">
        <h2>{t('masterdata.history')}</h2>
      </div>
      <CardTable>
        <thead>
          <tr>
            <th>{t('masterdata.file')}</th>
            <th>{t('masterdata.target')}</th>
            <th className="num">{t('masterdata.rows')}</th>
            <th className="num">{t('masterdata.added')}</th>
            <th className="num">{t('masterdata.changedCount')}</th>
            <th className="num">{t('masterdata.same')}</th>
            <th className="num">{t('masterdata.leftOut')}</th>
            <th>{t('masterdata.at')}</th>
          </tr>
        </thead>
        <tbody>
          {history.data.map((done) => (
            <tr key={done.id}>
              <td>{done.fileName}</td>
              <td>{targets.data?.find((x) => x.id === done.target)?.title[language] ?? done.target}</td>
              <td className="num">{f.number(done.rows, 0)}</td>
              <td className="num">{f.number(done.added, 0)}</td>
              <td className="num">{f.number(done.changed, 0)}</td>
              <td className="num">{f.number(done.same, 0)}</td>
              <td className="num">{f.number(done.leftOut, 0)}</td>
              <td className="nowrap muted">{f.dateTime(done.at / 1000)}</td>
            </tr>
          ))}
        </tbody>
      </CardTable>
    </section>
  );
}
