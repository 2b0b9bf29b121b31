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
];
