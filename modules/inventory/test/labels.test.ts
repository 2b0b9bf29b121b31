import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { after, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Caller } from '@deungdae/contracts/api.ts';
import { BytesAnswer } from '@deungdae/kernel/answers.ts';
import { freePort } from '@deungdae/testing/free-port.ts';
import PdfDocument from 'pdfkit';
import { hexed } from '../src/labels/zpl.ts';
import { code, openStock, pcs } from './fixtures.ts';

const caller: Caller = { userId: 'kim', name: 'kim', role: 'supervisor', language: 'ko', via: 'session' };

/** Reads a ^GFA field back into dots, as a printer does (ZPL II: `,` fills the row with white, `:` repeats the row above). */
function graphic(line: string): number[][] {
  const [, total, , perRow, data] = /\^GFA,(\d+),(\d+),(\d+),([0-9A-F,:]*)\^FS/.exec(line)!;
  const digits = Number(perRow) * 2;
  const rows: string[] = [];
  let row = '';
  for (const char of data!) {
    if (char === ':') row = rows.at(-1)!;
    else if (char === ',') row = row.padEnd(digits, '0');
    else row += char;
    if (row.length < digits) continue;
    rows.push(row);
    row = '';
  }
  assert.equal(row, '');
  assert.equal(rows.length * Number(perRow), Number(total));
  return rows.map((text) =>
    [...text].flatMap((c) => [8, 4, 2, 1].map((bit) => (Number.parseInt(c, 16) & bit ? 1 : 0))),
  );
}

function boxOf(dots: number[][]) {
  const ys = dots.flatMap((row, y) => (row.includes(1) ? [y] : []));
  const xs = dots.flatMap((row) => row.flatMap((dot, x) => (dot ? [x] : [])));
  return { left: Math.min(...xs), right: Math.max(...xs), height: ys.at(-1)! - ys[0]! };
}

interface Font {
  unitsPerEm: number;
  layout(text: string): { glyphs: { bbox: Record<'minX' | 'minY' | 'maxX' | 'maxY', number> }[] };
}

/** Where the ink of a letter is, by another reader of the font: the one of the PDFs. */
function inkOf(letter: string, size: number) {
  const file = fileURLToPath(import.meta.resolve('pretendard/dist/public/static/Pretendard-Bold.otf'));
  const document = new PdfDocument().font(file) as unknown as { _font: { font: Font } };
  const { font } = document._font;
  const { bbox } = font.layout(letter).glyphs[0]!;
  const scale = Math.floor(size) / font.unitsPerEm;
  return { left: bbox.minX * scale, right: bbox.maxX * scale, height: (bbox.maxY - bbox.minY) * scale };
}

describe('labels', async () => {
  const s = await openStock();
  after(() => s.end());
  const h = s.stock.handlers;
  const lot = await s.run((tx) => s.stock.receive(tx, { ...s.act(), item: 'CAP', quantity: pcs(500), location: 'FG' }));
  const file = async (format: 'pdf' | 'svg' | 'png' | 'zpl', id = lot.id) => {
    const answer = await h.lotLabel!({ params: { id }, query: { format, copies: 2 }, body: undefined }, caller);
    assert.ok(answer instanceof BytesAnswer);
    return Buffer.from(answer.bytes);
  };
  const settings = (port: number, more: { font?: string } = {}) => ({
    numbering: {
      lot: 'L{yy}{MM}{dd}-{0000}',
      serial: 'S{00000}',
      container: 'B{0000}',
      shipment: 'H{000}',
      count: 'C{00}',
    },
    linkBase: 'https://id.hanbit.example',
    printers: [
      { id: 'P1', name: '출하장 프린터', host: '127.0.0.1', port, dpi: 203 as const, width: 80, height: 50, ...more },
    ],
  });

  it('makes PDF with embedded Korean, SVG, PNG and ZPL', async () => {
    const pdf = await file('pdf');
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    assert.match(pdf.toString('latin1'), /\/FontFile3/);
    assert.equal(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length, 2);
    const svg = (await file('svg')).toString();
    assert.match(svg, /캡/);
    assert.match(svg, /\(01\)08801234567893\(10\)L261125-0001\(37\)500/);
    assert.equal((await file('png')).subarray(1, 4).toString(), 'PNG');
    const zpl = (await file('zpl')).toString();
    assert.match(zpl, /^\^XA\n\^CI28/);
    assert.match(zpl, /\^BXN,\d+,200,,,,_\^FD_1010880123456789310L261125-0001_137500\^FS/);
    assert.match(zpl, /\^PQ2\n\^XZ/);
    assert.equal(hexed('a^b~c_d'), 'a_5eb_7ec_5fd');
  });

  it('sends Hangul as a picture that a printer without Korean fonts prints, or in the font it is said to have', async () => {
    const zpl = (await file('zpl')).toString();
    assert.doesNotMatch(zpl, /\p{Script=Hangul}/u, 'nothing is left to the printer’s own font that it lacks');
    assert.match(zpl, /\^A0N,\d+,\d+\^FB\d+,1,0,L\^FH\^FDL261125-0001\^FS/, 'Latin stays text');
    const pictures = zpl.split('\n').filter((line) => line.includes('^GFA'));
    // 현품표, 합격, 캡, 생산일·입고일: what the layout says in Hangul.
    assert.deepEqual(pictures.length, 4);
    for (const line of pictures) assert.ok(graphic(line).flat().some(Boolean), 'no empty picture');
    const name = graphic(pictures[2]!);
    const shape = inkOf('캡', name.length / 1.15);
    const ink = boxOf(name);
    for (const [side, expected] of Object.entries(shape))
      assert.ok(Math.abs(ink[side as keyof typeof ink] - expected) <= 2, `${side}: ${JSON.stringify({ ink, shape })}`);
    await h.saveInventorySettings!(
      { params: undefined, query: undefined, body: settings(1, { font: 'E:KR.TTF' }) },
      caller,
    );
    const own = (await file('zpl')).toString();
    assert.doesNotMatch(own, /\^GFA/);
    assert.match(own, /\^A@N,\d+,\d+,E:KR\.TTF\^FB\d+,1,0,L\^FH\^FD캡\^FS/);
  });

  it('leaves the GS1 code off where the item has no GTIN, and the QR finds the lot again', async () => {
    const raw = await s.run((tx) =>
      s.stock.receive(tx, { ...s.act(), item: 'COLOR', quantity: pcs(1), location: 'RAW', supplierLot: 'SL-9' }),
    );
    assert.doesNotMatch((await file('zpl', raw.id)).toString(), /\^BX/);
    const card = await h.lot!({ params: { id: raw.number }, query: undefined, body: undefined }, caller);
    assert.equal(card.label.elements, null);
    assert.equal((await s.stock.lot(card.label.link))?.id, raw.id);
  });

  it('finds lots by what labels say: GS1, without GS, link, Korean keyboard, supplier label', async () => {
    const gs1 = '010880123456789310L261125-0001\x1d37500';
    await h.saveInventorySettings!({ params: undefined, query: undefined, body: settings(1) }, caller);
    for (const scanned of [
      gs1,
      gs1.replace('\x1d', ''),
      `]d2${gs1}`,
      'https://id.hanbit.example/01/08801234567893/10/L261125-0001?37=500',
      'DD1:hanbit/gimcheon:L261125-0001',
      'l261125-0001',
      'ㅣ261125-0001',
    ])
      assert.equal((await s.stock.lot(scanned))?.id, lot.id, scanned);
    const scan = async (text: string) => h.scan!({ params: undefined, query: undefined, body: { code: text } }, caller);
    assert.equal((await scan('FG')).location?.name, '완제품 창고');
    assert.equal((await scan('8801234567893')).item?.code, 'CAP');
    const supplier = await scan('(01)08801234567909(17)271231(10)NEW-7(37)24');
    assert.deepEqual(
      [supplier.kind, supplier.item?.code, supplier.supplierLot, supplier.quantity],
      ['item', 'ASSY', 'NEW-7', 24],
    );
    await assert.rejects(scan('ZZZ-404'), code('inventory.unknownCode'));
    await assert.rejects(scan('DD1:hanbit/busan:L1'), code('inventory.otherPlant'));
    await assert.rejects(scan('(01)09506000134352(10)X'), code('inventory.unknownGtin'));
    await assert.rejects(
      s.run((tx) => s.stock.hold(tx, { ...s.act(), lot: 'NO-SUCH', reason: 'x' })),
      code('inventory.unknownLot'),
    );
  });

  it('keeps labels while the printer is off, says so, and prints each once when it is back', async () => {
    const port = await freePort();
    await h.saveInventorySettings!({ params: undefined, query: undefined, body: settings(port) }, caller);
    const print = (entryId: string) =>
      h.printLabels!(
        { params: undefined, query: undefined, body: { entryId, lots: [lot.id], printer: 'P1', copies: 1 } },
        caller,
      );
    const [job] = await print('e1');
    assert.equal(job?.status, 'waiting');
    assert.match(job?.error ?? '', /출하장 프린터\(127\.0\.0\.1:\d+\)에 연결할 수 없습니다/);
    const [again] = await print('e1');
    assert.equal(again?.id, job?.id);
    const received: string[] = [];
    const server: Server = createServer((socket) => {
      let text = '';
      socket.setEncoding('utf8');
      socket.on('data', (part: string) => {
        text += part;
      });
      socket.on('end', () => {
        received.push(text);
        socket.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    after(() => server.close());
    const [second] = await print('e2');
    assert.equal(second?.status, 'done');
    for (let i = 0; i < 100 && received.length < 2; i++) await wait(20);
    assert.equal(received.length, 2);
    assert.match(received[0]!, /\^GFA,/);
    const jobs = await h.printJobs!({ params: undefined, query: { limit: 10 }, body: undefined }, caller);
    assert.deepEqual(
      jobs.map((j) => [j.id, j.status, j.attempts]),
      [
        [second?.id, 'done', 1],
        [job?.id, 'done', 3],
      ],
    );
    await assert.rejects(
      async () => h.retryPrintJob!({ params: { id: job!.id }, query: undefined, body: undefined }, caller),
      code('inventory.unknownJob'),
    );
    await assert.rejects(
      async () =>
        h.printLabels!(
          { params: undefined, query: undefined, body: { lots: [lot.id], printer: 'P9', copies: 1 } },
          caller,
        ),
      code('inventory.unknownPrinter'),
    );
  });
});
