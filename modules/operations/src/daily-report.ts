import type { DailyReport } from '@deungdae/contracts/daily-report.ts';
import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { LocalText } from '@deungdae/contracts/text.ts';
import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';
import type { Context } from './context.ts';
import { covered, sharedHours } from './domain/hours.ts';
import { operationsError } from './errors.ts';
import { labourOf } from './labour.ts';
import type { LabourRow, ResultRow, RunRow } from './run-store.ts';
import type { OperationsTables } from './schema.ts';
import { belongsUntil, type ShiftOf, shiftNamed, shiftsOfDay } from './shifts.ts';

const dayUs = 86_400_000_000;
const signOrder = ['written', 'reviewed', 'approved'];
type ReportRow = OperationsTables['ops_reports'];
export interface ShiftKey {
  machine: string;
  day: string;
  shift: string;
}

/** The report as it was approved; as long as it is open, made anew from what is recorded. Throws `operations.unknownShift`. */
export async function dailyReport(context: Context, key: ShiftKey): Promise<DailyReport> {
  return reportOf(context, key, () => reasonNames(context));
}

/** Reports of many shifts, eight at a time. */
export async function dailyReportsOf(context: Context, keys: readonly ShiftKey[]): Promise<DailyReport[]> {
  let named: Promise<Names> | null = null;
  const names = () => (named ??= reasonNames(context));
  const reports: DailyReport[] = [];
  for (let i = 0; i < keys.length; i += 8)
    reports.push(...(await Promise.all(keys.slice(i, i + 8).map((key) => reportOf(context, key, names)))));
  return reports;
}

async function reportOf(context: Context, key: ShiftKey, names: () => Promise<Names>): Promise<DailyReport> {
  const machine = context.machine(key.machine);
  const shift = shiftNamed(machine, key.day, key.shift);
  if (!shift)
    throw operationsError(
      'operations.unknownShift',
      { machine: context.machineName(machine.path), day: key.day, shift: key.shift },
      { status: 404 },
    );
  const [row, signed] = await Promise.all([reportRow(context, key), signaturesOf(context, key)]);
  if (row?.status === 'closed' && row.snapshot)
    return { ...(JSON.parse(row.snapshot) as DailyReport), status: 'closed', ...signed };
  const status = (row?.status ?? 'open') as DailyReport['status'];
  return { ...(await fill(context, machine, shift, await names())), status, ...signed };
}

/** Shifts of a day in which something was recorded at a machine, or whose report somebody signed. */
export async function workedShifts(
  context: Context,
  machines: readonly EquipmentModel[],
  day: string,
): Promise<ShiftKey[]> {
  const all = machines.flatMap((m) =>
    shiftsOfDay(m, day).map((shift) => ({ machine: m.path, shift, until: belongsUntil(m, shift) })),
  );
  const begun = all.filter(({ shift }) => shift.from <= context.now());
  if (begun.length === 0) return [];
  const from = Math.min(...begun.map(({ shift }) => shift.from));
  const to = Math.max(...begun.map(({ until }) => until));
  const db = context.read();
  const runs = await db
    .selectFrom('ops_runs')
    .select(['machine', 'started_us', 'ended_us'])
    .where('started_us', '<', to)
    .where('started_us', '>', from - 60 * dayUs)
    .where((e) => e.or([e('ended_us', 'is', null), e('ended_us', '>', from)]))
    .limit(20_000)
    .execute();
  const labour = await touching(context, from, to).limit(20_000).execute();
  const signed = await db.selectFrom('ops_reports').selectAll().where('day', '=', day).limit(2000).execute();
  const spans = [
    ...runs.map((r) => ({ machine: r.machine, from: r.started_us, to: r.ended_us ?? to })),
    ...labour.map((l) => ({ machine: l.machine, from: l.from_us, to: l.to_us ?? to })),
  ];
  return begun
    .filter(
      ({ machine, shift, until }) =>
        spans.some((s) => s.machine === machine && s.from < until && s.to > shift.from) ||
        signed.some((r) => r.machine === machine && r.shift === shift.id),
    )
    .map(({ machine, shift }) => ({ machine, day: shift.day, shift: shift.id }));
}

async function reportRow(context: Context, key: ShiftKey): Promise<ReportRow | undefined> {
  return context
    .read()
    .selectFrom('ops_reports')
    .selectAll()
    .where('machine', '=', key.machine)
    .where('day', '=', key.day)
    .where('shift', '=', key.shift)
    .executeTakeFirst();
}

async function signaturesOf(context: Context, key: ShiftKey): Promise<Pick<DailyReport, 'signatures' | 'reopenings'>> {
  const rows = await context
    .read()
    .selectFrom('ops_signatures')
    .selectAll()
    .where('machine', '=', key.machine)
    .where('day', '=', key.day)
    .where('shift', '=', key.shift)
    .orderBy('at_us')
    .orderBy('id')
    .limit(500)
    .execute();
  return {
    signatures: rows
      .filter((r) => r.step !== 'reopened')
      // Two signatures of one moment stand in the order in which they are given.
      .sort((a, b) => a.at_us - b.at_us || signOrder.indexOf(a.step) - signOrder.indexOf(b.step))
      .map((r) => ({ step: r.step as 'written', name: r.name, at: r.at_us, undone: r.undone === 1 })),
    reopenings: rows.filter((r) => r.step === 'reopened').map((r) => ({ at: r.at_us, by: r.name, reason: r.reason })),
  };
}

/** A report filled from runs, results, hours and what the machine told. */
async function fill(context: Context, machine: EquipmentModel, shift: ShiftOf, named: Names): Promise<DailyReport> {
  const { path } = machine;
  const now = context.now();
  const to = Math.min(shift.to, Math.max(now, shift.from));
  const until = belongsUntil(machine, shift);
  // Asked together, so that they go to the database together: a day's list is made of dozens of these.
  const [work, labour, stops, handover] = await Promise.all([
    workOf(context, path, shift.from, until),
    labourIn(context, path, shift, until, now),
    stopsOf(context, path, shift, to),
    handoverTexts(context, path, shift),
  ]);
  const { results, runs, defects } = work;
  const [lines, time] = await Promise.all([
    linesOf(context, runs, results, defects, shift, named),
    timeOf(context, path, shift, to, labour.spans),
  ]);
  return {
    ...{ machine: path, machineName: machine.name, day: shift.day, shift: shift.id, shiftName: shift.name },
    ...{ from: shift.from, to: shift.to, status: 'open', lines },
    ...{ good: total(lines, 'good'), scrap: total(lines, 'scrap'), rework: total(lines, 'rework') },
    defects: defectTotals(defects, named),
    ...{ time, stops, labour: labour.entries, directHours: labour.direct, indirectHours: labour.indirect },
    handover,
    ...{ signatures: [], reopenings: [] },
  };
}

async function handoverTexts(context: Context, machine: string, shift: ShiftOf): Promise<string> {
  const rows = await context
    .read()
    .selectFrom('ops_handovers')
    .select('text')
    .where('machine', '=', machine)
    .where('day', '=', shift.day)
    .where('shift', '=', shift.id)
    .orderBy('at_us')
    .limit(20)
    .execute();
  return rows.map((h) => h.text).join('\n');
}

function total(lines: DailyReport['lines'], key: 'good' | 'scrap' | 'rework'): number {
  return Math.round(lines.reduce((sum, l) => sum + l[key], 0) * 1e6) / 1e6;
}

type DefectRow = OperationsTables['ops_defects'];

/** Results whose time lies in [from, until), runs that touch it, and the results' defects. */
async function workOf(context: Context, machine: string, from: number, until: number) {
  const db = context.read();
  const results = await db
    .selectFrom('ops_results')
    .selectAll()
    .where('machine', '=', machine)
    .where('time_us', '>=', from)
    .where('time_us', '<', until)
    .orderBy('time_us')
    .limit(5000)
    .execute();
  const touching = await db
    .selectFrom('ops_runs')
    .selectAll()
    .where('machine', '=', machine)
    .where('started_us', '<', until)
    .where('started_us', '>', from - 60 * dayUs)
    .where((e) => e.or([e('ended_us', 'is', null), e('ended_us', '>', from)]))
    .orderBy('started_us')
    .limit(500)
    .execute();
  const known = new Set(touching.map((r) => r.id));
  const missing = [...new Set(results.map((r) => r.run_id))].filter((id) => !known.has(id)).slice(0, 500);
  if (missing.length > 0)
    touching.push(...(await db.selectFrom('ops_runs').selectAll().where('id', 'in', missing).execute()));
  const defects: DefectRow[] = [];
  for (let i = 0; i < results.length; i += 500) {
    const ids = results.slice(i, i + 500).map((r) => r.id);
    defects.push(...(await db.selectFrom('ops_defects').selectAll().where('result_id', 'in', ids).execute()));
  }
  return { results, runs: touching, defects };
}

async function linesOf(
  context: Context,
  runs: readonly RunRow[],
  results: readonly ResultRow[],
  defects: readonly DefectRow[],
  shift: ShiftOf,
  named: Names,
): Promise<DailyReport['lines']> {
  if (runs.length === 0) return [];
  const db = context.read();
  const ids = (key: 'order_id' | 'step_id') => [...new Set(runs.map((r) => r[key]))];
  const [orderRows, stepRows] = await Promise.all([
    inChunks(ids('order_id'), (some) => db.selectFrom('ops_orders').selectAll().where('id', 'in', some).execute()),
    inChunks(ids('step_id'), (some) => db.selectFrom('ops_steps').selectAll().where('id', 'in', some).execute()),
  ]);
  const orders = new Map(orderRows.map((o) => [o.id, o]));
  const steps = new Map(stepRows.map((s) => [s.id, s]));
  const lines: DailyReport['lines'] = [];
  for (const run of runs) {
    const own = results.filter((r) => r.run_id === run.id);
    const order = orders.get(run.order_id);
    const step = steps.get(run.step_id);
    if (!order || !step) continue;
    const sum = (key: 'good' | 'scrap' | 'rework') => fromMillionths(own.reduce((s, r) => s + r[key], 0));
    const counts = own.flatMap((r) => (r.counted ? [(JSON.parse(r.counted) as { total: number }).total] : []));
    const ids = new Set(own.map((r) => r.id));
    lines.push({
      ...{ workOrder: order.id, workOrderNumber: order.number, item: order.item, itemName: order.item_name },
      ...{ operation: step.number, operationName: step.name, tool: run.tool },
      ...{ from: Math.max(run.started_us, shift.from), to: run.ended_us, planned: fromMillionths(step.planned) },
      ...{ good: sum('good'), scrap: sum('scrap'), rework: sum('rework') },
      defects: defectTotals(
        defects.filter((d) => ids.has(d.result_id)),
        named,
      ),
      counted: counts.length > 0 ? counts.reduce((s, c) => s + c, 0) : null,
      lots: [...new Set(own.flatMap((r) => (r.lot_number ? [r.lot_number] : [])))],
    });
  }
  return lines;
}

/** Rows of a list of keys, 500 keys a question. */
async function inChunks<T>(keys: string[], ask: (some: string[]) => Promise<T[]>): Promise<T[]> {
  const rows: T[] = [];
  for (let i = 0; i < keys.length; i += 500) rows.push(...(await ask(keys.slice(i, i + 500))));
  return rows;
}

type Names = ReadonlyMap<string, string>;

async function reasonNames(context: Context): Promise<Names> {
  const reasons = await context.deps.masterdata.list('reason', context.now(), 5000);
  return new Map(reasons.map((r) => [r.code, r.data.name]));
}

function defectTotals(rows: readonly DefectRow[], names: Names): DailyReport['defects'] {
  const sums = new Map<string, number>();
  for (const d of rows) sums.set(d.reason, (sums.get(d.reason) ?? 0) + d.quantity);
  return [...sums]
    .filter(([, quantity]) => quantity !== 0)
    .map(([reason, quantity]) => ({
      ...{ reason, name: names.get(reason) ?? reason, quantity: fromMillionths(quantity) },
    }))
    .sort((a, b) => b.quantity - a.quantity);
}

/**
 * Hours at the machine in a shift, shared among what each person did at once anywhere. Overtime counts for who has left
 * before the next shift began; who forgot to leave is counted to the end of the shift.
 */
async function labourIn(context: Context, machine: string, { from, to }: ShiftOf, until: number, now: number) {
  const db = context.read();
  const endOf = (l: LabourRow) => (l.to_us !== null && l.to_us < until ? l.to_us : Math.min(l.to_us ?? now, to));
  const here = await touching(context, from, until)
    .where('machine', '=', machine)
    .orderBy('from_us')
    .limit(1000)
    .execute();
  const people = [...new Set(here.map((l) => l.person))].slice(0, 500);
  const all: LabourRow[] =
    people.length === 0 ? [] : await touching(context, from, until).where('person', 'in', people).limit(5000).execute();
  const cut = all.map((l) => ({
    ...{ person: l.person, from: Math.max(l.from_us, from), to: endOf(l) },
  }));
  const hours = sharedHours(cut.map((c) => ({ ...c, to: Math.max(c.from, c.to) })));
  const sum = (kind: string) =>
    all.reduce((s, l, i) => (l.machine === machine && l.kind === kind ? s + hours[i]! : s), 0);
  const worked = [...new Set(here.flatMap((l) => (l.run_id ? [l.run_id] : [])))];
  const numberRows = await inChunks(worked, (some) =>
    db
      .selectFrom('ops_runs')
      .innerJoin('ops_orders', 'ops_orders.id', 'ops_runs.order_id')
      .select(['ops_runs.id', 'ops_orders.number'])
      .where('ops_runs.id', 'in', some)
      .execute(),
  );
  const numbers = new Map(numberRows.map((r) => [r.id, r.number]));
  return {
    entries: here.map((l) => labourOf(l, numbers.get(l.run_id ?? '') ?? null)),
    ...{ direct: sum('direct'), indirect: sum('indirect') },
    spans: here
      .filter((l) => l.kind === 'direct')
      .map((l) => ({ from: Math.max(l.from_us, from), to: Math.min(l.to_us ?? now, to) }))
      .filter((s) => s.to > s.from),
  };
}

function touching(context: Context, from: number, to: number) {
  return context
    .read()
    .selectFrom('ops_labour')
    .selectAll()
    .where('from_us', '<', to)
    .where('from_us', '>', from - 30 * dayUs)
    .where((e) => e.or([e('to_us', 'is', null), e('to_us', '>', from)]));
}

async function stopsOf(context: Context, machine: string, shift: ShiftOf, to: number): Promise<DailyReport['stops']> {
  if (to <= shift.from) return [];
  const names = new Map<string, LocalText>();
  for (const group of context.deps.plant().plant.downtimeReasons) {
    names.set(group.id, group.name ?? group.id);
    for (const r of group.reasons) names.set(`${group.id}/${r.id}`, r.name ?? r.id);
  }
  const rows = new Map<string, DailyReport['stops'][number]>();
  for (const stop of await context.deps.equipment.stops(machine, shift.from, to)) {
    const us = Math.min(stop.to ?? to, to) - Math.max(stop.from, shift.from);
    if (us <= 0) continue;
    const key = `${stop.reason} ${stop.loss}`;
    const name = stop.reason ? (names.get(stop.reason) ?? stop.reason) : null;
    const row = rows.get(key) ?? { reason: stop.reason, name, loss: stop.loss, minutes: 0, count: 0 };
    row.minutes += us / 60_000_000;
    row.count++;
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => b.minutes - a.minutes);
}

/** Minutes as factories' downtime sheets have them, from the ISO 22400 time model of the machine. */
async function timeOf(
  context: Context,
  machine: string,
  shift: ShiftOf,
  to: number,
  manned: readonly { from: number; to: number }[],
): Promise<DailyReport['time']> {
  if (to <= shift.from)
    return {
      ...{ shiftMinutes: 0, runMinutes: 0, downMinutes: 0, plannedStopMinutes: 0, noDataMinutes: 0 },
      ...{ availability: null, utilisation: null, unmannedMinutes: 0 },
    };
  const time = await context.deps.equipment.times(machine, shift.from, to);
  // A break that the machine ran through is running time; the rest of the breaks is no part of the shift's work.
  const breaksMs = Math.max(0, (shift.to - shift.from - shift.workUs) / 1000);
  const plannedMs = Math.max(0, time.plannedDownMs - breaksMs);
  const downMs = time.adetMs + time.asutMs + time.adotMs;
  const shiftMs = time.aptMs + downMs + plannedMs + time.noDataMs;
  const runShare = time.calendarMs > 0 ? time.aptMs / time.calendarMs : 0;
  const unmannedUs = Math.max(0, to - shift.from - covered(manned)) * runShare;
  return {
    ...{ shiftMinutes: shiftMs / 60_000, runMinutes: time.aptMs / 60_000, downMinutes: downMs / 60_000 },
    ...{ plannedStopMinutes: plannedMs / 60_000, noDataMinutes: time.noDataMs / 60_000 },
    availability: time.aptMs + downMs > 0 ? time.aptMs / (time.aptMs + downMs) : null,
    utilisation: shiftMs > 0 ? time.aptMs / shiftMs : null,
    unmannedMinutes: unmannedUs / 60_000_000,
  };
}
