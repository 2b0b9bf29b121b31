import { createHash } from 'node:crypto';
import { toMillionths } from '@deungdae/contracts/quantity.ts';
import type { Defect } from '@deungdae/contracts/work-order.ts';
import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';
import type {
  ImportColumn,
  ImportContext,
  ImportCounts,
  ImportRow,
  ImportTarget,
} from '@deungdae/masterdata/module.ts';
import { type Context, list, lockMachine, type Tx } from './context.ts';
import { assertOpen } from './day-lock.ts';
import { operationsError } from './errors.ts';
import { column, importer, judged } from './imports.ts';
import {
  findOrder,
  lockOrder,
  type OrderRow,
  type OrderRows,
  patchOrder,
  patchStep,
  type StepRow,
  sumOrder,
} from './order-store.ts';
import { expectStatus } from './orders.ts';
import type { ResultRow, RunRow } from './run-store.ts';
import { type ShiftOf, shiftsOfDay } from './shifts.ts';

/** Defects that shift reports count in columns of their own: reason code, Korean, English, names in files. */
const defectNames: readonly [string, string, string, string[]][] = [
  ['blackSpot', '흑점', 'Black spot', ['itemBlackSpot']],
  ['oilDeposit', '기름 묻음', 'Oil deposit', ['itemOilDeposit', '기름']],
  ['scratch', '긁힘', 'Scratch', ['itemScratch', '스크래치']],
  ['crack', '크랙', 'Crack', ['itemCrack', '균열']],
  ['sinkMark', '수축', 'Sink mark', ['itemSinkMark', '싱크']],
  ['short', '미성형', 'Short shot', ['itemShort', '쇼트']],
  ['burst', '버', 'Burr', ['itemBurst', 'burr']],
  ['bend', '휨', 'Bend', ['itemBend', '변형']],
  ['stain', '얼룩', 'Stain', ['itemStain']],
  ['gas', '가스', 'Gas mark', ['GAS']],
  ['silver', '은조', 'Silver streak', ['실버']],
  ['dent', '찍힘', 'Dent', []],
  ['weld', '웰드', 'Weld line', []],
  ['broken', '파손', 'Broken', []],
  ['other', '기타 불량', 'Other', ['otherNG', '기타']],
];

const columns: ImportColumn[] = [
  column('day', '생산일자', 'Day', 'day', ['일자', 'recordDate', 'date'], { required: true }),
  column('shift', '근무', 'Shift', 'text', ['주/야간', '교대', 'workingShift'], { required: true }),
  column('machine', '설비', 'Machine', 'text', ['설비/LINE', '호기', 'machineNo', 'machineCode'], { required: true }),
  column('order', '작업지시', 'Work order', 'code', ['작업지시번호', 'poNote', 'poNo']),
  column('item', '품목', 'Item', 'code', ['품번', 'itemCode'], { refers: 'item' }),
  column('tool', '금형', 'Mould', 'code', ['금형번호', 'moldNo'], { refers: 'tool' }),
  column('shots', '샷수', 'Shots', 'number', ['타수', 'moldShot']),
  column('cavities', '캐비티', 'Cavities', 'number', ['moldCavity', 'cavity']),
  column('total', '생산수량', 'Produced', 'number', ['총수량', 'itemTotalQuantity']),
  column('good', '양품', 'Good', 'number', ['양품수량', 'itemGoodQuantity']),
  column('material', '원료', 'Material', 'text', ['plasticResineCode', '원료코드']),
  column('lot', '원료 로트', 'Material lot', 'text', ['plasticResineLot', '원료LOT']),
  ...defectNames.map(([id, ko, en, aliases]) => column(`defect.${id}`, ko, en, 'number', aliases)),
];

/**
 * Shift reports (작업일보) from Excel: each row is a finished run of its shift with its result. What is dirty in a row is
 * reported and what can be kept is kept: an unknown mould or item is a warning, an unknown order an error. The same file
 * twice changes nothing; another figure for the same order, machine and shift replaces the former.
 */
export function shiftResultTarget(context: Context): ImportTarget {
  return {
    id: 'shiftResult',
    title: { ko: '근무별 실적', en: 'Shift results' },
    help: { ko: '설비·근무·작업지시별 생산 실적 한 줄', en: 'What one machine made of one order in one shift' },
    columns,
    begin: (about) => {
      const counts: ImportCounts = { added: 0, changed: 0, same: 0 };
      const seen = new Map<string, number>();
      return {
        async rows(rows) {
          for (const row of rows) await judged(about, row, () => takeRow(context, about, row, counts, seen));
        },
        end: async () => counts,
      };
    },
  };
}

type Values = Record<string, string | number | undefined>;

async function takeRow(
  context: Context,
  about: ImportContext,
  row: ImportRow,
  counts: ImportCounts,
  /** Rows of this file by what they tell of. */
  seen: Map<string, number>,
): Promise<void> {
  const v = row.values as Values;
  const warn = (code: string, params: Record<string, string | number>, columnId: string | null = null) =>
    about.report({ row: row.row, column: columnId, code, params, severity: 'warning' });
  const machine = machineNamed(context, String(v.machine));
  const shift = shiftOf(machine, String(v.day), String(v.shift), context);
  if (v.order === undefined && v.item === undefined) return warn('operations.importIdle', { row: row.row });
  const number = String(v.order ?? '');
  const db = about.tx ? (about.tx as Tx).db : context.read();
  const order = await findOrder(db, number);
  if (!order) throw operationsError('operations.unknownOrder', { order: number }, { status: 404 });
  await checkMasters(context, about, v, order, warn);
  const defects = defectsOf(v);
  const scrap = defects.reduce((sum, d) => sum + d.quantity, 0);
  const total = Number(v.total ?? Number(v.good ?? 0) + scrap);
  const good = Number(v.good ?? total - scrap);
  if (!(good >= 0)) throw operationsError('operations.badQuantity', { most: 999_999_999 }, { status: 400 });
  if (total !== good + scrap) warn('operations.importSum', { row: row.row, total, sum: good + scrap }, 'total');
  if (v.shots !== undefined && v.cavities !== undefined && Number(v.shots) * Number(v.cavities) !== total)
    warn('operations.importShots', { row: row.row, shots: Number(v.shots) * Number(v.cavities), total }, 'shots');
  const given = { good, scrap, defects, tool: v.tool === undefined ? null : String(v.tool) };
  const key = [machine.path, shift.day, shift.id, order.id, given.tool ?? ''].join('|');
  const twin = seen.get(key);
  if (twin !== undefined)
    throw operationsError('operations.importTwice', { row: row.row, first: twin }, { status: 409 });
  seen.set(key, row.row);
  const id = `imp-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
  const known = await db.selectFrom('ops_runs').selectAll().where('id', '=', id).executeTakeFirst();
  if (known && known.good === toMillionths(good) && known.scrap === toMillionths(scrap)) {
    counts.same++;
    return;
  }
  expectStatus(order, ['planned', 'released', 'running', 'held', 'finished']);
  if (known) counts.changed++;
  else counts.added++;
  if (!about.tx) return;
  await lockMachine(about.tx as Tx, machine.path);
  await assertOpen(context, about.tx as Tx, machine.path, shift.to - 1);
  const rows = await lockOrder(about.tx as Tx, order.id);
  await keepRun(about.tx as Tx, about, { id, known: known ?? null, machine, shift, rows, given });
}

function machineNamed(context: Context, name: string): EquipmentModel {
  const wanted = name.trim().toLowerCase();
  const fits = (m: EquipmentModel) => {
    const names = typeof m.name === 'string' ? [m.name] : Object.values(m.name);
    return [m.path, m.path.split('/').at(-1)!, ...names].some((n) => n.toLowerCase() === wanted);
  };
  const found = [...context.deps.plant().equipment.values()].find(fits);
  if (!found) throw operationsError('operations.unknownMachine', { machine: name }, { status: 404 });
  return found;
}

/** A shift by its id, its name, or its number in the day. */
function shiftOf(machine: EquipmentModel, day: string, shift: string, context: Context): ShiftOf {
  const all = shiftsOfDay(machine, day);
  const wanted = shift.trim().toLowerCase();
  const named = (s: ShiftOf) => (typeof s.name === 'string' ? [s.name] : Object.values(s.name));
  const found = all.find((s) => s.id === wanted || named(s).some((n) => n.toLowerCase() === wanted));
  const byNumber = /^\d+$/.test(wanted) ? all[Number(wanted) - 1] : undefined;
  const chosen = found ?? byNumber;
  if (chosen) return chosen;
  const words = { machine: context.machineName(machine.path), day, shift };
  throw operationsError('operations.unknownShift', words, { status: 404 });
}

async function checkMasters(
  context: Context,
  about: ImportContext,
  v: Values,
  order: OrderRow,
  warn: (code: string, params: Record<string, string | number>, column: string | null) => void,
): Promise<void> {
  const { masterdata } = context.deps;
  for (const [kind, key] of [
    ['tool', 'tool'],
    ['item', 'item'],
  ] as const) {
    const code = v[key];
    if (code === undefined || (await masterdata.find(kind, String(code), about.nowUs, about.tx ?? undefined))) continue;
    const nearest = await masterdata.nearestCode(kind, String(code));
    warn('operations.importUnknown', { kind, code: String(code), nearest: nearest ?? '–' }, key);
  }
  if (v.item !== undefined && String(v.item) !== order.item)
    warn('operations.importOtherItem', { order: order.number, item: order.item, given: String(v.item) }, 'item');
}

function defectsOf(v: Values): Defect[] {
  return defectNames.flatMap(([reason]) => {
    const quantity = Number(v[`defect.${reason}`] ?? 0);
    return quantity > 0 ? [{ reason, quantity }] : [];
  });
}

interface Kept {
  id: string;
  known: RunRow | null;
  machine: EquipmentModel;
  shift: ShiftOf;
  rows: OrderRows;
  given: { good: number; scrap: number; defects: readonly Defect[]; tool: string | null };
}

/** The run and its one result; a changed row takes the former figures back first. */
async function keepRun(tx: Tx, about: ImportContext, kept: Kept): Promise<void> {
  const { id, known, machine, shift, rows, given } = kept;
  const step = stepFor(rows, machine.path);
  const [good, scrap] = [toMillionths(given.good), toMillionths(given.scrap)];
  const run: RunRow = {
    ...{ id, order_id: rows.order.id, step_id: step.id, machine: machine.path, tool: given.tool, status: 'finished' },
    ...{ started_us: shift.from, production_us: shift.from, ended_us: shift.to, ended_by: 'import' },
    ...{ counted_to: shift.to, counted_good: 0, counted_scrap: 0, counted_total: 0, has_count: 0 },
    ...{ good, scrap, rework: 0, output_lot: null, note: about.source },
  };
  if (known) {
    await tx.db.deleteFrom('ops_defects').where('run_id', '=', id).execute();
    await tx.db.deleteFrom('ops_results').where('run_id', '=', id).execute();
    await tx.db.updateTable('ops_runs').set(run).where('id', '=', id).execute();
  } else await tx.db.insertInto('ops_runs').values(run).execute();
  const result: ResultRow = {
    ...{ id: `${id}-r`, run_id: id, order_id: rows.order.id, machine: machine.path, time_us: shift.to - 1 },
    ...{ recorded_us: about.nowUs, client_us: null, good, scrap, rework: 0, counted: null, corrects: null },
    ...{ corrected_by: null, reason: null, note: about.source, by_whom: 'import', lot: null, lot_number: null },
  };
  await tx.db.insertInto('ops_results').values(result).execute();
  const defects = given.defects.map((d, position) => ({
    ...{ result_id: result.id, position, run_id: id, reason: d.reason, quantity: toMillionths(d.quantity) },
    ...{ cavity: null, picture: null },
  }));
  if (defects.length > 0) await tx.db.insertInto('ops_defects').values(defects).execute();
  await addToOrder(tx, rows, step, good - (known?.good ?? 0), scrap - (known?.scrap ?? 0), shift);
  await tx.emit({
    type: known ? 'run.importChanged' : 'run.imported',
    subject: `run/${id}`,
    actor: importer(about.actor).actor,
    data: { order: rows.order.number, machine: machine.path, good: given.good, scrap: given.scrap, from: about.source },
    time: about.nowUs,
  });
}

/** The step that this machine does; the first where none names it. */
function stepFor({ order, steps }: OrderRows, machine: string): StepRow {
  const step = steps.find((s) => list(s.machines).includes(machine)) ?? steps[0];
  if (!step) throw operationsError('operations.noRouting', { item: order.item }, { status: 409 });
  return step;
}

async function addToOrder(
  tx: Tx,
  rows: OrderRows,
  step: StepRow,
  good: number,
  scrap: number,
  shift: ShiftOf,
): Promise<void> {
  const { order } = rows;
  await patchStep(tx, step, { good: step.good + good, scrap: step.scrap + scrap });
  await sumOrder(tx, rows);
  const patch: Partial<OrderRow> = { started_us: Math.min(order.started_us ?? shift.from, shift.from) };
  if (order.status === 'released') patch.status = 'running';
  if (order.good >= order.quantity && (order.status !== 'finished' || (order.finished_us ?? 0) > shift.to)) {
    patch.status = 'finished';
    patch.finished_us = shift.to;
    await patchStep(tx, step, { status: 'finished' });
  }
  await patchOrder(tx, order, patch);
}
