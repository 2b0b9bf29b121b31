import { Button, SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { usePlantIndex } from '../../api/queries.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { AlarmJournal } from './alarm-journal.tsx';
import { AlarmKpis } from './alarm-kpis.tsx';
import './alarms.css';
import { CurrentAlarms } from './current-alarms.tsx';

const tabs = ['current', 'journal', 'kpis'] as const;

export function AlarmsPage() {
  const t = useText();
  const plant = usePlantIndex();
  const navigate = useNavigate();
  const { tab: given, equipment } = useSearch({ from: '/session/shell/alarms' });
  const tab = tabs.find((each) => each === given) ?? 'current';
  const change = (next: { tab?: string | undefined; equipment?: string | undefined }) =>
    void navigate({ to: '/alarms', search: (s) => ({ ...s, ...next }), replace: true });
  return (
    <>
      <PageHead
        title={t('nav.alarms')}
        time={tab !== 'current'}
        lead={
          <SegmentedControl
            aria-label={t('alarms.views')}
            value={tab}
            onChange={(value) => change({ tab: value === 'current' ? undefined : value })}
            data={tabs.map((value) => ({ value, label: t(`alarms.tab.${value}`) }))}
          />
        }
      >
        {equipment ? (
          <Button variant="light" onClick={() => change({ equipment: undefined })}>
            {plant.name(equipment)} ✕
          </Button>
        ) : null}
      </PageHead>
      {tab === 'current' ? <CurrentAlarms equipment={equipment} /> : null}
      {tab === 'journal' ? <AlarmJournal equipment={equipment} /> : null}
      {tab === 'kpis' ? <AlarmKpis /> : null}
    </>
  );
}
