import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Caller } from '@deungdae/contracts/api.ts';
import { EpcisQuery } from '@deungdae/contracts/api-trace.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import { type MasterKind, masterKinds } from '@deungdae/contracts/master.ts';
import { toMillionths as n } from '@deungdae/contracts/quantity.ts';
import type { Run } from '@deungdae/contracts/work-order.ts';
import type { Bucket } from '@deungdae/history/history.ts';
import { inventoryMigrations, openInventory } from '@deungdae/inventory/module.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { onceMigrations } from '@deungdae/ledger/once.ts';
import { openTestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { openTraceability, traceMigrations } from '../src/module.ts';

const caller: Caller = { userId: 'kim', name: 'kim', role: 'engineer', language: 'ko', via: 'session' };
const actor: Actor = { kind: 'person', id: 'kim' };
const records: Partial<Record<MasterKind, Record<string, unknown>>> = {
  item: {
    RESIN: { name: '수지', kind: 'rawMaterial', unit: 'kg' },
    CAP: { name: '캡', kind: 'product', gtin: '08801234567893' },
    PUMP: { name: '펌프', kind: 'product', tracking: 'serial', gtin: '08801234567909' },
  },
  location: { RAW: { name: '원자재', kind: 'raw' }, FG: { name: '완제품', kind: 'finished' } },
  partner: {
    HMC: { name: '현대', roles: ['customer'], gln: '8801234000009' },
    LOTTE: { name: '롯데', roles: ['supplier'] },
  },
};
const all = Object.entries(records).flatMap(([kind, byCode]) =>
  Object.entries(byCode!).map(([code, data]) => ({
    kind,
    code,
    revision: 'A',
    data: masterKinds[kind as MasterKind].parse(data),
  })),
);
const masterdata = {
  find: async (kind: string, code: string) => all.find((r) => r.kind === kind && r.code === code) ?? null,
  need: async (kind: string, code: string) => {
    const found = all.find((r) => r.kind === kind && r.code === code);
    if (!found) throw new CodedError('masterdata.unknown', { kind, code });
    return found;
  },
  list: async (kind: string) => all.filter((r) => r.kind === kind),
} as never;
const signal = (id: number, name: string, unit: string) => ({
  id,
  name,
  path: `m/${name}`,
  label: { ko: name, en: name },
  kind: 'number',
  unit,
});
const plant = {
  plant: { sites: [{ id: 'g', timeZone: 'Asia/Seoul' }], enterprise: { id: 'h' } },
  nodes: [{ path: 'hanbit/gimcheon', level: 'site' }],
  equipment: new Map([
    [
      'm',
      {
        path: 'm',
        timeZone: 'Asia/Seoul',
        name: { ko: '사출 3호기', en: 'IMM 3' },
        signals: [signal(1, '금형온도', 'Cel'), signal(2, '전력량', 'kW.h'), signal(3, '쇼트 수', '{shot}')],
        counters: [{ signal: signal(3, '쇼트 수', '{shot}') }],
      },
    ],
  ]),
} as unknown as PlantModel;

const clock = new FakeClock(Date.UTC(2026, 10, 25) * 1000);
const test = await openTestLedger({
  clock,
  modules: [
    onceMigrations,
    { module: 'inventory', migrations: inventoryMigrations },
    { module: 'traceability', migrations: traceMigrations },
  ],
});
const stock = await openInventory({ ledger: test.ledger, clock, log: silentLogger, masterdata, plant: () => plant });
after(async () => {
  await stock.close();
  await test.end();
});
const act = (reference: string | null = null) => ({ time: clock.nowUs(), actor, reference });
const tx = <T>(work: (tx: LedgerTx) => Promise<T>) =>
  test.ledger.transaction<never, T>((db, emit) => work({ db, emit }));

const start = clock.nowUs();
const run = {
  id: 'r1',
  machine: 'm',
  startedAt: start,
  endedAt: start + 3_600_000_000,
  operators: ['p1'],
} as unknown as Run;
const bucket = (mean: number, count: number, min: number, max: number): Bucket => ({
  time: 0,
  count,
  min,
  max,
  mean,
  first: mean,
  last: mean,
  gap: false,
});
const trace = openTraceability({
  ...{ ledger: test.ledger, clock, masterdata, inventory: stock, plant: () => plant, log: silentLogger },
  site: () => 'hanbit/gimcheon',
  timeZone: () => 'Asia/Seoul',
  history: {
    buckets: async ({ signal: id }) =>
      id === 1 ? [bucket(60, 1, 60, 60), bucket(63, 2, 62, 64)] : id === 3 ? [bucket(9, 3, 8, 10)] : [],
    before: async (id, time) => ({ signal: id, time, value: time < start + 1 ? 100 : 112.5, quality: 0 }) as never,
  },
  quality: { inspectionsOf: async ({ run: id }) => (id === 'r1' ? [{ id: 'i1' } as never] : []) },
  operations: { run: async (id) => (id === 'r1' ? run : null) },
  alarms: {
    handlers: {
      alarmJournal: async () => [{ time: start, event: 'raised', priority: 'high', message: '금형 과열' } as never],
    },
  },
  person: async (id) => (id === 'p1' ? '김반장' : null),
});

/** One shop-floor story: resin in, caps made in two runs, packed, part of it shipped. */
const resin = await tx((t) =>
  stock.receive(t, {
    ...act('receipt/PO1'),
    item: 'RESIN',
    quantity: n(25.5),
    location: 'RAW',
    supplier: 'LOTTE',
    supplierLot: 'LT-1',
  }),
);
clock.jump(60_000);
const caps = await tx(async (t) => {
  const from = await stock.consume(t, { ...act('run/r1'), item: 'RESIN', quantity: n(10), lot: resin.id, run: 'r1' });
  return stock.produce(t, {
    ...act('run/r1'),
    item: 'CAP',
    revision: 'A',
    quantity: n(1000),
    location: 'FG',
    workOrder: 'W1',
    run: 'r1',
    from,
  });
});
clock.jump(60_000);
const box = await tx((t) => stock.pack(t, { ...act(), lots: [{ lot: caps.id, quantity: n(500) }], location: 'FG' }));
const left = await tx((t) => stock.pack(t, { ...act(), lots: [{ lot: caps.id, quantity: n(200) }], location: 'FG' }));
clock.jump(60_000);
await tx((t) => stock.ship(t, { ...act(), shipment: 'S1', customer: 'HMC', lots: [{ lot: box.id, quantity: 0 }] }));
const pump = await tx((t) =>
  stock.receive(t, { ...act(), item: 'PUMP', quantity: n(1), location: 'FG', number: 'P-1' }),
);
await tx((t) => stock.split(t, { ...act(), lot: resin.id, quantity: n(1) }));
await tx((t) => stock.unpack(t, { ...act(), container: left.id }));
await tx((t) => stock.move(t, { ...act(), lot: pump.id, from: 'FG', to: 'RAW', quantity: n(1) }));
await tx((t) => stock.scrap(t, { ...act(), item: 'CAP', lot: caps.id, quantity: n(3) }));
await tx((t) => stock.adjust(t, { ...act(), item: 'CAP', lot: caps.id, location: 'FG', difference: n(-1) }));

describe('trace', () => {
  it('draws both ways from a lot, the nearest first, and says how many more there are', async () => {
    const graph = await trace.graph(caps.number, 'both', 400);
    const levels = Object.fromEntries(graph.nodes.map((node) => [node.lot.number, node.level]));
    assert.equal(levels[resin.number], -1);
    assert.equal(levels[caps.number], 0);
    assert.equal(levels[box.number], 1);
    assert.equal(levels[left.number], undefined, 'what was unpacked is no box of it any more');
    assert.equal(graph.nodes.find((node) => node.lot.id === caps.id)?.machine, 'm');
    assert.equal((await trace.graph(caps.id, 'both', 2)).more, 1);
    await assert.rejects(trace.graph('NO-SUCH', 'up', 10), (error: CodedError) => error.code === 'trace.unknownLot');
  });

  it('tells the run behind a box: machine, people, parameters, inspections, alarms, energy', async () => {
    const report = await trace.report(box.number, 10, caller);
    const [found] = report.runs;
    assert.equal(found?.machineName, '사출 3호기');
    assert.deepEqual(found?.operators, ['김반장']);
    assert.deepEqual(
      found?.parameters.map((p) => [p.name, p.count, p.min, p.max, p.mean]),
      [['금형온도', 3, 60, 64, 62]],
    );
    assert.equal(found?.inspections.length, 1);
    assert.equal(found?.alarms[0]?.message, '금형 과열');
    assert.equal(found?.energyKwh, 12.5);
  });

  it('recalls: who got it in which box, and what is still here', async () => {
    const report = await trace.recall([resin.number]);
    assert.deepEqual(report.customers, [{ customer: 'HMC', name: '현대', shipments: 1, boxes: 1, quantity: 500 }]);
    assert.equal(report.shipped[0]?.box, box.number);
    assert.equal(
      report.stock.filter((s) => s.item === 'CAP').reduce((sum, s) => sum + s.quantity, 0),
      496,
    );
    assert.equal(report.lots, 4);
    assert.equal(report.boxes, 1);
  });
});

interface Shown {
  [field: string]: unknown;
  type: string;
  eventID: string;
  epcList?: string[];
}
interface Answer {
  [field: string]: unknown;
  epcisBody: { queryResults: { resultsBody: { eventList: Shown[] } } };
}
const query = async (asked: Record<string, unknown> = {}) => {
  const answer = (await trace.handlers.epcisEvents!(
    { query: EpcisQuery.parse(asked), params: undefined, body: undefined },
    caller,
  )) as unknown as Answer;
  return {
    document: answer,
    events: answer.epcisBody.queryResults.resultsBody.eventList as Shown[],
    next: answer['deungdae:nextPageToken'] as string | undefined,
  };
};

describe('EPCIS view and queries', () => {
  it('shows each act once, with the offset of the zone apart from the time', async () => {
    const { events } = await query({ perPage: 100 });
    const steps = events.map((e) => `${e.type}/${e.bizStep}`);
    for (const step of [
      'ObjectEvent/receiving',
      'TransformationEvent/commissioning',
      'AggregationEvent/packing',
      'ObjectEvent/shipping',
      'TransformationEvent/repackaging',
      'AggregationEvent/unpacking',
      'ObjectEvent/storing',
      'ObjectEvent/destroying',
      'ObjectEvent/cycle_counting',
    ])
      assert.ok(steps.includes(step), step);
    for (const event of events) assert.equal(event.eventTimeZoneOffset, '+09:00');
    assert.equal(new Set(events.map((e) => e.eventID)).size, events.length);
    const shipped = events.find((e) => e.bizStep === 'shipping')!;
    assert.deepEqual(shipped.quantityList, [
      { epcClass: `https://id.gs1.org/01/08801234567893/10/${caps.number}`, quantity: 500 },
    ]);
    assert.deepEqual(shipped.destinationList, [
      { type: 'owning_party', destination: 'https://id.gs1.org/417/8801234000009' },
    ]);
    const halves = events.filter((e) => e.bizStep === 'commissioning');
    assert.equal(halves.length, 2);
    assert.equal(halves[0]!.transformationID, halves[1]!.transformationID);
    assert.deepEqual(events.find((e) => e.epcList)?.epcList, ['https://id.gs1.org/01/08801234567909/21/P-1']);
  });

  it('answers each parameter and pages through all without loss or repetition', async () => {
    const whole = (await query({ perPage: 100 })).events.map((e) => e.eventID);
    const seen: string[] = [];
    for (let next: string | undefined = '', pages = 0; next !== undefined; pages++) {
      assert.ok(pages < 20);
      const page = await query({ perPage: 3, ...(next === '' ? {} : { nextPageToken: next }) });
      seen.push(...page.events.map((e) => e.eventID));
      next = page.next;
    }
    assert.deepEqual(seen, whole);
    const count = async (asked: Record<string, unknown>) => (await query({ perPage: 100, ...asked })).events.length;
    assert.equal(await count({ eventType: 'AggregationEvent' }), 3);
    assert.equal(await count({ EQ_bizStep: 'urn:epcglobal:cbv:bizstep:shipping' }), 1);
    assert.equal(await count({ EQ_bizStep: 'shipping,packing' }), 3);
    assert.equal(await count({ MATCH_epc: 'https://id.gs1.org/01/08801234567909/21/P-1' }), 2);
    assert.equal(await count({ MATCH_anyEPCClass: 'https://id.gs1.org/01/08801234567893/10/*' }), 7);
    assert.equal(await count({ MATCH_anyEPC: 'urn:epc:id:sgtin:0614141.107346.2017' }), 0);
    assert.equal(await count({ GE_eventTime: '2026-11-25T00:03:00Z', EQ_action: 'DELETE' }), 2);
    assert.equal(await count({ LT_eventTime: '2026-11-25T09:01:00+09:00' }), 1);
    await assert.rejects(
      query({ GE_eventTime: 'yesterday' }),
      (error: CodedError) => error.code === 'trace.epcisQuery',
    );
    await assert.rejects(query({ nextPageToken: 'x' }), (error: CodedError) => error.code === 'trace.epcisQuery');
  });

  it('takes in events and documents, keeps their offset, refuses what is wrong, and stores nothing twice', async () => {
    const event = {
      type: 'ObjectEvent',
      eventID: 'urn:uuid:0193b1a0-0000-7000-8000-000000000001',
      eventTime: '2026-11-24T20:33:31.116-06:00',
      eventTimeZoneOffset: '-06:00',
      action: 'OBSERVE',
      epcList: ['urn:epc:id:sgtin:0614141.107346.2017'],
      bizStep: 'shipping',
      'example:myField': 'kept',
    };
    const send = (body: Record<string, unknown>) =>
      trace.handlers.epcisCaptureEvent!({ body: body as never, params: undefined, query: undefined }, caller);
    await send(event);
    await send(event);
    const { events } = await query({ MATCH_epc: 'urn:epc:id:sgtin:0614141.107346.2017' });
    assert.equal(events.length, 1);
    assert.equal(events[0]!.eventTimeZoneOffset, '-06:00');
    assert.equal(events[0]!.eventTime, event.eventTime);
    assert.equal(events[0]!['example:myField'], 'kept');
    for (const field of ['type', 'eventTime', 'eventTimeZoneOffset', 'action', 'epcList'] as const) {
      const { [field]: _gone, ...rest } = event;
      await assert.rejects(
        async () => send(rest),
        (error: CodedError) => error.code === 'trace.epcisInvalid',
        field,
      );
    }
    await assert.rejects(async () => send({ ...event, unknownField: 1 }), /unknownField/);
    const capture = (eventList: unknown[], errorBehaviour: 'rollback' | 'proceed') =>
      trace.handlers.epcisCapture!(
        { body: { type: 'EPCISDocument', epcisBody: { eventList } }, query: { errorBehaviour }, params: undefined },
        caller,
      );
    const two = [
      { ...event, eventID: 'urn:uuid:0193b1a0-0000-7000-8000-000000000002' },
      { ...event, action: 'EAT' },
    ];
    const refused = await capture(two, 'rollback');
    assert.deepEqual([refused.success, refused.errors[0]?.index], [false, 1]);
    assert.equal((await query({ EQ_eventID: two[0]!.eventID })).events.length, 0);
    const job = await capture(two, 'proceed');
    assert.equal((await query({ EQ_eventID: two[0]!.eventID })).events.length, 1);
    const kept = await trace.handlers.epcisCaptureJob!(
      { params: { id: job.captureID }, query: undefined, body: undefined },
      caller,
    );
    assert.deepEqual(kept, job);
  });

  it('a partner’s event of a wrong shape is refused, and never stops the queries of others', async () => {
    const event = {
      type: 'ObjectEvent',
      eventTime: '2026-11-24T20:33:31Z',
      eventTimeZoneOffset: '+09:00',
      action: 'OBSERVE',
      epcList: ['urn:epc:id:sgtin:0614141.107346.9999'],
    };
    const noText = { toString: 1, valueOf: 1 };
    let deep: unknown = 'x';
    for (let i = 0; i < 5000; i++) deep = { 'e:x': deep };
    const wrong: Record<string, unknown>[] = [
      { bizTransactionList: 5 },
      { bizTransactionList: [null] },
      { bizTransactionList: [{ bizTransaction: noText }] },
      { sourceList: 'x' },
      { sensorElementList: [7] },
      { bizStep: noText },
      { disposition: 5 },
      { persistentDisposition: { set: [noText] } },
      { quantityList: [{ epcClass: 'urn:a:b', uom: noText }] },
      { transformationID: {} },
      { parentID: 5 },
      { eventTime: '9999-12-31T23:59:59Z' },
      { eventTime: '0001-01-01T00:00:00Z' },
      { eventTimeZoneOffset: ['+09:00'] },
      { eventID: `urn:x:${'a'.repeat(300)}` },
      { 'e:x': deep },
      { 'e:x': noText },
    ];
    for (const [i, fields] of wrong.entries()) {
      const body = { eventID: `urn:x:wrong-${i}`, ...event, ...fields };
      const sent = async () =>
        trace.handlers.epcisCaptureEvent!({ body: body as never, params: undefined, query: undefined }, caller);
      await assert.rejects(sent, { code: 'trace.epcisInvalid', status: 400 }, JSON.stringify(Object.keys(fields)));
    }
    const body = {
      type: 'EPCISDocument',
      epcisBody: { eventList: [null, 'x', [], { ...event, 'e:ok': { y: ['z'] } }] },
    };
    const job = await trace.handlers.epcisCapture!(
      { body, query: { errorBehaviour: 'proceed' }, params: undefined },
      caller,
    );
    assert.deepEqual(
      job.errors.map((e) => e.index),
      [0, 1, 2],
    );
    assert.equal((await query({ MATCH_epc: event.epcList[0]! })).events.length, 1);
    const invalid = (error: CodedError) => error.code === 'trace.epcisQuery';
    const mark = Buffer.from(JSON.stringify([1, 1, 'x'])).toString('base64url');
    await assert.rejects(query({ nextPageToken: mark }), invalid);
    // An address of somebody's that is written wrongly means nothing here.
    const odd = 'https://id.gs1.org/01/00614141073467/10/%zz';
    assert.equal((await query({ MATCH_epcClass: odd })).events.length, 0);
    assert.equal((await query({ MATCH_epcClass: 'urn:x-deungdae:%zz:lot:%zz' })).events.length, 0);
  });
});

const shared = process.env.DEUNGDAE_SHARED_DATA ?? fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const folder = join(shared, 'epcis');

describe('official schemas (shared data: epcis)', { skip: existsSync(folder) ? false : `${folder} is absent` }, () => {
  const ajv = new Ajv.default({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
  for (const name of readdirSync(folder).filter((f) => f.endsWith('.json'))) ajv.addSchema(read(join(folder, name)));
  for (const name of readdirSync(join(folder, 'schemas'))) ajv.addSchema(read(join(folder, 'schemas', name)));
  const valid = ajv.getSchema('https://gs1.github.io/EPCIS/JSON-Schema/EPCIS-JSON-Schema.json')!;

  it('accepts every event of the view and the query document around them', async () => {
    const { document, events } = await query({ perPage: 100 });
    assert.ok(events.length > 10);
    for (const event of events)
      assert.ok(
        valid({ '@context': document['@context'], ...event }),
        JSON.stringify([event, valid.errors?.slice(0, 4)]),
      );
    const { 'deungdae:nextPageToken': _next, ...plain } = document;
    const withContext = { ...plain, '@context': [plain['@context'], { example: 'https://example.org/epcis' }] };
    assert.ok(valid(withContext), JSON.stringify(valid.errors?.slice(0, 5)));
  });

  it('refuses what our own check refuses, and our check takes the official samples', async () => {
    for (const name of readdirSync(join(folder, 'test')).filter((f) => f.endsWith('Event.json'))) {
      if (name.startsWith('Extended')) continue;
      const sample = read(join(folder, 'test', name));
      assert.ok(valid(sample), name);
      const { eventID: _id, ...fresh } = sample;
      const stored = await trace.handlers.epcisCaptureEvent!(
        { body: fresh, params: undefined, query: undefined },
        caller,
      );
      assert.equal(stored.type, sample.type, name);
      const { eventTime: _time, ...broken } = sample;
      assert.equal(valid(broken), false);
      await assert.rejects(async () =>
        trace.handlers.epcisCaptureEvent!({ body: broken, params: undefined, query: undefined }, caller),
      );
    }
  });
});
