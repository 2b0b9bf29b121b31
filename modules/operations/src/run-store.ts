import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import type { Run, RunResult } from '@deungdae/contracts/work-order.ts';
import { putOff } from '@deungdae/ledger/put-off.ts';
import type { Context, Db, Tx } from './context.ts';
import { operationsError } from './errors.ts';
import type { OperationsTables } from './schema.ts';

export type RunRow = OperationsTables['ops_runs'];
export type ResultRow = OperationsTables['ops_results'];
export type LabourRow = OperationsTables['ops_labour'];
type Reading = Pick<Db, 'selectFrom'>;

export async function findRun(db: Reading, id: string): Promise<RunRow> {
  const row = await db.selectFrom('ops_runs').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw operationsError('operations.unknownRun', {}, { status: 404 });
  return row;
}

/** Runs at a machine that are not finished, the one that goes on first. */
export async function openRuns(db: Reading, machine: string): Promise<RunRow[]> {
  const rows = await db
    .selectFrom('ops_runs')
    .selectAll()
    .where('machine', '=', machine)
    .where('status', '!=', 'finished')
    .orderBy('started_us', 'desc')
    .limit(100)
    .execute();
  return rows.sort((a, b) => Number(a.status === 'paused') - Number(b.status === 'paused'));
}

/**
 * The run meant by an entry: the named one, which must be at the machine, or what goes on there. Throws
 * `operations.noRun`, `operations.runElsewhere`.
 */
export async function runMeant(context: Context, db: Reading, machine: string, run?: string): Promise<RunRow> {
  if (run) {
    const named = await findRun(db, run);
    if (named.machine === machine) return named;
    throw operationsError('operations.runElsewhere', { machine: context.machineName(named.machine) }, { status: 409 });
  }
  const open = (await openRuns(db, machine))[0];
  if (!open) throw operationsError('operations.noRun', { machine: context.machineName(machine) }, { status: 409 });
  return open;
}

async function rowsOf<T extends keyof OperationsTables>(
  db: Reading,
  table: T,
  column: string,
  ids: readonly string[],
): Promise<OperationsTables[T][]> {
  const out: OperationsTables[T][] = [];
  for (let i = 0; i < ids.length; i += 500) {
    const rows = await (db as Db)
      .selectFrom(table as 'ops_runs')
      .selectAll()
      .where(column as 'id', 'in', ids.slice(i, i + 500))
      .execute();
    out.push(...(rows as unknown as OperationsTables[T][]));
  }
  return out;
}

function grouped<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const row of rows) {
    const known = map.get(key(row));
    if (known) known.push(row);
    else map.set(key(row), [row]);
  }
  return map;
}

/** Runs as the API shows them, in the order given. */
export async function showRuns(context: Context, db: Reading, runs: readonly RunRow[]): Promise<Run[]> {
  const ids = runs.map((r) => r.id);
  const [orders, steps, ofDefects, ofInputs, ofOutputs, ofLabour, blocks] = await Promise.all([
    rowsOf(db, 'ops_orders', 'id', [...new Set(runs.map((r) => r.order_id))]),
    rowsOf(db, 'ops_steps', 'id', [...new Set(runs.map((r) => r.step_id))]),
    rowsOf(db, 'ops_defects', 'run_id', ids),
    rowsOf(db, 'ops_inputs', 'run_id', ids),
    rowsOf(db, 'ops_outputs', 'run_id', ids),
    rowsOf(db, 'ops_labour', 'run_id', ids),
    blocksOf(context, runs),
  ]);
  const defects = grouped(ofDefects, (d) => d.run_id);
  const inputs = grouped(ofInputs, (d) => d.run_id);
  const outputs = grouped(ofOutputs, (d) => d.run_id);
  const labour = grouped(ofLabour, (d) => d.run_id ?? '');
  const order = new Map(orders.map((o) => [o.id, o]));
  const step = new Map(steps.map((s) => [s.id, s]));
  const shown: Run[] = [];
  for (const r of runs) {
    const o = order.get(r.order_id)!;
    const workers = workersOf(labour.get(r.id) ?? [], r);
    const block = blocks.get(r.id);
    shown.push({
      ...{ id: r.id, workOrder: r.order_id, workOrderNumber: o.number, step: r.step_id, item: o.item },
      ...{ operation: step.get(r.step_id)?.number ?? 0, machine: r.machine, tool: r.tool },
      ...{ operators: workers.map((w) => w.name), workers, status: r.status as Run['status'] },
      ...{ startedAt: r.started_us, productionStartedAt: r.production_us, endedAt: r.ended_us },
      counted: r.has_count ? { good: r.counted_good, scrap: r.counted_scrap, total: r.counted_total } : null,
      ...{ countedTo: r.counted_to, good: fromMillionths(r.good), scrap: fromMillionths(r.scrap) },
      ...{ rework: fromMillionths(r.rework), defects: sumDefects(defects.get(r.id) ?? []) },
      outputLots: (outputs.get(r.id) ?? []).map((l) => l.lot),
      inputLots: [...new Set((inputs.get(r.id) ?? []).map((l) => l.lot))],
      blocked: block ? [{ code: block.code, text: block.ko }] : [],
    });
  }
  return shown;
}

/** Why runs that go on may not count on, by run. */
async function blocksOf(context: Context, runs: readonly RunRow[]) {
  const open = runs.filter((r) => r.status !== 'finished');
  const blocks = await Promise.all(open.map(async (r) => [r.id, await context.deps.quality.runBlock(r.id)] as const));
  return new Map(blocks);
}

/** Who is at a run now, or was when it ended. */
function workersOf(labour: readonly LabourRow[], run: RunRow): Run['workers'] {
  const there = labour.filter((l) => l.to_us === null || (run.ended_us !== null && l.to_us >= run.ended_us));
  return there.map((l) => ({ person: l.person, name: l.name, since: l.from_us }));
}

function sumDefects(rows: readonly OperationsTables['ops_defects'][]): Run['defects'] {
  const sums = new Map<string, Run['defects'][number]>();
  for (const d of rows) {
    const key = `${d.reason} ${d.cavity ?? ''}`;
    const known = sums.get(key);
    if (known) known.quantity += fromMillionths(d.quantity);
    else
      sums.set(key, {
        ...{ reason: d.reason, quantity: fromMillionths(d.quantity) },
        ...(d.cavity === null ? {} : { cavity: d.cavity }),
      });
  }
  return [...sums.values()].filter((d) => d.quantity !== 0);
}

export async function showResults(db: Reading, rows: readonly ResultRow[]): Promise<RunResult[]> {
  const orders = await rowsOf(db, 'ops_orders', 'id', [...new Set(rows.map((r) => r.order_id))]);
  const runs = await rowsOf(db, 'ops_runs', 'id', [...new Set(rows.map((r) => r.run_id))]);
  const steps = await rowsOf(db, 'ops_steps', 'id', [...new Set(runs.map((r) => r.step_id))]);
  const found = await rowsOf(
    db,
    'ops_defects',
    'result_id',
    rows.map((r) => r.id),
  );
  const defects = grouped(found, (d) => d.result_id);
  return rows.map((r) => {
    const order = orders.find((o) => o.id === r.order_id)!;
    const run = runs.find((x) => x.id === r.run_id);
    return {
      ...{ id: r.id, run: r.run_id, workOrder: r.order_id, workOrderNumber: order.number, item: order.item },
      ...{ operation: steps.find((s) => s.id === run?.step_id)?.number ?? 0, machine: r.machine },
      ...{ time: r.time_us, recordedAt: r.recorded_us, clientTime: r.client_us },
      ...{ good: fromMillionths(r.good), scrap: fromMillionths(r.scrap), rework: fromMillionths(r.rework) },
      defects: sumDefectsOf(defects.get(r.id) ?? []),
      counted: r.counted ? (JSON.parse(r.counted) as RunResult['counted']) : null,
      ...{ corrects: r.corrects, reason: r.reason, note: r.note, by: r.by_whom, lot: r.lot, lotNumber: r.lot_number },
    };
  });
}

function sumDefectsOf(rows: readonly OperationsTables['ops_defects'][]): RunResult['defects'] {
  return [...rows]
    .sort((a, b) => a.position - b.position)
    .map((d) => ({
      ...{ reason: d.reason, quantity: fromMillionths(d.quantity) },
      ...(d.cavity === null ? {} : { cavity: d.cavity }),
      ...(d.picture === null ? {} : { picture: d.picture }),
    }));
}

export async function patchRun(tx: Tx, run: RunRow, patch: Partial<RunRow>): Promise<void> {
  Object.assign(run, patch);
  await putOff(tx.db, tx.db.updateTable('ops_runs').set(patch).where('id', '=', run.id));
}

/** Runs of one answer; a machine starts some ten a day. */
const mostSpans = 20_000;

/** Stretches in which an order was loaded, joined where they touch; null when the machine never had a run before `to`. */
export async function orderLoaded(
  context: Context,
  machine: string,
  from: number,
  to: number,
): Promise<{ from: number; to: number }[] | null> {
  const runs = await context
    .read()
    .selectFrom('ops_runs')
    .select(['started_us', 'ended_us'])
    .where('machine', '=', machine)
    .where('started_us', '<', to)
    .where((e) => e.or([e('ended_us', 'is', null), e('ended_us', '>', from)]))
    .orderBy('started_us')
    .limit(mostSpans)
    .execute();
  if (runs.length === 0) {
    const ever = await context
      .read()
      .selectFrom('ops_runs')
      .select('id')
      .where('machine', '=', machine)
      .where('started_us', '<', to)
      .limit(1)
      .executeTakeFirst();
    return ever ? [] : null;
  }
  const spans: { from: number; to: number }[] = [];
  for (const run of runs) {
    const span = { from: Math.max(run.started_us, from), to: Math.min(run.ended_us ?? to, to) };
    const last = spans.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else if (span.to > span.from) spans.push(span);
  }
  return spans;
}
