import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { MaintenanceOrder } from '@deungdae/contracts/maintenance.ts';
import { Button, Drawer, Select } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { serverNow } from '../../time/server-clock.ts';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { showDone } from '../../ui/notify.ts';
import { maintenanceKey, OrderStatus, usePeople, usePersonName, useSubjectName } from './common.tsx';
import { ReportForm } from './report-form.tsx';

/** One order: what is known of it, what the machine says of its standstill, and the next step. */
export function OrderDrawer({ id, close }: { id: string; close: () => void }) {
  const t = useText();
  const { data, error, isLoading } = useQuery({
    queryKey: [maintenanceKey, 'order', id],
    queryFn: ({ signal }) => api.maintenanceOrder({ id }, { signal }),
    placeholderData: undefined,
  });
  return (
    <Drawer opened onClose={close} position="right" size={520} title={<strong>{data?.order.number ?? id}</strong>}>
      {error ? <ErrorBox error={error} /> : null}
      {isLoading ? <LoadingRows /> : null}
      {data ? (
        <div className="stack">
          <Facts order={data.order} />
          {data.stops.length > 0 ? <Stops stops={data.stops} downMs={data.downMs} /> : null}
          {data.order.doneAt === null ? null : <Work order={data.order} />}
          <Steps order={data.order} key={`${data.order.id} ${data.order.status}`} />
        </div>
      ) : (
        <p className="muted">{isLoading ? '' : t('maintenance.noOrders')}</p>
      )}
    </Drawer>
  );
}

function Facts({ order }: { order: MaintenanceOrder }) {
  const t = useText();
  const f = useFormats();
  const nameOf = useSubjectName();
  const personName = usePersonName();
  return (
    <>
      <h2>{order.text || t('maintenance.called')}</h2>
      <dl className="mt-facts">
        <dt>{t('maintenance.column.subject')}</dt>
        <dd>{nameOf(order.subject)}</dd>
        <dt>{t('maintenance.column.state')}</dt>
        <dd>
          <OrderStatus order={order} />
        </dd>
        <dt>{t('maintenance.column.requested')}</dt>
        <dd>
          {f.dateTime(order.requestedAt / 1000)} · {personName(order.requestedBy)}
          {order.call === null ? null : <span className="muted"> ({t('maintenance.fromKiosk')})</span>}
        </dd>
        {order.assignee === null ? null : (
          <>
            <dt>{t('maintenance.column.assignee')}</dt>
            <dd>{personName(order.assignee)}</dd>
          </>
        )}
        {order.plan === null ? null : (
          <>
            <dt>{t('maintenance.plan')}</dt>
            <dd>{order.plan}</dd>
          </>
        )}
      </dl>
      <Pictures documents={order.documents} />
    </>
  );
}

export function Pictures({ documents }: { documents: readonly string[] }) {
  const t = useText();
  if (documents.length === 0) return null;
  return (
    <div className="mt-pictures">
      {documents.map((id, i) => (
        <a key={id} href={api.documentAddress({ id })} target="_blank" rel="noreferrer">
          <img src={api.documentAddress({ id })} alt={t('maintenance.picture', { n: i + 1 })} loading="lazy" />
        </a>
      ))}
    </div>
  );
}

/** Stops of the machine, from the machine itself. */
function Stops({ stops, downMs }: { stops: readonly Downtime[]; downMs: number }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  return (
    <section className="panel">
      <div className="panel-head">
        <h3>{t('maintenance.stops')}</h3>
        <strong className="push">{f.duration(downMs)}</strong>
      </div>
      <ul className="mt-list">
        {stops.map((stop) => (
          <li key={stop.id}>
            <span className="grow">
              {f.dateTime(stop.from / 1000)} – {stop.to === null ? t('maintenance.still') : f.time(stop.to / 1000)}
            </span>
            <span className="muted">{plant.reasonName(stop.reason) ?? stop.cause}</span>
            <span>{f.duration((stop.to === null ? serverNow() : stop.to / 1000) - stop.from / 1000)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Work({ order }: { order: MaintenanceOrder }) {
  const t = useText();
  const f = useFormats();
  const personName = usePersonName();
  return (
    <section className="panel">
      <div className="panel-head">
        <h3>{t('maintenance.work')}</h3>
        <span className="push muted">{f.dateTime(order.doneAt! / 1000)}</span>
      </div>
      <dl className="mt-facts panel-body">
        <dt>{t('maintenance.column.cause')}</dt>
        <dd>{order.cause || '–'}</dd>
        <dt>{t('maintenance.column.action')}</dt>
        <dd>{order.action}</dd>
        <dt>{t('maintenance.labour')}</dt>
        <dd>
          {order.labour
            .map((each) => `${personName(each.person)} ${t('time.minutes', { m: each.minutes })}`)
            .join(', ') || '–'}
        </dd>
        <dt>{t('maintenance.parts')}</dt>
        <dd>{order.parts.map((part) => `${part.item} × ${f.number(part.quantity)}`).join(', ') || '–'}</dd>
        {order.verifiedBy === null ? null : (
          <>
            <dt>{t('maintenance.verifiedBy')}</dt>
            <dd>{personName(order.verifiedBy)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** What may be done next, by the order's state and the person's role. */
function Steps({ order }: { order: MaintenanceOrder }) {
  const t = useText();
  const can = useAbilities();
  const client = useQueryClient();
  const people = usePeople();
  const [reporting, setReporting] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: [maintenanceKey] });
  const params = { id: order.id };
  const change = useMutation({
    mutationFn: (body: Parameters<typeof api.changeMaintenance>[1]) => api.changeMaintenance(params, body),
    onSuccess: refresh,
  });
  const verify = useMutation({
    mutationFn: (accepted: boolean) => api.verifyMaintenance(params, { accepted }),
    onSuccess: async (_, accepted) => {
      await refresh();
      showDone(t(accepted ? 'maintenance.verifiedDone' : 'maintenance.sentBack'));
    },
  });
  const undone = order.status === 'requested' || order.status === 'accepted' || order.status === 'inProgress';
  if (reporting && undone) return <ReportForm order={order} close={() => setReporting(false)} />;
  const error = change.error ?? verify.error;
  return (
    <>
      {error ? <ErrorBox error={error} /> : null}
      {undone && can.operate ? (
        <Select
          label={t('maintenance.column.assignee')}
          placeholder={t('maintenance.nobody')}
          clearable
          searchable
          value={order.assignee}
          data={(people.data ?? []).filter((p) => p.active).map((p) => ({ value: p.id, label: p.name }))}
          onChange={(assignee) => change.mutate({ assignee })}
        />
      ) : null}
      <div className="row wrap">
        {order.status === 'requested' && can.operate ? (
          <Button loading={change.isPending} onClick={() => change.mutate({ status: 'accepted' })}>
            {t('maintenance.accept')}
          </Button>
        ) : null}
        {order.status === 'accepted' && can.operate ? (
          <Button loading={change.isPending} onClick={() => change.mutate({ status: 'inProgress' })}>
            {t('maintenance.start')}
          </Button>
        ) : null}
        {undone && can.operate ? (
          <Button variant={order.status === 'inProgress' ? 'filled' : 'default'} onClick={() => setReporting(true)}>
            {t('maintenance.report')}
          </Button>
        ) : null}
        {undone && can.lead ? (
          <Button variant="subtle" color="gray" onClick={() => change.mutate({ status: 'cancelled' })}>
            {t('maintenance.cancel')}
          </Button>
        ) : null}
        {order.status === 'done' && can.lead ? (
          <>
            <Button loading={verify.isPending} onClick={() => verify.mutate(true)}>
              {t('maintenance.verify')}
            </Button>
            <Button variant="default" onClick={() => verify.mutate(false)}>
              {t('maintenance.sendBack')}
            </Button>
          </>
        ) : null}
      </div>
    </>
  );
}
