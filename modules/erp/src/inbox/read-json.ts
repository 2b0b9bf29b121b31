import { readFile } from 'node:fs/promises';
import { type ErpFileKind, ErpOrder, ErpSalesOrder } from '@deungdae/contracts/api-erp.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { z } from 'zod';
import { readMaterials, type ScheduledOrder } from '../b2mml/inbound.ts';
import { readSchedule } from '../b2mml/schedule.ts';
import { erpError } from '../errors.ts';
import { kindOfFile } from './columns.ts';
import { type FileContent, type FileRow, nameOfRow, rowsLimit } from './content.ts';
import { dueOf } from './read-table.ts';

const Named = z.strictObject({
  code: z.string().trim().min(1).max(60),
  revision: z.string().max(30).optional(),
  data: z.record(z.string(), z.unknown()),
});
const OrderOfFile = ErpOrder.extend({ unit: z.string().max(20).nullable().default(null) });
const schemas: Record<ErpFileKind, z.ZodType> = { item: Named, workOrder: OrderOfFile, salesOrder: ErpSalesOrder };
const lists: Record<string, ErpFileKind> = {
  ...{ items: 'item', orders: 'workOrder', workOrders: 'workOrder', salesOrders: 'salesOrder' },
};

/** One document by the schema of its kind. Throws `erp.rowWrong` with the path of the first thing that is wrong. */
export function checkedDocument(kind: ErpFileKind, document: unknown): unknown {
  const parsed = schemas[kind].safeParse(document);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const path = issue.path.join('.') || '-';
  throw erpError('erp.rowWrong', { path, detail: issue.message.slice(0, 200) }, { status: 422 });
}

/**
 * JSON in the shape of the REST routes (`items`, `orders`, `salesOrders`, or a bare list with a name that says which), or
 * B2MML with an OperationsSchedule or MaterialDefinitions. Times may be ISO 8601. UTF-8 only, as RFC 8259 says.
 */
export async function readJson(path: string, name: string, timeZone: string): Promise<FileContent> {
  const root = parsed(await readFile(path), name);
  const parts: FileContent['parts'] = [];
  if (Array.isArray(root)) {
    const kind = kindOfFile(name, []);
    if (!kind) throw erpError('erp.fileKindUnknown', { name }, { status: 422 });
    parts.push({ kind, rows: rowsOf(kind, root, timeZone) });
  } else if ('OperationsSchedule' in root) {
    parts.push({ kind: 'workOrder', rows: readSchedule(root).map(scheduled) });
  } else if ('MaterialInformation' in root) {
    parts.push({ kind: 'item', rows: readMaterials(root).map((item, i) => row(i, item.code, item)) });
  } else
    for (const [key, kind] of Object.entries(lists)) {
      const list = root[key];
      if (Array.isArray(list)) parts.push({ kind, rows: rowsOf(kind, list, timeZone) });
    }
  if (parts.length === 0) throw erpError('erp.fileShape', { name }, { status: 422 });
  const count = parts.reduce((sum, part) => sum + part.rows.length, 0);
  if (count === 0) throw erpError('erp.fileEmpty', { name }, { status: 422 });
  if (count > rowsLimit) throw erpError('erp.fileTooManyRows', { name, limit: rowsLimit }, { status: 413 });
  const isB2mml = !Array.isArray(root) && ('OperationsSchedule' in root || 'MaterialInformation' in root);
  return { format: isB2mml ? 'B2MML' : 'JSON', parts };
}

function parsed(bytes: Uint8Array, name: string): Record<string, unknown> | unknown[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw erpError('erp.fileEncoding', { name }, { status: 415 });
  }
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    throw erpError('erp.fileJson', { name, detail: (error as Error).message.slice(0, 200) }, { status: 422 });
  }
  if (typeof root !== 'object' || root === null) throw erpError('erp.fileShape', { name }, { status: 422 });
  return root as Record<string, unknown> | unknown[];
}

const row = (i: number, name: string, document: unknown): FileRow => ({ row: i + 1, name, document });

function scheduled({ released, ...order }: ScheduledOrder, i: number): FileRow {
  return row(i, order.number, { ...order, note: '', release: released });
}

function rowsOf(_kind: ErpFileKind, list: readonly unknown[], timeZone: string): FileRow[] {
  return list.map((entry, i) => {
    const fields = typeof entry === 'object' && entry !== null ? { ...(entry as Record<string, unknown>) } : entry;
    const named = (fields ?? {}) as Record<string, unknown>;
    const name = nameOfRow(named);
    try {
      for (const key of ['due', 'receivedAt'])
        if (typeof named[key] === 'string') named[key] = momentOf(key, named[key], timeZone);
      return row(i, name, fields);
    } catch (error) {
      if (error instanceof CodedError) return { row: i + 1, name, problem: error };
      throw error;
    }
  });
}

/** `2026-12-01` is the end of that day at the plant; without a zone a time is the plant's. */
function momentOf(path: string, text: string, timeZone: string): number {
  const match = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  const ms = match ? Date.parse(match[2] ? `${match[1]}${match[2]}${match[5] ?? 'Z'}` : `${match[1]}T00:00:00Z`) : NaN;
  if (Number.isNaN(ms)) throw erpError('erp.rowWrong', { path, detail: text.slice(0, 60) }, { status: 422 });
  return match![2] && match![5] ? ms * 1000 : dueOf(ms, timeZone);
}
