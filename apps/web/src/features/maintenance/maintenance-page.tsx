import { Button, SegmentedControl } from '@mantine/core';
import { IconScan } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import './maintenance.css';
import { OrdersTab } from './orders-tab.tsx';
import { PlansTab } from './plans-tab.tsx';
import { ReliabilityTab } from './reliability-tab.tsx';
import { SheetsTab } from './sheets-tab.tsx';
import { SparePartsTab } from './spare-parts-tab.tsx';
import { TodayTab } from './today-tab.tsx';
import { ToolsTab } from './tools-tab.tsx';

const tabs = ['today', 'orders', 'plans', 'sheets', 'tools', 'parts', 'reliability'] as const;

export function MaintenancePage() {
  const t = useText();
  const navigate = useNavigate();
  const { tab: given, id } = useSearch({ from: '/session/shell/maintenance' });
  const tab = tabs.find((each) => each === given) ?? 'today';
  const change = (next: { tab?: string | undefined; id?: string | undefined }) =>
    void navigate({ to: '/maintenance', search: (s) => ({ ...s, ...next }), replace: true });
  const open = (chosen: string | undefined) => change({ id: chosen });
  return (
    <>
      <PageHead
        title={t('maintenance.title')}
        time={tab === 'reliability'}
        lead={
          <SegmentedControl
            className="mt-tabs"
            aria-label={t('maintenance.views')}
            value={tab}
            onChange={(value) => change({ tab: value === 'today' ? undefined : value, id: undefined })}
            data={tabs.map((value) => ({ value, label: t(`maintenance.tab.${value}`) }))}
          />
        }
      >
        <Button
          variant="default"
          leftSection={<IconScan size={18} />}
          renderRoot={(props) => <Link to="/maintenance/scan" search={{}} {...props} />}
        >
          {t('maintenance.scan')}
        </Button>
      </PageHead>
      {tab === 'today' ? <TodayTab openOrder={(order) => change({ tab: 'orders', id: order })} /> : null}
      {tab === 'orders' ? <OrdersTab id={id} open={open} /> : null}
      {tab === 'plans' ? <PlansTab /> : null}
      {tab === 'sheets' ? <SheetsTab /> : null}
      {tab === 'tools' ? <ToolsTab id={id} open={open} /> : null}
      {tab === 'parts' ? <SparePartsTab /> : null}
      {tab === 'reliability' ? <ReliabilityTab /> : null}
    </>
  );
}
