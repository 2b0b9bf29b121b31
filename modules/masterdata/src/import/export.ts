import type { Handlers } from '@deungdae/contracts/api.ts';
import type { MasterRecord } from '@deungdae/contracts/master.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { WallTime } from '@deungdae/tabular/cell.ts';
import type { OutCell } from '@deungdae/tabular/csv-write.ts';
import { tableAnswer } from '@deungdae/tabular/table-answer.ts';
import type { ImportColumn } from '../import-target.ts';
import { dbOf, listRecords } from '../store.ts';
import { type KindTable, kindTables } from './targets/kinds.ts';

const maxRecords = 100_000;
const pageRecords = 5_000;
/** Where the rows of a kind that has several a record stand in its data. */
const lists: Record<string, string> = { bom: 'lines', routing: 'operations', inspectionPlan: 'characteristics' };

/** Records as a table whose headings the import knows again. */
export function exportHandlers(ledger: Ledger, timeZone: () => string): Handlers {
  return {
    exportMaster: async ({ params, query }, caller) => {
      const ko = caller.language === 'ko';
      const table = kindTables.find((t) => t.kind === params.kind)!;
      const rows: OutCell[][] = [table.columns.map((c) => (ko ? c.name.ko : c.name.en))];
      let after: string | undefined;
      while (rows.length < maxRecords) {
        const found = await listRecords(dbOf(ledger), { kind: params.kind, after, limit: pageRecords });
        for (const record of found) rows.push(...rowsOf(table, record, ko, timeZone()));
        after = found.at(-1)?.code;
        if (found.length < pageRecords) break;
      }
      return tableAnswer(ko ? table.title.ko : table.title.en, query.format, rows);
    },
  };
}

function rowsOf(table: KindTable, record: MasterRecord, ko: boolean, timeZone: string): OutCell[][] {
  const data = record.data as Record<string, unknown>;
  const list = lists[table.kind];
  const parts = list ? (data[list] as Record<string, unknown>[]) : [{}];
  const head = { ...data, code: record.code, revision: record.revision || undefined, active: record.active };
  const base = table.kind === 'bom' ? { base: data.quantity, quantity: undefined } : {};
  return parts.map((part) => {
    const values: Record<string, unknown> = { ...head, ...base, ...part };
    return table.columns.map((column) =>
      column.id === 'validFrom' ? dayCell(record.validFrom, timeZone) : cellOf(values[column.id], column, ko),
    );
  });
}

function cellOf(value: unknown, column: ImportColumn, ko: boolean): OutCell {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map((v) => String(cellOf(v, column, ko))).join(', ') || null;
  const choice = column.choices?.find((c) => c.value === value);
  if (choice) return ko ? choice.name.ko : choice.name.en;
  if (column.type === 'boolean') return value ? 'Y' : 'N';
  return typeof value === 'number' ? value : String(value);
}

function dayCell(us: number | null, timeZone: string): OutCell {
  if (us === null) return null;
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone }).format(us / 1000);
  return new WallTime(Date.parse(`${day}T00:00:00Z`));
}
