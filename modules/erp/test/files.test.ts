import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { appendFile, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { client, type Floor, leader, openFloor } from '../../operations/test/fixtures.ts';
import { type ErpModule, erpMigrations, openErp } from '../src/module.ts';

const engineer = { ...leader, role: 'engineer' } as const;
/** 「품번,품명」 and the like in CP949, so that no editor changes the bytes. */
const cp949 = {
  heading: Buffer.from('c7b0b9f82cc7b0b8ed2cc7b0b8f1b1b8bad02cb4dcc0a7', 'hex'),
  row: Buffer.from('422d312c94eeb3aa9a6f2cbfcfc1a6c7b02c4541', 'hex'),
};

describe('files in', () => {
  let floor: Floor;
  let erp: ErpModule;
  let dataDir: string;
  let api: ReturnType<typeof client>;
  const locked = new Set<string>();
  let onRename = async (_from: string) => {};
  const files = {
    rename: async (from: string, to: string) => {
      if (locked.has(from)) throw Object.assign(new Error('busy'), { code: 'EBUSY' });
      await rename(from, to);
      await onRename(to);
    },
  };
  const open = () => {
    erp = openErp({ ...floor, log: silentLogger, dataDir, timeZone: () => 'Asia/Seoul', files });
    api = client({ ...erp.handlers, ...floor.operations.handlers, ...floor.masterdata.handlers }, engineer);
  };
  before(async () => {
    floor = await openFloor({ modules: [{ module: 'erp', migrations: erpMigrations }] });
    dataDir = await mkdtemp(join(tmpdir(), 'erp-files-'));
    open();
    const target = {
      id: 'erp',
      name: '본사 ERP',
      kind: 'file',
      events: [],
      takes: ['item', 'workOrder', 'salesOrder'],
    };
    await api.saveErpTarget({ body: target as never });
    const shop = { id: 'shop', name: '쇼핑몰', kind: 'file', events: [], takes: ['salesOrder'] };
    await api.saveErpTarget({ body: shop as never });
    await erp.work();
  });
  after(async () => {
    await erp.close();
    await floor.end();
    await rm(dataDir, { recursive: true, force: true });
  });
  const folder = (name: string, target = 'erp') => join(dataDir, 'erp', target, name);
  const put = (name: string, content: string | Uint8Array, target = 'erp') =>
    writeFile(join(folder('in', target), name), content);
  /** Seen once, and again after it stood still for `ms`. */
  const settle = async (ms = 4000) => {
    await erp.work();
    await floor.clock.advance(ms);
    await erp.work();
  };
  const files_ = async (state?: string) => (await api.erpFiles({ query: { state } as never })).files;
  const newest = async () => (await files_())[0]!;
  const waiting = async () => (await api.erpFiles({})).waiting.map((w) => `${w.name} ${w.why}`);

  test('a CSV as a Korean ERP writes it (CP949): taken once, kept with a report, its rows known again', async () => {
    const table = Buffer.concat([cp949.heading, Buffer.from('\r\n'), cp949.row, Buffer.from('\r\n')]);
    await put('품목_1125.csv', table);
    await erp.work();
    assert.deepEqual(await waiting(), ['품목_1125.csv growing']);
    await settle();
    const file = await newest();
    assert.deepEqual(
      [file.state, file.kind, file.format, file.rows, file.added, file.refused],
      ['taken', 'item', 'CSV CP949', 1, 1, 0],
    );
    const item = (await floor.masterdata.find('item', 'B-1', floor.clock.nowUs()))!;
    assert.deepEqual([item.data.name, item.data.kind, item.data.unit], ['뷁나쉙', 'product', '{pcs}']);
    assert.deepEqual(await readdir(folder('in')), []);
    assert.equal((await readdir(folder('done'))).length, 2, 'the file and its report');
    await put('품목_1125.csv', table);
    await settle();
    assert.equal((await newest()).state, 'known');
    await put('품목_again.csv', Buffer.concat([table, Buffer.from('B-2,x,,\r\n')]));
    await settle();
    const again = await newest();
    assert.deepEqual([again.state, again.same, again.refused], ['partly', 1, 1]);
    const events = await floor.ledger.events({ limit: 5, type: 'erp.fileTaken' });
    assert.equal(events[0]!.actor.id, 'erp/erp');
  });

  test('rows are taken one by one; the report says per row what is wrong; corrected here, it is read again', async () => {
    const table = [
      '수주번호,순번,고객코드,품번,수량,단위,납기,비고',
      'F-1,1,HMC,CAP,"1,200",EA,2026-12-01,첫 줄',
      'F-1,2,HMC,NEW-CAP,10,EA,2026-12-01,',
      'F-1,3,HMC,CAP,열 개,EA,2026-12-01,',
      'F-1,4,HMC,CAP,,EA,2026-12-01,',
      'F-1,5,HMC,CAP,7,KG,2026-13-01,',
      '',
    ].join('\n');
    await put('sales-1.csv', table);
    await settle();
    const file = await newest();
    assert.deepEqual([file.state, file.kind, file.added, file.refused], ['partly', 'salesOrder', 1, 4]);
    assert.deepEqual(
      file.problems.map((p) => [p.row, p.code, p.error]),
      [
        [3, 'F-1/2', 'master.unknown'],
        [4, 'F-1/3', 'erp.cellWrong'],
        [5, 'F-1/4', 'erp.cellEmpty'],
        [6, 'F-1/5', 'erp.cellWrong'],
      ],
    );
    assert.match(file.problems[1]!.message, /수량.*열 개/);
    assert.match(file.problems[1]!.advice, /다시 보내/);
    const line = (await floor.operations.salesLine('F-1', 1))!;
    assert.equal(line.quantity, 1200);
    assert.equal(line.due, Date.UTC(2026, 11, 1, 15) * 1000, 'the end of the first of December in Seoul');
    const [report] = (await readdir(folder('failed'))).filter(
      (n) => n.includes('sales-1') && n.endsWith('.report.csv'),
    );
    const text = await readFile(join(folder('failed'), report!), 'utf8');
    assert.match(text, /^\uFEFF행 row/);
    assert.match(text, /\r\n3,F-1\/2,master\.unknown,/);
    const answer = (await api.erpFileReport({ params: { id: file.id } })) as { bytes: Uint8Array };
    assert.equal(Buffer.from(answer.bytes).toString('utf8'), text.startsWith('\uFEFF') ? text : '');

    const item = { code: 'NEW-CAP', data: { name: '새 캡', kind: 'product' } };
    await api.receiveErpItems({ body: { items: [item] } as never });
    const read = await api.retakeErpFile({ params: { id: file.id } });
    assert.deepEqual([read.added, read.same, read.refused, read.attempts], [1, 1, 3, 2]);
    assert.equal((await files_()).filter((f) => f.name === 'sales-1.csv').length, 1, 'still one file');
    await put(
      'sales-1.csv',
      table.replace('열 개', '10').replace('CAP,,EA', 'CAP,3,EA').replace('KG,2026-13', 'EA,2026-12'),
    );
    await settle();
    const corrected = await newest();
    assert.deepEqual([corrected.state, corrected.added, corrected.same], ['taken', 3, 2]);
    await assert.rejects(api.retakeErpFile({ params: { id: corrected.id } }), /fileTaken/);
  });

  test('JSON of several kinds with ISO times; one bad entry is named by its place', async () => {
    const document = {
      items: [{ code: 'J-1', data: { name: '제이슨', kind: 'product' } }],
      orders: [
        { number: 'J-WO-1', item: 'CAP', quantity: 5, due: '2026-12-02' },
        { number: 'J-WO-2', item: 'CAP', quantity: -5 },
        { number: 'J-WO-3', item: 'CAP', quantity: 5, due: 'soon' },
        'what',
      ],
      salesOrders: [{ number: 'J-SO', customer: 'HMC', item: 'CAP', quantity: 2.5, due: '2026-12-02T09:30:00+09:00' }],
    };
    await put('exchange.json', `${JSON.stringify(document, null, 1)}\n`);
    await settle();
    const file = await newest();
    assert.deepEqual([file.format, file.state, file.rows, file.added, file.refused], ['JSON', 'partly', 6, 3, 3]);
    assert.deepEqual(
      file.problems.map((p) => [p.row, p.code, p.error]),
      [
        [2, 'J-WO-2', 'erp.rowWrong'],
        [3, 'J-WO-3', 'erp.rowWrong'],
        [4, '', 'erp.rowWrong'],
      ],
    );
    assert.match(file.problems[0]!.message, /quantity/);
    assert.equal((await floor.operations.salesLine('J-SO', 1))!.due, Date.UTC(2026, 11, 2, 0, 30) * 1000);
    assert.equal((await floor.operations.order('J-WO-1'))!.due, Date.UTC(2026, 11, 2, 15) * 1000);
  });

  test('B2MML: a schedule becomes work orders, material definitions become items and leave what they do not say', async () => {
    const schedule = {
      OperationsSchedule: {
        ID: { $: 'S' },
        OperationsRequest: [
          {
            ID: { $: 'B-WO-1' },
            EndTime: { $: '2026-12-03T00:00:00Z' },
            SegmentRequirement: [
              {
                ID: { $: '1' },
                MaterialRequirement: [
                  {
                    ID: { $: 'm' },
                    MaterialDefinitionID: [{ $: 'CAP' }],
                    MaterialUse: { $: 'Produced' },
                    Quantity: [{ QuantityString: { $: '12' } }],
                  },
                ],
              },
            ],
          },
        ],
      },
    };
    await put('b2mml.json', JSON.stringify(schedule));
    await settle();
    assert.deepEqual([(await newest()).format, (await newest()).added], ['B2MML', 1]);
    assert.equal((await floor.operations.order('B-WO-1'))!.quantity, 12);
    const materials = {
      MaterialInformation: {
        MaterialDefinition: [
          { ID: { $: 'CAP' }, Description: [{ $: '캡 (ERP)' }], MaterialClassID: [{ $: 'Product' }] },
        ],
      },
    };
    await put('materials.json', JSON.stringify(materials));
    await settle();
    assert.deepEqual([(await newest()).state, (await newest()).changed], ['taken', 1]);
    const cap = (await floor.masterdata.find('item', 'CAP', floor.clock.nowUs()))!;
    assert.deepEqual([cap.data.name, cap.data.documents], ['캡 (ERP)', ['drw-1']]);
  });

  test('a file that is still being written, or seems cut off, waits; a half name is not looked at', async () => {
    const count = (await files_()).length;
    await put('sales-2.csv', '수주번호,고객,품번,수량\nG-1,HMC,CAP,1');
    await put('sales-3.csv.part', '수주번호,고객,품번,수량\nG-2,HMC,CAP,1\n');
    await erp.work();
    await floor.clock.advance(2000);
    await appendFile(join(folder('in'), 'sales-2.csv'), '0\nG-1');
    await erp.work();
    await floor.clock.advance(2000);
    await erp.work();
    assert.deepEqual(await waiting(), ['sales-2.csv growing']);
    await settle();
    assert.deepEqual(await waiting(), ['sales-2.csv unfinished'], 'its last line has no end');
    await appendFile(join(folder('in'), 'sales-2.csv'), '1,HMC,CAP,2\n');
    await settle();
    assert.equal((await files_()).length, count + 1);
    assert.equal((await floor.operations.salesLine('G-1', 1))!.quantity, 10);
    assert.equal((await floor.operations.salesLine('G-11', 1))!.quantity, 2);
    await rename(join(folder('in'), 'sales-3.csv.part'), join(folder('in'), 'sales-3.csv'));
    await settle();
    assert.equal((await newest()).name, 'sales-3.csv');
    // Without an end of line for good: in the end it is taken as it is.
    await put('sales-4.csv', '수주번호,고객,품번,수량\nG-4,HMC,CAP,1');
    await settle(31_000);
    assert.equal((await newest()).name, 'sales-4.csv');
  });

  test('a writer that still holds the file when it is taken: it goes back, and is read when it is whole', async () => {
    const count = (await files_()).length;
    // A writer that never stops while it is read: every look finds it longer.
    let writes = 0;
    const rows = Array.from({ length: 3000 }, (_, i) => `H-${i},HMC,NO-SUCH,1\n`).join('');
    onRename = async (path) => {
      onRename = async () => {};
      const handle = openSync(path, 'a');
      const timer = setInterval(() => {
        writes++;
        writeSync(handle, '\n');
      }, 1);
      stop = () => {
        clearInterval(timer);
        closeSync(handle);
      };
    };
    let stop = () => {};
    await put('sales-5.csv', `수주번호,고객,품번,수량\n${rows}`);
    await settle();
    stop();
    assert.ok(writes > 0, 'it was written to in between');
    assert.equal((await files_()).filter((f) => f.state !== 'taking').length, count, 'not taken yet');
    assert.deepEqual(await readdir(folder('in')), ['sales-5.csv'], 'it lies where its writer put it');
    await put('sales-5.csv', '수주번호,고객,품번,수량\nH-1,HMC,CAP,1\n');
    await settle();
    const taken = await newest();
    assert.deepEqual([taken.name, taken.added, taken.rows], ['sales-5.csv', 1, 1]);
  });

  test('a locked file waits and does not hold up the others; it is taken when it is let go', async () => {
    const path = join(folder('in'), 'sales-6.csv');
    locked.add(path);
    await put('sales-6.csv', '수주번호,고객,품번,수량\nI-1,HMC,CAP,1\n');
    await put('sales-7.csv', '수주번호,고객,품번,수량\nI-2,HMC,CAP,1\n');
    await settle();
    assert.deepEqual(await waiting(), ['sales-6.csv locked']);
    assert.equal((await newest()).name, 'sales-7.csv');
    locked.clear();
    await settle();
    assert.equal((await newest()).name, 'sales-6.csv');
  });

  test('what cannot be read is refused whole, saying why', async () => {
    const cases: [string, string | Uint8Array, string][] = [
      ['orders.json', '{"orders":[', 'erp.fileJson'],
      ['orders-2.json', Buffer.concat([Buffer.from('{"a":"'), cp949.heading, Buffer.from('"}')]), 'erp.fileEncoding'],
      ['other.json', '{"hello":1}', 'erp.fileShape'],
      ['empty.csv', '', 'erp.fileEmpty'],
      ['orders-3.csv', 'a,b,c\n1,2,3\n', 'erp.fileColumns'],
      ['list.csv', '가,나,다\n1,2,3\n', 'erp.fileKindUnknown'],
      ['orders.pdf', '%PDF-1.7 and so on', 'tabular.unknownFormat'],
      ['orders-4.csv', `지시번호,품번,수량\n${'W,CAP,1\n'.repeat(20_001)}`, 'erp.fileTooManyRows'],
      ['orders-5.json', `{"orders":[${' '.repeat(16 * 1024 * 1024)}]}`, 'erp.fileTooLarge'],
    ];
    for (const [name, content] of cases) await put(name, content);
    await settle(31_000);
    const byName = new Map((await files_('refused')).map((f) => [f.name, f]));
    for (const [name, , error] of cases) {
      const file = byName.get(name);
      assert.equal(file?.problems[0]?.error, error, `${name}: ${JSON.stringify(file)}`);
      assert.equal(file!.problems[0]!.row, 0);
      assert.ok(file!.problems[0]!.advice.length > 5);
    }
    assert.equal(await floor.operations.order('W'), null, 'no row of the long one');
  });

  test('letters in the wrong encoding are named, and garble nothing', async () => {
    const broken = Buffer.concat([
      Buffer.from('수주번호,고객,품번,수량,비고\nK-1,HMC,CAP,1,'),
      Buffer.from([0xff, 0xfe, 0xfd]),
      Buffer.from('\n'),
    ]);
    await put('sales-8.csv', broken);
    await settle();
    const file = await newest();
    assert.equal(file.state, 'refused', JSON.stringify(file.problems));
    assert.equal(await floor.operations.salesLine('K-1', 1), null);
  });

  test('a partner brings only what it may; links and folders are not followed', async () => {
    await put('items.csv', '품번,품명,구분\nX-1,엑스,제품\n', 'shop');
    await writeFile(join(dataDir, 'secret.csv'), '수주번호,고객,품번,수량\nS-1,HMC,CAP,1\n');
    await symlink(join(dataDir, 'secret.csv'), join(folder('in', 'shop'), 'sales.csv'));
    await settle();
    const file = await newest();
    assert.deepEqual([file.target, file.problems[0]!.error], ['shop', 'erp.fileKindForbidden']);
    assert.match(file.problems[0]!.message, /품목/);
    assert.equal(await floor.masterdata.find('item', 'X-1', floor.clock.nowUs()), null);
    assert.equal(await floor.operations.salesLine('S-1', 1), null);
    assert.deepEqual(await readdir(folder('in', 'shop')), ['sales.csv']);
  });

  test('given on the screen it is read at once, under its bare name', async () => {
    const body = (async function* () {
      yield Buffer.from('수주번호,고객,품번,수량\n');
      yield Buffer.from('L-1,HMC,CAP,9\n');
    })();
    const give = erp.handlers.giveErpFile as unknown as (
      i: unknown,
      c: unknown,
    ) => Promise<{ name: string; added: number }>;
    const file = await give({ params: { id: 'shop' }, query: { name: '../../etc/수주.csv' }, body }, engineer);
    assert.deepEqual([file.name, file.added], ['수주.csv', 1]);
    const none = { id: 'none', name: '없음', kind: 'file', events: ['*'] };
    await api.saveErpTarget({ body: none as never });
    await assert.rejects(
      give({ params: { id: 'none' }, query: { name: 'a.csv' }, body: [] }, engineer),
      /takesNothing/,
    );
  });

  test('given on the screen it may be no larger than one in a folder, and replaces none that waits', async () => {
    const give = erp.handlers.giveErpFile as unknown as (i: unknown, c: unknown) => Promise<{ state: string }>;
    const given = (name: string, body: unknown) => give({ params: { id: 'shop' }, query: { name }, body }, engineer);
    let sent = 0;
    const endless = (async function* () {
      const part = Buffer.alloc(1024 * 1024, 'x');
      for (; sent < 80; sent++) yield part;
    })();
    await assert.rejects(given('big.csv', endless), { code: 'erp.fileTooLarge', status: 413 });
    assert.ok(sent < 70, `${sent} MB were taken in`);
    await assert.rejects(given('none.csv', {}), { code: 'erp.fileEmpty' });
    assert.deepEqual(await readdir(folder('work', 'shop')), []);
    const table = (number: string) => Readable.from([Buffer.from(`수주번호,고객,품번,수량\n${number},HMC,CAP,9\n`)]);
    assert.equal((await given('..', table('L-2'))).state, 'taken');
    // One of the same name was moved out of its folder and could not be read yet: both are taken.
    await writeFile(join(folder('work', 'shop'), '수주.csv'), '수주번호,고객,품번,수량\nL-3,HMC,CAP,9\n');
    assert.equal((await given('수주.csv', table('L-4'))).state, 'taken');
    for (const number of ['L-2', 'L-3', 'L-4']) assert.ok(await floor.operations.salesLine(number, 1), number);
    await floor.clock.advance(1000);
  });

  test('after a crash in the middle the same file is taken again, each row once', async () => {
    const table = '수주번호,고객,품번,수량\nM-1,HMC,CAP,1\nM-2,HMC,CAP,2\n';
    await api.receiveErpSalesOrders({
      body: { orders: [{ number: 'M-1', customer: 'HMC', item: 'CAP', quantity: 1 }] } as never,
    });
    await erp.close();
    await writeFile(join(folder('work'), 'sales-9.csv'), table);
    open();
    await erp.work();
    const file = await newest();
    assert.deepEqual([file.name, file.state, file.added, file.same], ['sales-9.csv', 'taken', 1, 1]);
    assert.deepEqual(await readdir(folder('work')), []);
  });

  test('files are kept for 90 days, what was known of them longer', async () => {
    const { id } = await newest();
    assert.ok((await readdir(folder('done'))).length > 0);
    floor.clock.jump(91 * 24 * 3_600_000);
    await erp.work();
    assert.equal((await readdir(folder('done'))).length, 0);
    assert.ok((await files_()).some((f) => f.id === id));
    floor.clock.jump(320 * 24 * 3_600_000);
    await erp.work();
    assert.equal((await files_()).length, 0);
  });
});
