import type { Actor } from '@deungdae/contracts/event.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';

/**
 * What rows of a spreadsheet can be imported as. The master data module reads the file, finds the header, proposes and
 * remembers the mapping, converts the cells and shows the problems; a target only says which columns it knows, judges
 * rows and writes them. Modules register theirs with `masterData.registerImport(target)`.
 */
export interface ImportTarget {
  /** Letters only, e.g. `salesOrder`. */
  id: string;
  title: LocalName;
  /** One sentence: what a row is. */
  help: LocalName;
  columns: readonly ImportColumn[];
  /** Called once for a preview (`context.tx` null: nothing may be written) and once for the commit. */
  begin(context: ImportContext): ImportRun | Promise<ImportRun>;
}

export interface LocalName {
  ko: string;
  en: string;
}

export interface ImportColumn {
  id: string;
  name: LocalName;
  /** Further names that files give it, any language; case, blanks, brackets and punctuation do not count. */
  aliases: readonly string[];
  type: ImportType;
  required?: boolean;
  /** For `choice`: what is stored, and how files write it. */
  choices?: readonly { value: string; name: LocalName; aliases: readonly string[] }[];
  /** The kind of master data a `code` names, for the nearest valid one. */
  refers?: string;
  /** Several values in a cell, split at `, ; / |` or a line break: the cell comes as `string[]`. */
  many?: boolean;
  help?: LocalName;
}

/**
 * What a cell comes as: `text` and `code` as trimmed string (a number cell as it is written in full), `number` and
 * `integer` as number, `boolean`, `choice` as the choice's value, `day` as `yyyy-mm-dd`, `time` as µs UTC (wall time of
 * the plant's zone), `clock` as minutes since midnight. An empty cell is absent.
 */
export type ImportType = 'text' | 'code' | 'number' | 'integer' | 'boolean' | 'choice' | 'day' | 'time' | 'clock';
export type ImportValue = string | number | boolean | string[];

export interface ImportRow {
  /** Row of the sheet as the spreadsheet program shows it, from 1. */
  row: number;
  values: Readonly<Record<string, ImportValue>>;
}

export interface ImportProblem {
  row: number;
  /** Column of the target, or null for the whole row. */
  column: string | null;
  /** A coded error text (`defineErrors`) with its parameters. */
  code: string;
  params?: Record<string, string | number>;
  /** An error keeps the row out; a warning does not. */
  severity: 'error' | 'warning';
  /** The most similar valid value. */
  nearest?: string | null;
}

export interface ImportContext {
  /** The commit's transaction; null in a preview. Everything of an import stands in this one transaction. */
  tx: LedgerTx | null;
  actor: Actor;
  /** µs UTC */
  nowUs: number;
  timeZone: string;
  /** `import/<id>`: goes into events, movements and the like as where they came from. */
  source: string;
  fileName: string;
  /** At most 100,000 are kept; the rest is counted. */
  report(problem: ImportProblem): void;
}

export interface ImportRun {
  /** Rows in the file's order, at most 500 a call; rows that a cell's type already ruled out do not come. */
  rows(rows: readonly ImportRow[]): Promise<void>;
  /**
   * Rows that a cell ruled out, with those of their values that could be read: for targets where several rows make one
   * thing, which is then left out whole.
   */
  bad?(rows: readonly ImportRow[]): void;
  /** After the last row. In a preview the counts say what a commit would do. The same rows again: everything `same`. */
  end(): Promise<ImportCounts>;
}

/** Of things, not of rows: two lines of a bill of materials are one. */
export interface ImportCounts {
  added: number;
  changed: number;
  same: number;
}
