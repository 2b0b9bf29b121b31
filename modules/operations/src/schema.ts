import type { Migration, ModuleMigrations } from '@deungdae/ledger/ledger.ts';

/** Times are µs UTC, quantities millionths, booleans 0 or 1, lists and objects JSON text. */
export interface OperationsTables {
  ops_sales_orders: {
    id: string;
    number: string;
    line: number;
    customer: string | null;
    item: string;
    item_name: string;
    quantity: number;
    unit: string;
    received_us: number | null;
    due_us: number | null;
    priority: number;
    /** `open` or `cancelled`; whether it is planned or done follows from its work orders. */
    status: string;
    note: string;
    created_us: number;
  };
  ops_orders: {
    id: string;
    number: string;
    item: string;
    item_name: string;
    revision: string;
    variant: string;
    step_order: string;
    quantity: number;
    unit: string;
    due_us: number | null;
    priority: number;
    status: string;
    parent: string | null;
    origin: string;
    sales_order: string | null;
    customer: string | null;
    hold_reason: string | null;
    held_from: string | null;
    good: number;
    scrap: number;
    /** Bill of materials as it was at release. */
    bom: string;
    /** Rework orders: operation of the parent that gets the pieces back. */
    returns_to: string | null;
    note: string;
    version: number;
    created_us: number;
    released_us: number | null;
    started_us: number | null;
    finished_us: number | null;
  };
  ops_steps: {
    id: string;
    order_id: string;
    number: number;
    name: string;
    work_centre: string;
    machines: string;
    machine: string | null;
    sequence: number | null;
    mode: string;
    partner: string | null;
    partners: string;
    optional: number;
    status: string;
    planned: number;
    good: number;
    scrap: number;
    rework: number;
    at_partner: number;
    cycle_seconds: number | null;
    setup_minutes: number;
    crew: number;
    tools: string;
    skills: string;
    documents: string;
  };
  ops_runs: {
    id: string;
    order_id: string;
    step_id: string;
    machine: string;
    tool: string | null;
    status: string;
    started_us: number;
    production_us: number | null;
    ended_us: number | null;
    ended_by: string | null;
    counted_to: number;
    counted_good: number;
    counted_scrap: number;
    counted_total: number;
    /** 0 while the machine has told no count. */
    has_count: number;
    good: number;
    scrap: number;
    rework: number;
    output_lot: string | null;
    note: string;
  };
  ops_results: {
    id: string;
    run_id: string;
    order_id: string;
    machine: string;
    time_us: number;
    recorded_us: number;
    client_us: number | null;
    good: number;
    scrap: number;
    rework: number;
    counted: string | null;
    corrects: string | null;
    corrected_by: string | null;
    reason: string | null;
    note: string;
    by_whom: string;
    lot: string | null;
    lot_number: string | null;
  };
  ops_defects: {
    result_id: string;
    position: number;
    run_id: string;
    reason: string;
    quantity: number;
    cavity: number | null;
    picture: string | null;
  };
  /** Material that went into a run; `used` of it is in output lots already. */
  ops_inputs: {
    id: string;
    run_id: string;
    order_id: string;
    lot: string;
    item: string;
    quantity: number;
    used: number;
    how: string;
    time_us: number;
  };
  ops_outputs: { run_id: string; lot: string; kind: string; quantity: number };
  ops_labour: {
    id: string;
    person: string;
    name: string;
    kind: string;
    machine: string | null;
    run_id: string | null;
    activity: string;
    from_us: number;
    to_us: number | null;
  };
  /** One row a machine: locked by each act at it, and what stood at it last (for 4M). */
  ops_machines: { machine: string; version: number; context: string };
  ops_reports: {
    machine: string;
    day: string;
    shift: string;
    from_us: number;
    to_us: number;
    status: string;
    /** The report as it was approved. */
    snapshot: string | null;
  };
  ops_signatures: {
    id: string;
    machine: string;
    day: string;
    shift: string;
    step: string;
    person: string;
    name: string;
    at_us: number;
    undone: number;
    reason: string;
  };
  ops_handovers: {
    id: string;
    machine: string;
    day: string;
    shift: string;
    text: string;
    by_whom: string;
    at_us: number;
    read_by: string | null;
    read_us: number | null;
  };
  ops_calls: {
    id: string;
    kind: string;
    machine: string;
    run_id: string | null;
    text: string;
    status: string;
    raised_us: number;
    raised_by: string;
    acknowledged_us: number | null;
    acknowledged_by: string | null;
    closed_us: number | null;
    closed_by: string | null;
    answer: string;
  };
  ops_changes: {
    id: string;
    number: string;
    kind: string;
    machine: string;
    run_id: string | null;
    order_id: string | null;
    item: string | null;
    before_text: string;
    after_text: string;
    text: string;
    status: string;
    customer: string;
    lot_before: string | null;
    lot_after: string | null;
    created_us: number;
    created_by: string;
    decided_us: number | null;
    decided_by: string | null;
    note: string;
  };
  ops_rejected: {
    entry_id: string;
    device: string;
    machine: string;
    kind: string;
    data: string;
    badge: string | null;
    person: string | null;
    client_us: number;
    time_us: number;
    received_us: number;
    code: string;
    params: string;
    status: string;
    resolved_us: number | null;
    resolved_by: string | null;
    note: string;
  };
  ops_numbers: { prefix: string; last: number };
  /** Material of confirmed pieces that was not in the book; open: quantity - settled - closed. */
  ops_shortages: {
    id: string;
    run_id: string;
    order_id: string;
    machine: string;
    item: string;
    quantity: number;
    /** Taken out of stock afterwards. */
    settled: number;
    /** Ended without taking anything. */
    closed: number;
    why: string;
    status: string;
    time_us: number;
    by_whom: string;
    settled_us: number | null;
    settled_by: string | null;
    note: string;
  };
  ops_settings: { key: string; value: string };
}

type MigratingDb = Parameters<Migration['up']>[0];
type Kind = 'id' | 'code' | 'path' | 'text' | 'time' | 'count' | 'int' | 'real';
const types = {
  id: 'varchar(80)',
  code: 'varchar(220)',
  path: 'varchar(320)',
  text: 'text',
  time: 'bigint',
  count: 'bigint',
  int: 'integer',
  real: 'double precision',
} as const;

/** Tables as data: `name?` may be null. The first columns named by `key` are the primary key. */
type Tables = Record<string, { columns: string; key: string[]; indexes?: string[][]; unique?: string[][] }>;
const tables: Tables = {
  ops_sales_orders: {
    columns:
      'id:id number:code line:int customer?:code item:code item_name:text quantity:count unit:code received_us?:time due_us?:time priority:int status:id note:text created_us:time',
    key: ['id'],
    unique: [['number', 'line']],
    indexes: [['due_us']],
  },
  ops_orders: {
    columns:
      'id:id number:code item:code item_name:text revision:code variant:code step_order:id quantity:count unit:code due_us?:time priority:int status:id parent?:id origin:id sales_order?:id customer?:code hold_reason?:text held_from?:id good:count scrap:count bom:text returns_to?:id note:text version:int created_us:time released_us?:time started_us?:time finished_us?:time',
    key: ['id'],
    unique: [['number']],
    indexes: [['status', 'due_us'], ['sales_order'], ['parent'], ['item'], ['created_us']],
  },
  ops_steps: {
    columns:
      'id:id order_id:id number:int name:text work_centre:code machines:text machine?:path sequence?:real mode:id partner?:code partners:text optional:int status:id planned:count good:count scrap:count rework:count at_partner:count cycle_seconds?:real setup_minutes:real crew:real tools:text skills:text documents:text',
    key: ['id'],
    unique: [['order_id', 'number']],
    indexes: [['machine', 'status'], ['status']],
  },
  ops_runs: {
    columns:
      'id:id order_id:id step_id:id machine:path tool?:code status:id started_us:time production_us?:time ended_us?:time ended_by?:code counted_to:time counted_good:count counted_scrap:count counted_total:count has_count:int good:count scrap:count rework:count output_lot?:id note:text',
    key: ['id'],
    indexes: [['machine', 'started_us'], ['order_id'], ['status', 'machine'], ['started_us'], ['tool', 'status']],
  },
  ops_results: {
    columns:
      'id:id run_id:id order_id:id machine:path time_us:time recorded_us:time client_us?:time good:count scrap:count rework:count counted?:text corrects?:id corrected_by?:id reason?:code note:text by_whom:code lot?:id lot_number?:code',
    key: ['id'],
    indexes: [['run_id'], ['machine', 'time_us'], ['time_us'], ['order_id']],
  },
  ops_defects: {
    columns: 'result_id:id position:int run_id:id reason:code quantity:count cavity?:int picture?:id',
    key: ['result_id', 'position'],
    indexes: [['run_id']],
  },
  ops_inputs: {
    columns: 'id:id run_id:id order_id:id lot:id item:code quantity:count used:count how:id time_us:time',
    key: ['id'],
    indexes: [['run_id'], ['order_id'], ['lot']],
  },
  ops_outputs: { columns: 'run_id:id lot:id kind:id quantity:count', key: ['run_id', 'lot'], indexes: [['lot']] },
  ops_labour: {
    columns: 'id:id person:id name:code kind:id machine?:path run_id?:id activity:code from_us:time to_us?:time',
    key: ['id'],
    indexes: [['machine', 'from_us'], ['run_id'], ['person', 'from_us']],
  },
  ops_machines: { columns: 'machine:path version:int context:text', key: ['machine'] },
  ops_reports: {
    columns: 'machine:path day:id shift:code from_us:time to_us:time status:id snapshot?:text',
    key: ['machine', 'day', 'shift'],
    indexes: [['machine', 'to_us']],
  },
  ops_signatures: {
    columns: 'id:id machine:path day:id shift:code step:id person:code name:code at_us:time undone:int reason:text',
    key: ['id'],
    indexes: [['machine', 'day']],
  },
  ops_handovers: {
    columns: 'id:id machine:path day:id shift:code text:text by_whom:code at_us:time read_by?:code read_us?:time',
    key: ['id'],
    indexes: [['machine', 'at_us']],
  },
  ops_calls: {
    columns:
      'id:id kind:id machine:path run_id?:id text:text status:id raised_us:time raised_by:code acknowledged_us?:time acknowledged_by?:code closed_us?:time closed_by?:code answer:text',
    key: ['id'],
    indexes: [
      ['status', 'raised_us'],
      ['machine', 'raised_us'],
    ],
  },
  ops_changes: {
    columns:
      'id:id number:code kind:id machine:path run_id?:id order_id?:id item?:code before_text:text after_text:text text:text status:id customer:id lot_before?:id lot_after?:id created_us:time created_by:code decided_us?:time decided_by?:code note:text',
    key: ['id'],
    indexes: [
      ['status', 'created_us'],
      ['machine', 'created_us'],
    ],
  },
  ops_rejected: {
    columns:
      'entry_id:code device:code machine:path kind:id data:text badge?:path person?:code client_us:time time_us:time received_us:time code:code params:text status:id resolved_us?:time resolved_by?:code note:text',
    key: ['entry_id'],
    indexes: [
      ['status', 'received_us'],
      ['machine', 'status'],
    ],
  },
  ops_numbers: { columns: 'prefix:id last:int', key: ['prefix'] },
};

const shortageTables: Tables = {
  ops_shortages: {
    columns:
      'id:id run_id:id order_id:id machine:path item:code quantity:count settled:count closed:count why:id status:id time_us:time by_whom:code settled_us?:time settled_by?:code note:text',
    key: ['id'],
    indexes: [
      ['status', 'time_us'],
      ['run_id', 'item'],
    ],
  },
  ops_settings: { columns: 'key:code value:text', key: ['key'] },
};

async function create(db: MigratingDb, tables: Tables): Promise<void> {
  for (const [name, table] of Object.entries(tables)) {
    let create = db.schema.createTable(name);
    for (const column of table.columns.split(' ')) {
      const [field, kind] = column.split(':') as [string, Kind];
      const free = field.endsWith('?');
      create = create.addColumn(free ? field.slice(0, -1) : field, types[kind], (c) => (free ? c : c.notNull()));
    }
    create = create.addPrimaryKeyConstraint(`${name}_key`, table.key as never[]);
    await create.execute();
    for (const columns of table.unique ?? [])
      await db.schema
        .createIndex(`${name}_${columns.join('_')}_one`)
        .unique()
        .on(name)
        .columns(columns)
        .execute();
    for (const columns of table.indexes ?? [])
      await db.schema
        .createIndex(`${name}_${columns.join('_')}`)
        .on(name)
        .columns(columns)
        .execute();
  }
}

export const operationsMigrations: ModuleMigrations = {
  module: 'operations',
  migrations: [
    { id: '0001-orders-runs-reports', up: (db) => create(db, tables) },
    { id: '0002-shortages-settings', up: (db) => create(db, shortageTables) },
  ],
};
