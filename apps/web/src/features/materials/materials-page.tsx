import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { ClosingTab } from './closing-tab.tsx';
import { ContainersTab } from './containers-tab.tsx';
import { CountsTab } from './counts-tab.tsx';
import { LabelsTab } from './labels-tab.tsx';
import { LedgerTab } from './ledger-tab.tsx';
import { LotsTab } from './lots-tab.tsx';
import './materials.css';
import { MoveTab } from './move-tab.tsx';
import { ReceiveTab } from './receive-tab.tsx';
import { ShipmentsTab } from './shipments-tab.tsx';
import { StockTab } from './stock-tab.tsx';

const tabs = [
  'stock',
  'lots',
  'containers',
  'receive',
  'move',
  'shipments',
  'counts',
  'ledger',
  'closing',
  'labels',
] as const;
export type MaterialsChange = (next: { tab?: string | undefined; id?: string | undefined }) => void;

export function MaterialsPage() {
  const t = useText();
  const navigate = useNavigate();
  const { tab: given, id } = useSearch({ from: '/session/shell/materials' });
  const tab = tabs.find((each) => each === given) ?? 'stock';
  const change: MaterialsChange = (next) =>
    void navigate({ to: '/materials', search: (s) => ({ ...s, ...next }), replace: true });
  return (
    <>
      <PageHead
        title={t('inventory.title')}
        lead={
          <div className="materials-tabs">
            <SegmentedControl
              aria-label={t('inventory.views')}
              value={tab}
              onChange={(value) => change({ tab: value === 'stock' ? undefined : value, id: undefined })}
              data={tabs.map((value) => ({ value, label: t(`inventory.tab.${value}`) }))}
            />
          </div>
        }
      />
      {tab === 'stock' ? <StockTab item={id} open={(item) => change({ id: item })} /> : null}
      {tab === 'lots' ? <LotsTab /> : null}
      {tab === 'containers' ? <ContainersTab /> : null}
      {tab === 'receive' ? <ReceiveTab /> : null}
      {tab === 'move' ? <MoveTab /> : null}
      {tab === 'shipments' ? <ShipmentsTab id={id} open={(number) => change({ id: number })} /> : null}
      {tab === 'counts' ? <CountsTab id={id} open={(number) => change({ id: number })} /> : null}
      {tab === 'ledger' ? <LedgerTab /> : null}
      {tab === 'closing' ? <ClosingTab /> : null}
      {tab === 'labels' ? <LabelsTab /> : null}
    </>
  );
}
