import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import { type Act, type Client, dayOf, entry, noteConfirmed } from './client.ts';
import { type Input, machines } from './shop-floor.ts';

export const createOrder: Act = async (c) => {
  const item = c.random.pick(['PART', 'PART', 'CAP', 'CAP', 'COVER', 'KIT', 'KIT', 'RESIN']);
  const body = { ...entry(), item, quantity: c.random.int(5, 60), release: c.chance(0.85) };
  await c.call('createWorkOrder', { body } as Input<'createWorkOrder'>);
};

const openOrders = (c: Client) =>
  c.db
    .selectFrom('ops_orders')
    .selectAll()
    .where('status', 'in', ['planned', 'released', 'running', 'held', 'finished'])
    .execute();

export const changeOrder: Act = async (c) => {
  const order = c.pick(await openOrders(c));
  if (!order) return;
  const params = { id: order.id };
  const quantity = c.random.int(1, 20);
  switch (c.random.int(0, 9)) {
    case 0:
      await c.call('splitWorkOrder', { params, body: { ...entry(), quantity } } as Input<'splitWorkOrder'>);
      break;
    case 1: {
      const other = c.pick((await openOrders(c)).filter((o) => o.item === order.item)) ?? order;
      await c.call('mergeWorkOrders', {
        body: { ...entry(), orders: [order.id, other.id] },
      } as Input<'mergeWorkOrders'>);
      break;
    }
    case 2:
    case 3: {
      const steps = await c.db.selectFrom('ops_steps').selectAll().where('order_id', '=', order.id).execute();
      const from = c.pick(steps.filter((s) => s.rework > 0)) ?? c.pick(steps);
      if (!from) break;
      const body = { ...entry(), fromOperation: from.number, toOperation: steps[0]!.number, reason: '재작업' };
      const left = Math.max(1, Math.floor(fromMillionths(from.rework)));
      await c.call('reworkWorkOrder', {
        params,
        body: { ...body, quantity: c.random.int(1, left) },
      } as Input<'reworkWorkOrder'>);
      break;
    }
    case 4: {
      const steps = await c.db.selectFrom('ops_steps').selectAll().where('order_id', '=', order.id).execute();
      const step = c.pick(steps.filter((s) => s.optional === 1)) ?? c.pick(steps);
      if (!step) break;
      await c.call('skipStep', {
        params: { ...params, step: step.id },
        body: { reason: '생략' },
      } as Input<'skipStep'>);
      break;
    }
    case 5:
      await c.call('updateWorkOrder', { params, body: { quantity: quantity * 3 } } as Input<'updateWorkOrder'>);
      break;
    default: {
      const act = c.random.pick(['release', 'release', 'hold', 'resume', 'resume', 'finish', 'close', 'cancel']);
      const reason = c.chance(0.7) ? '사유' : '';
      await c.call('actOnWorkOrder', { params, body: { ...entry(), act, reason } } as Input<'actOnWorkOrder'>);
    }
  }
};

export const start: Act = async (c) => {
  const open = await c.db.selectFrom('ops_orders').selectAll().where('status', 'in', ['released', 'running']).execute();
  const order = c.pick(open);
  const number = order && !c.chance(0.05) ? order.number : c.random.pick(['NO-SUCH', '현품표-1']);
  const steps = order ? await c.db.selectFrom('ops_steps').selectAll().where('order_id', '=', order.id).execute() : [];
  const step = c.pick(steps.filter((s) => s.mode === 'inHouse' && s.status !== 'finished'));
  const allowed = step ? (JSON.parse(step.machines) as string[]) : [];
  const machine = allowed.length > 0 && c.chance(0.9) ? c.random.pick(allowed) : c.random.pick(machines);
  const operation = step && c.chance(0.8) ? { operation: step.number } : {};
  await c.kiosk(machine, 'start', { order: number, ...operation, parallel: true });
};

const openRun = async (c: Client) =>
  c.pick(await c.db.selectFrom('ops_runs').selectAll().where('status', '!=', 'finished').execute());

export const confirm: Act = async (c) => {
  const run = await openRun(c);
  if (!run) return start(c);
  const scrap = c.chance(0.3) ? c.random.int(1, 3) : 0;
  const rework = c.chance(0.15) ? c.random.int(1, 3) : 0;
  const reworked = c.chance(0.1) ? c.random.int(1, 2) : 0;
  const defects = scrap > 0 ? [{ reason: c.random.pick(['burr', 'short']), quantity: scrap }] : [];
  const data = { run: run.id, good: c.random.int(0, 25), rework, reworked, defects };
  const done = await c.kiosk(run.machine, 'confirm', data);
  if (!done) return;
  noteConfirmed(c, done.entryId, data);
};

/** The first piece that a run waits for, mostly good. */
export const inspect: Act = async (c) => {
  const due = (await c.floor.call('inspections', { query: { status: 'waiting' } } as Input<'inspections'>)) as {
    id: string;
    characteristics: { id: string; required: number }[];
  }[];
  const inspection = c.pick(due);
  if (!inspection) return;
  const bad = c.chance(0.2);
  const results = inspection.characteristics.flatMap((x) =>
    Array.from({ length: x.required }, (_, i) => ({ characteristic: x.id, sample: i + 1, value: bad ? 11.4 : 10 })),
  );
  await c.call('recordInspection', {
    params: { id: inspection.id },
    body: { results, finish: c.chance(0.95), confirmed: true },
  } as Input<'recordInspection'>);
};

export const useLot: Act = async (c) => {
  const run = await openRun(c);
  if (!run) return;
  const lots = await c.db
    .selectFrom('inv_lots')
    .selectAll()
    .where('item', 'in', ['INSERT', 'INSERT-B', 'PART'])
    .execute();
  const lot = c.pick(c.chance(0.9) ? lots.filter((l) => l.item.startsWith('INSERT')) : lots);
  if (!lot) return;
  const quantity = c.chance(0.3) ? { quantity: c.random.int(1, 10) } : {};
  await c.kiosk(run.machine, 'useLot', { run: run.id, lot: lot.number, ...quantity });
};

export const actOnRun: Act = async (c) => {
  const run = await openRun(c);
  if (!run) return;
  const act = c.random.pick(['finish', 'finish', 'pause', 'resume', 'join', 'leave', 'productionStart']);
  await c.kiosk(run.machine, act, { run: run.id });
};

export const packRun: Act = async (c) => {
  const run = c.pick(await c.db.selectFrom('ops_runs').selectAll().where('output_lot', 'is not', null).execute());
  if (!run) return;
  await c.kiosk(run.machine, 'pack', { run: run.id, quantity: c.random.int(1, 20) });
};

export const correct: Act = async (c) => {
  const result = c.pick(await c.db.selectFrom('ops_results').selectAll().execute());
  if (!result) return;
  const scrap = c.chance(0.4) ? c.random.int(0, 4) : 0;
  const defects = scrap > 0 ? [{ reason: 'burr', quantity: scrap }] : [];
  const body = { ...entry(), good: c.random.int(0, 25), rework: c.chance(0.1) ? 1 : 0, defects, reason: 'miscount' };
  const row = await c.call('correctResult', { params: { id: result.id }, body } as Input<'correctResult'>);
  if (!row) return;
  c.beliefs.note('good', row.id as string, result.run_id, row.good as number);
  c.beliefs.note('scrap', row.id as string, result.run_id, row.scrap as number);
};

export const closeShift: Act = async (c) => {
  const machine = c.random.pick(machines);
  const past = c.floor.clock.nowUs() - c.random.int(0, 30) * 3_600_000_000;
  const which = { machine, day: dayOf(past), shift: c.random.pick(['day', 'night']) };
  if (c.chance(0.3)) {
    await c.call('reopenDailyReport', { body: { ...which, reason: '정정' } } as Input<'reopenDailyReport'>);
    return;
  }
  const step = c.random.pick(['write', 'write', 'review', 'approve', 'approve']);
  await c.call('signDailyReport', { body: { ...entry(), ...which, step } } as unknown as Input<'signDailyReport'>);
};

export const outside: Act = async (c) => {
  const steps = await c.db.selectFrom('ops_steps').selectAll().where('mode', '=', 'outsourced').execute();
  const away = c.pick(steps.filter((s) => s.at_partner > 0));
  if (away && c.chance(0.5)) {
    const good = c.random.int(0, Math.floor(fromMillionths(away.at_partner)) + (c.chance(0.1) ? 1 : 0));
    const body = { ...entry(), good, scrap: c.chance(0.2) ? 1 : 0 };
    await c.call('receiveStep', { params: { id: away.order_id, step: away.id }, body } as Input<'receiveStep'>);
    return;
  }
  const step = c.pick(steps.filter((s) => s.status !== 'finished'));
  if (!step) return;
  const body = { ...entry(), partner: 'PLATE', quantity: c.random.int(1, 10) };
  await c.call('sendStep', { params: { id: step.order_id, step: step.id }, body } as Input<'sendStep'>);
};
