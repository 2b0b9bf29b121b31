import type { Migration } from '@deungdae/ledger/ledger.ts';

export interface TargetRow {
  id: string;
  name: string;
  kind: string;
  url: string;
  events: string;
  format: string;
  enabled: number;
  allow_local: number;
  secret: string;
  /** Kinds that files may bring, JSON. */
  takes: string;
}
/** A file that came in. */
export interface FileRowOfLedger {
  /** Hash of target, name and content; of a file that came again, an id of its own. */
  id: string;
  target: string;
  name: string;
  bytes: number;
  hash: string;
  kind: string | null;
  format: string | null;
  state: string;
  at: number;
  row_count: number;
  added: number;
  changed: number;
  cancelled: number;
  same: number;
  refused: number;
  attempts: number;
  problems: string;
  /** Where it lies now, below the target's folder; empty while it is read. */
  stored: string;
}
export interface DeliveryRow {
  /** Order of the queue; the idempotency key is `<target>/<event>`. */
  id: string;
  target: string;
  event: string;
  type: string;
  subject: string;
  body: string;
  state: string;
  attempts: number;
  queued_at: number;
  next_at: number;
  sent_at: number | null;
  status: number | null;
  error: string | null;
}
export interface ErpTables {
  erp_targets: TargetRow;
  erp_deliveries: DeliveryRow;
  erp_attempts: { id: string; delivery: string; at: number; status: number | null; error: string | null; ms: number };
  erp_files: FileRowOfLedger;
  erp_position: { one: number; event: string };
}

export const erpMigrations: readonly Migration[] = [
  {
    id: '0001-exchange',
    async up(db) {
      await db.schema
        .createTable('erp_targets')
        .addColumn('id', 'varchar(60)', (c) => c.primaryKey())
        .addColumn('name', 'varchar(100)', (c) => c.notNull())
        .addColumn('kind', 'varchar(10)', (c) => c.notNull())
        .addColumn('url', 'varchar(1000)', (c) => c.notNull())
        .addColumn('events', 'text', (c) => c.notNull())
        .addColumn('format', 'varchar(10)', (c) => c.notNull())
        .addColumn('enabled', 'integer', (c) => c.notNull())
        .addColumn('allow_local', 'integer', (c) => c.notNull())
        .addColumn('secret', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('erp_deliveries')
        .addColumn('id', 'varchar(36)', (c) => c.primaryKey())
        .addColumn('target', 'varchar(60)', (c) => c.notNull())
        .addColumn('event', 'varchar(36)', (c) => c.notNull())
        .addColumn('type', 'varchar(128)', (c) => c.notNull())
        .addColumn('subject', 'varchar(512)', (c) => c.notNull())
        .addColumn('body', 'text', (c) => c.notNull())
        .addColumn('state', 'varchar(10)', (c) => c.notNull())
        .addColumn('attempts', 'integer', (c) => c.notNull())
        .addColumn('queued_at', 'bigint', (c) => c.notNull())
        .addColumn('next_at', 'bigint', (c) => c.notNull())
        .addColumn('sent_at', 'bigint')
        .addColumn('status', 'integer')
        .addColumn('error', 'text')
        .addUniqueConstraint('erp_deliveries_once', ['target', 'event'])
        .execute();
      await db.schema.createIndex('erp_deliveries_due').on('erp_deliveries').columns(['state', 'next_at']).execute();
      await db.schema
        .createTable('erp_attempts')
        .addColumn('id', 'varchar(36)', (c) => c.primaryKey())
        .addColumn('delivery', 'varchar(36)', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull())
        .addColumn('status', 'integer')
        .addColumn('error', 'text')
        .addColumn('ms', 'integer', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('erp_attempts_of').on('erp_attempts').columns(['delivery', 'at']).execute();
      await db.schema
        .createTable('erp_position')
        .addColumn('one', 'integer', (c) => c.primaryKey())
        .addColumn('event', 'varchar(36)', (c) => c.notNull())
        .execute();
    },
  },
  {
    id: '0002-files',
    async up(db) {
      await db.schema
        .alterTable('erp_targets')
        .addColumn('takes', 'text', (c) => c.notNull().defaultTo('[]'))
        .execute();
      let files = db.schema
        .createTable('erp_files')
        .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
        .addColumn('target', 'varchar(60)', (c) => c.notNull())
        .addColumn('name', 'varchar(300)', (c) => c.notNull())
        .addColumn('bytes', 'bigint', (c) => c.notNull())
        .addColumn('hash', 'varchar(64)', (c) => c.notNull())
        .addColumn('kind', 'varchar(20)')
        .addColumn('format', 'varchar(40)')
        .addColumn('state', 'varchar(10)', (c) => c.notNull())
        .addColumn('at', 'bigint', (c) => c.notNull());
      for (const name of ['row_count', 'added', 'changed', 'cancelled', 'same', 'refused', 'attempts'] as const)
        files = files.addColumn(name, 'integer', (c) => c.notNull()) as typeof files;
      await files
        .addColumn('problems', 'text', (c) => c.notNull())
        .addColumn('stored', 'varchar(400)', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('erp_files_at').on('erp_files').columns(['at']).execute();
      await db.schema.createIndex('erp_files_target').on('erp_files').columns(['target', 'at']).execute();
    },
  },
];
