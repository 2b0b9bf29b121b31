import type { Migration } from '@deungdae/ledger/ledger.ts';

/** Times are µs UTC; what is only shown stands as JSON in `data`. */
export interface QualityTables {
  qa_numbers: { prefix: string; last: number };
  qa_inspections: {
    id: string;
    number: string;
    /** Plan, stage, subject and how often before: two stations that ask at once get one inspection. */
    ask_key: string;
    stage: string;
    plan: string;
    item: string;
    operation: number | null;
    lot: string | null;
    run: string | null;
    work_order: string | null;
    machine: string | null;
    supplier: string | null;
    status: string;
    verdict: string | null;
    asked_at: number;
    due_at: number | null;
    done_at: number | null;
    data: string;
  };
  /** One measured or judged piece. `series` is `<plan>/<characteristic>`: what a control chart follows. */
  qa_results: {
    inspection: string;
    characteristic: string;
    sample: number;
    series: string;
    machine: string | null;
    value: number | null;
    pass: number;
    count: number;
    gauge: string | null;
    source: string;
    time: number;
  };
  /** Switching state of ISO 2859-1 for one plan and supplier, and each lot that moved it. */
  qa_severity: { series: string; plan: string; supplier: string; state: string; updated_at: number };
  qa_severity_history: {
    id: string;
    series: string;
    inspection: string;
    time: number;
    accepted: number;
    before: string;
    after: string;
    score: number;
    switched: string | null;
    by_whom: string;
  };
  qa_nonconformities: {
    id: string;
    number: string;
    source: string;
    status: string;
    item: string;
    defect: string | null;
    partner: string | null;
    run: string | null;
    opened_at: number;
    due_at: number | null;
    closed_at: number | null;
    data: string;
  };
  /** `series`: `plan/<plan>/<characteristic>` or `signal/<path>`. */
  qa_charts: { id: string; series: string; item: string | null; machine: string | null; active: number; data: string };
  qa_chart_hits: { id: string; chart: string; point: string; time: number; rules: string; window: string };
  qa_studies: {
    id: string;
    number: string;
    kind: string;
    gauge: string | null;
    created_at: number;
    data: string;
  };
  qa_limit_samples: {
    id: string;
    item: string;
    defect: string | null;
    valid_from: number;
    valid_to: number | null;
    data: string;
  };
  qa_nonconformity_lots: {
    nonconformity: string;
    lot: string;
    lot_number: string;
    hold: string;
    released_at: number | null;
  };
}

export const qualityMigrations: readonly Migration[] = [
  {
    id: '0001-inspections',
    async up(db) {
      await db.schema
        .createTable('qa_numbers')
        .addColumn('prefix', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('last', 'integer', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('qa_inspections')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('number', 'varchar(40)', (c) => c.notNull().unique())
        .addColumn('ask_key', 'varchar(300)', (c) => c.notNull().unique())
        .addColumn('stage', 'varchar(20)', (c) => c.notNull())
        .addColumn('plan', 'varchar(60)', (c) => c.notNull())
        .addColumn('item', 'varchar(60)', (c) => c.notNull())
        .addColumn('operation', 'integer')
        .addColumn('lot', 'varchar(60)')
        .addColumn('run', 'varchar(60)')
        .addColumn('work_order', 'varchar(60)')
        .addColumn('machine', 'varchar(400)')
        .addColumn('supplier', 'varchar(60)')
        .addColumn('status', 'varchar(12)', (c) => c.notNull())
        .addColumn('verdict', 'varchar(12)')
        .addColumn('asked_at', 'bigint', (c) => c.notNull())
        .addColumn('due_at', 'bigint')
        .addColumn('done_at', 'bigint')
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('qa_results')
        .addColumn('inspection', 'varchar(40)', (c) => c.notNull())
        .addColumn('characteristic', 'varchar(60)', (c) => c.notNull())
        .addColumn('sample', 'integer', (c) => c.notNull())
        .addColumn('series', 'varchar(130)', (c) => c.notNull())
        .addColumn('machine', 'varchar(400)')
        .addColumn('value', 'double precision')
        .addColumn('pass', 'integer', (c) => c.notNull())
        .addColumn('count', 'integer', (c) => c.notNull())
        .addColumn('gauge', 'varchar(60)')
        .addColumn('source', 'varchar(12)', (c) => c.notNull())
        .addColumn('time', 'bigint', (c) => c.notNull())
        .addPrimaryKeyConstraint('qa_results_key', ['inspection', 'characteristic', 'sample'])
        .execute();
      await db.schema
        .createTable('qa_severity')
        .addColumn('series', 'varchar(130)', (c) => c.primaryKey())
        .addColumn('plan', 'varchar(60)', (c) => c.notNull())
        .addColumn('supplier', 'varchar(60)', (c) => c.notNull())
        .addColumn('state', 'text', (c) => c.notNull())
        .addColumn('updated_at', 'bigint', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('qa_severity_history')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('series', 'varchar(130)', (c) => c.notNull())
        .addColumn('inspection', 'varchar(40)', (c) => c.notNull())
        .addColumn('time', 'bigint', (c) => c.notNull())
        .addColumn('accepted', 'integer', (c) => c.notNull())
        .addColumn('before', 'varchar(12)', (c) => c.notNull())
        .addColumn('after', 'varchar(16)', (c) => c.notNull())
        .addColumn('score', 'integer', (c) => c.notNull())
        .addColumn('switched', 'varchar(20)')
        .addColumn('by_whom', 'varchar(100)', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('qa_nonconformities')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('number', 'varchar(40)', (c) => c.notNull().unique())
        .addColumn('source', 'varchar(12)', (c) => c.notNull())
        .addColumn('status', 'varchar(12)', (c) => c.notNull())
        .addColumn('item', 'varchar(60)', (c) => c.notNull())
        .addColumn('defect', 'varchar(60)')
        .addColumn('partner', 'varchar(60)')
        .addColumn('run', 'varchar(60)')
        .addColumn('opened_at', 'bigint', (c) => c.notNull())
        .addColumn('due_at', 'bigint')
        .addColumn('closed_at', 'bigint')
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('qa_nonconformity_lots')
        .addColumn('nonconformity', 'varchar(40)', (c) => c.notNull())
        .addColumn('lot', 'varchar(60)', (c) => c.notNull())
        .addColumn('lot_number', 'varchar(80)', (c) => c.notNull())
        .addColumn('hold', 'varchar(60)', (c) => c.notNull())
        .addColumn('released_at', 'bigint')
        .addPrimaryKeyConstraint('qa_nonconformity_lots_key', ['nonconformity', 'lot'])
        .execute();
      const indexes: [string, string, string[]][] = [
        ['qa_inspections_run', 'qa_inspections', ['run', 'asked_at']],
        ['qa_inspections_lot', 'qa_inspections', ['lot', 'asked_at']],
        ['qa_inspections_status', 'qa_inspections', ['status', 'asked_at']],
        ['qa_inspections_plan', 'qa_inspections', ['plan', 'asked_at']],
        ['qa_inspections_time', 'qa_inspections', ['asked_at']],
        ['qa_results_series', 'qa_results', ['series', 'time']],
        ['qa_results_gauge', 'qa_results', ['gauge', 'time']],
        ['qa_severity_history_series', 'qa_severity_history', ['series', 'time']],
        ['qa_nonconformities_status', 'qa_nonconformities', ['status', 'opened_at']],
        ['qa_nonconformity_lots_lot', 'qa_nonconformity_lots', ['lot']],
      ];
      for (const [name, table, columns] of indexes)
        await db.schema.createIndex(name).on(table).columns(columns).execute();
    },
  },
  {
    id: '0002-charts-studies-samples',
    async up(db) {
      await db.schema
        .createTable('qa_charts')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('series', 'varchar(420)', (c) => c.notNull())
        .addColumn('item', 'varchar(60)')
        .addColumn('machine', 'varchar(400)')
        .addColumn('active', 'integer', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('qa_chart_hits')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('chart', 'varchar(40)', (c) => c.notNull())
        .addColumn('point', 'varchar(100)', (c) => c.notNull())
        .addColumn('time', 'bigint', (c) => c.notNull())
        .addColumn('rules', 'varchar(100)', (c) => c.notNull())
        .addColumn('window', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('qa_studies')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('number', 'varchar(40)', (c) => c.notNull().unique())
        .addColumn('kind', 'varchar(20)', (c) => c.notNull())
        .addColumn('gauge', 'varchar(60)')
        .addColumn('created_at', 'bigint', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('qa_limit_samples')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('item', 'varchar(60)', (c) => c.notNull())
        .addColumn('defect', 'varchar(60)')
        .addColumn('valid_from', 'bigint', (c) => c.notNull())
        .addColumn('valid_to', 'bigint')
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema.createIndex('qa_charts_series').on('qa_charts').columns(['series']).execute();
      await db.schema
        .createIndex('qa_chart_hits_point')
        .on('qa_chart_hits')
        .columns(['chart', 'point'])
        .unique()
        .execute();
      await db.schema.createIndex('qa_chart_hits_time').on('qa_chart_hits').columns(['chart', 'time']).execute();
      await db.schema.createIndex('qa_studies_gauge').on('qa_studies').columns(['gauge', 'created_at']).execute();
      await db.schema.createIndex('qa_limit_samples_item').on('qa_limit_samples').columns(['item']).execute();
    },
  },
];
