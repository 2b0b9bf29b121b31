import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { CallsTab } from './calls-tab.tsx';
import { ChangesTab } from './changes-tab.tsx';
import { DailyTab } from './daily-tab.tsx';
import { DispatchTab } from './dispatch-tab.tsx';
import { OrdersTab } from './orders-tab.tsx';
import './production.css';
import { RejectedTab } from './rejected-tab.tsx';
import { ResultsTab } from './results-tab.tsx';
import { SalesTab } from './sales-tab.tsx';
import { ShortagesTab } from './shortages-tab.tsx';

const tabs = [
  ...(['orders', 'sales', 'dispatch', 'results', 'shortages', 'daily', 'calls', 'changes', 'rejected'] as const),
];
const timed: ReadonlySet<string> = new Set(['results']);

/** Orders and what is done on them, for the office. */
export function ProductionPage() {
  const t = useText();
  const navigate = useNavigate();
  const can = useAbilities();
  const { tab: given } = useSearch({ from: '/session/shell/production' });
  const tab = tabs.find((each) => each === given) ?? 'orders';
  const shown = tabs.filter((each) => each !== 'rejected' || can.lead);
  return (
    <>
      <PageHead
        title={t('production.title')}
        time={timed.has(tab)}
        lead={
          <div className="production-tabs">
            <SegmentedControl
              aria-label={t('production.views')}
              value={tab}
              onChange={(value) =>
                void navigate({
                  to: '/production',
                  search: (s) => ({ ...s, tab: value === 'orders' ? undefined : value, id: undefined }),
                  replace: true,
                })
              }
              data={shown.map((value) => ({ value, label: t(`production.tab.${value}`) }))}
            />
          </div>
        }
      />
      {tab === 'orders' ? <OrdersTab /> : null}
      {tab === 'sales' ? <SalesTab /> : null}
      {tab === 'shortages' ? <ShortagesTab /> : null}
      {tab === 'dispatch' ? <DispatchTab /> : null}
      {tab === 'results' ? <ResultsTab /> : null}
      {tab === 'daily' ? <DailyTab /> : null}
      {tab === 'calls' ? <CallsTab /> : null}
      {tab === 'changes' ? <ChangesTab /> : null}
      {tab === 'rejected' ? <RejectedTab /> : null}
    </>
  );
}
