import type { MachineState } from '@deungdae/contracts/equipment.ts';
import type { NewEvent } from '@deungdae/contracts/event.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { Interval } from './machine.ts';
import type { EquipmentTables } from './schema.ts';
import type { PeopleNotes, ReasonNote } from './stops.ts';

declare const ledgerShape: Ledger;
type Db = Parameters<Parameters<typeof ledgerShape.transaction<EquipmentTables, void>>[0]>[0];
/** Rows of one insert: SQLite takes 32,766 parameters, PostgreSQL 65,535. */
const insertRows = 500;
const pageRows = 20_000;

export interface MachineFlush {
  equipment: string;
  /** Rows from this moment on are replaced by `intervals`; Infinity writes none. */
  changedFrom: number;
  intervals: readonly Interval[];
  knownTo: number;
}

/** The module's tables. Nothing here decides. */
export class EquipmentStore {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Intervals that touch [from, to), whole, in order. */
  async intervals(equipment: string, from: number, to: number): Promise<Interval[]> {
    const out: Interval[] = [];
    for (let after = Number.MIN_SAFE_INTEGER; ; ) {
      const rows = await this.#ledger
        .read<EquipmentTables>()
        .selectFrom('equipment_states')
        .selectAll()
        .where('equipment', '=', equipment)
        .where('from_us', '<', to)
        .where('from_us', '>', after)
        .where((e) => e.or([e('to_us', '>', from), e('to_us', 'is', null)]))
        .orderBy('from_us')
        .limit(pageRows)
        .execute();
      out.push(...rows.map(intervalOf));
      if (rows.length < pageRows) return out;
      after = rows.at(-1)!.from_us;
    }
  }

  /** The newest intervals, at most `limit`, in order. */
  async lastIntervals(equipment: string, limit: number): Promise<Interval[]> {
    const rows = await this.#ledger
      .read<EquipmentTables>()
      .selectFrom('equipment_states')
      .selectAll()
      .where('equipment', '=', equipment)
      .orderBy('from_us', 'desc')
      .limit(limit)
      .execute();
    return rows.reverse().map(intervalOf);
  }

  async progress(): Promise<Map<string, { knownTo: number; dirty: { from: number; to: number } | null }>> {
    const rows = await this.#ledger.read<EquipmentTables>().selectFrom('equipment_progress').selectAll().execute();
    return new Map(
      rows.map((r) => [
        r.equipment,
        {
          knownTo: Number(r.known_to),
          dirty: r.dirty_from === null ? null : { from: Number(r.dirty_from), to: Number(r.dirty_to ?? r.known_to) },
        },
      ]),
    );
  }

  /** Writes what changed of the machines, and how far each is known, in one transaction. */
  async flush(machines: readonly MachineFlush[]): Promise<void> {
    await this.#ledger.transaction<EquipmentTables, void>(async (db) => {
      for (const m of machines) {
        if (Number.isFinite(m.changedFrom)) {
          await db
            .deleteFrom('equipment_states')
            .where('equipment', '=', m.equipment)
            .where('from_us', '>=', m.changedFrom)
            .execute();
          await insertIntervals(db, m.equipment, m.intervals);
        }
        if (!Number.isFinite(m.knownTo)) continue;
        await db
          .insertInto('equipment_progress')
          .values({ equipment: m.equipment, known_to: m.knownTo, dirty_from: null, dirty_to: null })
          .onConflict((c) => c.column('equipment').doUpdateSet({ known_to: m.knownTo }))
          .execute();
      }
    });
  }

  /** Remembers that a stretch must be derived again, so that a crash before that does not lose it. */
  async markDirty(equipment: string, dirty: { from: number; to: number } | null): Promise<void> {
    await this.#ledger.transaction<EquipmentTables, void>(async (db) => {
      await db
        .updateTable('equipment_progress')
        .set({ dirty_from: dirty?.from ?? null, dirty_to: dirty?.to ?? null })
        .where('equipment', '=', equipment)
        .execute();
    });
  }

  /** Replaces rows by others. */
  async replace(equipment: string, old: readonly Interval[], next: readonly Interval[]): Promise<void> {
    await this.#ledger.transaction<EquipmentTables, void>(async (db) => {
      for (const interval of old)
        await db
          .deleteFrom('equipment_states')
          .where('equipment', '=', equipment)
          .where('from_us', '=', interval.from)
          .execute();
      await insertIntervals(db, equipment, next);
    });
  }

  /** Everything people said, by equipment. */
  async notes(): Promise<Map<string, PeopleNotes>> {
    const db = this.#ledger.read<EquipmentTables>();
    const notes = new Map<string, PeopleNotes>();
    const of = (equipment: string) => {
      const known = notes.get(equipment) ?? { reasons: [], splits: [], overrides: [] };
      notes.set(equipment, known);
      return known;
    };
    for (let offset = 0; ; offset += pageRows) {
      const rows = await db
        .selectFrom('equipment_reasons')
        .selectAll()
        .orderBy('at_us')
        .orderBy('id')
        .limit(pageRows)
        .offset(offset)
        .execute();
      for (const r of rows)
        of(r.equipment).reasons.push({
          ...{ id: r.id, from: Number(r.from_us), to: r.to_us === null ? null : Number(r.to_us) },
          ...{ reason: r.reason, note: r.note, by: r.by_whom, at: Number(r.at_us) },
        });
      if (rows.length < pageRows) break;
    }
    const splits = await db.selectFrom('equipment_splits').selectAll().orderBy('made_us').limit(pageRows).execute();
    for (const r of splits)
      of(r.equipment).splits.push({ at: Number(r.at_us), by: r.by_whom, made: Number(r.made_us) });
    const overrides = await db
      .selectFrom('equipment_overrides')
      .selectAll()
      .orderBy('made_us')
      .limit(pageRows)
      .execute();
    for (const r of overrides)
      of(r.equipment).overrides.push({
        ...{ from: Number(r.from_us), to: Number(r.to_us), state: r.state as MachineState },
        cause: `person: ${r.by_whom}`,
      });
    return notes;
  }

  /** Keeps notes of people and the business event that tells of them, together. */
  async addNotes(
    equipment: string,
    add: {
      reasons?: readonly ReasonNote[];
      split?: { at: number; by: string; made: number };
      override?: { from: number; to: number; state: MachineState; by: string; made: number };
    },
    event: NewEvent,
  ): Promise<void> {
    await this.#ledger.transaction<EquipmentTables, void>(async (db, emit) => {
      for (const r of add.reasons ?? [])
        await db
          .insertInto('equipment_reasons')
          .values({
            ...{ id: r.id, equipment, from_us: r.from, to_us: r.to },
            ...{ reason: r.reason, note: r.note, by_whom: r.by, at_us: r.at },
          })
          .execute();
      if (add.split) {
        const { at, by, made } = add.split;
        const id = uuidv7(Math.floor(made / 1000));
        await db
          .insertInto('equipment_splits')
          .values({ id, equipment, at_us: at, by_whom: by, made_us: made })
          .execute();
      }
      if (add.override) {
        const { from, to, state, by, made } = add.override;
        const id = uuidv7(Math.floor(made / 1000));
        await db
          .insertInto('equipment_overrides')
          .values({ id, equipment, from_us: from, to_us: to, state, by_whom: by, made_us: made })
          .execute();
      }
      await emit(event);
    });
  }

  /** Newest version of each closed period that touches [from, to). */
  async kpis(equipment: string, from: number, to: number): Promise<EquipmentTables['equipment_kpis'][]> {
    const rows = await this.#ledger
      .read<EquipmentTables>()
      .selectFrom('equipment_kpis')
      .selectAll()
      .where('equipment', '=', equipment)
      .where('from_us', '<', to)
      .where('to_us', '>', from)
      .orderBy('from_us')
      .orderBy('version')
      .limit(pageRows)
      .execute();
    return rows;
  }

  async addKpi(row: EquipmentTables['equipment_kpis'], event: NewEvent | null): Promise<void> {
    await this.#ledger.transaction<EquipmentTables, void>(async (db, emit) => {
      await db
        .insertInto('equipment_kpis')
        .values(row)
        .onConflict((c) => c.columns(['equipment', 'from_us', 'version']).doNothing())
        .execute();
      if (event) await emit(event);
    });
  }

  /** End of the newest closed period of each machine. */
  async closedTo(): Promise<Map<string, number>> {
    const rows = await this.#ledger
      .read<EquipmentTables>()
      .selectFrom('equipment_kpis')
      .select((e) => ['equipment', e.fn.max('to_us').as('to_us')])
      .groupBy('equipment')
      .execute();
    return new Map(rows.map((r) => [r.equipment, Number(r.to_us)]));
  }
}

async function insertIntervals(db: Db, equipment: string, intervals: readonly Interval[]): Promise<void> {
  for (let i = 0; i < intervals.length; i += insertRows) {
    const values = intervals.slice(i, i + insertRows).map((v) => ({
      ...{ equipment, from_us: v.from, to_us: v.to, state: v.state, cause: v.cause.slice(0, 200) },
    }));
    await db.insertInto('equipment_states').values(values).execute();
  }
}

function intervalOf(row: EquipmentTables['equipment_states']): Interval {
  return {
    from: Number(row.from_us),
    to: row.to_us === null ? null : Number(row.to_us),
    state: row.state as MachineState,
    cause: row.cause,
  };
}
