import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { Files } from './files.tsx';
import { Outbox } from './outbox.tsx';
import { Subscriptions } from './subscriptions.tsx';
import { TargetDialog } from './target-dialog.tsx';
import { type Target, Targets } from './targets.tsx';

const tabs = ['files', 'outbox', 'targets', 'subscriptions'] as const;

/** 연계: what came from the ERP, what goes to it and to webhooks, where, and who is told of EPCIS events. */
export function ExchangePage() {
  const t = useText();
  const navigate = useNavigate();
  const { tab: given } = useSearch({ from: '/session/shell/exchange' });
  const tab = tabs.find((each) => each === given) ?? 'files';
  const [editing, setEditing] = useState<Target | 'new' | null>(null);
  return (
    <>
      <PageHead
        title={t('exchange.title')}
        lead={
          <SegmentedControl
            aria-label={t('exchange.views')}
            value={tab}
            onChange={(value) => void navigate({ to: '/exchange', search: (s) => ({ ...s, tab: value }) })}
            data={tabs.map((value) => ({ value, label: t(`exchange.${value}`) }))}
          />
        }
      >
        {tab === 'targets' ? (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
            {t('exchange.add')}
          </Button>
        ) : null}
      </PageHead>
      {tab === 'files' ? <Files /> : null}
      {tab === 'outbox' ? <Outbox /> : null}
      {tab === 'targets' ? <Targets edit={setEditing} /> : null}
      {tab === 'subscriptions' ? <Subscriptions /> : null}
      {editing ? <TargetDialog target={editing === 'new' ? null : editing} close={() => setEditing(null)} /> : null}
    </>
  );
}
