import assert from 'node:assert/strict';
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { MasterKind } from '@deungdae/contracts/master.ts';
import { Calendar } from '@deungdae/contracts/plant.ts';
import type { EquipmentModel, PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import type { ImportProblem, ImportTarget } from '@deungdae/masterdata/module.ts';
import { type Cell, WallTime } from '@deungdae/tabular/cell.ts';
import { openTable } from '@deungdae/tabular/open-table.ts';
import { Context } from '../src/context.ts';
import { shiftResultTarget } from '../src/import-results.ts';
import { salesOrderTarget, workOrderTarget } from '../src/imports.ts';
import { productionSummary } from '../src/summary.ts';
import { client, leader, openFloor } from './fixtures.ts';

const shared = process.env.DEUNGDAE_SHARED_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const folder = join(shared, 'optimoldiq');
const absent = existsSync(folder) ? false : `no shared data at ${folder}`;

type Row = Record<string, string | number>;

/** Rows of the first sheet by the names in its first row; dates as days. */
async function rowsOf(...path: string[]): Promise<{ row: number; values: Row }[]> {
  const file = join(folder, ...path);
  const table = await openTable(file, path.at(-1)!);
  const out: { row: number; values: Row }[] = [];
  let names: string[] | null = null;
  for await (const chunk of table.rows(0))
    for (const { row, cells } of chunk) {
      if (!names) {
        names = cells.map((c) => String(c ?? ''));
        continue;
      }
      const values: Row = {};
      cells.forEach((cell, i) => {
        const value = plain(cell);
        if (value !== null && value !== '') values[names![i]!] = value;
      });
      if (Object.keys(values).length > 0) out.push({ row, values });
    }
  await table.close();
  return out;
}

function plain(cell: Cell): string | number | null {
  if (cell instanceof WallTime) return new Date(cell.ms).toISOString().slice(0, 10);
  if (typeof cell === 'string') return cell.trim();
  return typeof cell === 'number' ? cell : null;
}

/** A number that Excel keeps as days since 1899-12-30, where its format does not say that it is one. */
function asDay(value: string | number | undefined): string | undefined {
  if (typeof value !== 'number') return value;
  return new Date((value - 25_569) * 86_400_000).toISOString().slice(0, 10);
}

/** Columns of a target by the names that this plant's files have: the target's own aliases must know them all. */
function mapped(target: ImportTarget, rows: readonly { row: number; values: Row }[]) {
  const byAlias = new Map(
    target.columns.flatMap((c) => [c.id, ...c.aliases].map((a) => [a.toLowerCase(), c] as const)),
  );
  return rows.map(({ row, values }) => {
    const out: Row = {};
    for (const [name, value] of Object.entries(values)) {
      const column = byAlias.get(name.toLowerCase());
      if (!column) continue;
      const given = column.type === 'day' ? asDay(value) : column.type === 'number' ? Number(value) : String(value);
      if (given !== undefined && !(column.id in out)) out[column.id] = given;
    }
    return { row, values: out };
  });
}

function plantOf(machines: readonly Row[]): PlantModel {
  const calendar = Calendar.parse({
    id: 'three',
    shifts: [
      ['1', '06:00', '14:00'],
      ['2', '14:00', '22:00'],
      ['3', '22:00', '06:00'],
    ].map(([id, start, end]) => ({ id, start, end, days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] })),
  });
  const equipment = machines.map((m): [string, EquipmentModel] => {
    const path = `optimold/plant/molding/${String(m.machineCode).toLowerCase()}`;
    return [
      path,
      {
        ...{ path, name: String(m.machineNo), area: 'optimold/plant/molding', line: null, site: 'optimold/plant' },
        ...{ timeZone: 'Asia/Ho_Chi_Minh', oeeTarget: null, calendar, signals: [], counters: [] },
        ...{ cycleTimes: new Map(), state: { rules: [], otherwise: 'idle' as const, decisive: [] } },
        ...{ productSignal: null, minorStopBelowMs: 300_000 },
      },
    ];
  });
  return {
    ...{ plant: { sites: [{ id: 'plant', timeZone: 'Asia/Ho_Chi_Minh' }], downtimeReasons: [] } },
    equipment: new Map(equipment),
  } as unknown as PlantModel;
}

const defects = ['blackSpot', 'oilDeposit', 'scratch', 'crack', 'sinkMark', 'short', 'burst', 'bend', 'stain', 'other'];

/** The plant's own master data files as records. */
async function masterRecords(plant: PlantModel) {
  const items = (await rowsOf('staticDatabase', 'itemInfo.xlsx')).map((r) => r.values);
  const moulds = (await rowsOf('staticDatabase', 'moldInfo.xlsx')).map((r) => r.values).filter((m) => m.moldNo);
  const spec = (await rowsOf('staticDatabase', 'moldSpecificationSummary.xlsx'))
    .map((r) => r.values)
    .filter((s) => s.itemCode);
  assert.deepEqual([plant.equipment.size, moulds.length, items.length, spec.length], [11, 66, 115, 116]);
  const mouldsOf = (item: string) =>
    spec
      .filter((s) => String(s.itemCode) === item)
      .flatMap((s) =>
        String(s.moldList ?? '')
          .split(/[/,;]/)
          .map((m) => m.trim())
          .filter(Boolean),
      );
  const records: { kind: MasterKind; code: string; data: unknown }[] = [
    { kind: 'workCentre', code: 'MOLDING', data: { name: 'Molding', machines: [...plant.equipment.keys()] } },
    ...defects.map((code) => ({ kind: 'reason' as const, code, data: { name: code, tree: 'defect' } })),
    ...moulds.map((m) => ({
      ...{ kind: 'tool' as const, code: String(m.moldNo) },
      data: {
        name: String(m.moldName),
        kind: 'mould',
        cavities: Number(m.moldCavityStandard),
        cycleSeconds: Number(m.moldSettingCycle),
      },
    })),
    ...items.map((i) => ({
      kind: 'item' as const,
      code: String(i.itemCode),
      data: { name: String(i.itemName), kind: 'product' },
    })),
    ...items.map((i) => ({
      ...{ kind: 'routing' as const, code: String(i.itemCode) },
      data: {
        item: String(i.itemCode),
        operations: [{ number: 10, name: 'Molding', workCentre: 'MOLDING', tools: mouldsOf(String(i.itemCode)) }],
      },
    })),
  ];
  return records;
}

test('three months of a moulding plant replayed as work orders and results (shared data: optimoldiq)', {
  skip: absent,
}, async (t) => {
  const floor = await openFloor();
  t.after(floor.end);
  const machines = (await rowsOf('staticDatabase', 'machineInfo.xlsx')).map((r) => r.values).filter((m) => m.machineNo);
  const plant = plantOf(machines);
  const zone = 'Asia/Ho_Chi_Minh';
  const { ledger, masterdata, clock } = floor;
  const context = new Context({
    ...{ ledger, masterdata, clock, people: floor.people, inventory: floor.inventory, quality: floor.quality },
    ...{ equipment: floor.equipment, plant: () => plant },
  });

  const records = await masterRecords(plant);
  const actor = { kind: 'system', id: 'test' } as const;
  await masterdata.put(records, actor);

  const take = async (target: ImportTarget, rows: readonly { row: number; values: Row }[], fileName: string) => {
    const problems: ImportProblem[] = [];
    const counts = await ledger.transaction(async (db, emit) => {
      const run = await target.begin({
        ...{
          tx: { db, emit } as LedgerTx,
          actor,
          nowUs: clock.nowUs(),
          timeZone: zone,
          source: `import/${fileName}`,
          fileName,
        },
        report: (p) => problems.push(p),
      });
      const all = mapped(target, rows);
      for (let i = 0; i < all.length; i += 500) await run.rows(all.slice(i, i + 500));
      return run.end();
    });
    return { counts, problems };
  };

  const orderFiles = readdirSync(join(folder, 'dynamicDatabase/purchaseOrders_history')).sort();
  const unknown = new Set<string>();
  let orders = 0;
  let planned = 0;
  for (const name of orderFiles) {
    const rows = await rowsOf('dynamicDatabase/purchaseOrders_history', name);
    orders += rows.length;
    const sales = await take(salesOrderTarget(context), rows, name);
    for (const p of sales.problems) {
      assert.equal(p.severity, 'error');
      unknown.add(`item ${p.params?.code}`);
    }
    planned += (await take(workOrderTarget(context), rows, name)).counts.added;
  }
  assert.equal(orders, 190);
  assert.equal(planned, 189, 'all but the one whose item the master data do not have');

  let records3 = 0;
  const sums = { added: 0, idle: 0, sum: 0, shots: 0, otherItem: 0, errors: 0 };
  const reports = ['201811', '201812', '201901'].map((m) => `monthlyReports_${m}.xlsx`);
  for (const name of reports) {
    const rows = await rowsOf('dynamicDatabase/monthlyReports_history', name);
    records3 += rows.length;
    const { counts, problems } = await take(shiftResultTarget(context), rows, name);
    sums.added += counts.added;
    for (const p of problems) {
      if (p.code === 'operations.importIdle') sums.idle++;
      else if (p.code === 'operations.importSum') sums.sum++;
      else if (p.code === 'operations.importShots') sums.shots++;
      else if (p.code === 'operations.importOtherItem') sums.otherItem++;
      else if (p.code === 'operations.importUnknown') unknown.add(`${p.params?.kind} ${p.params?.code}`);
      else {
        sums.errors++;
        t.diagnostic(`row ${p.row} of ${name}: ${p.code} ${JSON.stringify(p.params)}`);
      }
    }
  }
  t.diagnostic(JSON.stringify(sums));
  assert.equal(records3, 2134);
  assert.deepEqual([...unknown].sort(), ['item 10242M', 'item 260501M1', 'tool PXNHC4-M-002']);
  assert.deepEqual([sums.idle, sums.added, sums.sum, sums.errors], [63, 2071, 0, 0]);

  const from = Date.UTC(2018, 9, 31) * 1000;
  const to = Date.UTC(2019, 1, 2) * 1000;
  const summary = await productionSummary(context, from, to);
  assert.equal(summary.good, 15_365_717);
  assert.equal(summary.good + summary.scrap, 15_836_332);
  assert.equal(summary.machines.length, 11);
  assert.ok(summary.oee! > 0.3 && summary.oee! < 1, String(summary.oee));
  assert.ok(Math.abs(summary.defects.reduce((s, d) => s + d.quantity, 0) - 470_615) < 1e-6);
  t.diagnostic(
    `OEE by mould setting cycle ${(summary.oee! * 100).toFixed(2)} %; ${summary.runsWithoutCycle} runs without a cycle`,
  );
  t.diagnostic(
    `scrap: ${summary.defects.map((d) => `${d.reason} ${d.quantity} (${(d.share * 100).toFixed(1)} %)`).join(', ')}`,
  );
  t.diagnostic(`due dates: ${JSON.stringify(summary.due)}`);
  const produced = new Set(
    (await context.read().selectFrom('ops_runs').select('order_id').execute()).map((r) => r.order_id),
  );
  assert.equal(produced.size, 180);

  // The same files again change nothing.
  const again = await take(
    shiftResultTarget(context),
    await rowsOf('dynamicDatabase/monthlyReports_history', reports[0]!),
    reports[0]!,
  );
  assert.deepEqual([again.counts.added, again.counts.changed], [0, 0]);
  assert.equal((await productionSummary(context, from, to)).good, 15_365_717);
});

test('the ordinary import knows the files: upload, look, preview, commit; the same again changes nothing (shared data: optimoldiq)', {
  skip: absent,
}, async (t) => {
  const machines = (await rowsOf('staticDatabase', 'machineInfo.xlsx')).map((r) => r.values).filter((m) => m.machineNo);
  const plant = plantOf(machines);
  const floor = await openFloor({ plant, timeZone: 'Asia/Ho_Chi_Minh' });
  t.after(floor.end);
  await floor.masterdata.put(await masterRecords(plant), { kind: 'system', id: 'test' });
  const office = client(floor.masterdata.handlers, leader);
  const importOf = async (target: string, ...path: string[]) => {
    const body = createReadStream(join(folder, ...path)) as unknown as AsyncIterable<Uint8Array>;
    const upload = floor.masterdata.handlers.uploadImport!;
    const { id } = await upload({ params: undefined, query: { name: path.at(-1)! }, body }, leader);
    const sheet = await office.importSheet({ params: { id }, query: { target } });
    const plan = { sheet: 0, header: sheet.header, target, mapping: sheet.mapping, withoutBadRows: true };
    const done = async () => {
      for (;;) {
        const job = await office.importJob({ params: { id } });
        if (job.state !== 'running') return job;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await office.previewImport({ params: { id }, body: plan });
    const preview = await done();
    await office.commitImport({ params: { id }, body: plan });
    const commit = await done();
    assert.equal(commit.state, 'done', JSON.stringify(commit.error));
    return { preview, commit };
  };
  const orders = ['dynamicDatabase', 'purchaseOrders_history', 'purchaseOrder_181020.xlsx'];
  const first = await importOf('workOrder', ...orders);
  assert.ok(first.preview.counts!.added > 0);
  assert.deepEqual(first.commit.counts, first.preview.counts);
  assert.deepEqual((await importOf('workOrder', ...orders)).commit.counts?.added, 0);
  await importOf('workOrder', 'dynamicDatabase', 'purchaseOrders_history', 'purchaseOrder_181101.xlsx');
  const reports = ['dynamicDatabase', 'monthlyReports_history', 'monthlyReports_201811.xlsx'];
  const results = await importOf('shiftResult', ...reports);
  assert.equal(results.commit.rows, 697);
  t.diagnostic(
    `${JSON.stringify(results.commit.counts)}, ${results.commit.errors} errors, ${results.commit.warnings} warnings`,
  );
  const again = await importOf('shiftResult', ...reports);
  assert.deepEqual([again.commit.counts?.added, again.commit.counts?.changed], [0, 0]);
});
