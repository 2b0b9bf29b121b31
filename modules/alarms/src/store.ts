import type { Kysely, Ledger, Migration, Transaction } from '@deungdae/ledger/ledger.ts';
import type { AlarmPoint, JournalEvent, JournalRow } from './domain/point.ts';

interface AlarmRow {
  id: string;
  rule: string;
  equipment: string;
  /** 1 while it is not normal. */
  open: number;
  /** The point as JSON. */
  data: string;
}
interface JournalTable {
  id: string;
  alarm: string;
  rule: string;
  equipment: string;
  time: number;
  event: string;
  from_state: string;
  to_state: string;
  priority: string;
  message: string;
  by_name: string | null;
  note: string;
  active_us: number | null;
}
export interface AlarmTables {
  alarms: AlarmRow;
  alarm_journal: JournalTable;
  alarm_progress: { one: number; data: string };
}

export const alarmMigrations: readonly Migration[] = [
  {
    id: '0001-alarms',
    async up(db) {
      await db.schema
        .createTable('alarms')
        .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
        .addColumn('rule', 'varchar(700)', (c) => c.notNull())
        .addColumn('equipment', 'varchar(512)', (c) => c.notNull())
        .addColumn('open', 'integer', (c) => c.notNull())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
      await db.schema
        .createTable('alarm_journal')
        .addColumn('id', 'varchar(80)', (c) => c.primaryKey())
        .addColumn('alarm', 'varchar(40)', (c) => c.notNull())
        .addColumn('rule', 'varchar(700)', (c) => c.notNull())
        .addColumn('equipment', 'varchar(512)', (c) => c.notNull())
        .addColumn('time', 'bigint', (c) => c.notNull())
        .addColumn('event', 'varchar(24)', (c) => c.notNull())
        .addColumn('from_state', 'varchar(24)', (c) => c.notNull())
        .addColumn('to_state', 'varchar(24)', (c) => c.notNull())
        .addColumn('priority', 'varchar(12)', (c) => c.notNull())
        .addColumn('message', 'text', (c) => c.notNull())
        .addColumn('by_name', 'varchar(120)')
        .addColumn('note', 'text', (c) => c.notNull())
        .addColumn('active_us', 'bigint')
        .execute();
      await db.schema.createIndex('alarm_journal_time').on('alarm_journal').columns(['time', 'id']).execute();
      await db.schema.createIndex('alarm_journal_place').on('alarm_journal').columns(['equipment', 'time']).execute();
      await db.schema.createIndex('alarm_journal_alarm').on('alarm_journal').columns(['alarm', 'time']).execute();
      await db.schema
        .createTable('alarm_progress')
        .addColumn('one', 'integer', (c) => c.primaryKey())
        .addColumn('data', 'text', (c) => c.notNull())
        .execute();
    },
  },
];

type Db = Transaction<AlarmTables>;
const rowsAtOnce = 500;

function* parts<T>(all: readonly T[]): Generator<T[]> {
  for (let i = 0; i < all.length; i += rowsAtOnce) yield all.slice(i, i + rowsAtOnce);
}

/** An entry that is there already is left as it is: replaying writes nothing twice. */
export async function insertJournal(db: Db, rows: readonly JournalRow[]): Promise<void> {
  for (const part of parts(rows)) {
    const values = part.map((r) => ({
      id: r.id,
      alarm: r.alarm,
      rule: r.rule,
      equipment: r.equipment,
      time: r.time,
      event: r.event,
      from_state: r.from,
      to_state: r.to,
      priority: r.priority,
      message: r.message,
      by_name: r.by,
      note: r.note,
      active_us: r.activeUs,
    }));
    await db
      .insertInto('alarm_journal')
      .values(values)
      .onConflict((c) => c.column('id').doNothing())
      .execute();
  }
}

/** The point as it is now: what is stored must not follow what happens while the transaction runs. */
export function toStored(point: AlarmPoint): AlarmRow {
  return {
    id: point.id,
    rule: point.rule,
    equipment: point.equipment,
    open: point.state === 'normal' ? 0 : 1,
    data: JSON.stringify(point),
  };
}

export async function upsertPoints(db: Db, points: readonly AlarmRow[]): Promise<void> {
  for (const values of parts(points)) {
    await db
      .insertInto('alarms')
      .values(values)
      .onConflict((c) =>
        c.column('id').doUpdateSet((eb) => ({ open: eb.ref('excluded.open'), data: eb.ref('excluded.data') })),
      )
      .execute();
  }
}

export async function deletePoints(db: Db, ids: readonly string[]): Promise<void> {
  for (const part of parts(ids)) await db.deleteFrom('alarms').where('id', 'in', part).execute();
}

/** Signal id → time up to which its samples are judged and the outcome stored, µs. */
export type Progress = ReadonlyMap<number, number>;

function encode(progress: Progress): string {
  const ids = Uint32Array.from(progress.keys());
  const times = Float64Array.from(progress.values());
  return `${Buffer.from(ids.buffer).toString('base64')}:${Buffer.from(times.buffer).toString('base64')}`;
}

function decode(data: string): Map<number, number> {
  const [ids, times] = data.split(':').map((part) => Uint8Array.from(Buffer.from(part, 'base64')).buffer);
  const time = new Float64Array(times!);
  return new Map([...new Uint32Array(ids!)].map((id, i) => [id, time[i]!]));
}

export async function saveProgress(db: Db, progress: Progress): Promise<void> {
  const data = encode(progress);
  await db
    .insertInto('alarm_progress')
    .values({ one: 1, data })
    .onConflict((c) => c.column('one').doUpdateSet({ data }))
    .execute();
}

const pageRows = 20_000;

export interface StoredAlarms {
  points: AlarmPoint[];
  progress: Progress;
}

export async function loadAlarms(ledger: Ledger): Promise<StoredAlarms> {
  const db = ledger.read<AlarmTables>();
  const points: AlarmPoint[] = [];
  let after = '';
  for (;;) {
    const rows = await db
      .selectFrom('alarms')
      .select(['id', 'data'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageRows)
      .execute();
    for (const row of rows) points.push(JSON.parse(row.data));
    if (rows.length < pageRows) break;
    after = rows.at(-1)!.id;
  }
  const progress = await db.selectFrom('alarm_progress').select('data').executeTakeFirst();
  return { points, progress: progress ? decode(progress.data) : new Map() };
}

function toRow(row: JournalTable): JournalRow {
  return {
    id: row.id,
    alarm: row.alarm,
    rule: row.rule,
    equipment: row.equipment,
    time: row.time,
    event: row.event as JournalEvent,
    from: row.from_state as JournalRow['from'],
    to: row.to_state as JournalRow['to'],
    priority: row.priority as JournalRow['priority'],
    message: row.message,
    by: row.by_name,
    note: row.note,
    activeUs: row.active_us,
  };
}

export interface JournalQuery {
  from: number;
  to: number;
  /** A path; what stands below it in the plant is included. */
  equipment?: string | undefined;
  /** Entries that stand after this one in the answer. */
  before?: { time: number; id: string } | undefined;
  limit: number;
}

/** Newest first. */
export async function queryJournal(db: Kysely<AlarmTables>, query: JournalQuery): Promise<JournalRow[]> {
  let select = db
    .selectFrom('alarm_journal')
    .selectAll()
    .where('time', '>=', query.from)
    .where('time', '<', query.to)
    .orderBy('time', 'desc')
    .orderBy('id', 'desc')
    .limit(query.limit);
  const { equipment, before } = query;
  if (equipment !== undefined)
    select = select.where((eb) =>
      // '0' follows '/': everything below the path lies between.
      eb.or([
        eb('equipment', '=', equipment),
        eb.and([eb('equipment', '>=', `${equipment}/`), eb('equipment', '<', `${equipment}0`)]),
      ]),
    );
  if (before)
    select = select.where((eb) =>
      eb.or([eb('time', '<', before.time), eb.and([eb('time', '=', before.time), eb('id', '<', before.id)])]),
    );
  return (await select.execute()).map(toRow);
}

export async function journalTime(db: Kysely<AlarmTables>, id: string): Promise<number | null> {
  const row = await db.selectFrom('alarm_journal').select('time').where('id', '=', id).executeTakeFirst();
  return row?.time ?? null;
}

/** Comings and goings in [from, to) in time order, of all alarms or of some rules. Null when there are more than `limit`. */
export async function passages(
  db: Kysely<AlarmTables>,
  query: { from: number; to: number; rules?: readonly string[]; limit: number },
): Promise<JournalRow[] | null> {
  const found: JournalRow[] = [];
  let after = { time: query.from, id: '' };
  for (;;) {
    let select = db
      .selectFrom('alarm_journal')
      .selectAll()
      .where('event', 'in', ['raised', 'cleared'])
      .where('time', '<', query.to)
      .where((eb) =>
        eb.or([eb('time', '>', after.time), eb.and([eb('time', '=', after.time), eb('id', '>', after.id)])]),
      )
      .orderBy('time')
      .orderBy('id')
      .limit(pageRows);
    if (query.rules) select = select.where('rule', 'in', query.rules);
    const rows = await select.execute();
    for (const row of rows) found.push(toRow(row));
    if (found.length > query.limit) return null;
    if (rows.length < pageRows) return found;
    after = { time: rows.at(-1)!.time, id: rows.at(-1)!.id };
  }
}

/** The last coming or going of each alarm before `time`: which of them stood then. */
export async function lastPassagesBefore(
  db: Kysely<AlarmTables>,
  time: number,
  rules?: readonly string[],
): Promise<JournalRow[]> {
  let latest = db
    .selectFrom('alarm_journal')
    .select((eb) => ['alarm', eb.fn.max('time').as('time')])
    .where('event', 'in', ['raised', 'cleared'])
    .where('time', '<', time)
    .groupBy('alarm');
  if (rules) latest = latest.where('rule', 'in', rules);
  const rows = await db
    .selectFrom('alarm_journal as j')
    .innerJoin(latest.as('l'), (join) => join.onRef('l.alarm', '=', 'j.alarm').onRef('l.time', '=', 'j.time'))
    .selectAll('j')
    .where('j.event', 'in', ['raised', 'cleared'])
    .orderBy('j.event', 'desc')
    .execute();
  // An alarm that came and went at one time has both; the going counts.
  const byAlarm = new Map<string, JournalRow>();
  for (const row of rows) if (!byAlarm.has(row.alarm) || row.event === 'cleared') byAlarm.set(row.alarm, toRow(row));
  return [...byAlarm.values()];
}

export async function deleteJournal(db: Db, ids: readonly string[]): Promise<void> {
  for (const part of parts(ids)) await db.deleteFrom('alarm_journal').where('id', 'in', part).execute();
}
