import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CellFault, showCell, textCell, WallTime } from './cell.ts';
import { toDay, toNumber, toWall } from './convert.ts';
import { writeCsv } from './csv-write.ts';
import { detectHeader, headerFingerprint } from './header.ts';
import { isDateFormat } from './number-format.ts';
import { openTable } from './open-table.ts';
import { SheetScanner } from './xlsx-sheet.ts';
import { joinedText, tagsOf } from './xml.ts';

/** What a file may hold that was made to do harm, or that a tired program wrote: none of it may hold up the server. */
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deungdae-hostile-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function look(name: string, bytes: Uint8Array | string) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const table = await openTable(path, name);
  try {
    return { csv: table.csv, ...(await table.look(0)) };
  } finally {
    await table.close();
  }
}
/** Each is looked through once; a second pass for every letter would take minutes. */
async function quick(what: string, work: () => unknown): Promise<void> {
  const begun = performance.now();
  await work();
  const ms = performance.now() - begun;
  assert.ok(ms < 2000, `${what}: ${Math.round(ms)} ms`);
}
const many = (text: string, letters = 1_000_000) => text.repeat(Math.ceil(letters / text.length));

test('XML that never closes what it opens is looked through once', async () => {
  await quick('tags', () => tagsOf(many('<sheet '), 'sheet'));
  await quick('texts', () => joinedText(`<r>${many('<t ')}`));
  await quick('phonetic guides', () => joinedText(`<r>${many('<rPh ')}`));
  await quick('phonetic guides of a prefix', () => joinedText(`<r>${many('<x:rPh><x:t>a</x:t>')}`));
  const context = { name: 'a', shared: [], dateStyles: [], is1904: false };
  await quick('sheet', () => new SheetScanner(context).push(many('<sheetData ')));
  await quick('format', () => isDateFormat(170, many('[')));
  assert.equal(joinedText('<r><t>일</t></r><rPh sb="0"><t>음</t></rPh><r><t>이</t></r>'), '일이');
});

test('cells of a million blanks or brackets are looked through once', async () => {
  const blanks = `가${many(' ')}나`;
  await quick('trimmed', () => assert.equal(textCell(`\u3000${blanks} `), blanks));
  await quick('a date', () => assert.ok('fault' in toWall(`2026${many(' ')}x`)));
  await quick('a number', () => assert.ok('fault' in toNumber(many('1,'))));
  const brackets = `${many('(', 900_000)},나\n1,2\n`;
  await quick('a heading', async () => {
    const header = detectHeader(await look('brackets.csv', brackets))!;
    assert.ok(headerFingerprint(header) && header.columns[0]!.name.length < 1000);
  });
});

test('a line of a million delimiters is a row of as many columns as a workbook may have', async () => {
  await quick('columns', async () => {
    const { rows, columns } = await look('wide.csv', `a,b\n1${many(',')}2\n3,4\n`);
    assert.deepEqual([rows, columns], [3, 2000]);
  });
});

test('a number in a cell that is shown as a date is a day only where Excel could show one', async () => {
  const context = { name: 'a', shared: [], dateStyles: [false, true], is1904: false };
  const row = (value: string) => `<sheetData><row r="1"><c r="A1" s="1"><v>${value}</v></c></row></sheetData>`;
  const cell = (value: string) => new SheetScanner(context).push(row(value))[0]!.cells[0]!;
  assert.deepEqual(toDay(cell('2958465')), { fault: 'tabular.notDay' }, 'the year 9999');
  assert.equal(showCell(cell('2958465')), '9999-12-31');
  // Somebody typed the day as digits.
  assert.deepEqual(toDay(cell('20261125')), { value: '2026-11-25' });
  assert.deepEqual(toDay(cell('1e300')), { fault: 'tabular.notDay' });
  assert.match(showCell(cell('1e15')), /^1000000000000000$/);
  assert.deepEqual(toDay(new WallTime(8.64e18)), { fault: 'tabular.notDay' });
});

test('one letter cut in two does not make a UTF-8 file a CP949 one', async () => {
  const cut = Buffer.concat([
    Buffer.from('품번,품명\nA-1,가나'),
    Buffer.from('다').subarray(0, 2),
    Buffer.from('\nA-2,라마바\n'),
  ]);
  for (const [name, bytes] of [
    ['cut.csv', cut],
    ['cut-bom.csv', Buffer.concat([Buffer.from('\ufeff'), cut])],
  ] as const) {
    const { csv, head } = await look(name, bytes);
    assert.equal(csv?.encoding, 'utf-8');
    assert.deepEqual(head[0]!.cells, ['품번', '품명']);
    assert.ok(head[1]!.cells[1] instanceof CellFault, 'the cut one is told');
    assert.deepEqual(head[2]!.cells, ['A-2', '라마바']);
  }
  // With the mark it is UTF-8 even where little of it could be told from CP949.
  const short = await look('bom.csv', Buffer.concat([Buffer.from('\ufeffa,b\n'), Buffer.from([0xb0, 0xa1])]));
  assert.equal(short.csv?.encoding, 'utf-8');
});

test('no text of a CSV is run as a formula by a spreadsheet', () => {
  const texts = ['=1+1', '+cmd', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '＋1', '－1+1', '＠SUM(A1)'];
  for (const text of texts) {
    const written = new TextDecoder().decode(writeCsv([[text]])).replace(/^\ufeff?"?/, '');
    assert.ok(written.startsWith(`'${text}`), JSON.stringify(written));
  }
  assert.match(new TextDecoder().decode(writeCsv([['-12.5', '+82', 'A=1']])), /^\ufeff?-12\.5,\+82,A=1\r\n$/);
});
