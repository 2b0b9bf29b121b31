import type { ErpFileKind } from '@deungdae/contracts/api-erp.ts';
import { daysBetween } from '@deungdae/kernel/calendar.ts';
import { CodedError, explain } from '@deungdae/kernel/errors.ts';
import { type Cell, showCell } from '@deungdae/tabular/cell.ts';
import { type Converted, toBoolean, toInteger, toNumber, toText, toWall } from '@deungdae/tabular/convert.ts';
import { detectHeader } from '@deungdae/tabular/header.ts';
import { openTable, type TableFile } from '@deungdae/tabular/open-table.ts';
import { erpError } from '../errors.ts';
import { type Column, itemKindOf, kindOfFile, placesOf, unitOf } from './columns.ts';
import { type FileContent, type FileRow, nameOfRow, rowsLimit } from './content.ts';

const textLimit = 1000;
const dayMs = 86_400_000;

/**
 * A table (CSV in CP949, UTF-8 or UTF-16; XLSX) of items, work orders or sales orders. Throws `tabular.*` and `erp.file*`
 * when nothing of it can be read; what is wrong with a row stands with the row.
 */
export async function readTable(path: string, name: string, timeZone: string): Promise<FileContent> {
  const table = await openTable(path, name);
  try {
    return await contentOf(table, name, timeZone);
  } finally {
    await table.close();
  }
}

async function contentOf(table: TableFile, name: string, timeZone: string): Promise<FileContent> {
  const sheet = Math.max(
    0,
    table.sheets.findIndex((s) => !s.hidden),
  );
  const look = await limited(name, () => table.look(sheet, { maxRows: rowsLimit + 10 }));
  const header = detectHeader(look);
  if (!header || header.columns.length === 0) throw erpError('erp.fileEmpty', { name }, { status: 422 });
  const kind = kindOfFile(
    name,
    header.columns.map((c) => c.name),
  );
  if (!kind) throw erpError('erp.fileKindUnknown', { name }, { status: 422 });
  const { places, missing } = placesOf(kind, header.columns);
  if (missing.length > 0) throw columnsMissing(name, missing, header.columns);
  const rows: FileRow[] = [];
  for await (const some of table.rows(sheet))
    for (const row of some) {
      if (row.row <= header.bottom) continue;
      rows.push(rowOf(kind, places, row, timeZone));
      if (rows.length > rowsLimit) throw erpError('erp.fileTooManyRows', { name, limit: rowsLimit }, { status: 413 });
    }
  if (rows.length === 0) throw erpError('erp.fileEmpty', { name }, { status: 422 });
  const format = table.csv ? `CSV ${table.csv.encoding.toUpperCase()}` : 'XLSX';
  return { format, parts: [{ kind, rows }] };
}

/** The table's own word about too many rows becomes ours, which names our limit. */
async function limited<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CodedError && error.code === 'tabular.tooManyRows')
      throw erpError('erp.fileTooManyRows', { name, limit: rowsLimit }, { status: 413 });
    throw error;
  }
}

function columnsMissing(name: string, missing: readonly Column[], found: readonly { name: string }[]) {
  return erpError(
    'erp.fileColumns',
    {
      name,
      missing: missing.map((c) => `${c.ko} (${c.en})`).join(', '),
      found: found
        .map((c) => c.name)
        .join(', ')
        .slice(0, 300),
    },
    { status: 422 },
  );
}

function rowOf(
  kind: ErpFileKind,
  places: ReadonlyMap<Column, number>,
  row: { row: number; cells: readonly Cell[] },
  timeZone: string,
): FileRow {
  const values: Record<string, unknown> = {};
  for (const [column, index] of places) {
    const cell = row.cells[index] ?? null;
    if (cell === null) {
      if (column.required) return wrong(row.row, values, 'erp.cellEmpty', { column: column.ko });
      continue;
    }
    const read = cellOf(column, cell, timeZone);
    if ('fault' in read) {
      const value = showCell(cell).slice(0, 80);
      const detail = explain(read.fault, { value, limit: textLimit }, 'ko');
      return wrong(row.row, values, 'erp.cellWrong', { column: column.ko, detail });
    }
    values[column.id] = read.value;
  }
  return { row: row.row, ...documentOf(kind, values) };
}

function wrong(
  row: number,
  values: Record<string, unknown>,
  code: 'erp.cellEmpty' | 'erp.cellWrong',
  params: Record<string, string>,
): FileRow {
  return { row, name: nameOfRow(values), problem: erpError(code, params, { status: 422 }) };
}

/** Rows of items carry what the ERP says of the item in `data`; orders are flat. */
function documentOf(kind: ErpFileKind, values: Record<string, unknown>) {
  if (kind !== 'item') return { name: nameOfRow(values), document: values };
  const { code, revision, ...data } = values;
  return { name: nameOfRow(values), document: { code, ...(revision === undefined ? {} : { revision }), data } };
}

function cellOf(column: Column, cell: Cell, timeZone: string): Converted<unknown> {
  switch (column.type) {
    case 'number':
      return toNumber(cell);
    case 'integer':
      return toInteger(cell);
    case 'boolean':
      return cancelled(cell) ? { value: true } : toBoolean(cell);
    case 'time': {
      const wall = toWall(cell);
      return 'fault' in wall ? wall : { value: dueOf(wall.value, timeZone) };
    }
    case 'unit': {
      const text = toText(cell, 20);
      return 'fault' in text ? text : { value: unitOf(text.value) };
    }
    case 'itemKind': {
      const text = toText(cell, 60);
      return 'fault' in text ? text : { value: itemKindOf(text.value) ?? text.value };
    }
    default:
      return toText(cell, textLimit);
  }
}

/** Some write the state of the line where others write a yes. */
const cancelled = (cell: Cell) => /^(취소|cancel(l?ed)?)$/i.test(showCell(cell));

/** A wall time as µs UTC; a mere day is its end, for what is due on a day may be done until midnight. */
export function dueOf(wallMs: number, timeZone: string): number {
  const day = new Date(wallMs).toISOString().slice(0, 10);
  const noon = Date.parse(`${day}T12:00:00Z`) * 1000;
  const found = daysBetween(timeZone, noon - dayMs * 1000, noon + dayMs * 1000).find((d) => d.day === day)!;
  const ofDay = wallMs - Date.parse(`${day}T00:00:00Z`);
  return ofDay === 0 ? found.to : found.from + ofDay * 1000;
}
