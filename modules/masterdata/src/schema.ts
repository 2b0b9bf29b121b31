import type { Migration } from '@deungdae/ledger/ledger.ts';

/** Times are µs UTC; `active` is 0 or 1. */
export interface MasterTables {
  /** One row for each revision; of one (kind, code) no two are in force at the same moment. */
  md_records: {
    kind: string;
    code: string;
    revision: string;
    valid_from: number | null;
    valid_to: number | null;
    active: number;
    name: string;
    /** Lower case: code, name, other names, specification, initial consonants. */
    search: string;
    /** JSON of the kind's schema. */
    data: string;
    version: number;
    updated_us: number;
  };
  /** What a revision refers to, for where-used and for finding the BOM or plan of an item. */
  md_refs: { kind: string; code: string; revision: string; role: string; ref_kind: string; ref_code: string };
  /** Pictures, drawings, instructions: the bytes lie in a file named by the id. */
  md_documents: {
    /** The first 40 hexadecimal digits of the content's SHA-256: the same file is one document. */
    id: string;
    name: string;
    type: string;
    size: number;
    at_us: number;
    by_whom: string;
  };
  /** Uploaded spreadsheets that wait for their import, or were imported. */
  md_import_files: {
    id: string;
    name: string;
    size: number;
    /** SHA-256 of the content. */
    hash: string;
    at_us: number;
    by_whom: string;
  };
  /** How the columns of a table with this heading were taken last time. */
  md_import_mappings: {
    target: string;
    /** Of the heading's texts in their order. */
    fingerprint: string;
    /** JSON of the mapping. */
    mapping: string;
    at_us: number;
    by_whom: string;
  };
  /** Imports that were committed. */
  md_imports: {
    id: string;
    target: string;
    file_name: string;
    file_hash: string;
    sheet: string;
    rows: number;
    added: number;
    changed: number;
    same: number;
    left_out: number;
    at_us: number;
    by_whom: string;
  };
}

export const masterMigrations: readonly Migration[] = [
  {
    id: '0001-records',
    async up(db) {
      await db.schema
        .createTable('md_records')
        .addColumn('kind', 'varchar(30)', (c) => c.notNull())
        .addColumn('code', 'varchar(60)', (c) => c.notNull())
        .addColumn('revision', 'varchar(60)', (c) => c.notNull())
        .addColumn('valid_from', 'bigint')
        .addColumn('valid_to', 'bigint')
        .addColumn('active', 'integer', (c) => c.notNull())
        .addColumn('name', 'varchar(300)', (c) => c.notNull())
        .addColumn('search', 'text', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .addColumn('version', 'integer', (c) => c.notNull())
        .addColumn('updated_us', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('md_records_key', ['kind', 'code', 'revision'])
        .execute();
      await db.schema
        .createTable('md_refs')
        .addColumn('kind', 'varchar(30)', (c) => c.notNull())
        .addColumn('code', 'varchar(60)', (c) => c.notNull())
        .addColumn('revision', 'varchar(60)', (c) => c.notNull())
        .addColumn('role', 'varchar(30)', (c) => c.notNull())
        .addColumn('ref_kind', 'varchar(30)', (c) => c.notNull())
        .addColumn('ref_code', 'varchar(60)', (c) => c.notNull())
        .addPrimaryKeyConstraint('md_refs_key', ['kind', 'code', 'revision', 'role', 'ref_kind', 'ref_code'])
        .execute();
      await db.schema.createIndex('md_refs_to').on('md_refs').columns(['ref_kind', 'ref_code', 'kind']).execute();
    },
  },
  {
    id: '0002-documents-imports',
    async up(db) {
      await db.schema
        .createTable('md_documents')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('name', 'varchar(300)', (c) => c.notNull())
        .addColumn('type', 'varchar(100)', (c) => c.notNull())
        .addColumn('size', 'bigint', (c) => c.notNull())
        .addColumn('at_us', 'bigint', (c) => c.notNull())
        .addColumn('by_whom', 'varchar(100)', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('md_import_files')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('name', 'varchar(300)', (c) => c.notNull())
        .addColumn('size', 'bigint', (c) => c.notNull())
        .addColumn('hash', 'varchar(64)', (c) => c.notNull())
        .addColumn('at_us', 'bigint', (c) => c.notNull())
        .addColumn('by_whom', 'varchar(100)', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('md_import_mappings')
        .addColumn('target', 'varchar(60)', (c) => c.notNull())
        .addColumn('fingerprint', 'varchar(64)', (c) => c.notNull())
        .addColumn('mapping', 'text', (c) => c.notNull())
        .addColumn('at_us', 'bigint', (c) => c.notNull())
        .addColumn('by_whom', 'varchar(100)', (c) => c.notNull())
        .addPrimaryKeyConstraint('md_import_mappings_key', ['target', 'fingerprint'])
        .execute();
      await db.schema
        .createTable('md_imports')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('target', 'varchar(60)', (c) => c.notNull())
        .addColumn('file_name', 'varchar(300)', (c) => c.notNull())
        .addColumn('file_hash', 'varchar(64)', (c) => c.notNull())
        .addColumn('sheet', 'varchar(300)', (c) => c.notNull())
        .addColumn('rows', 'integer', (c) => c.notNull())
        .addColumn('added', 'integer', (c) => c.notNull())
        .addColumn('changed', 'integer', (c) => c.notNull())
        .addColumn('same', 'integer', (c) => c.notNull())
        .addColumn('left_out', 'integer', (c) => c.notNull())
        .addColumn('at_us', 'bigint', (c) => c.notNull())
        .addColumn('by_whom', 'varchar(100)', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('md_imports_of').on('md_imports').columns(['file_hash', 'target']).execute();
    },
  },
];
