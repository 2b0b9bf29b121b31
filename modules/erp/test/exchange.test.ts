import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { openTestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { capOrder, client, type Floor, leader, morning, openFloor } from '../../operations/test/fixtures.ts';
import { admittedAddress, checkedUrl, isForbidden } from '../src/address-guard.ts';
import { readLots, readPerformance } from '../src/b2mml/actuals.ts';
import { readSchedule } from '../src/b2mml/schedule.ts';
import { type ErpModule, erpMigrations, openErp } from '../src/module.ts';
import { backOffUs, wants } from '../src/outbox.ts';
import { signatureHolds } from '../src/sender.ts';

const hour = 3_600_000_000;
const engineer = { ...leader, role: 'engineer' } as const;

/** The other side: answers as it is told, and keeps what it got. */
async function receiver() {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (c) => (body += c));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 200).end('said so');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { got, answers, url: `http://127.0.0.1:${port}/hook`, close: () => server.close() };
}
type Receiver = Awaited<ReturnType<typeof receiver>>;

describe('documents out', () => {
  const clock = new FakeClock(morning);
  let dataDir: string;
  let opened: Awaited<ReturnType<typeof openTestLedger>>;
  let erp: ErpModule;
  let other: Receiver;
  let api: ReturnType<typeof client>;
  const start = () => {
    erp = openErp({
      ...{ ledger: opened.ledger, clock, log: silentLogger, dataDir, masterdata: {} as never, inventory: {} as never },
      timeZone: () => 'Asia/Seoul',
      operations: { handlers: {} } as never,
    });
    api = client(erp.handlers, engineer);
  };
  before(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'erp-'));
    opened = await openTestLedger({ clock, modules: [{ module: 'erp', migrations: erpMigrations }] });
    other = await receiver();
    await opened.ledger.transaction((_, emit) => emit({ ...event('before.all'), data: {} }));
    start();
    await erp.work();
  });
  after(async () => {
    await erp.close();
    await opened.end();
    other.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const event = (type: string) => ({ type, subject: 'lot/L-1', actor: { kind: 'person', id: 'kim' } as const });
  const happen = (type: string, data: Record<string, unknown> = {}) =>
    opened.ledger.transaction((_, emit) => emit({ ...event(type), data }));
  const hook = (more: object = {}) => ({
    ...{ id: 'hook', name: '알림', kind: 'webhook', url: other.url, events: ['lot.*'], allowLocal: true },
    ...more,
  });

  test('a webhook gets what it wants, signed, once; nothing from before it was there', async () => {
    const saved = await api.saveErpTarget({ body: { ...hook(), secret: 'shared secret' } as never });
    assert.equal(saved.hasSecret, true);
    assert.doesNotMatch(JSON.stringify(await api.erpTargets({})), /shared secret/);
    await happen('lot.made', { quantity: 5 });
    await happen('order.released');
    await erp.work();
    await erp.work();
    assert.equal(other.got.length, 1);
    const { headers, body } = other.got[0]!;
    assert.equal(JSON.parse(body).data.quantity, 5);
    const nowS = Math.floor(clock.nowUs() / 1e6);
    const header = String(headers['deungdae-signature']);
    assert.ok(signatureHolds('shared secret', header, body, nowS));
    assert.ok(!signatureHolds('shared secret', header, `${body} `, nowS), 'a changed body');
    assert.ok(!signatureHolds('other', header, body, nowS), 'another secret');
    assert.ok(!signatureHolds('shared secret', header, body, nowS + 3600), 'an old one played again');
    const events = await opened.ledger.events({ limit: 10, type: 'erp.targetSaved' });
    assert.doesNotMatch(JSON.stringify(events), /shared secret/);
  });

  test('a receiver that fails is asked again later and later, under the same key, across a restart', async () => {
    other.got.length = 0;
    other.answers.push(500, 503);
    await happen('lot.moved');
    await erp.work();
    let [row] = await api.erpOutbox({ query: { state: 'failed' } as never });
    assert.equal(row!.attempts, 1);
    assert.match(row!.error!, /500/);
    await erp.work();
    assert.equal(other.got.length, 1, 'not before its time');
    await erp.close();
    start();
    await clock.advance(6_000);
    await erp.work();
    await clock.advance(21_000);
    await erp.work();
    assert.equal(other.got.length, 3);
    assert.equal(new Set(other.got.map((g) => g.headers['idempotency-key'])).size, 1);
    [row] = await api.erpOutbox({ query: { state: 'sent' } as never });
    assert.equal(row!.attempts, 3);
    assert.deepEqual(
      row!.log.map((l) => l.status),
      [200, 503, 500],
    );
  });

  test('what the receiver will never take is dead at once, says why, and is sent again by hand', async () => {
    other.got.length = 0;
    other.answers.push(422);
    await happen('lot.closed');
    await erp.work();
    const [row] = await api.erpOutbox({ query: { state: 'dead' } as never });
    assert.match(row!.error!, /422.*said so/);
    assert.equal((await opened.ledger.events({ limit: 5, type: 'erp.deliveryDead' })).length, 1);
    await clock.advance(86_400_000);
    await erp.work();
    assert.equal(other.got.length, 1);
    const again = await api.resendErpDelivery({ params: { id: row!.id } });
    assert.equal(again.state, 'sent');
    assert.equal(other.got.length, 2);
    assert.equal(other.got[0]!.headers['idempotency-key'], other.got[1]!.headers['idempotency-key']);
  });

  test('a secret that nobody can read is not sent elsewhere, nor in the clear, by who did not know it', async () => {
    const of = (more: object) => api.saveErpTarget({ body: hook({ id: 'kept', ...more }) as never });
    await of({ url: 'https://erp.example.com/in', secret: 'shared secret' });
    const again = { code: 'erp.secretAgain', status: 409 };
    await assert.rejects(of({ url: 'https://elsewhere.example.com/in' }), again);
    await assert.rejects(of({ url: 'http://erp.example.com/in' }), again);
    await assert.rejects(of({ url: 'https://erp.example.com/in', kind: 'rest' }), again);
    assert.equal((await of({ url: 'https://erp.example.com/other', name: '새 이름' })).hasSecret, true);
    const moved = await of({ url: 'https://elsewhere.example.com/in', secret: 'another one' });
    assert.deepEqual([moved.url, moved.hasSecret], ['https://elsewhere.example.com/in', true]);
    assert.equal((await of({ url: '', kind: 'file' })).hasSecret, false, 'a folder needs none');
    await of({ url: 'https://third.example.com/' });
    await api.removeErpTarget({ params: { id: 'kept' } });
  });

  test('this computer and link-local addresses are not called unless allowed', async () => {
    other.got.length = 0;
    await api.saveErpTarget({ body: hook({ allowLocal: false }) as never });
    await happen('lot.split');
    await erp.work();
    const [row] = await api.erpOutbox({ query: { state: 'failed' } as never });
    assert.match(row!.error!, /127\.0\.0\.1/);
    assert.equal(other.got.length, 0);
    await api.removeErpTarget({ params: { id: 'hook' } });
    assert.equal((await api.erpOutbox({ query: { state: 'failed' } as never })).length, 0);
    await assert.rejects(api.saveErpTarget({ body: hook({ url: 'ftp://x' }) as never }), /addressWrong/);
    await assert.rejects(api.saveErpTarget({ body: hook({ url: 'http://a:b@x' }) as never }), /addressWrong/);
  });

  test('a receiver that does not answer holds up no other, and is asked once in a round', async () => {
    let asked = 0;
    const order: string[] = [];
    const slow = createServer((_request, response) => {
      asked++;
      order.push('slow');
      setTimeout(() => response.writeHead(503).end(), 100);
    });
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
    const { port } = slow.address() as { port: number };
    try {
      const url = `http://127.0.0.1:${port}/`;
      await api.saveErpTarget({ body: hook({ id: 'a-slow', events: ['slow.*'], url }) as never });
      await api.saveErpTarget({ body: hook({ id: 'b-quick', events: ['quick.*'] }) as never });
      for (let i = 0; i < 25; i++) await happen('slow.made', { i });
      await happen('quick.made');
      other.got.length = 0;
      const watch = setInterval(() => {
        if (other.got.length > 0 && !order.includes('quick')) order.push('quick');
      }, 5);
      await erp.work();
      clearInterval(watch);
      assert.equal(other.got.length, 1);
      assert.equal(asked, 1, 'the others of it wait for the next round');
      assert.ok(order.indexOf('quick') <= 1, order.join(' '));
      await erp.work();
      assert.equal(asked, 2);
    } finally {
      slow.close();
      for (const id of ['a-slow', 'b-quick']) await api.removeErpTarget({ params: { id } });
    }
  });

  test('a file target writes each document once under one name; a second sending replaces it', async () => {
    const target = { id: 'folder', name: 'ERP', kind: 'file', events: ['*'] };
    await api.saveErpTarget({ body: target as never });
    await happen('stock.counted', { n: 1 });
    await erp.work();
    const folder = join(dataDir, 'erp', 'folder', 'out');
    const files = await readdir(folder);
    assert.equal(files.length, 1);
    assert.equal(JSON.parse(await readFile(join(folder, files[0]!), 'utf8')).type, 'stock.counted');
    const [row] = await api.erpOutbox({ query: { target: 'folder' } as never });
    await api.resendErpDelivery({ params: { id: row!.id } });
    assert.deepEqual(await readdir(folder), files, 'its own events are not exchanged');
  });
});

test('which events a target wants, and how long it is left alone', () => {
  assert.ok(wants(['lot.*'], 'lot.made') && wants(['*'], 'a.b') && wants(['a.b'], 'a.b'));
  assert.ok(!wants(['lot.*'], 'lots.made') && !wants(['*'], 'erp.resent') && !wants(['a.b'], 'a.bc'));
  assert.deepEqual([1, 2, 3, 12].map(backOffUs), [5e6, 20e6, 80e6, 21600e6]);
});

test('addresses that are never called', async () => {
  for (const a of [
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '169.254.169.254',
    'fe80::1',
    '0.0.0.0',
    '::',
    '::ffff:127.0.0.1',
    '224.0.0.1',
  ])
    assert.ok(isForbidden(a), a);
  for (const a of ['10.0.0.5', '192.168.1.2', '203.0.113.5', '2001:db8::1', 'fd00::1']) assert.ok(!isForbidden(a), a);
  const names = async () => [
    { address: '203.0.113.5', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ];
  await assert.rejects(admittedAddress(checkedUrl('http://two-faced.example/'), false, names), /addressForbidden/);
  await assert.rejects(admittedAddress(checkedUrl('http://[::1]/'), false), /addressForbidden/);
  await assert.rejects(
    admittedAddress(checkedUrl('http://2130706433/'), false),
    /addressForbidden/,
    'a number is one too',
  );
  assert.equal((await admittedAddress(checkedUrl('http://10.1.2.3/'), false)).address, '10.1.2.3');
});

describe('orders, items and B2MML', () => {
  let floor: Floor;
  let erp: ErpModule;
  let api: ReturnType<typeof client>;
  before(async () => {
    floor = await openFloor();
    erp = openErp({ ...floor, log: silentLogger, dataDir: '/nonexistent', timeZone: () => 'Asia/Seoul' });
    api = client({ ...erp.handlers, ...floor.operations.handlers }, leader);
  });
  after(async () => {
    await erp.close();
    await floor.end();
  });

  test('orders by number: new, the same again, changed, of another item, of an unknown item', async () => {
    const order = { number: 'ERP-1', item: 'CAP', quantity: 100.5, due: morning + 24 * hour };
    const receive = (orders: object[]) => api.receiveErpOrders({ body: { orders } as never });
    assert.deepEqual(await receive([order]), { added: 1, changed: 0, cancelled: 0, same: 0, problems: [] });
    assert.deepEqual(await receive([order]), { added: 0, changed: 0, cancelled: 0, same: 1, problems: [] });
    assert.deepEqual(await receive([{ ...order, quantity: 120 }]), {
      added: 0,
      changed: 1,
      cancelled: 0,
      same: 0,
      problems: [],
    });
    assert.equal((await floor.operations.order('ERP-1'))!.quantity, 120);
    const mixed = await receive([
      { ...order, item: 'KIT' },
      { number: 'ERP-2', item: 'NO-SUCH', quantity: 1 },
      { number: 'ERP-3', item: 'CAP', quantity: 7 },
    ]);
    assert.equal(mixed.added, 1, 'the good one is taken');
    assert.equal(mixed.problems[0]!.error, 'erp.otherItem');
    assert.equal(mixed.problems[1]!.code, 'ERP-2');
    const history = await floor.ledger.events({ limit: 20, subject: 'workOrder/ERP-1' });
    assert.ok(history.length >= 2, 'planned and changed');
  });

  test('sales orders by number and line: added, the same, changed, cancelled, and what cannot be done', async () => {
    const line = { number: 'SO-1', line: 2, customer: 'HMC', item: 'CAP', quantity: 500, due: morning + 48 * hour };
    const receive = async (...orders: object[]) => {
      const { problems, ...sums } = await api.receiveErpSalesOrders({ body: { orders } as never });
      return { ...sums, problems: problems.map((p) => p.error) };
    };
    const counts = { added: 0, changed: 0, cancelled: 0, same: 0, problems: [] as string[] };
    assert.deepEqual(await receive(line), { ...counts, added: 1 });
    assert.deepEqual(await receive(line), { ...counts, same: 1 });
    assert.deepEqual(await receive({ ...line, quantity: 600, due: null }), { ...counts, changed: 1 });
    const known = (await floor.operations.salesLine('SO-1', 2))!;
    assert.deepEqual([known.quantity, known.due, known.customer], [600, null, 'HMC']);
    assert.deepEqual(
      await receive(
        { ...line, item: 'KIT' },
        { ...line, customer: null },
        { ...line, unit: 'kg' },
        { ...line, number: 'SO-2', customer: 'NOBODY' },
        { ...line, number: 'SO-9', cancel: true },
        { ...line, number: 'SO-3' },
      ),
      {
        ...{ ...counts, added: 1 },
        problems: [
          ...['erp.salesOtherItem', 'erp.salesOtherCustomer', 'erp.unitDiffers', 'master.unknown'],
          'erp.unknownSalesOrder',
        ],
      },
    );
    assert.deepEqual(await receive({ ...line, cancel: true }), { ...counts, cancelled: 1 });
    assert.deepEqual(await receive({ ...line, cancel: true }), { ...counts, same: 1 });
    assert.deepEqual(await receive(line), { ...counts, problems: ['erp.salesCancelled'] });
    const sold = (await floor.operations.salesLine('SO-3', 2))!;
    await api.createWorkOrder({ body: { item: 'CAP', quantity: 500, salesOrder: sold.id } as never });
    const refused = await receive({ ...line, number: 'SO-3', cancel: true });
    assert.deepEqual(refused.problems, ['operations.salesOrderInWork'], 'there is work for it');
    const events = await floor.ledger.events({ limit: 9, subject: 'salesOrder/SO-1/2' });
    assert.deepEqual(
      events.map((e) => e.type),
      ['salesOrder.cancelled', 'salesOrder.changed', 'salesOrder.added'],
    );
  });

  test('two clients send the same lines at once: each line is there once', async () => {
    const lines = Array.from({ length: 8 }, (_, i) => ({ number: 'SO-T', line: i + 1, item: 'CAP', quantity: 5 }));
    const send = () => api.receiveErpSalesOrders({ body: { orders: lines } as never });
    const answers = await Promise.all([send(), send()]);
    const added = answers.reduce((sum, a) => sum + a.added, 0);
    assert.equal(added, 8);
    for (const { problems } of answers)
      assert.ok(
        problems.every((p) => p.error === 'operations.salesOrderExists'),
        JSON.stringify(problems),
      );
    assert.equal((await send()).same, 8);
  });

  test('items by code, with history', async () => {
    const items = (name: string) => ({ items: [{ code: 'NEW-1', data: { name, kind: 'product' } }] });
    const as = { ...engineer };
    const sums = async (name: string) => {
      const { added, changed, same } = await api.receiveErpItems({ body: items(name) as never }, as);
      return [added, changed, same];
    };
    assert.deepEqual(await sums('새 품목'), [1, 0, 0]);
    assert.deepEqual(await sums('새 품목'), [0, 0, 1]);
    assert.deepEqual(await sums('고친 품목'), [0, 1, 0]);
  });

  test('a schedule that cannot be read is refused whole, naming the request', async () => {
    const request = (material: object[]) => ({
      OperationsSchedule: {
        ID: 'S',
        OperationsRequest: [{ ID: 'R-9', SegmentRequirement: [{ MaterialRequirement: material }] }],
      },
    });
    const made = { ID: 'm', MaterialDefinitionID: ['CAP'], MaterialUse: 'Produced' };
    for (const [document, word] of [
      [{}, /no OperationsSchedule/],
      [request([]), /R-9: 0 materials/],
      [request([{ ...made, Quantity: [{ QuantityString: '-5' }] }]), /R-9: the quantity/],
      [request([{ ...made, Quantity: [{ QuantityString: '1e3' }] }]), /R-9: the quantity/],
      [
        request([{ ...made, MaterialDefinitionID: [], Quantity: [{ QuantityString: '5' }] }]),
        /no MaterialDefinitionID/,
      ],
    ] as const)
      await assert.rejects(api.receiveB2mmlSchedule({ body: document as never }), word);
    const unit = request([{ ...made, Quantity: [{ QuantityString: '5', UnitOfMeasure: 'kg' }] }]);
    const answer = await api.receiveB2mmlSchedule({ body: unit as never });
    assert.equal(answer.problems[0]!.error, 'erp.unitDiffers');
  });

  test('schedule out and in again changes nothing; performance and lots keep every millionth', async () => {
    const order = await capOrder(floor, 1234.567891);
    const schedule = await api.b2mmlSchedule({ query: {} as never });
    const read = readSchedule(schedule);
    assert.equal(read.find((r) => r.number === order.number)!.quantity, 1234.567891);
    const back = await api.receiveB2mmlSchedule({ body: schedule as never });
    assert.deepEqual(
      { added: back.added, changed: back.changed, problems: back.problems },
      { added: 0, changed: 0, problems: [] },
    );
    const performance = readPerformance(await api.b2mmlPerformance({ params: { number: order.number } }));
    assert.deepEqual(performance, { number: order.number, good: order.good, scrap: order.scrap });
    await floor.receive('RESIN', 0.000001);
    await floor.receive('RESIN', 987654.321);
    const lots = readLots(await api.b2mmlLots({ query: { item: 'RESIN' } as never }));
    assert.deepEqual(lots.map((l) => l.quantity).sort(), [0.000001, 987654.321].sort());
    const gone = await api.b2mmlPerformance({ params: { number: 'NOPE' } }).catch((e: { code: string }) => e.code);
    assert.equal(gone, 'erp.unknownOrder');
  });
});
