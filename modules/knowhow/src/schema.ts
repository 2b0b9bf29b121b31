import type { Migration } from '@deungdae/ledger/ledger.ts';

export interface KnowHowTables {
  know_how_cards: { id: string; number: string; status: string; updated_at: number; data: string };
  know_how_versions: { card: string; version: number; data: string };
}

export const knowHowMigrations: readonly Migration[] = [
  {
    id: '0001-cards',
    async up(db) {
      await db.schema
        .createTable('know_how_cards')
        .addColumn('id', 'text', (c) => c.primaryKey())
        .addColumn('number', 'text', (c) => c.notNull().unique())
        .addColumn('status', 'text', (c) => c.notNull())
        .addColumn('updated_at', 'bigint', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('know_how_versions')
        .addColumn('card', 'text', (c) => c.notNull().references('know_how_cards.id'))
        .addColumn('version', 'integer', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('know_how_versions_key', ['card', 'version'])
        .execute();
    },
  },
];
