import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useBlocker, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { download } from '../../ui/csv.ts';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { CodeEditor, type CodeEditorHandle } from './code-editor.tsx';
import { FindBar } from './find-bar.tsx';
import { OutlineTree } from './outline-tree.tsx';
import './plant.css';
import { ProblemList } from './problem-list.tsx';
import { SaveDialog } from './save-dialog.tsx';
import { useCheck } from './use-check.ts';

type File = Awaited<ReturnType<typeof api.plantFile>>;

export function PlantPage() {
  const t = useText();
  const file = useQuery({
    queryKey: ['plantFile'],
    queryFn: ({ signal }) => api.plantFile({ signal }),
    // What is being edited must not change under the hands; a conflict shows when saving.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  if (file.error && !file.data) return <ErrorBox error={file.error} retry={() => void file.refetch()} />;
  if (!file.data)
    return (
      <>
        <PageHead title={t('nav.plant')} />
        <LoadingRows rows={12} />
      </>
    );
  return <PlantEditor file={file.data} reload={async () => (await file.refetch()).data} />;
}

function PlantEditor({ file, reload }: { file: File; reload: () => Promise<File | undefined> }) {
  const t = useText();
  const can = useAbilities();
  const { line } = useSearch({ from: '/session/shell/plant' });
  const [base, setBase] = useState(file);
  const [text, setText] = useState(file.text);
  const [finding, setFinding] = useState(false);
  const [saving, setSaving] = useState(false);
  const editor = useRef<CodeEditorHandle>(null);
  const changed = text !== base.text;
  const check = useCheck(text, changed && can.engineer);
  const problems = changed ? (check.data?.problems ?? []) : base.problems;
  useBlocker({ shouldBlockFn: () => changed && !confirm(t('plant.leave')), enableBeforeUnload: () => changed });
  useEffect(() => {
    if (line) editor.current?.goTo(line);
  }, [line]);
  const save = () => {
    if (changed && can.engineer) setSaving(true);
  };
  const saved = async () => {
    setSaving(false);
    const fresh = await reload();
    if (fresh) setBase(fresh);
  };
  return (
    <>
      <PageHead title={t('nav.plant')} lead={<span className="muted small">{base.path}</span>}>
        {changed ? (
          <Button variant="subtle" color="gray" onClick={() => confirm(t('plant.discardAsk')) && setText(base.text)}>
            {t('plant.discard')}
          </Button>
        ) : null}
        <Button
          variant="default"
          leftSection={<IconDownload size={16} />}
          onClick={() => download('plant.yaml', text, 'text/yaml;charset=utf-8')}
        >
          {t('plant.download')}
        </Button>
        {can.engineer ? (
          <Button
            onClick={save}
            disabled={!changed || problems.length > 0 || check.isFetching}
            title={problems.length > 0 ? t('plant.fixFirst') : ''}
          >
            {changed ? t('plant.review') : t('plant.unchanged')}
          </Button>
        ) : null}
      </PageHead>
      <div className="plant-columns">
        <OutlineTree text={text} goTo={(at) => editor.current?.goTo(at)} />
        <div className="plant-main panel">
          {finding ? (
            <FindBar text={text} show={(a, b) => editor.current?.show(a, b)} close={() => setFinding(false)} />
          ) : null}
          <CodeEditor
            value={text}
            problems={problems}
            readOnly={!can.engineer}
            onChange={setText}
            onFind={() => setFinding(true)}
            onSave={save}
            handle={editor}
          />
          <ProblemList
            problems={problems}
            checking={check.isFetching}
            changed={changed}
            error={check.error}
            goTo={(problem) => editor.current?.goTo(problem.line, problem.column)}
          />
        </div>
      </div>
      {saving ? (
        <SaveDialog
          base={base}
          text={text}
          changes={check.data?.changes ?? null}
          close={() => setSaving(false)}
          saved={() => void saved()}
          rebase={(fresh) => setBase(fresh)}
          takeTheirs={(fresh) => {
            setBase(fresh);
            setText(fresh.text);
            setSaving(false);
          }}
        />
      ) : null}
    </>
  );
}
