import type { SubjectCard } from '@deungdae/contracts/maintenance.ts';
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { maintenanceKey, OrderStatus, Section, ShareBar } from './common.tsx';
import './maintenance.css';
import { RequestDialog } from './request-dialog.tsx';
import { CheckLink } from './today-tab.tsx';

/** A machine or tool by its label: with a scanner that types, or straight from the phone's camera through the label's address. */
export function ScanPage() {
  const t = useText();
  const navigate = useNavigate();
  const { code } = useSearch({ from: '/session/shell/maintenance/scan' });
  const [typed, setTyped] = useState('');
  const { data, error, isFetching } = useQuery({
    queryKey: [maintenanceKey, 'subject', code],
    queryFn: ({ signal }) => api.maintenanceSubject({ code: code! }, { signal }),
    enabled: code !== undefined,
    placeholderData: undefined,
  });
  return (
    <>
      <PageHead title={data && code ? data.name : t('maintenance.scan')}>
        <Button variant="default" renderRoot={(props) => <Link to="/maintenance/labels" {...props} />}>
          {t('maintenance.labels')}
        </Button>
      </PageHead>
      <div className="stack">
        <form
          className="mt-scan"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() === '') return;
            void navigate({ to: '/maintenance/scan', search: { code: typed.trim() } });
            setTyped('');
          }}
        >
          <TextInput
            autoFocus
            size="lg"
            aria-label={t('maintenance.scanLabel')}
            placeholder={t('maintenance.scanHint')}
            value={typed}
            onChange={(e) => setTyped(e.currentTarget.value)}
          />
          <Button size="lg" type="submit">
            {t('maintenance.find')}
          </Button>
        </form>
        {error ? <ErrorBox error={error} /> : null}
        {isFetching && !data ? <LoadingRows rows={3} /> : null}
        {code === undefined ? <p className="muted">{t('maintenance.scanHelp')}</p> : null}
        {data && code !== undefined && !error ? <Found card={data} /> : null}
      </div>
    </>
  );
}

function Found({ card }: { card: SubjectCard }) {
  const t = useText();
  const can = useAbilities();
  const [asking, setAsking] = useState(false);
  const { subject } = card;
  return (
    <>
      {can.operate ? (
        <div>
          <Button size="lg" variant="default" onClick={() => setAsking(true)}>
            {t('maintenance.request')}
          </Button>
        </div>
      ) : null}
      <Section title={t('maintenance.checksDue')} count={card.due.length}>
        <ul className="mt-list">
          {card.due.map(({ sheet, overdue }) => (
            <li key={sheet.code}>
              <strong className="grow">{sheet.name}</strong>
              {overdue ? <span className="mt-late">{t('maintenance.overdue')}</span> : null}
              <CheckLink sheet={sheet.code} kind={subject.kind} id={subject.id} />
            </li>
          ))}
          {card.sheets.map((sheet) => (
            <li key={sheet.code}>
              <span className="grow muted">
                {sheet.name} · {t('maintenance.checkedAlready')}
              </span>
              <CheckLink sheet={sheet.code} kind={subject.kind} id={subject.id} />
            </li>
          ))}
          {card.due.length + card.sheets.length === 0 ? (
            <li className="muted">{t('maintenance.noSheetHere')}</li>
          ) : null}
        </ul>
      </Section>
      {card.orders.length > 0 ? (
        <Section title={t('maintenance.openOrders')} count={card.orders.length}>
          <ul className="mt-list">
            {card.orders.map((order) => (
              <li key={order.id}>
                <Link className="link grow" to="/maintenance" search={{ tab: 'orders', id: order.number }}>
                  {order.text || t('maintenance.called')}
                </Link>
                <OrderStatus order={order} />
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {card.plans.length > 0 ? (
        <Section title={t('maintenance.tab.plans')} count={card.plans.length}>
          <ul className="mt-list">
            {card.plans.map((plan) => (
              <li key={plan.code}>
                <span className="grow">{plan.name}</span>
                <ShareBar share={plan.share} />
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {card.tool ? (
        <Link className="link" to="/maintenance" search={{ tab: 'tools', id: card.tool.tool }}>
          {t('maintenance.toolCard')}
        </Link>
      ) : null}
      {asking ? <RequestDialog subject={subject} close={() => setAsking(false)} /> : null}
    </>
  );
}
