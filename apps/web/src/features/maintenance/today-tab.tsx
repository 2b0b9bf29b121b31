import type { MaintenanceToday } from '@deungdae/contracts/maintenance.ts';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNow } from '../../ui/use-now.ts';
import { maintenanceKey, OrderStatus, Section, ShareBar, useSubjectName } from './common.tsx';

const dayMs = 86_400_000;

/** What is to be done today, the most urgent first. */
export function TodayTab({ openOrder }: { openOrder: (number: string) => void }) {
  const t = useText();
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [maintenanceKey, 'today'],
    queryFn: ({ signal }) => api.maintenanceToday({ signal }),
    refetchInterval: 30_000,
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const nothing = Object.values(data).every((list) => list.length === 0);
  if (nothing)
    return (
      <section className="panel">
        <EmptyState title={t('maintenance.nothingToday')}>{t('maintenance.nothingTodayHelp')}</EmptyState>
      </section>
    );
  return (
    <div className="mt-columns">
      <div className="stack">
        <Orders orders={data.orders} open={openOrder} />
        {data.plans.length > 0 ? <Plans plans={data.plans} open={openOrder} /> : null}
      </div>
      <div className="stack">
        <Checks checks={data.checks} />
        {data.tools.length + data.calibrations.length > 0 ? <Tools data={data} /> : null}
        {data.shortParts.length > 0 ? <ShortParts parts={data.shortParts} /> : null}
      </div>
    </div>
  );
}

function Orders({ orders, open }: { orders: MaintenanceToday['orders']; open: (number: string) => void }) {
  const t = useText();
  const f = useFormats();
  const now = useNow(60_000);
  const nameOf = useSubjectName();
  const rank = { stopped: 0, high: 1, normal: 2, low: 3 } as const;
  const sorted = [...orders].sort(
    (a, b) => Number(a.status === 'done') - Number(b.status === 'done') || rank[a.priority] - rank[b.priority],
  );
  return (
    <Section title={t('maintenance.openOrders')} count={orders.length}>
      {orders.length === 0 ? <p className="panel-body muted">{t('maintenance.noOpenOrders')}</p> : null}
      <ul className="mt-list">
        {sorted.slice(0, 30).map((order) => (
          <li key={order.id}>
            <div className="grow">
              <button type="button" className="plain-button link" onClick={() => open(order.number)}>
                {nameOf(order.subject)}
              </button>
              <div className="muted one-line">{order.text || t('maintenance.called')}</div>
            </div>
            <OrderStatus order={order} />
            <span className="muted small nowrap">{f.ago(order.requestedAt / 1000, now)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Checks({ checks }: { checks: MaintenanceToday['checks'] }) {
  const t = useText();
  const f = useFormats();
  const now = useNow(60_000);
  // A period ends at midnight or at the end of a shift: the moment before is still within it.
  const dueText = (due: number, present: number) =>
    due - present <= dayMs
      ? t('maintenance.untilTime', { time: f.duration(due - present) })
      : t('maintenance.until', { time: f.dateTime(due - 1).slice(0, 10) });
  const nameOf = useSubjectName();
  return (
    <Section title={t('maintenance.checksDue')} count={checks.length}>
      {checks.length === 0 ? <p className="panel-body muted">{t('maintenance.allChecked')}</p> : null}
      <ul className="mt-list">
        {checks.slice(0, 60).map(({ sheet, subject, dueAt, overdue }) => (
          <li key={`${sheet.code} ${subject.kind} ${subject.id}`}>
            <div className="grow">
              <strong>{nameOf(subject)}</strong>
              <div className="muted">{sheet.name}</div>
            </div>
            <span className={overdue ? 'mt-late' : 'muted'}>
              {overdue ? t('maintenance.overdue') : dueText(dueAt / 1000, now)}
            </span>
            <CheckLink sheet={sheet.code} kind={subject.kind} id={subject.id} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function CheckLink({ sheet, kind, id }: { sheet: string; kind: 'machine' | 'tool'; id: string }) {
  const t = useText();
  return (
    <Button
      variant="light"
      renderRoot={(props) => <Link to="/maintenance/check" search={{ sheet, kind, subject: id }} {...props} />}
    >
      {t('maintenance.check')}
    </Button>
  );
}

function Plans({ plans, open }: { plans: MaintenanceToday['plans']; open: (number: string) => void }) {
  const t = useText();
  const nameOf = useSubjectName();
  return (
    <Section title={t('maintenance.plansNear')} count={plans.length}>
      <ul className="mt-list">
        {plans.map((plan) => (
          <li key={plan.code}>
            <div className="grow">
              <strong>{plan.name}</strong>
              <div className="muted">{nameOf(plan.subject)}</div>
            </div>
            <ShareBar share={plan.share} />
            {plan.openOrder === null ? null : (
              <button type="button" className="plain-button link" onClick={() => open(plan.openOrder!)}>
                {plan.openOrder}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Tools({ data }: { data: MaintenanceToday }) {
  const t = useText();
  const f = useFormats();
  const now = useNow(60_000);
  return (
    <Section title={t('maintenance.toolsNear')} count={data.tools.length + data.calibrations.length}>
      <ul className="mt-list">
        {data.tools.map((card) => (
          <li key={card.tool}>
            <ToolLink tool={card.tool} name={card.name} />
            <ShareBar share={card.share}>
              {t('maintenance.shotsOf', { n: f.number(card.shotsSinceService), of: f.number(card.serviceShots) })}
            </ShareBar>
          </li>
        ))}
        {data.calibrations.map((card) => (
          <li key={card.tool}>
            <ToolLink tool={card.tool} name={card.name} />
            <Calibration card={card} now={now} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ToolLink({ tool, name }: { tool: string; name: string }) {
  return (
    <div className="grow">
      <Link className="link" to="/maintenance" search={{ tab: 'tools', id: tool }}>
        {name}
      </Link>
      <div className="muted">{tool}</div>
    </div>
  );
}

/** When a gauge is to be calibrated; past its day or failed in red, and in words. */
export function Calibration({ card, now }: { card: MaintenanceToday['tools'][number]; now: number }) {
  const t = useText();
  const f = useFormats();
  if (card.calibrationDue === null) return null;
  if (card.calibrationPassed === null) return <span className="mt-late">{t('maintenance.neverCalibrated')}</span>;
  if (card.calibrationPassed === false) return <span className="mt-late">{t('maintenance.calibrationFailed')}</span>;
  const late = card.calibrationDue / 1000 <= now;
  return (
    <span className={late ? 'mt-late' : ''}>
      {t(late ? 'maintenance.calibrationLate' : 'maintenance.calibrationDue', {
        day: f.dateTime(card.calibrationDue / 1000).slice(0, 10),
      })}
    </span>
  );
}

function ShortParts({ parts }: { parts: MaintenanceToday['shortParts'] }) {
  const t = useText();
  const f = useFormats();
  return (
    <Section title={t('maintenance.shortParts')} count={parts.length}>
      <ul className="mt-list">
        {parts.map((part) => (
          <li key={part.item}>
            <div className="grow">
              <strong>{part.name}</strong>
              <div className="muted">{part.item}</div>
            </div>
            <span className="mt-late">
              {t('maintenance.onHandOf', {
                n: f.number(part.onHand),
                of: f.number(part.safetyStock),
                unit: unitText(part.unit),
              })}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
