import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { Outbox } from './outbox.tsx';
import { TargetDialog } from './target-dialog.tsx';
import { type Target, Targets } from './targets.tsx';

/** 연계: what goes to the ERP and to webhooks, and where. */
export function ExchangePage() {
  const t = useText();
  const [tab, setTab] = useState<'outbox' | 'targets'>('outbox');
  const [editing, setEditing] = useState<Target | 'new' | null>(null);
  return (
    <>
      <PageHead
        title={t('exchange.title')}
        lead={
          <SegmentedControl
            aria-label={t('exchange.views')}
            value={tab}
            onChange={(value) => setTab(value as typeof tab)}
            data={[
              { value: 'outbox', label: t('exchange.outbox') },
              { value: 'targets', label: t('exchange.targets') },
            ]}
          />
        }
      >
        {tab === 'targets' ? (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
            {t('exchange.add')}
          </Button>
        ) : null}
      </PageHead>
      {tab === 'outbox' ? <Outbox /> : <Targets edit={setEditing} />}
      {editing ? <TargetDialog target={editing === 'new' ? null : editing} close={() => setEditing(null)} /> : null}
    </>
  );
}
