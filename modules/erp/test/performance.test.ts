import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { capOrder, client, type Floor, imm1, leader, openFloor, trim } from '../../operations/test/fixtures.ts';
import { readPerformance } from '../src/b2mml/actuals.ts';
import { materialOf } from '../src/b2mml/performance.ts';
import { listOf, textOf } from '../src/b2mml/values.ts';
import { type ErpModule, openErp } from '../src/module.ts';

type Node = Record<string, unknown>;
const shared = process.env.DEUNGDAE_SHARED_DATA ?? join(import.meta.dirname, '../../../../shared/data');
const schemaFile = join(shared, 'b2mml', 'AllSchemas.json');
const absent = existsSync(schemaFile) ? false : 'shared data b2mml is absent';
if (absent) console.log(`# skipped: ${absent}`);

describe('what a work order used and made, as B2MML', () => {
  let floor: Floor;
  let erp: ErpModule;
  let document: Record<string, unknown>;
  let resin: { number: string };
  let insert: { number: string };
  let number = '';
  const performance = async () => {
    const api = client(erp.handlers, leader);
    return (await api.b2mmlPerformance({ params: { number } })) as Record<string, unknown>;
  };
  const segments = () => {
    const response = listOf(listOf(document.OperationsPerformance)[0]!.OperationsResponse)[0]!;
    return listOf(response.SegmentResponse);
  };
  const runsOf = (step: string) =>
    listOf(segments().find((s) => textOf(s.ID) === `${number}/${step}`)!.SegmentResponseChild);
  const lines = (run: Node) =>
    listOf(run.MaterialActual).map((m) => [
      textOf(m.MaterialUse),
      textOf((m.MaterialDefinitionID as unknown[])[0]),
      m.MaterialLotID ? textOf((m.MaterialLotID as unknown[])[0]) : null,
      Number(textOf(listOf(m.Quantity)[0]!.QuantityString)),
      textOf(listOf(m.Quantity)[0]!.UnitOfMeasure),
    ]);

  before(async () => {
    floor = await openFloor();
    erp = openErp({ ...floor, log: silentLogger, dataDir: '/nonexistent', timeZone: () => 'Asia/Seoul' });
    resin = await floor.receive('RESIN', 50);
    insert = await floor.receive('INSERT', 500);
    number = (await capOrder(floor)).number;
    await floor.kiosk(imm1, 'start', { order: number, tool: 'M-1' });
    await floor.clock.advance(3_600_000);
    await floor.kiosk(imm1, 'confirm', { good: 90, scrap: 10 });
    await floor.kiosk(imm1, 'finish');
    await floor.kiosk(trim, 'start', { order: number });
    await floor.kiosk(trim, 'useLot', { lot: insert.number });
    await floor.clock.advance(1_800_000);
    await floor.kiosk(trim, 'confirm', { good: 60 });
    document = await performance();
  });
  after(async () => {
    await erp.close();
    await floor.end();
  });

  test('each run tells its times, machine, tool, people, and the lots that went in', () => {
    const [moulding] = runsOf('10');
    assert.deepEqual(lines(moulding!), [['Consumed', 'RESIN', resin.number, 1, 'kg']]);
    const from = Date.parse(textOf(moulding!.ActualStartTime)!);
    assert.equal(Date.parse(textOf(moulding!.ActualEndTime)!) - from, 3_600_000);
    assert.equal(textOf(moulding!.SegmentState), 'Completed');
    const equipment = listOf(moulding!.EquipmentActual).map((e) => textOf((e.EquipmentID as unknown[])[0]));
    assert.deepEqual(equipment, [imm1, 'M-1']);
    assert.equal(listOf(moulding!.PersonnelActual).length, 1);
    const [trimming] = runsOf('20');
    assert.deepEqual(lines(trimming!)[0], ['Consumed', 'INSERT', insert.number, 60, '{pcs}']);
    assert.equal(trimming!.ActualEndTime, undefined, 'it still runs');
  });

  test('the totals stay, and are what a reader takes', () => {
    const total = readPerformance(document);
    assert.deepEqual(total, { number, good: 0, scrap: 10 });
  });

  test('the lot that came out, and the end of the order', async () => {
    await floor.kiosk(trim, 'confirm', { good: 30 });
    await floor.kiosk(trim, 'finish');
    await floor.kiosk(trim, 'start', { order: number, operation: 30 });
    const made = await floor.kiosk(trim, 'confirm', { good: 90 });
    await floor.kiosk(trim, 'finish');
    document = await performance();
    const [washing] = runsOf('30');
    const lot = (await floor.inventory.lot(made.lot!))!;
    assert.ok(
      lines(washing!).some((l) => l[0] === 'Produced' && l[1] === 'CAP' && l[2] === lot.number && l[3] === 90),
      JSON.stringify(lines(washing!)),
    );
    const used = runsOf('20')
      .flatMap(lines)
      .filter((l) => l[0] === 'Consumed');
    assert.equal(
      used.reduce((sum, l) => sum + Number(l[3]), 0),
      90,
      'one insert each',
    );
  });

  test('what goes out is valid B2MML V7 (shared data: b2mml)', { skip: absent }, async () => {
    const ajv = new Ajv2020({ strict: false, unicodeRegExp: false });
    (addFormats as unknown as (a: Ajv2020) => void)(ajv);
    const valid = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
    const api = client(erp.handlers, leader);
    await capOrder(floor, 12);
    const schedule = await api.b2mmlSchedule({ query: {} as never });
    const lots = await api.b2mmlLots({ query: { item: 'RESIN' } as never });
    for (const sent of [document, schedule, lots])
      assert.ok(valid(sent), `${Object.keys(sent)}: ${JSON.stringify(valid.errors?.slice(0, 3))}`);
    const broken = structuredClone(document) as never as { OperationsPerformance: { OperationsResponse: Node[] } };
    broken.OperationsPerformance.OperationsResponse[0]!.SegmentResponse = [{ MaterialActual: [] }];
    assert.ok(!valid(broken), 'the schema does refuse');
  });
});

test('what comes back, or was never made, is not told', () => {
  const move = (kind: string, from: string, to: string, quantity: number, more: object = {}) =>
    ({
      id: `${kind}${quantity}`,
      kind,
      from,
      to,
      quantity,
      time: 1,
      item: 'X',
      lotNumber: 'L',
      reason: null,
      ...more,
    }) as never;
  assert.deepEqual(
    materialOf([
      move('consume', 'RAW', '@production', 10),
      move('return', '@production', 'RAW', 2.5),
      move('produce', '@production', 'FG', 100, { item: 'Y', lotNumber: 'M' }),
      move('adjust', 'FG', '@adjustment', 4, { item: 'Y', lotNumber: 'M', reason: 'correction' }),
      move('adjust', 'FG', '@adjustment', 1, { item: 'Y', lotNumber: 'M', reason: 'count' }),
      move('consume', 'RAW', '@production', 3, { item: 'Z', lotNumber: 'N' }),
      move('return', '@production', 'RAW', 3.0, { id: 'r3', item: 'Z', lotNumber: 'N' }),
    ]).map((l) => [l.use, l.item, l.lot, l.quantity]),
    [
      ['Consumed', 'X', 'L', 7.5],
      ['Produced', 'Y', 'M', 96],
    ],
  );
});
