import type { EpcisQueryDefinition } from '@deungdae/contracts/api-trace.ts';
import type { Migration } from '@deungdae/ledger/ledger.ts';

export interface SubscriptionRow {
  id: string;
  query: string;
  dest: string;
  /** JSON; null for a stream. */
  schedule: string | null;
  report_if_empty: number;
  allow_local: number;
  created_at: number;
  initial_at: number;
  /** What was recorded before this has been reported. */
  done_to: number;
  next_at: number;
  /** A report in the middle of its pages: the end of its window, and the next page. */
  window_to: number | null;
  token: string | null;
  /** Events reported of the window so far. */
  sent: number;
}
export interface SubscriptionTables {
  trace_queries: { name: string; query: string; created_at: number };
  trace_subscriptions: SubscriptionRow;
  trace_subscription_sent: { subscription: string; event_id: string; recorded_at: number };
}

export const subscriptionMigration: Migration = {
  id: '0002-subscriptions',
  async up(db) {
    const { schema } = db;
    await schema
      .createTable('trace_queries')
      .addColumn('name', 'varchar(60)', (c) => c.primaryKey())
      .addColumn('query', 'text', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .execute();
    await schema
      .createTable('trace_subscriptions')
      .addColumn('id', 'varchar(60)', (c) => c.primaryKey())
      .addColumn('query', 'varchar(60)', (c) => c.notNull())
      .addColumn('dest', 'varchar(1000)', (c) => c.notNull())
      .addColumn('schedule', 'text')
      .addColumn('report_if_empty', 'integer', (c) => c.notNull())
      .addColumn('allow_local', 'integer', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('initial_at', 'bigint', (c) => c.notNull())
      .addColumn('done_to', 'bigint', (c) => c.notNull())
      .addColumn('next_at', 'bigint', (c) => c.notNull())
      .addColumn('window_to', 'bigint')
      .addColumn('token', 'text')
      .addColumn('sent', 'integer', (c) => c.notNull())
      .execute();
    // Late commits are looked for again; what was reported of that stretch stands here.
    await schema
      .createTable('trace_subscription_sent')
      .addColumn('subscription', 'varchar(60)', (c) => c.notNull())
      .addColumn('event_id', 'varchar(300)', (c) => c.notNull())
      .addColumn('recorded_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('trace_subscription_sent_key', ['subscription', 'event_id'])
      .execute();
    await schema.createIndex('trace_captured_recorded').on('trace_epcis').columns(['recorded_at']).execute();
  },
};

/** As the parameters of one call: lists joined as the REST binding separates them. Pure. */
export function parametersOf(definition: EpcisQueryDefinition): Record<string, string> {
  return Object.fromEntries(
    Object.entries(definition)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, Array.isArray(value) ? value.join('|') : value!]),
  );
}
