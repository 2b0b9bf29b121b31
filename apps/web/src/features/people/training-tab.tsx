import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { usePersonName } from '../maintenance/common.tsx';
import { FileMenu } from '../maintenance/file-menu.tsx';
import { TrainingDialog } from './training-dialog.tsx';

const columns = ['heldAt', 'training', 'kind', 'trainer', 'minutes', 'attendees', 'grants'] as const;

/** Training log (교육 일지). */
export function TrainingTab() {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const personName = usePersonName();
  const [adding, setAdding] = useState(false);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: ['people', 'trainings'],
    queryFn: ({ signal }) => api.trainings({ limit: 500 }, { signal }),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const add = can.lead ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      {t('people.addTraining')}
    </Button>
  ) : null;
  const rows = data.map((training) => ({
    id: training.id,
    cells: [
      ...[
        f.dateTime(training.heldAt / 1000),
        training.title,
        t(`people.trainingKind.${training.kind}`),
        training.trainer,
      ],
      training.minutes,
      training.attendees
        .map(({ person, passed }) => `${personName(person)}${passed ? '' : ` (${t('people.notPassed')})`}`)
        .join(', '),
      training.grants.map((grant) => `${grant.skill} ${grant.level}`).join(', '),
    ],
  }));
  const heads = columns.map((key) => t(`people.column.${key}`));
  return (
    <>
      <div className="row" style={{ marginBottom: 12 }}>
        <span className="push row">
          <FileMenu address={(format) => api.peopleFileAddress({ what: 'trainings', format })} />
          {add}
        </span>
      </div>
      <section className="panel table-scroll">
        {data.length === 0 ? (
          <EmptyState title={t('people.noTrainings')} action={add}>
            {t('people.noTrainingsHelp')}
          </EmptyState>
        ) : (
          <CardTable>
            <thead>
              <tr>
                {heads.map((head, i) => (
                  <th key={head} className={columns[i] === 'minutes' ? 'num' : ''}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  {row.cells.map((cell, i) => (
                    <td key={columns[i]} className={columns[i] === 'minutes' ? 'num' : ''}>
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </CardTable>
        )}
      </section>
      {adding ? <TrainingDialog close={() => setAdding(false)} /> : null}
    </>
  );
}
