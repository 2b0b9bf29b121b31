import type { Migration } from '@deungdae/ledger/ledger.ts';

/** Times are µs UTC. */
export interface EquipmentTables {
  /** Derived from the history by the state rules; replaced when late data says otherwise. */
  equipment_states: { equipment: string; from_us: number; to_us: number | null; state: string; cause: string };
  /** Up to which sample the states are derived, and from where they must be derived again. */
  equipment_progress: { equipment: string; known_to: number; dirty_from: number | null; dirty_to: number | null };
  /** Every reason that a person gave, oldest kept; the newest that lies on a stop counts. */
  equipment_reasons: {
    id: string;
    equipment: string;
    from_us: number;
    to_us: number | null;
    reason: string | null;
    note: string;
    by_whom: string;
    at_us: number;
  };
  equipment_splits: { id: string; equipment: string; at_us: number; by_whom: string; made_us: number };
  /** Stretches that a person recorded by hand: they lie over what the machine told. */
  equipment_overrides: {
    id: string;
    equipment: string;
    from_us: number;
    to_us: number;
    state: string;
    by_whom: string;
    made_us: number;
  };
  /** The figures of closed shifts, one row for each time they were computed; the highest version counts. */
  equipment_kpis: {
    equipment: string;
    from_us: number;
    to_us: number;
    shift: string;
    version: number;
    computed_us: number;
    why: string;
    figures: string;
  };
}

export const equipmentMigrations: readonly Migration[] = [
  {
    id: '0001-states-stops-kpis',
    async up(db) {
      await db.schema
        .createTable('equipment_states')
        .addColumn('equipment', 'varchar(400)', (c) => c.notNull())
        .addColumn('from_us', 'bigint', (c) => c.notNull())
        .addColumn('to_us', 'bigint')
        .addColumn('state', 'varchar(20)', (c) => c.notNull())
        .addColumn('cause', 'varchar(200)', (c) => c.notNull())
        .addPrimaryKeyConstraint('equipment_states_key', ['equipment', 'from_us'])
        .execute();
      await db.schema
        .createTable('equipment_progress')
        .addColumn('equipment', 'varchar(400)', (c) => c.primaryKey())
        .addColumn('known_to', 'bigint', (c) => c.notNull())
        .addColumn('dirty_from', 'bigint')
        .addColumn('dirty_to', 'bigint')
        .execute();
      await db.schema
        .createTable('equipment_reasons')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('equipment', 'varchar(400)', (c) => c.notNull())
        .addColumn('from_us', 'bigint', (c) => c.notNull())
        .addColumn('to_us', 'bigint')
        .addColumn('reason', 'varchar(140)')
        .addColumn('note', 'text', (c) => c.notNull())
        .addColumn('by_whom', 'varchar(100)', (c) => c.notNull())
        .addColumn('at_us', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('equipment_splits')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('equipment', 'varchar(400)', (c) => c.notNull())
        .addColumn('at_us', 'bigint', (c) => c.notNull())
        .addColumn('by_whom', 'varchar(100)', (c) => c.notNull())
        .addColumn('made_us', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('equipment_overrides')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('equipment', 'varchar(400)', (c) => c.notNull())
        .addColumn('from_us', 'bigint', (c) => c.notNull())
        .addColumn('to_us', 'bigint', (c) => c.notNull())
        .addColumn('state', 'varchar(20)', (c) => c.notNull())
        .addColumn('by_whom', 'varchar(100)', (c) => c.notNull())
        .addColumn('made_us', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('equipment_kpis')
        .addColumn('equipment', 'varchar(400)', (c) => c.notNull())
        .addColumn('from_us', 'bigint', (c) => c.notNull())
        .addColumn('to_us', 'bigint', (c) => c.notNull())
        .addColumn('shift', 'varchar(100)', (c) => c.notNull())
        .addColumn('version', 'integer', (c) => c.notNull())
        .addColumn('computed_us', 'bigint', (c) => c.notNull())
        .addColumn('why', 'varchar(60)', (c) => c.notNull())
        .addColumn('figures', 'text', (c) => c.notNull())
        .addPrimaryKeyConstraint('equipment_kpis_key', ['equipment', 'from_us', 'version'])
        .execute();
      for (const table of ['equipment_reasons', 'equipment_splits', 'equipment_overrides'])
        await db.schema.createIndex(`${table}_of`).on(table).column('equipment').execute();
    },
  },
];
