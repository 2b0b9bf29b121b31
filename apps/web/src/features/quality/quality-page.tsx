import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { InspectionEntry } from './inspection-entry.tsx';
import { Inspections } from './inspections.tsx';
import { LimitSamples } from './limit-samples.tsx';
import { Nonconformities } from './nonconformities.tsx';
import { NonconformityDetail } from './nonconformity-detail.tsx';
import './quality.css';
import { Sampling } from './sampling.tsx';
import { SpcChartPage } from './spc-chart.tsx';
import { ChartList } from './spc-charts.tsx';
import { Studies } from './studies.tsx';
import { StudyPage } from './study-page.tsx';

const tabs = ['inspections', 'charts', 'nonconformities', 'studies', 'sampling', 'samples'] as const;
type Tab = (typeof tabs)[number];

/** Everything of quality behind one entry; each view and each thing in it has an address. */
export function QualityPage() {
  const t = useText();
  const navigate = useNavigate();
  const { tab: given, id } = useSearch({ from: '/session/shell/quality' });
  const tab = tabs.find((each) => each === given) ?? 'inspections';
  const open = (next: string | undefined) =>
    void navigate({ to: '/quality', search: (s) => ({ ...s, tab, id: next }) });
  return (
    <>
      <PageHead
        title={t('quality.title')}
        lead={
          <SegmentedControl
            aria-label={t('quality.views')}
            className="no-print quality-tabs"
            value={tab}
            onChange={(value) =>
              void navigate({ to: '/quality', search: (s) => ({ ...s, tab: value, id: undefined }) })
            }
            data={tabs.map((value) => ({ value, label: t(`quality.tab.${value}`) }))}
          />
        }
      />
      <View tab={tab} id={id} open={open} />
    </>
  );
}

function View({ tab, id, open }: { tab: Tab; id: string | undefined; open: (id: string | undefined) => void }) {
  const back = () => open(undefined);
  switch (tab) {
    case 'inspections':
      return id ? <InspectionEntry id={id} open={open} /> : <Inspections open={open} />;
    case 'charts':
      return id ? <SpcChartPage id={id} back={back} /> : <ChartList open={open} />;
    case 'nonconformities':
      return id ? <NonconformityDetail id={id} back={back} /> : <Nonconformities open={open} />;
    case 'studies':
      return id ? <StudyPage id={id} open={open} /> : <Studies open={open} />;
    case 'sampling':
      return <Sampling />;
    case 'samples':
      return <LimitSamples />;
  }
}
