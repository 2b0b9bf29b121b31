import type { MaintenancePlan, Trigger } from '@deungdae/contracts/maintenance.ts';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { maintenanceKey, ShareBar, useSubjectName } from './common.tsx';
import { PlanDialog } from './plan-dialog.tsx';

/** A trigger in words: 30일마다, 500시간마다, 10,000쇼트마다, oil-temp > 60. */
export function useTriggerText(): (trigger: Trigger) => string {
  const t = useText();
  const f = useFormats();
  return (trigger) => {
    switch (trigger.type) {
      case 'calendar':
        return t('maintenance.every.days', { n: trigger.days });
      case 'hours':
        return t('maintenance.every.hours', { n: f.number(trigger.hours) });
      case 'shots':
        return t('maintenance.every.shots', { n: f.number(trigger.shots) });
      case 'condition': {
        const name = trigger.signal.split('/').at(-1) ?? trigger.signal;
        const above = trigger.above === null ? [] : [`${name} > ${f.number(trigger.above)}`];
        const below = trigger.below === null ? [] : [`${name} < ${f.number(trigger.below)}`];
        return [...above, ...below].join(` ${t('maintenance.or')} `);
      }
    }
  };
}

/** Preventive plans, the nearest first. */
export function PlansTab() {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const nameOf = useSubjectName();
  const triggerText = useTriggerText();
  const [editing, setEditing] = useState<MaintenancePlan | 'new' | null>(null);
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [maintenanceKey, 'plans'],
    queryFn: ({ signal }) => api.maintenancePlans({}, { signal }),
    refetchInterval: 60_000,
  });
  const add = can.lead ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      {t('maintenance.addPlan')}
    </Button>
  ) : null;
  return (
    <>
      {error ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {isLoading ? <LoadingRows /> : null}
      {data && data.length === 0 ? (
        <section className="panel">
          <EmptyState title={t('maintenance.noPlans')} action={add}>
            {t('maintenance.noPlansHelp')}
          </EmptyState>
        </section>
      ) : null}
      {data && data.length > 0 ? (
        <>
          <div className="row" style={{ marginBottom: 12 }}>
            <span className="push">{add}</span>
          </div>
          <section className="panel table-scroll">
            <CardTable>
              <thead>
                <tr>
                  <th>{t('maintenance.plan')}</th>
                  <th>{t('maintenance.column.subject')}</th>
                  <th>{t('maintenance.trigger')}</th>
                  <th>{t('maintenance.used')}</th>
                  <th>{t('maintenance.lastDone')}</th>
                  <th>{t('maintenance.order')}</th>
                </tr>
              </thead>
              <tbody>
                {data.map((plan) => (
                  <tr key={plan.code}>
                    <td>
                      {can.lead ? (
                        <button type="button" className="plain-button link" onClick={() => setEditing(plan)}>
                          {plan.name}
                        </button>
                      ) : (
                        plan.name
                      )}{' '}
                      {plan.active ? null : <span className="muted">({t('maintenance.paused')})</span>}
                    </td>
                    <td>{nameOf(plan.subject)}</td>
                    <td>{plan.triggers.map(triggerText).join(', ')}</td>
                    <td>
                      <ShareBar share={plan.share} />
                    </td>
                    <td className="muted nowrap">{f.dateTime(plan.lastDoneAt / 1000).slice(0, 10)}</td>
                    <td>
                      {plan.openOrder === null ? null : (
                        <Link className="link" to="/maintenance" search={{ tab: 'orders', id: plan.openOrder }}>
                          {plan.openOrder}
                        </Link>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </CardTable>
          </section>
        </>
      ) : null}
      {editing ? <PlanDialog plan={editing === 'new' ? null : editing} close={() => setEditing(null)} /> : null}
    </>
  );
}
