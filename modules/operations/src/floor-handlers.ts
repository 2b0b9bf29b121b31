import type { Handlers } from '@deungdae/contracts/api.ts';
import { BytesAnswer } from '@deungdae/kernel/answers.ts';
import { once } from '@deungdae/ledger/once.ts';
import { addHandover, answerCall, callOf, handoverOf, raiseCall, readHandover } from './calls.ts';
import { type Context, doerOf } from './context.ts';
import { exportDaily } from './daily-export.ts';
import { printDaily } from './daily-print.ts';
import { dailyReport, dailyReportsOf, workedShifts } from './daily-report.ts';
import { reopenReport, signReport } from './daily-sign.ts';
import { operationsError } from './errors.ts';
import { addChange, changeOf, decideChange } from './four-m.ts';
import { whenOf } from './handlers.ts';
import { openRuns } from './run-store.ts';
import { productionSummary } from './summary.ts';

/** Machines of one list of reports. */
const mostMachines = 200;

export function floorHandlers(context: Context): Handlers {
  return { ...reportHandlers(context), ...noteHandlers(context) };
}

/** Machines with a state that lie at or under a path. */
function machinesUnder(context: Context, path: string | undefined) {
  return [...context.deps.plant().equipment.values()]
    .filter((m) => m.state !== null && (!path || m.path === path || m.path.startsWith(`${path}/`)))
    .slice(0, mostMachines);
}

function reportHandlers(context: Context): Handlers {
  return {
    dailyReports: async ({ query }) => {
      const keys = await workedShifts(context, machinesUnder(context, query.path), query.day);
      return dailyReportsOf(context, keys);
    },
    productionSummary: ({ query }) => {
      if (!(query.to > query.from) || query.to - query.from > 400 * 86_400_000_000)
        throw operationsError('operations.badWindow', { days: 400 }, { status: 400 });
      return productionSummary(context, query.from, query.to);
    },
    dailyReport: ({ query }) => dailyReport(context, query),
    signDailyReport: async ({ body }, caller) => {
      const { machine, day, shift } = body;
      const doer = await doerOf(context, caller, body.badge);
      return signReport(context, { machine, day, shift }, body.step, doer, body.entryId);
    },
    reopenDailyReport: async ({ body }, caller) => {
      const { machine, day, shift, reason } = body;
      return reopenReport(context, { machine, day, shift }, reason, await doerOf(context, caller, null));
    },
    printDailyReport: async ({ query }) => {
      const { machine, day, shift, language } = query;
      const report = await dailyReport(context, { machine, day, shift });
      const html = printDaily(report, language, context.machine(machine).timeZone);
      return new BytesAnswer(new TextEncoder().encode(html), {
        ...{ name: `daily-report-${day}-${shift}.html`, type: 'text/html; charset=utf-8', inline: true },
      });
    },
    exportDailyReports: ({ query }, caller) => exportDaily(context, query, caller.language === 'en' ? 'en' : 'ko'),
    handovers: async ({ query }) => {
      let rows = context.read().selectFrom('ops_handovers').selectAll();
      if (query.machine) rows = rows.where('machine', '=', query.machine);
      if (query.from !== undefined) rows = rows.where('at_us', '>=', query.from);
      if (query.to !== undefined) rows = rows.where('at_us', '<', query.to);
      return (await rows.orderBy('at_us', 'desc').limit(query.limit).execute()).map(handoverOf);
    },
    addHandover: async ({ body }, caller) => {
      const doer = await doerOf(context, caller, body.badge);
      const { time } = whenOf(context, body.time);
      const about = { kind: 'handover.add', timeUs: context.now() };
      const row = await context.act((tx) =>
        once(tx, body.entryId, () => addHandover(context, tx, body, doer, time), about),
      );
      context.tell([row.machine]);
      return handoverOf(row);
    },
    readHandover: async ({ params, body }, caller) => {
      const doer = await doerOf(context, caller, body.badge);
      return handoverOf(await context.act((tx) => readHandover(tx, params.id, doer, context.now())));
    },
  };
}

function noteHandlers(context: Context): Handlers {
  return {
    calls: async ({ query }) => {
      let rows = context.read().selectFrom('ops_calls').selectAll();
      if (query.status) rows = rows.where('status', '=', query.status);
      if (query.machine) rows = rows.where('machine', '=', query.machine);
      if (query.from !== undefined) rows = rows.where('raised_us', '>=', query.from);
      if (query.to !== undefined) rows = rows.where('raised_us', '<', query.to);
      return (await rows.orderBy('raised_us', 'desc').limit(query.limit).execute()).map(callOf);
    },
    raiseCall: async ({ body }, caller) => {
      const doer = await doerOf(context, caller, body.badge);
      const { time } = whenOf(context, body.time);
      const about = { kind: 'call.raise', timeUs: context.now() };
      const row = await context.act((tx) =>
        once(tx, body.entryId, () => raiseCall(context, tx, body, doer, time), about),
      );
      context.tell([row.machine]);
      return callOf(row);
    },
    answerCall: async ({ params, body }, caller) => {
      const doer = await doerOf(context, caller, body.badge);
      const { time } = whenOf(context, body.time);
      const row = await context.act((tx) => answerCall(tx, params.id, body, doer, time));
      context.tell([row.machine]);
      return callOf(row);
    },
    changes: async ({ query }) => {
      let rows = context.read().selectFrom('ops_changes').selectAll();
      if (query.status) rows = rows.where('status', '=', query.status);
      if (query.machine) rows = rows.where('machine', '=', query.machine);
      if (query.from !== undefined) rows = rows.where('created_us', '>=', query.from);
      if (query.to !== undefined) rows = rows.where('created_us', '<', query.to);
      return (await rows.orderBy('created_us', 'desc').limit(query.limit).execute()).map(changeOf);
    },
    createChange: async ({ body }, caller) => {
      const doer = await doerOf(context, caller, body.badge);
      const { time } = whenOf(context, body.time);
      const machine = context.machine(body.machine).path;
      const about = { kind: 'change.add', timeUs: context.now() };
      const row = await context.act((tx) =>
        once(
          tx,
          body.entryId,
          async () => {
            const run = (await openRuns(tx.db, machine))[0];
            const of = { run: run?.id ?? null, order: run?.order_id ?? null, item: null, lotBefore: null };
            return addChange(context, tx, { ...body, machine, ...of, status: 'submitted' }, doer, time);
          },
          about,
        ),
      );
      context.tell([machine]);
      return changeOf(row);
    },
    decideChange: async ({ params, body }, caller) => {
      const change = await decideChange(context, params.id, body, await doerOf(context, caller, null));
      context.tell([change.machine]);
      return change;
    },
  };
}
