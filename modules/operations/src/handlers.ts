import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { Run } from '@deungdae/contracts/work-order.ts';
import { once } from '@deungdae/ledger/once.ts';
import { type Context, type Doer, doerOf, type Tx, type When } from './context.ts';
import { countFor } from './counting.ts';
import { dispatchBoard, dispatchList } from './dispatch.ts';
import { operationsError } from './errors.ts';
import { kioskState } from './kiosk-state.ts';
import { rejectedOf, resolveRejected, syncKiosk } from './kiosk-sync.ts';
import { addLabour, labourOf } from './labour.ts';
import { packRun, useLot } from './material.ts';
import { mergeOrders, planStep, reworkOrder, skipStep, splitOrder } from './order-changes.ts';
import { orderOf, readOrder } from './order-store.ts';
import { actOnOrder, checkedQuantity, createOrder, updateOrder } from './orders.ts';
import { receiveStep, sendStep } from './outsourcing.ts';
import { listLabour, listOrders, listResults, listRuns, listSales } from './queries.ts';
import { confirmRun, correctResult } from './results.ts';
import { readRules, saveRules } from './rules.ts';
import { findRun, type RunRow, showResults, showRuns } from './run-store.ts';
import { finishRun, joinOrLeave, lockRun, pauseRun, resumeRun, startProduction, startRun } from './runs.ts';
import { createSales, updateSales } from './sales.ts';
import { listShortages, settleShortage } from './shortages.ts';

/** Object without the fields that were left out, as the domain's functions take it. */
function given<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept = Object.entries(input).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** A time that the caller gives; the future is refused. */
export function whenOf(context: Context, time: number | undefined): When {
  const now = context.now();
  if (time === undefined) return { time: now, clientTime: null };
  if (time > now + 60_000_000 || time < now - 400 * 86_400_000_000)
    throw operationsError('operations.badTime', {}, { status: 400 });
  return { time: Math.min(time, now), clientTime: time };
}

export function operationsHandlers(context: Context): Handlers {
  return { ...orderHandlers(context), ...runHandlers(context), ...kioskHandlers(context) };
}

function orderHandlers(context: Context): Handlers {
  const who = (caller: Caller) => doerOf(context, caller, null);
  return {
    salesOrders: ({ query }) => listSales(context, query),
    createSalesOrder: async ({ body }, caller) => createSales(context, body, await who(caller)),
    updateSalesOrder: async ({ params, body }, caller) => updateSales(context, params.id, body, await who(caller)),
    workOrders: ({ query }) =>
      listOrders(context, { ...query, status: query.status?.split(',').filter(Boolean) ?? [] }),
    workOrder: async ({ params }) => {
      const order = await readOrder(context, params.id);
      if (!order) throw operationsError('operations.unknownOrder', { order: params.id.slice(0, 60) }, { status: 404 });
      return order;
    },
    createWorkOrder: async ({ body }, caller) => {
      const doer = await who(caller);
      const work = async (tx: Tx) => orderOf(await createOrder(context, tx, body, doer));
      const about = { kind: 'order.create', timeUs: context.now() };
      const order = await context.act((tx) => once(tx, body.entryId, () => work(tx), about));
      context.tell(order.steps.map((s) => s.machine));
      return order;
    },
    updateWorkOrder: async ({ params, body }, caller) =>
      updateOrder(context, params.id, given(body), await who(caller)),
    actOnWorkOrder: async ({ params, body }, caller) =>
      actOnOrder(context, params.id, body.act, body.reason, await who(caller), body.entryId),
    splitWorkOrder: async ({ params, body }, caller) => splitOrder(context, params.id, given(body), await who(caller)),
    mergeWorkOrders: async ({ body }, caller) => mergeOrders(context, given(body), await who(caller)),
    reworkWorkOrder: async ({ params, body }, caller) =>
      reworkOrder(context, params.id, given(body), await who(caller)),
    planStep: async ({ params, body }, caller) =>
      planStep(context, params.id, params.step, given(body), await who(caller)),
    skipStep: async ({ params, body }, caller) =>
      skipStep(context, params.id, params.step, body.reason, await who(caller)),
    sendStep: async ({ params, body }, caller) =>
      sendStep(context, params.id, params.step, given(body), await who(caller)),
    receiveStep: async ({ params, body }, caller) =>
      receiveStep(context, params.id, params.step, given(body), await who(caller)),
    dispatchList: ({ query }) => dispatchList(context, query.machine, query.limit),
    dispatchBoard: ({ query }) => dispatchBoard(context, query.path),
  };
}

/** Does something to a run and answers with it as it then is. */
async function onRun(
  context: Context,
  entryId: string | undefined,
  kind: string,
  work: (tx: Tx) => Promise<RunRow>,
): Promise<Run> {
  const id = await context.act((tx) =>
    once(tx, entryId, async () => (await work(tx)).id, { kind: `run.${kind}`, timeUs: context.now() }),
  );
  const run = await findRun(context.read(), id);
  context.tell([run.machine]);
  return (await showRuns(context, context.read(), [run]))[0]!;
}

type RunAct = 'pause' | 'resume' | 'finish' | 'productionStart' | 'join' | 'leave';

async function actOnRun(
  context: Context,
  tx: Tx,
  id: string,
  act: RunAct,
  note: string,
  doer: Doer,
  when: When,
): Promise<RunRow> {
  const run = await findRun(tx.db, id);
  const input = { machine: run.machine, run: id, note };
  switch (act) {
    case 'pause':
      return pauseRun(context, tx, input, doer, when);
    case 'resume':
      return resumeRun(context, tx, run, doer, when);
    case 'finish':
      return finishRun(context, tx, input, doer, when);
    case 'productionStart':
      return startProduction(context, tx, input, doer, when);
    default:
      return joinOrLeave(context, tx, { ...input, act }, doer, when);
  }
}

function runHandlers(context: Context): Handlers {
  return {
    runs: ({ query }) => listRuns(context, query),
    run: async ({ params }) =>
      (await showRuns(context, context.read(), [await findRun(context.read(), params.id)]))[0]!,
    startRun: async ({ body }, caller) => {
      const doer = await doerOf(context, caller, body.badge);
      const when = whenOf(context, body.time);
      return onRun(context, body.entryId, 'start', (tx) => startRun(context, tx, body, doer, when));
    },
    actOnRun: async ({ params, body }, caller) => {
      const doer = await doerOf(context, caller, body.badge);
      const when = whenOf(context, body.time);
      return onRun(context, body.entryId, body.act, (tx) =>
        actOnRun(context, tx, params.id, body.act, body.note, doer, when),
      );
    },
    confirmRun: async ({ params, body }, caller) => {
      const doer = await doerOf(context, caller, body.badge);
      const when = whenOf(context, body.time);
      const run = await findRun(context.read(), params.id);
      const input = { ...body, machine: run.machine, run: run.id, offline: false };
      const counted = await countFor(context, run, Math.max(run.counted_to, body.countedTo ?? when.time), body);
      const work = (tx: Tx) => confirmRun(context, tx, input, doer, when, counted);
      const about = { kind: 'run.confirm', timeUs: context.now() };
      const row = await context.act((tx) => once(tx, body.entryId, () => work(tx), about));
      context.tell([run.machine]);
      return (await showResults(context.read(), [row]))[0]!;
    },
    useLot: async ({ params, body }, caller) => {
      const doer = await doerOf(context, caller, body.badge);
      const when = whenOf(context, body.time);
      return onRun(context, body.entryId, 'useLot', async (tx) => {
        const run = await findRun(tx.db, params.id);
        const at = await lockRun(context, tx, run.machine, run.id);
        const quantity = body.quantity === undefined ? {} : { quantity: checkedQuantity(body.quantity) };
        await useLot(context, tx, at, { lot: body.lot, ...quantity }, doer, when);
        return at.run;
      });
    },
    packRun: async ({ params, body }, caller) => {
      const doer = await doerOf(context, caller, body.badge);
      const when = whenOf(context, body.time);
      const quantity = checkedQuantity(body.quantity);
      return context.act((tx) =>
        once(
          tx,
          body.entryId,
          async () => packRun(context, tx, await findRun(tx.db, params.id), { ...body, quantity }, doer, when),
          { kind: 'run.pack', timeUs: context.now() },
        ),
      );
    },
    runResults: ({ query }) => listResults(context, query),
    correctResult: async ({ params, body }, caller) => {
      const doer = await doerOf(context, caller, null);
      const about = { kind: 'result.correct', timeUs: context.now() };
      const row = await context.act((tx) =>
        once(tx, body.entryId, () => correctResult(context, tx, params.id, body, doer), about),
      );
      context.tell([row.machine]);
      return (await showResults(context.read(), [row]))[0]!;
    },
    shortages: ({ query }) => listShortages(context, query),
    settleShortage: async ({ params, body }, caller) =>
      settleShortage(context, params.id, body, await doerOf(context, caller, null)),
    productionRules: () => readRules(context),
    saveProductionRules: async ({ body }, caller) => saveRules(context, body, await doerOf(context, caller, null)),
    labour: ({ query }) => listLabour(context, query),
    addLabour: async ({ body }, caller) => {
      const doer = await doerOf(context, caller, null);
      const { person } = await doerOf(context, caller, body.badge);
      const about = { kind: 'labour.add', timeUs: context.now() };
      const row = await context.act((tx) =>
        once(
          tx,
          body.entryId,
          async () => {
            const run = body.run ? await findRun(tx.db, body.run) : null;
            return addLabour(context, tx, { ...body, person: person!, run }, doer);
          },
          about,
        ),
      );
      const order = row.run_id ? await findRun(context.read(), row.run_id) : null;
      const number = order ? ((await readOrder(context, order.order_id))?.number ?? null) : null;
      return labourOf(row, number);
    },
  };
}

function kioskHandlers(context: Context): Handlers {
  return {
    kioskPerson: async ({ body }) => {
      const person = await context.deps.people.byBadge(body.badge);
      if (!person?.active)
        throw operationsError('operations.unknownBadge', { badge: body.badge.slice(0, 60) }, { status: 404 });
      const now = context.now();
      const valid = Object.entries(person.skills).filter(([, s]) => s.expiresAt === null || s.expiresAt > now);
      return {
        ...{ id: person.id, name: person.name, language: person.language, team: person.team },
        skills: valid.map(([code]) => code),
      };
    },
    kioskState: ({ query }) => kioskState(context, query.machine),
    kioskSync: async ({ body }, caller) => {
      const offset = context.now() - body.now;
      const answers = await syncKiosk(context, body, caller);
      const state = await kioskState(context, body.machine);
      return { at: state.at, offset, answers, state };
    },
    rejectedEntries: async ({ query }, caller) => {
      let rows = context.read().selectFrom('ops_rejected').selectAll();
      if (query.status) rows = rows.where('status', '=', query.status);
      if (query.machine) rows = rows.where('machine', '=', query.machine);
      const found = await rows.orderBy('received_us', 'desc').limit(query.limit).execute();
      return found.map((r) => rejectedOf(r, caller.language));
    },
    resolveRejected: ({ params, body }, caller) => resolveRejected(context, params.id, given(body), caller),
  };
}
