import type { ModuleMigrations } from '../src/ledger.ts';
import { onceMigrations } from '../src/once.ts';

export interface ShelfTables {
  shelf: { id: string; amount: number };
}

export const shelfModules: ModuleMigrations[] = [
  onceMigrations,
  {
    module: 'shelves',
    migrations: [
      {
        id: '0001-shelf',
        async up(db) {
          await db.schema
            .createTable('shelf')
            .addColumn('id', 'varchar(8)', (c) => c.primaryKey())
            .addColumn('amount', 'integer', (c) => c.notNull())
            .execute();
          await db
            .insertInto('shelf')
            .values([
              { id: 'a', amount: 1000 },
              { id: 'b', amount: 1000 },
            ])
            .execute();
        },
      },
    ],
  },
];
