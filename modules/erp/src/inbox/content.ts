import type { ErpFileKind } from '@deungdae/contracts/api-erp.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';

/** Rows of one file; each is a transaction of its own. */
export const rowsLimit = 20_000;

/** A row of a table, or a place in a JSON list, from 1; the document it holds, or why it holds none. */
export type FileRow = { row: number; name: string } & ({ document: unknown } | { problem: CodedError });

/** What a file holds, in its order. */
export interface FileContent {
  /** How it was read: `CSV CP949`, `XLSX`, `JSON`, `B2MML`. */
  format: string;
  parts: { kind: ErpFileKind; rows: FileRow[] }[];
}

/** How a row is called in reports: `SO-1/2`, `WO-7`, `CAP`. */
export function nameOfRow(values: Record<string, unknown>): string {
  const name = String(values.number ?? values.code ?? '').slice(0, 60);
  return name !== '' && typeof values.line === 'number' ? `${name}/${values.line}` : name;
}
