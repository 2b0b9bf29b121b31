import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { EpcisEvent } from '@deungdae/contracts/api-trace.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { type ErpModule, erpMigrations, openErp } from '../../erp/src/module.ts';
import { signatureHolds } from '../../erp/src/sender.ts';
import { client, type Floor, leader, openFloor, smallPlant } from '../../operations/test/fixtures.ts';
import { nextTime, valuesOf } from '../src/epcis/schedule.ts';
import { portions } from '../src/epcis/subscriptions.ts';
import { openTraceability, type TraceabilityModule, traceMigrations } from '../src/module.ts';

const engineer = { ...leader, role: 'engineer' } as const;
const minute = 60_000_000;

describe('when a standing query runs', () => {
  const seoul = (text: string) => Date.parse(`${text}+09:00`) * 1000;
  const next = (schedule: object, from: string, zone = 'Asia/Seoul') => {
    const time = nextTime(schedule, seoul(from), zone);
    return time === null ? null : new Date(time / 1000 + 9 * 3_600_000).toISOString().slice(0, 19);
  };
  test('the plant clock decides; what is finer than the finest field is nought', () => {
    assert.equal(next({ hour: '1', minute: '5' }, '2026-11-25T00:00:00'), '2026-11-25T01:05:00');
    assert.equal(next({ hour: '1', minute: '5' }, '2026-11-25T01:05:00'), '2026-11-26T01:05:00', 'after, not at');
    assert.equal(next({ minute: '0' }, '2026-11-25T23:30:00'), '2026-11-26T00:00:00');
    assert.equal(next({ second: '0/30' }, '2026-11-25T10:00:29.5'), '2026-11-25T10:00:30');
    assert.equal(next({ hour: '[8-10],17' }, '2026-11-25T10:00:00'), '2026-11-25T17:00:00');
    assert.equal(next({ dayOfWeek: '1', hour: '8' }, '2026-11-25T10:00:00'), '2026-11-30T08:00:00', 'Monday');
    assert.equal(next({ dayOfMonth: '1' }, '2026-11-25T10:00:00'), '2026-12-01T00:00:00');
    assert.equal(next({ month: '2', dayOfMonth: '29' }, '2026-11-25T10:00:00'), '2028-02-29T00:00:00');
  });
  test('what never comes is said', () => {
    assert.equal(next({ month: '2', dayOfMonth: '30' }, '2026-11-25T10:00:00'), null);
    assert.equal(next({}, '2026-11-25T10:00:00'), null);
    assert.equal(next({ hour: '24' }, '2026-11-25T10:00:00'), null);
    assert.deepEqual(valuesOf('dayOfWeek', '[1-3],7'), [1, 2, 3, 7]);
    for (const wrong of ['8', '0', '[5-3]', '1/0']) assert.equal(valuesOf('dayOfWeek', wrong), null, wrong);
  });
  test('the hour that a change of the clocks leaves out is passed over', () => {
    // In Berlin on 2026-03-29 two o'clock does not exist.
    const found = nextTime({ hour: '2', minute: '30' }, Date.parse('2026-03-28T12:00:00Z') * 1000, 'Europe/Berlin')!;
    assert.ok([29, 30].includes(new Date(found / 1000).getUTCDate()));
  });
});

test('documents hold what fits', () => {
  const event = { type: 'ObjectEvent', eventTime: '', eventTimeZoneOffset: '' } as EpcisEvent;
  const size = JSON.stringify(event).length;
  assert.deepEqual(
    portions([event, event, event], size * 2).map((p) => p.length),
    [2, 1],
  );
  assert.deepEqual(
    portions([event], 1).map((p) => p.length),
    [1],
    'one that is too large goes alone',
  );
  assert.deepEqual(portions([]), []);
});

describe('subscriptions', () => {
  let floor: Floor;
  let erp: ErpModule;
  let trace: TraceabilityModule;
  let api: ReturnType<typeof client>;
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (c) => (body += c));
    request.on('end', () => {
      const status = answers.shift() ?? 200;
      if (status === 200) got.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  let dest = '';
  const open = () => {
    trace = openTraceability({
      ...floor,
      ...{ plant: () => smallPlant, site: () => 'hanbit/gimcheon', timeZone: () => 'Asia/Seoul', log: silentLogger },
      ...{ history: {} as never, alarms: { handlers: {} } as never, person: async () => null },
    });
    erp = openErp({ ...floor, log: silentLogger, dataDir: '/nonexistent', timeZone: () => 'Asia/Seoul' });
    trace.useDeliveries(erp.deliveries);
    api = client({ ...trace.handlers, ...erp.handlers }, engineer);
  };
  before(async () => {
    floor = await openFloor({
      modules: [
        { module: 'traceability', migrations: traceMigrations },
        { module: 'erp', migrations: erpMigrations },
      ],
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    dest = `http://127.0.0.1:${(server.address() as { port: number }).port}/epcis`;
    open();
  });
  after(async () => {
    await trace.close();
    await erp.close();
    await floor.end();
    server.close();
  });
  const work = async () => {
    await trace.work();
    await erp.work();
  };
  const eventsIn = () =>
    got.flatMap((g) => JSON.parse(g.body).epcisBody.queryResults.resultsBody.eventList as EpcisEvent[]);
  const subscribe = (queryName: string, body: object) =>
    api.subscribeEpcis({ params: { queryName }, body: { dest, 'deungdae:allowLocal': true, ...body } as never });

  test('a query has a name and one meaning; what cannot be asked is refused when it is named', async () => {
    const body = { name: 'Receipts', query: { eventType: ['ObjectEvent'], EQ_bizStep: ['receiving'] } };
    await api.createEpcisQuery({ body: body as never });
    assert.deepEqual(await api.epcisQueries({}), [body]);
    assert.deepEqual(await api.epcisNamedQuery({ params: { queryName: 'Receipts' } }), body);
    await assert.rejects(api.createEpcisQuery({ body: body as never }), /queryExists/);
    const wrong = { name: 'x', query: { GE_eventTime: 'yesterday' } };
    await assert.rejects(api.createEpcisQuery({ body: wrong as never }), /epcisQuery/);
    await assert.rejects(api.epcisNamedQuery({ params: { queryName: 'NoSuch' } }), /unknownQuery/);
    await floor.receive('RESIN', 1);
    const found = await api.epcisQueryEvents({ params: { queryName: 'Receipts' } });
    const { queryName, resultsBody } = (found.epcisBody as { queryResults: Record<string, unknown> }).queryResults;
    assert.equal(queryName, 'Receipts');
    assert.equal((resultsBody as { eventList: unknown[] }).eventList.length, 1);
  });

  test('a stream tells each new event once, signed, and nothing from before it began', async () => {
    await floor.clock.advance(1000);
    const made = await subscribe('Receipts', { stream: true, signatureToken: 'between us' });
    assert.doesNotMatch(
      JSON.stringify(await api.epcisSubscriptions({ params: { queryName: 'Receipts' } })),
      /between us/,
    );
    await work();
    assert.equal(got.length, 0);
    await floor.clock.advance(1000);
    await floor.receive('RESIN', 2.5);
    await floor.clock.advance(1000);
    await work();
    await work();
    await floor.clock.advance(90_000);
    await work();
    assert.equal(got.length, 1);
    const { headers, body } = got[0]!;
    const document = JSON.parse(body);
    assert.equal(document.epcisBody.queryResults.subscriptionID, made.subscriptionID);
    assert.equal(document.epcisBody.queryResults.queryName, 'Receipts');
    assert.equal(eventsIn()[0]!.bizStep, 'receiving');
    assert.equal(headers['gs1-epcis-version'], '2.0');
    const header = String(headers['gs1-signature']);
    const [, at] = /^t=(\d+)/.exec(header)!;
    assert.ok(signatureHolds('between us', header, body, Number(at)));
    const [shown] = await api.epcisSubscriptions({ params: { queryName: 'Receipts' } });
    assert.ok(shown!.lastNotifiedAt! > made.createdAt);
    const targets = await api.erpTargets({});
    assert.deepEqual([targets[0]!.kind, targets[0]!.hasSecret], ['epcis', true]);
    await assert.rejects(api.removeErpTarget({ params: { id: targets[0]!.id } }), /ofSubscription/);
    const events = await floor.ledger.events({ limit: 5, type: 'epcis.subscribed' });
    assert.doesNotMatch(JSON.stringify(events), /between us/);
    await api.unsubscribeEpcis({ params: { queryName: 'Receipts', subscriptionID: made.subscriptionID } });
    await floor.receive('RESIN', 1);
    await floor.clock.advance(1000);
    await work();
    assert.equal(got.length, 1, 'ended');
    assert.deepEqual(await api.erpTargets({}), []);
  });

  test('by schedule: all since the last time, across a restart and a receiver that fails; empty when asked for', async () => {
    got.length = 0;
    const now = floor.clock.nowUs();
    const from = new Date(now / 1000).toISOString();
    await subscribe('Receipts', { schedule: { minute: '0/10' }, initialRecordTime: from });
    await subscribe('Receipts', { schedule: { minute: '0/10' }, reportIfEmpty: true });
    await floor.receive('RESIN', 1);
    await floor.receive('INSERT', 7);
    await work();
    assert.equal(got.length, 0, 'not before its time');
    const due = nextTime({ minute: '0/10' }, now, 'Asia/Seoul')!;
    await trace.close();
    await erp.close();
    floor.clock.jump((due - now) / 1000 + 1000);
    open();
    answers.push(500);
    await work();
    await floor.clock.advance(6000);
    await work();
    assert.equal(got.length, 2);
    assert.equal(eventsIn().length, 4, 'each of the two was told both');
    got.length = 0;
    floor.clock.jump((10 * minute) / 1000);
    await work();
    assert.deepEqual(
      got.map((g) => JSON.parse(g.body).epcisBody.queryResults.resultsBody.eventList),
      [[]],
      'only who asked for empty ones',
    );
    await api.removeEpcisQuery({ params: { queryName: 'Receipts' } });
    assert.deepEqual(await api.erpTargets({}), [], 'its subscriptions ended with it');
  });

  test('many events come in documents of a size, without loss or repetition', async () => {
    got.length = 0;
    await api.createEpcisQuery({ body: { name: 'All', query: {} } as never });
    await subscribe('All', { stream: true });
    const list = Array.from({ length: 450 }, (_, i) => ({
      ...{ type: 'ObjectEvent', action: 'OBSERVE', eventTime: '2026-11-20T00:00:00Z', eventTimeZoneOffset: '+09:00' },
      ...{
        epcList: [`urn:epc:id:sgtin:8801234.056789.${i}`],
        readPoint: { id: `https://x.example/${'r'.repeat(700)}` },
      },
    }));
    const document = { type: 'EPCISDocument', epcisBody: { eventList: list } };
    await api.epcisCapture({ body: document as never });
    await floor.clock.advance(1000);
    await work();
    await floor.clock.advance(80_000);
    await work();
    const ids = eventsIn().map((e) => e.eventID);
    assert.equal(ids.length, 450);
    assert.equal(new Set(ids).size, 450);
    assert.ok(got.length >= 3 && got.every((g) => g.body.length < 256 * 1024));
    assert.match(String(ids[0]), /^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/);
  });

  test('a commit that ends late is still told', async () => {
    got.length = 0;
    const late = floor.clock.nowUs();
    await floor.clock.advance(5000);
    await work();
    // Stamped before the last question, there only after it.
    await floor.ledger.transaction<{ trace_epcis: Record<string, unknown> }, void>(async (db, emit) => {
      const event = {
        ...{ type: 'ObjectEvent', eventID: 'urn:uuid:late', eventTime: '2026-11-20T00:00:00Z', action: 'ADD' },
        ...{ eventTimeZoneOffset: '+09:00', recordTime: new Date(late / 1000).toISOString(), epcList: ['urn:x:1'] },
      };
      const row = { key: late, event_id: 'urn:uuid:late', type: 'ObjectEvent', event_time: late, recorded_at: late };
      await db
        .insertInto('trace_epcis')
        .values({ ...row, data: JSON.stringify(event) } as never)
        .execute();
      await emit({ type: 'epcis.captured', subject: 'epcis', actor: { kind: 'system', id: 't' }, data: {} });
    });
    await work();
    await work();
    assert.deepEqual(
      eventsIn().map((e) => e.eventID),
      ['urn:uuid:late'],
    );
  });

  test('what cannot be a subscription is refused; this computer is not called unless allowed', async () => {
    for (const [body, error] of [
      [{}, /scheduleOrStream/],
      [{ stream: true, schedule: { hour: '1' } }, /scheduleOrStream/],
      [{ schedule: { month: '2', dayOfMonth: '31' } }, /scheduleNever/],
      [{ stream: true, dest: 'ftp://x' }, /addressWrong/],
    ] as const)
      await assert.rejects(subscribe('All', body), error);
    assert.equal((await api.epcisSubscriptions({ params: { queryName: 'All' } })).length, 1, 'nothing half done');
    got.length = 0;
    const made = await subscribe('All', { stream: true, 'deungdae:allowLocal': false });
    await floor.receive('RESIN', 1);
    await floor.clock.advance(1000);
    await work();
    assert.equal(got.length, 1, 'the other one');
    const [refused] = await api.erpOutbox({ query: { target: made.subscriptionID } as never });
    assert.match(refused!.error!, /127\.0\.0\.1/);
  });

  const folder = join(
    process.env.DEUNGDAE_SHARED_DATA ?? join(import.meta.dirname, '../../../../shared/data'),
    'epcis',
  );
  const absent = existsSync(folder) ? false : 'shared data epcis is absent';
  if (absent) console.log(`# skipped: ${absent}`);
  test('what is sent is valid by the official schema (shared data: epcis)', { skip: absent }, () => {
    const ajv = new Ajv.default({ strict: false, validateFormats: true });
    addFormats.default(ajv);
    for (const dir of [folder, join(folder, 'schemas')])
      for (const file of readdirSync(dir).filter((f) => f.endsWith('.json')))
        ajv.addSchema(JSON.parse(readFileSync(join(dir, file), 'utf8')));
    const valid = ajv.getSchema('https://gs1.github.io/EPCIS/JSON-Schema/EPCIS-JSON-Schema.json')!;
    assert.ok(got.length > 0);
    for (const { body } of got) assert.ok(valid(JSON.parse(body)), JSON.stringify(valid.errors?.slice(0, 3)));
  });
});
