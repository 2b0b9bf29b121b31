import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { MatrixTab } from './matrix-tab.tsx';
import './people.css';
import { SafetyTab } from './safety-tab.tsx';
import { TrainingTab } from './training-tab.tsx';

const tabs = ['skills', 'trainings', 'safety'] as const;

export function PeoplePage() {
  const t = useText();
  const navigate = useNavigate();
  const { tab: given, id } = useSearch({ from: '/session/shell/people' });
  const tab = tabs.find((each) => each === given) ?? 'skills';
  const change = (next: { tab?: string | undefined; id?: string | undefined }) =>
    void navigate({ to: '/people', search: (s) => ({ ...s, ...next }), replace: true });
  return (
    <>
      <PageHead
        title={t('people.title')}
        lead={
          <SegmentedControl
            aria-label={t('people.views')}
            value={tab}
            onChange={(value) => change({ tab: value === 'skills' ? undefined : value, id: undefined })}
            data={tabs.map((value) => ({ value, label: t(`people.tab.${value}`) }))}
          />
        }
      />
      {tab === 'skills' ? <MatrixTab /> : null}
      {tab === 'trainings' ? <TrainingTab /> : null}
      {tab === 'safety' ? <SafetyTab id={id} open={(record) => change({ id: record })} /> : null}
    </>
  );
}
