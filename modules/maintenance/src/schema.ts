import type { Migration } from '@deungdae/ledger/ledger.ts';

export interface MaintenanceTables {
  mt_sheets: { code: string; version: number; current: number; data: string };
  mt_checks: { id: string; sheet: string; subject: string; time: number; data: string };
  mt_plans: {
    code: string;
    subject: string;
    active: number;
    last_done_at: number;
    shots_at_done: number;
    data: string;
  };
  mt_orders: {
    id: string;
    number: string;
    kind: string;
    subject: string;
    status: string;
    plan: string | null;
    requested_at: number;
    data: string;
  };
  mt_tool_events: { id: string; tool: string; kind: string; time: number; shots: number; data: string };
  /** Shots of a tool in one run; a run's figure grows while it runs. */
  mt_tool_shots: { tool: string; run: string; shots: number };
  /** Calls from kiosks that became requests. */
  mt_calls: { call: string; order_id: string };
  mt_parts_used: { order_id: string; item: string; quantity: number; time: number };
}

export const maintenanceMigrations: readonly Migration[] = [
  {
    id: '0001-maintenance',
    async up(db) {
      await db.schema
        .createTable('mt_sheets')
        .addColumn('code', 'text', (c) => c.notNull())
        .addColumn('version', 'integer', (c) => c.notNull())
        .addColumn('current', 'integer', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('mt_sheets_key', ['code', 'version'])
        .execute();
      await db.schema
        .createTable('mt_checks')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('sheet', 'text', (c) => c.notNull())
        .addColumn('subject', 'text', (c) => c.notNull())
        .addColumn('time', 'bigint', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('mt_checks_of').on('mt_checks').columns(['sheet', 'subject', 'time']).execute();
      await db.schema.createIndex('mt_checks_time').on('mt_checks').column('time').execute();
      await db.schema
        .createTable('mt_plans')
        .addColumn('code', 'text', (c) => c.primaryKey())
        .addColumn('subject', 'text', (c) => c.notNull())
        .addColumn('active', 'integer', (c) => c.notNull())
        .addColumn('last_done_at', 'bigint', (c) => c.notNull())
        .addColumn('shots_at_done', 'bigint', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('mt_orders')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('number', 'text', (c) => c.notNull().unique())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('subject', 'text', (c) => c.notNull())
        .addColumn('status', 'text', (c) => c.notNull())
        .addColumn('plan', 'text')
        .addColumn('requested_at', 'bigint', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('mt_orders_time').on('mt_orders').column('requested_at').execute();
      await db.schema.createIndex('mt_orders_plan').on('mt_orders').columns(['plan', 'status']).execute();
      await db.schema
        .createTable('mt_tool_events')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('tool', 'text', (c) => c.notNull())
        .addColumn('kind', 'text', (c) => c.notNull())
        .addColumn('time', 'bigint', (c) => c.notNull())
        .addColumn('shots', 'bigint', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('mt_tool_events_of').on('mt_tool_events').columns(['tool', 'time']).execute();
      await db.schema
        .createTable('mt_tool_shots')
        .addColumn('tool', 'text', (c) => c.notNull())
        .addColumn('run', 'text', (c) => c.notNull())
        .addColumn('shots', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('mt_tool_shots_key', ['tool', 'run'])
        .execute();
      await db.schema
        .createTable('mt_parts_used')
        .addColumn('order_id', 'text', (c) => c.notNull())
        .addColumn('item', 'text', (c) => c.notNull())
        .addColumn('quantity', 'bigint', (c) => c.notNull())
        .addColumn('time', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('mt_parts_used_item').on('mt_parts_used').columns(['item', 'time']).execute();
    },
  },
  {
    id: '0002-calls',
    async up(db) {
      await db.schema
        .createTable('mt_calls')
        .addColumn('call', 'text', (c) => c.primaryKey())
        .addColumn('order_id', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('mt_orders_subject').on('mt_orders').columns(['subject', 'requested_at']).execute();
      await db.schema.createIndex('mt_orders_status').on('mt_orders').columns(['status', 'requested_at']).execute();
    },
  },
];
