import type { ModuleMigrations } from '../src/ledger.ts';

export const killMigrations: ModuleMigrations = {
  module: 'kill',
  migrations: [
    {
      id: '0001-kept',
      up: (db) =>
        db.schema
          .createTable('kept')
          .addColumn('id', 'varchar(40)', (c) => c.notNull())
          .addColumn('part', 'integer', (c) => c.notNull())
          .addPrimaryKeyConstraint('kept_key', ['id', 'part'])
          .execute(),
    },
  ],
};
