import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { Context } from './context.ts';
import { shiftsOf } from './shifts.ts';

/** Runs of one summary. */
const mostRuns = 50_000;
const dayUs = 86_400_000_000;

interface MachineSummary {
  machine: string;
  good: number;
  scrap: number;
  runs: number;
  /** Work time of the shifts in which it had a run, hours. */
  plannedHours: number;
  /** What the good, and all pieces should have taken by cycle and cavities of their tools, hours. */
  goodHours: number;
  idealHours: number;
  /** OEE = good × planned cycle ÷ planned busy time; null without any cycle. */
  oee: number | null;
}

export interface ProductionSummary {
  good: number;
  scrap: number;
  oee: number | null;
  machines: MachineSummary[];
  defects: { reason: string; quantity: number; share: number }[];
  due: { orders: number; onTime: number; late: number; open: number; onTimeShare: number | null };
  /** Runs whose tool and step tell no cycle: they have no part in the OEE. */
  runsWithoutCycle: number;
}

/** Output, OEE, scrap and due dates of results in [from, to), µs, from what was confirmed: also where no machine counts. */
export async function productionSummary(context: Context, from: number, to: number): Promise<ProductionSummary> {
  const db = context.read();
  const rows = await db
    .selectFrom('ops_results')
    .innerJoin('ops_runs', 'ops_runs.id', 'ops_results.run_id')
    .innerJoin('ops_steps', 'ops_steps.id', 'ops_runs.step_id')
    .select((e) => [
      ...(['ops_runs.id', 'ops_runs.machine', 'ops_runs.tool', 'ops_runs.started_us'] as const),
      ...(['ops_runs.ended_us', 'ops_steps.cycle_seconds'] as const),
      e.fn.sum<number>('ops_results.good').as('good'),
      e.fn.sum<number>('ops_results.scrap').as('scrap'),
    ])
    .where('ops_results.time_us', '>=', from)
    .where('ops_results.time_us', '<', to)
    .groupBy([
      ...(['ops_runs.id', 'ops_runs.machine', 'ops_runs.tool', 'ops_runs.started_us'] as const),
      ...(['ops_runs.ended_us', 'ops_steps.cycle_seconds'] as const),
    ])
    .limit(mostRuns)
    .execute();
  const cycles = await toolCycles(context, new Set(rows.flatMap((r) => (r.tool ? [r.tool] : []))));
  const until = Math.min(to, context.now());
  const machines = new Map<string, MachineSummary & { shifts: Map<string, number> }>();
  let runsWithoutCycle = 0;
  for (const r of rows) {
    const m = machines.get(r.machine) ?? {
      ...{ machine: r.machine, good: 0, scrap: 0, runs: 0, plannedHours: 0, goodHours: 0, idealHours: 0, oee: null },
      shifts: new Map<string, number>(),
    };
    machines.set(r.machine, m);
    const [good, scrap] = [fromMillionths(Number(r.good)), fromMillionths(Number(r.scrap))];
    m.good += good;
    m.scrap += scrap;
    m.runs++;
    const seconds = (r.tool ? cycles.get(r.tool) : undefined) ?? r.cycle_seconds;
    if (seconds === null) {
      runsWithoutCycle++;
      continue;
    }
    m.goodHours += (good * seconds) / 3600;
    m.idealHours += ((good + scrap) * seconds) / 3600;
    const model = context.deps.plant().equipment.get(r.machine);
    if (!model) continue;
    // Of a shift over the window's edge only what lies in it; of the running one what is over.
    for (const s of shiftsOf(model, Math.max(r.started_us, from), Math.min(r.ended_us ?? until, until))) {
      const inside = (Math.min(s.to, until) - Math.max(s.from, from)) / (s.to - s.from);
      m.shifts.set(`${s.day} ${s.id}`, (s.workUs * inside) / 3_600_000_000);
    }
  }
  const shown = [...machines.values()].map(({ shifts, ...m }) => {
    const plannedHours = [...shifts.values()].reduce((a, b) => a + b, 0);
    return { ...m, plannedHours, oee: plannedHours > 0 ? m.goodHours / plannedHours : null };
  });
  const sum = (key: 'good' | 'scrap' | 'plannedHours' | 'goodHours') => shown.reduce((s, m) => s + m[key], 0);
  return {
    ...{ good: sum('good'), scrap: sum('scrap'), machines: shown.sort((a, b) => (a.machine < b.machine ? -1 : 1)) },
    oee: sum('plannedHours') > 0 ? sum('goodHours') / sum('plannedHours') : null,
    defects: await pareto(context, from, to),
    due: await duePerformance(context, from, to),
    runsWithoutCycle,
  };
}

/** Seconds a piece by tool: its cycle shared by its open cavities. */
async function toolCycles(context: Context, tools: ReadonlySet<string>): Promise<Map<string, number>> {
  const found = await context.deps.masterdata.findMany('tool', [...tools], context.now());
  const seconds = new Map<string, number>();
  for (const [code, { data }] of found)
    if (data.cycleSeconds)
      seconds.set(code, data.cycleSeconds / Math.max(1, data.cavities - data.blockedCavities.length));
  return seconds;
}

async function pareto(context: Context, from: number, to: number): Promise<ProductionSummary['defects']> {
  const rows = await context
    .read()
    .selectFrom('ops_defects')
    .innerJoin('ops_results', 'ops_results.id', 'ops_defects.result_id')
    .select((e) => ['ops_defects.reason', e.fn.sum<number>('ops_defects.quantity').as('quantity')])
    .where('ops_results.time_us', '>=', from)
    .where('ops_results.time_us', '<', to)
    .groupBy('ops_defects.reason')
    .limit(1000)
    .execute();
  const total = rows.reduce((s, r) => s + Number(r.quantity), 0);
  return rows
    .map((r) => ({
      ...{ reason: r.reason, quantity: fromMillionths(Number(r.quantity)) },
      share: total === 0 ? 0 : Number(r.quantity) / total,
    }))
    .filter((d) => d.quantity !== 0)
    .sort((a, b) => b.quantity - a.quantity);
}

/** Orders due in [from, to): finished by then, finished later or still open past it, or not due yet. */
async function duePerformance(context: Context, from: number, to: number): Promise<ProductionSummary['due']> {
  const orders = await context
    .read()
    .selectFrom('ops_orders')
    .select(['due_us', 'finished_us', 'status'])
    .where('due_us', '>=', from)
    .where('due_us', '<', to + dayUs)
    .where('status', '!=', 'cancelled')
    .limit(100_000)
    .execute();
  let [onTime, late, open] = [0, 0, 0];
  for (const o of orders) {
    if (o.finished_us !== null) {
      if (o.finished_us <= o.due_us!) onTime++;
      else late++;
    } else if (o.due_us! <= to) late++;
    else open++;
  }
  const judgedOrders = onTime + late;
  return { orders: orders.length, onTime, late, open, onTimeShare: judgedOrders > 0 ? onTime / judgedOrders : null };
}
