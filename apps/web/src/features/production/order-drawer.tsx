import type { WorkOrder } from '@deungdae/contracts/work-order.ts';
import { Button, Drawer, NumberInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { newEntryId } from '../../ui/entry-id.ts';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNames } from '../../ui/names.tsx';
import { MergeOrders } from './merge-orders.tsx';
import { Fact, OrderStatus, Progress } from './order-marks.tsx';
import { reworkChoices } from './order-parts.ts';
import { ReworkOrder } from './rework-order.tsx';
import { useAct } from './use-act.ts';

type Act = 'release' | 'hold' | 'resume' | 'finish' | 'close' | 'cancel';

/** What may be done to an order in each state. */
const acts: Record<WorkOrder['status'], readonly Act[]> = {
  planned: ['release', 'hold', 'cancel'],
  released: ['hold', 'finish', 'cancel'],
  running: ['hold', 'finish'],
  held: ['resume', 'cancel'],
  finished: ['close'],
  closed: [],
  cancelled: [],
};
const reasoned: ReadonlySet<Act> = new Set(['hold', 'cancel', 'finish']);

/** One order: its steps, and what a supervisor may do with it. */
export function OrderDrawer({ id, close }: { id: string; close: () => void }) {
  const t = useText();
  const f = useFormats();
  const order = useQuery({
    queryKey: ['production', 'order', id],
    queryFn: ({ signal }) => api.workOrder({ id }, { signal }),
  });
  const o = order.data;
  const nameOf = useNames({ item: [o?.item], partner: [o?.customer] });
  return (
    <Drawer opened onClose={close} position="right" size={720} title={<strong>{o?.number ?? ''}</strong>}>
      {order.error ? <ErrorBox error={order.error} retry={() => void order.refetch()} /> : null}
      {order.isLoading ? <LoadingRows /> : null}
      {o ? (
        <div className="stack">
          <dl className="fact-row">
            <Fact name={t('production.item')}>
              {nameOf('item', o.item, o.itemName)}{' '}
              <span className="muted small">
                {o.item} {o.revision}
              </span>
            </Fact>
            <Fact name={t('production.state')}>
              <OrderStatus status={o.status} /> {o.holdReason ?? ''}
            </Fact>
            <Fact name={t('production.goodOfPlanned')}>
              <Progress good={o.good} planned={o.quantity} />
            </Fact>
            <Fact name={t('production.due')}>{o.due === null ? '–' : f.dateTime(o.due / 1000)}</Fact>
            <Fact name={t('production.customer')}>{o.customer === null ? '–' : nameOf('partner', o.customer)}</Fact>
            {o.note ? <Fact name={t('field.note')}>{o.note}</Fact> : null}
          </dl>
          {o.steps.length > 0 ? <Steps order={o} /> : <p className="muted">{t('production.noSteps')}</p>}
          <OrderActs order={o} />
        </div>
      ) : null}
    </Drawer>
  );
}

function Steps({ order }: { order: WorkOrder }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const can = useAbilities();
  const { act, busy } = useAct();
  const nameOf = useNames({ routing: [order.item], partner: order.steps.map((s) => s.partner) });
  const open = ['released', 'running'].includes(order.status);
  const skip = (step: string) =>
    act(() => api.skipStep({ id: order.id, step }, { reason: t('production.skippedInOffice') }), t('production.done'));
  return (
    <section className="panel table-scroll" aria-label={t('production.steps')}>
      <CardTable>
        <thead>
          <tr>
            <th>{t('production.operation')}</th>
            <th>{t('production.state')}</th>
            <th>{t('field.machine')}</th>
            <th className="num">{t('production.good')}</th>
            <th className="num">{t('production.scrap')}</th>
            <th className="num">{t('production.rework')}</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {order.steps.map((s) => (
            <tr key={s.id}>
              <td>
                {s.number} {nameOf('routing', `${order.item}/${s.number}`, s.name)}
                {s.mode === 'outsourced' ? <span className="muted small"> · {t('production.outsourced')}</span> : null}
              </td>
              <td className="nowrap">{t(`production.step.${s.status}`)}</td>
              <td>
                {s.machine ? plant.name(s.machine) : s.partner ? nameOf('partner', s.partner) : ''}
                {s.atPartner > 0 ? ` · ${f.number(s.atPartner)}` : ''}
              </td>
              <td className="num">{f.number(s.good)}</td>
              <td className="num">{f.number(s.scrap)}</td>
              <td className="num">{f.number(s.rework)}</td>
              <td>
                {can.lead && open && s.optional && s.status === 'waiting' ? (
                  <Button variant="subtle" color="gray" loading={busy} onClick={() => void skip(s.id)}>
                    {t('production.skip')}
                  </Button>
                ) : null}
                {can.lead && open && s.mode !== 'inHouse' ? <Outsource order={order} step={s} /> : null}
              </td>
            </tr>
          ))}
        </tbody>
      </CardTable>
    </section>
  );
}

/** Sends to an outsourcer, or takes back what is there. */
function Outsource({ order, step }: { order: WorkOrder; step: WorkOrder['steps'][number] }) {
  const t = useText();
  const { act, busy } = useAct();
  const [entryId, setEntryId] = useState(newEntryId);
  const back = step.atPartner > 0;
  const [quantity, setQuantity] = useState<number | ''>('');
  const [partner, setPartner] = useState(step.partner ?? step.partners[0] ?? '');
  const params = { id: order.id, step: step.id };
  const send = async () => {
    const work = back
      ? () => api.receiveStep(params, { good: Number(quantity), entryId })
      : () => api.sendStep(params, { partner, quantity: Number(quantity), entryId });
    if (!(await act(work, t('production.done')))) return;
    setQuantity('');
    setEntryId(newEntryId());
  };
  return (
    <form
      className="row wrap"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {back ? null : (
        <TextInput
          aria-label={t('production.partner')}
          placeholder={t('production.partner')}
          w={110}
          value={partner}
          onChange={(e) => setPartner(e.currentTarget.value)}
        />
      )}
      <NumberInput
        aria-label={t('production.quantity')}
        w={90}
        min={0}
        hideControls
        value={quantity}
        onChange={(value) => setQuantity(value === '' ? '' : Number(value))}
      />
      <Button type="submit" variant="light" loading={busy} disabled={!(Number(quantity) > 0)}>
        {back ? t('production.receive') : t('production.send')}
      </Button>
    </form>
  );
}

function OrderActs({ order }: { order: WorkOrder }) {
  const t = useText();
  const can = useAbilities();
  const { act, busy } = useAct();
  const [reason, setReason] = useState('');
  const [quantity, setQuantity] = useState<number | ''>('');
  const [entryId, setEntryId] = useState(newEntryId);
  const carryOut = async (name: Act) => {
    const body = { act: name, reason: reason.trim(), entryId };
    await act(() => api.actOnWorkOrder({ id: order.id }, body), t('production.done'));
    setEntryId(newEntryId());
    setReason('');
  };
  const split = async () => {
    await act(
      () => api.splitWorkOrder({ id: order.id }, { quantity: Number(quantity), entryId }),
      t('production.done'),
    );
    setEntryId(newEntryId());
    setQuantity('');
  };
  const [open, setOpen] = useState<'merge' | 'rework' | null>(null);
  const canMerge = ['planned', 'released'].includes(order.status);
  const canRework = reworkChoices(order).length > 0;
  const mine = acts[order.status];
  const canSplit = ['planned', 'released', 'running'].includes(order.status);
  if (!can.lead || mine.length === 0) return null;
  return (
    <section className="stack" aria-label={t('production.acts')}>
      {mine.some((a) => reasoned.has(a)) ? (
        <TextInput
          label={t('production.reason')}
          maxLength={500}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
      ) : null}
      <div className="row wrap">
        {mine.map((name) => (
          <Button
            key={name}
            variant={name === 'release' || name === 'resume' ? 'filled' : 'default'}
            loading={busy}
            disabled={(name === 'hold' || name === 'cancel') && reason.trim() === ''}
            onClick={() => void carryOut(name)}
          >
            {t(`production.act.${name}`)}
          </Button>
        ))}
      </div>
      {canSplit ? (
        <div className="row wrap">
          <NumberInput
            aria-label={t('production.splitQuantity')}
            placeholder={t('production.splitQuantity')}
            min={0}
            w={160}
            value={quantity}
            onChange={(value) => setQuantity(value === '' ? '' : Number(value))}
          />
          <Button variant="default" loading={busy} disabled={!(Number(quantity) > 0)} onClick={() => void split()}>
            {t('production.split')}
          </Button>
        </div>
      ) : null}
      {canMerge || canRework ? (
        <div className="row wrap">
          {canMerge ? (
            <Button variant="default" onClick={() => setOpen('merge')}>
              {t('production.merge')}
            </Button>
          ) : null}
          {canRework ? (
            <Button variant="default" onClick={() => setOpen('rework')}>
              {t('production.reworkTitle')}
            </Button>
          ) : null}
        </div>
      ) : null}
      {open === 'merge' ? <MergeOrders order={order} close={() => setOpen(null)} /> : null}
      {open === 'rework' ? <ReworkOrder order={order} close={() => setOpen(null)} /> : null}
    </section>
  );
}
