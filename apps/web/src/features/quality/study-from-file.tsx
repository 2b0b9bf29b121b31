import type { StudyFile } from '@deungdae/contracts/api-quality.ts';
import type { MeasurementStudy } from '@deungdae/contracts/quality.ts';
import { Button, FileButton, SegmentedControl } from '@mantine/core';
import { IconFileImport, IconFileSpreadsheet } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { csvText, download } from '../../ui/csv.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { RowProblems } from '../../ui/row-problems.tsx';

/** Fills the sheet of a study from a spreadsheet: every cell, or nothing and what is wrong with which row. */
export function StudyFromFile({ study, fill }: { study: MeasurementStudy; fill: (file: StudyFile) => void }) {
  const t = useText();
  const attribute = study.kind === 'attribute';
  const [one, setOne] = useState<'nonconforming' | 'conforming'>('nonconforming');
  const read = useMutation({
    mutationFn: (file: File) => api.readStudyFile({ id: study.id }, { name: file.name.normalize('NFC'), one }, file),
    onSuccess: (found) => {
      if (!found.values) return;
      fill(found);
      showDone(t('quality.studyFilled', { n: found.values.flat(2).length }));
    },
  });
  const problems = read.data?.problems ?? [];
  return (
    <>
      <div className="panel-body row wrap study-file">
        <FileButton
          accept=".xlsx,.xlsm,.csv,.txt,.tsv"
          onChange={(file) => file && read.mutate(file)}
          // The same file may be chosen again once it is mended.
          key={read.submittedAt}
        >
          {(props) => (
            <Button variant="default" leftSection={<IconFileImport size={16} />} loading={read.isPending} {...props}>
              {t('quality.studyFile')}
            </Button>
          )}
        </FileButton>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconFileSpreadsheet size={16} />}
          onClick={() => download(`${study.number}.csv`, csvText(blankForm(study, t)))}
        >
          {t('quality.studyForm')}
        </Button>
        {attribute ? (
          <span className="row wrap small muted">
            {t('quality.studyOne')}
            <SegmentedControl
              size="xs"
              aria-label={t('quality.studyOne')}
              value={one}
              onChange={(value) => setOne(value === 'conforming' ? 'conforming' : 'nonconforming')}
              data={[
                { value: 'nonconforming', label: t('quality.studyOneBad') },
                { value: 'conforming', label: t('quality.studyOneGood') },
              ]}
            />
          </span>
        ) : null}
      </div>
      {read.error ? <ErrorBox error={read.error} /> : null}
      {problems.length > 0 ? (
        <section aria-label={t('quality.studyProblems')} className="study-problems">
          <p className="panel-body" role="alert">
            <strong>
              {read.data?.errors
                ? t('quality.studyNotFilled', { name: read.variables?.name ?? '', n: read.data.errors })
                : t('quality.studyProblems')}
            </strong>
          </p>
          <div className="table-scroll">
            <RowProblems problems={problems} />
          </div>
        </section>
      ) : null}
    </>
  );
}

/** The form to fill in: a row for each appraiser and trial, a column for each part; decisions by part instead. */
function blankForm({ kind, parts, operators, trials }: MeasurementStudy, t: ReturnType<typeof useText>) {
  const numbers = Array.from({ length: trials }, (_, k) => k + 1);
  if (kind === 'attribute')
    return [
      [t('quality.part'), t('quality.reference'), ...operators.flatMap((o) => numbers.map((k) => `${o} ${k}`))],
      ...parts.map((part) => [part]),
    ];
  return [
    [t('quality.operator'), t('quality.trial'), ...parts],
    ...operators.flatMap((o) => numbers.map((k) => [o, k])),
  ];
}
