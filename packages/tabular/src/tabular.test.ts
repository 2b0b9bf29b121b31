import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { type Cell, CellFault, showCell, WallTime } from './cell.ts';
import { toBoolean, toClock, toDay, toNumber, toText, toWall } from './convert.ts';
import { writeCsv } from './csv-write.ts';
import { detectHeader, headerFingerprint } from './header.ts';
import { isDateFormat, wallOfSerial } from './number-format.ts';
import { openTable } from './open-table.ts';
import { writeXlsx } from './xlsx-write.ts';
import { writeZip } from './zip-write.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deungdae-tabular-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const coded = (code: string) => (error: unknown) => error instanceof CodedError && error.code === code;
async function file(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}
async function rowsOf(name: string, bytes: Uint8Array | string): Promise<string[][]> {
  const table = await openTable(await file(name, bytes), name);
  const { head } = await table.look(0);
  await table.close();
  return head.map((r) => r.cells.map(showCell));
}
/** A workbook around the given rows' XML. */
function workbook(
  sheetData: string,
  more: { shared?: string; styles?: string; date1904?: boolean; after?: string } = {},
) {
  const rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  return writeZip([
    {
      name: 'xl/workbook.xml',
      text: `<workbook xmlns:r="${rel}"><workbookPr${more.date1904 ? ' date1904="1"' : ''}/><sheets><sheet name="표" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      text: `<Relationships><Relationship Id="rId1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="s" Type="${rel}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="t" Type="${rel}/styles" Target="styles.xml"/></Relationships>`,
    },
    { name: 'xl/sharedStrings.xml', text: `<sst>${more.shared ?? ''}</sst>` },
    { name: 'xl/styles.xml', text: `<styleSheet>${more.styles ?? ''}</styleSheet>` },
    {
      name: 'xl/worksheets/sheet1.xml',
      text: `<worksheet><sheetData>${sheetData}</sheetData>${more.after ?? ''}</worksheet>`,
    },
  ]);
}

test('CSV: UTF-8 with and without mark, CP949 and UTF-16 give the same rows', async () => {
  const wanted = [
    ['품번', '품명', '수량'],
    ['A-1', '사출 커버, "대"', '1,200'],
    ['A-2', '두\n줄', '7'],
  ];
  const text = '품번,품명,수량\r\nA-1,"사출 커버, ""대""","1,200"\r\n\r\n A-2 ,"두\n줄",7   \r\n,,\r\n';
  assert.deepEqual(await rowsOf('plain.csv', text), wanted);
  assert.deepEqual(await rowsOf('bom.csv', `\uFEFF${text}`), wanted);
  assert.deepEqual(await rowsOf('wide.csv', Buffer.from(`\uFEFF${text}`, 'utf16le')), wanted);
  assert.deepEqual(await rowsOf('big.csv', Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()), wanted);
  // "뷁" is in CP949 but not in the old EUC-KR.
  const cp949 = Buffer.from([0xc7, 0xb0, 0xb9, 0xf8, 0x2c, 0x94, 0xee, 0x0a, 0x31, 0x2c, 0x32, 0x0a]);
  assert.deepEqual(await rowsOf('cp949.csv', cp949), [
    ['품번', '뷁'],
    ['1', '2'],
  ]);
});

test('CSV: a Korean letter far behind decides the encoding, delimiters are guessed, lines are counted', async () => {
  const far = Buffer.concat([Buffer.from(`a;b\n${'1;2\n'.repeat(60_000)}`), Buffer.from([0xb0, 0xa1, 0x3b, 0x31])]);
  const table = await openTable(await file('far.csv', far), 'far.csv');
  assert.deepEqual(table.csv, { encoding: 'cp949', delimiter: ';' });
  let last: Cell[] = [];
  let count = 0;
  for await (const rows of table.rows(0)) {
    count += rows.length;
    last = rows.at(-1)!.cells;
    if (count === 60_002) assert.equal(rows.at(-1)!.row, 60_002);
  }
  assert.deepEqual(last, ['가', '1']);
  assert.deepEqual(await rowsOf('tab.txt', 'a\tb,c\n1\t2,5\n'), [
    ['a', 'b,c'],
    ['1', '2,5'],
  ]);
  await assert.rejects(rowsOf('open.csv', 'a,b\n1,"never closed\n2,3\n'), coded('tabular.openQuote'));
});

test('what is no table is refused by name', async () => {
  const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]);
  const refused = async (name: string, bytes: Uint8Array | string, code: string) =>
    assert.rejects(rowsOf(name, bytes), coded(code));
  await refused('old.xls', ole, 'tabular.oldExcel');
  await refused('locked.xlsx', Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]), 'tabular.password');
  await refused('binary.xlsb', writeZip([{ name: 'xl/workbook.bin', text: 'x' }]), 'tabular.binaryExcel');
  await refused('export.xls', '<html><table><tr><td>1</td></tr></table></html>', 'tabular.webPage');
  await refused('drawing.pdf', '%PDF-1.7\n', 'tabular.unknownFormat');
  await refused('a.zip', writeZip([{ name: 'a.txt', text: 'x' }]), 'tabular.unknownFormat');
  await refused('cut.xlsx', writeXlsx([{ name: 'a', rows: [['x']] }]).subarray(0, 300), 'tabular.damaged');
});

test('XLSX: shared, rich and inline texts, prefixes, formatted empty rows, booleans', async () => {
  const shared =
    '<si><t>품번</t></si><si><r><t>두</t></r><r><t xml:space="preserve"> 색</t></r><rPh><t>음</t></rPh></si><si/>';
  const cells =
    '<row r="1" spans="1:3"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="2"/><row r="3"><c r="A3" s="1"/></row>' +
    '<row r="9"><c r="A9" t="inlineStr"><is><t> A &amp; B&#10;_x0041_ </t></is></c><c r="B9" t="b"><v>1</v></c><c r="C9"><v>0.30000000000000004</v></c><c r="D9" t="s"><v>2</v></c></row>';
  const table = await openTable(await file('a.xlsx', workbook(cells, { shared })), 'a.xlsx');
  const { head, rows } = await table.look(0);
  await table.close();
  assert.equal(rows, 2);
  assert.deepEqual(head[0], { row: 1, cells: ['품번', null, '두 색'] });
  assert.deepEqual(head[1], { row: 9, cells: ['A & B\nA', true, 0.3] });
});

test('XLSX: formulas that were not calculated, failed, or lie are told', async () => {
  const cells =
    '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1" t="e"><f>A1/0</f><v>#DIV/0!</v></c>' +
    '<c r="D1"><f>SUM(A1)</f><v>many</v></c><c r="E1" t="b"><f>A1&gt;1</f><v>7</v></c><c r="F1" t="s"><v>99</v></c><c r="G1" t="str"><f>""</f><v></v></c></row>';
  const table = await openTable(await file('f.xlsx', workbook(cells)), 'f.xlsx');
  const [row] = (await table.look(0)).head;
  await table.close();
  const told = row!.cells.map((cell) => (cell instanceof CellFault ? cell.code : cell));
  assert.deepEqual(told, [
    2,
    'tabular.formulaNoValue',
    'tabular.formulaError',
    ...['tabular.formulaLies', 'tabular.formulaLies', 'tabular.formulaLies'],
  ]);
});

test('XLSX: dates by format in both date systems', async () => {
  const styles =
    '<numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;년&quot;\\ m&quot;월&quot;\\ d&quot;일&quot;"/><numFmt numFmtId="171" formatCode="#,##0&quot;day&quot;"/></numFmts>' +
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs>';
  const cells =
    '<row r="1"><c r="A1" s="1"><v>43405</v></c><c r="B1" s="2"><v>43405.5</v></c><c r="C1" s="3"><v>43405</v></c><c r="D1" s="0"><v>43405</v></c></row>';
  assert.deepEqual(await rowsOf('d.xlsx', workbook(cells, { styles })), [
    ['2018-11-01', '2018-11-01 12:00:00', '43405', '43405'],
  ]);
  assert.equal((await rowsOf('d4.xlsx', workbook(cells, { styles, date1904: true })))[0]![0], '2022-11-02');
  assert.equal(new Date(wallOfSerial(1, false).ms).toISOString().slice(0, 10), '1900-01-01');
  assert.equal(new Date(wallOfSerial(61, false).ms).toISOString().slice(0, 10), '1900-03-01');
  assert.ok(!isDateFormat(0, 'General') && isDateFormat(0, '[$-412]yyyy/mm/dd') && isDateFormat(0, '[h]:mm'));
});

test('a bomb ends at the limit, whatever size it claims', async () => {
  // 1,100 blocks of a megabyte of blanks pack into about a megabyte.
  const blanks = Buffer.alloc(1024 * 1024, 0x20);
  const block = deflateRawSync(blanks, { finishFlush: 2 });
  const packed = Buffer.concat(Array.from({ length: 1100 }, () => block));
  const bomb = workbook('<row r="1"><c r="A1"><v>1</v></c></row>') as Buffer;
  const name = Buffer.from('xl/worksheets/sheet1.xml');
  const at = bomb.indexOf(name);
  const start = at + name.length;
  const end = bomb.indexOf(Buffer.from('504b0102', 'hex'));
  const grown = Buffer.concat([bomb.subarray(0, start), packed, bomb.subarray(end)]);
  const directory = start + packed.length;
  const entry = grown.indexOf(name, directory) - 46;
  grown.writeUInt32LE(packed.length, entry + 20);
  grown.writeUInt32LE(directory, grown.length - 6);
  const before = process.memoryUsage().rss;
  const table = await openTable(await file('bomb.xlsx', grown), 'bomb.xlsx');
  await assert.rejects(
    table.look(0),
    (error: CodedError) => error.code === 'tabular.tooLarge' || error.code === 'tabular.damaged',
  );
  await table.close();
  assert.ok(process.memoryUsage().rss - before < 300 * 1024 * 1024);
});

test('what is written is read back the same', async () => {
  const day = new WallTime(Date.UTC(2026, 10, 25));
  const rows = [
    ['품번', '수량', '납기', '확정'],
    ['=A&"<b>"', 12.5, day, true],
    ['0010', null, new WallTime(Date.UTC(2026, 10, 25, 14, 30)), false],
  ];
  const table = await openTable(
    await file(
      'w.xlsx',
      writeXlsx([
        { name: '주문/계획', rows },
        { name: '주문 계획', rows: [] },
      ]),
    ),
    'w.xlsx',
  );
  assert.deepEqual(
    table.sheets.map((s) => s.name),
    ['주문 계획', '주문 계획 2'],
  );
  const { head } = await table.look(0);
  await table.close();
  assert.deepEqual(
    head.map((r) => r.cells),
    rows,
  );
  const csv = await rowsOf('w.csv', writeCsv(rows));
  assert.deepEqual(csv[1], ['\'=A&"<b>"', '12.5', '2026-11-25', 'TRUE']);
});

test('dates as people write them', () => {
  const day = (cell: Cell) => {
    const made = toDay(cell);
    return 'value' in made ? made.value : made.fault;
  };
  for (const text of [
    ...['2026-11-25', '2026.11.25', '2026.11.25.', '2026. 11. 25', '26-11-25', '26/11/25', '20261125', '46351'],
    ...['2026년 11월 25일', '26년11월25일', '25-Nov-2026', '11/25/2026', '25/11/2026', '2026-11-25 (수)'],
    ...['2026-11-25 14:30', '2026-11-25T14:30:00Z', '2026. 11. 25 오후 2:30'],
  ])
    assert.equal(day(text), '2026-11-25', text);
  assert.equal(day(46351), '2026-11-25');
  assert.equal(day(20261125), '2026-11-25');
  assert.equal(day('05/06/2026'), 'tabular.ambiguousDay');
  for (const wrong of ['2026-02-30', '13월 1일', 'tomorrow', '7', '2026-11', 'True'])
    assert.match(day(wrong), /notDay/);
  const wall = (cell: Cell) => (toWall(cell) as { value: number }).value;
  assert.equal(wall('2026-11-25 오후 2시 30분'), Date.UTC(2026, 10, 25, 14, 30));
  assert.equal(wall('26.11.25 12:05 am'), Date.UTC(2026, 10, 25, 0, 5));
  assert.ok('fault' in toWall('2026-11-25 25:10'));
  assert.deepEqual(toClock('07:30'), { value: 450 });
  assert.deepEqual(toClock('24:00'), { value: 0 });
  assert.deepEqual(toClock(0.75), { value: 1080 });
});

test('numbers as people write them', () => {
  const number = (cell: Cell) => {
    const made = toNumber(cell);
    return 'value' in made ? made.value : made.fault;
  };
  assert.equal(number('1,234.50'), 1234.5);
  assert.equal(number('(1,200)'), -1200);
  assert.equal(number('△12'), -12);
  assert.equal(number('１２'), 12);
  assert.equal(number('₩ 3,000원'), 3000);
  assert.equal(number('12%'), 0.12);
  for (const wrong of ['1,23', '50/100', '12 kg', '-', '1.2.3', 'abc', true])
    assert.equal(number(wrong), 'tabular.notNumber', String(wrong));
  assert.deepEqual(toText(10045, 60), { value: '10045' });
  assert.deepEqual(toText(9917349000, 60), { value: '9917349000' });
  assert.deepEqual(toBoolean('사용'), { value: true });
  assert.deepEqual(toBoolean('N'), { value: false });
  assert.ok('fault' in toBoolean('maybe'));
});

test('a heading of merged cells is found under its title', async () => {
  const cell = (at: string, text: string) => `<c r="${at}" t="inlineStr"><is><t>${text}</t></is></c>`;
  const cells =
    `<row r="1">${cell('A1', '일일 생산 실적')}</row><row r="3">${cell('A3', '품번')}${cell('B3', '생산')}${cell('D3', '비고')}</row>` +
    `<row r="4">${cell('B4', '양품')}${cell('C4', '불량(EA)')}</row><row r="5">${cell('A5', 'A-1')}<c r="B5"><v>3</v></c><c r="C5"><v>4</v></c></row>` +
    `<row r="6">${cell('A6', 'A-2')}<c r="B6"><v>3</v></c><c r="C6"><v>4</v></c></row>`;
  const after =
    '<mergeCells><mergeCell ref="A1:D1"/><mergeCell ref="A3:A4"/><mergeCell ref="B3:C3"/><mergeCell ref="D3:D4"/></mergeCells>';
  const table = await openTable(await file('m.xlsx', workbook(cells, { after })), 'm.xlsx');
  const look = await table.look(0);
  await table.close();
  const header = detectHeader(look)!;
  assert.deepEqual([header.top, header.bottom], [3, 4]);
  assert.deepEqual(
    header.columns.map((c) => c.name),
    ['품번', '생산 양품', '생산 불량(EA)', '비고'],
  );
  assert.equal(headerFingerprint(header), headerFingerprint({ ...header, top: 9 }));
});

test('a sheet of more rows than the limit is refused, and one can stop', async () => {
  const table = await openTable(await file('long.csv', `a,b\n${'1,2\n'.repeat(2000)}`), 'long.csv');
  await assert.rejects(table.look(0, { maxRows: 1000 }), coded('tabular.tooManyRows'));
  await assert.rejects(table.look(0, { abort: AbortSignal.abort() }), { name: 'AbortError' });
  await assert.rejects(table.look(3), coded('tabular.noSheet'));
});
