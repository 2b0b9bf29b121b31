import { WallTime } from './cell.ts';
import type { OutCell } from './csv-write.ts';
import { serialOfWall } from './number-format.ts';
import { columnName } from './xlsx-sheet.ts';
import { escapeXml } from './xml.ts';
import { writeZip } from './zip-write.ts';

export interface OutSheet {
  name: string;
  /** The first row is the heading: bold, and it stays in sight. */
  rows: readonly (readonly OutCell[])[];
  /** Widths in letters; those of the first 200 rows' texts when left out. */
  widths?: readonly number[];
}

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
/** Numbers of the cell formats in `styles`. */
const style = { heading: 1, day: 2, time: 3 };
const maxCellLetters = 32_767;

/** A workbook of sheets with typed cells, made in memory: at most some hundred thousand cells. */
export function writeXlsx(sheets: readonly OutSheet[]): Uint8Array {
  const names = sheetNames(sheets);
  const list = names.map((name, i) => `<sheet name="${escapeXml(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`);
  const types = sheets.map(
    (_, i) =>
      `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`,
  );
  const links = sheets.map((_, i) => link(`rId${i + 1}`, 'worksheet', `worksheets/sheet${i + 1}.xml`));
  const package_ = 'http://schemas.openxmlformats.org/package/2006';
  return writeZip([
    {
      name: '[Content_Types].xml',
      text: `${head}<Types xmlns="${package_}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>${types.join('')}</Types>`,
    },
    {
      name: '_rels/.rels',
      text: `${head}<Relationships xmlns="${package_}/relationships">${link('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    },
    {
      name: 'xl/workbook.xml',
      text: `${head}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${list.join('')}</sheets></workbook>`,
    },
    {
      name: 'xl/_rels/workbook.xml.rels',
      text: `${head}<Relationships xmlns="${package_}/relationships">${links.join('')}${link('rIdS', 'styles', 'styles.xml')}</Relationships>`,
    },
    { name: 'xl/styles.xml', text: `${head}${styles}` },
    ...sheets.map((sheet, i) => ({ name: `xl/worksheets/sheet${i + 1}.xml`, text: sheetXml(sheet) })),
  ]);
}

const link = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="${relations}/${type}" Target="${target}"/>`;

const styles = `<styleSheet xmlns="${main}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="10"/><name val="맑은 고딕"/></font><font><b/><sz val="10"/><name val="맑은 고딕"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>`;

/** Excel's rules: at most 31 letters, none of `[]:*?/\`, no two alike. */
function sheetNames(sheets: readonly OutSheet[]): string[] {
  const names: string[] = [];
  for (const { name } of sheets) {
    const clean =
      name
        .replace(/[[\]:*?/\\]/g, ' ')
        .slice(0, 31)
        .trim() || 'Sheet';
    let unique = clean;
    for (let n = 2; names.some((other) => other.toLowerCase() === unique.toLowerCase()); n++)
      unique = `${clean.slice(0, 27)} ${n}`;
    names.push(unique);
  }
  return names;
}

function sheetXml(sheet: OutSheet): string {
  const cols = widthsOf(sheet).map((w, i) => `<col min="${i + 1}" max="${i + 1}" width="${w}" customWidth="1"/>`);
  const rows = sheet.rows.map(
    (row, r) =>
      `<row r="${r + 1}">${row.map((cell, c) => cellXml(cell, `${columnName(c)}${r + 1}`, r === 0)).join('')}</row>`,
  );
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  return `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0">${sheet.rows.length > 1 ? pane : ''}</sheetView></sheetViews>${cols.length > 0 ? `<cols>${cols.join('')}</cols>` : ''}<sheetData>${rows.join('')}</sheetData></worksheet>`;
}

function cellXml(cell: OutCell, at: string, isHeading: boolean): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? `<c r="${at}"><v>${cell}</v></c>` : '';
  if (typeof cell === 'boolean') return `<c r="${at}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (cell instanceof WallTime) {
    const format = cell.ms % 86_400_000 === 0 ? style.day : style.time;
    return `<c r="${at}" s="${format}"><v>${serialOfWall(cell.ms)}</v></c>`;
  }
  const text = escapeXml(cell.slice(0, maxCellLetters));
  return `<c r="${at}" t="inlineStr"${isHeading ? ` s="${style.heading}"` : ''}><is><t xml:space="preserve">${text}</t></is></c>`;
}

/** Hangul is about twice as wide as Latin letters. */
function widthsOf({ rows, widths }: OutSheet): number[] {
  if (widths) return [...widths];
  const found: number[] = [];
  for (const row of rows.slice(0, 200))
    row.forEach((cell, i) => {
      const text = cell instanceof WallTime ? '2026-11-25 00:00' : String(cell ?? '');
      let width = 2;
      for (const letter of text.slice(0, 60)) width += letter > '\u1100' ? 2 : 1;
      found[i] = Math.min(60, Math.max(found[i] ?? 8, width));
    });
  return Array.from(found, (w) => w ?? 8);
}
