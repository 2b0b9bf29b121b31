import type { Caller } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { ProductionRules } from '@deungdae/contracts/work-order.ts';
import type { EquipmentModule } from '@deungdae/equipment/module.ts';
import type { InventoryModule } from '@deungdae/inventory/module.ts';
import { actorOf, nameOf } from '@deungdae/kernel/actor.ts';
import { daysBetween } from '@deungdae/kernel/calendar.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { EquipmentModel, PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { Ledger, LedgerTx, Transaction } from '@deungdae/ledger/ledger.ts';
import { putOff } from '@deungdae/ledger/put-off.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { PeopleModule, Person } from '@deungdae/people/module.ts';
import type { QualityModule } from '@deungdae/quality/module.ts';
import { operationsError } from './errors.ts';
import type { OperationsTables } from './schema.ts';

/** What the module uses of the machines' side. */
export type EquipmentDoor = Pick<EquipmentModule, 'card' | 'pieces' | 'stops' | 'giveReason' | 'times'>;

export interface OperationsDeps {
  ledger: Ledger;
  clock: Clock;
  masterdata: MasterDataModule;
  people: PeopleModule;
  inventory: InventoryModule;
  quality: QualityModule;
  equipment: EquipmentDoor;
  plant(): PlantModel;
  /** Kinds of kiosk entries of other modules, e.g. an inspection's values; each in the entry's transaction. */
  extraEntries?: Readonly<Record<string, ExtraEntry>>;
  settings?: Partial<OperationsSettings>;
}

export type ExtraEntry = (
  tx: LedgerTx,
  entry: { machine: string; run: string | null; time: number; data: Record<string, unknown>; actor: Actor },
) => Promise<Record<string, unknown>>;

export interface OperationsSettings {
  /** Share over the planned quantity that the first step may make. */
  overShare: number;
  /** Share of the plan that must be good for an order to finish without a reason. */
  underShare: number;
}

export type Db = Transaction<OperationsTables>;
/** A transaction seen with this module's tables. */
export interface Tx extends LedgerTx {
  db: Db;
}

/** Who acts: on the floor by badge, in the office by sign-in. `name` is what people read later. */
export interface Doer {
  actor: Actor;
  name: string;
  person: Person | null;
  /** May do what a supervisor does. */
  leads: boolean;
}

/** When something happened by the server's clock, and by the device's own where there is one. */
export interface When {
  time: number;
  clientTime: number | null;
}

/** What every part of the module works with. */
export class Context {
  readonly deps: OperationsDeps;
  readonly settings: OperationsSettings;
  /** As last read or saved: each confirmation asks for them. */
  rules: ProductionRules | null = null;
  readonly #changed = new Set<(machines: string[]) => void>();

  constructor(deps: OperationsDeps) {
    this.deps = deps;
    this.settings = { overShare: 0.05, underShare: 0.95, ...deps.settings };
  }

  now(): number {
    return this.deps.clock.nowUs();
  }

  newId(): string {
    return uuidv7(Math.floor(this.now() / 1000));
  }

  read() {
    return this.deps.ledger.read<OperationsTables>();
  }

  /** One business act. `tx` when it is part of another. */
  act<T>(work: (tx: Tx) => Promise<T>, tx?: Tx): Promise<T> {
    if (tx) return work(tx);
    return this.deps.ledger.transaction<OperationsTables, T>((db, emit) => work({ db, emit }));
  }

  machine(path: string): EquipmentModel {
    const machine = this.deps.plant().equipment.get(path);
    if (!machine) throw operationsError('operations.unknownMachine', { machine: path }, { status: 404 });
    return machine;
  }

  /** Name of a machine as people say it; the path when the plant file no longer has it. */
  machineName(path: string, language: 'ko' | 'en' = 'ko'): string {
    const name = this.deps.plant().equipment.get(path)?.name;
    if (name === undefined) return path;
    return typeof name === 'string' ? name : (name[language] ?? name.en);
  }

  onChanged(listener: (machines: string[]) => void): () => void {
    this.#changed.add(listener);
    return () => void this.#changed.delete(listener);
  }

  /** After the commit. */
  tell(machines: readonly (string | null)[]): void {
    const named = [...new Set(machines.filter((m): m is string => m !== null))];
    for (const listener of this.#changed) listener(named);
  }
}

const leaders: ReadonlySet<Caller['role']> = new Set(['supervisor', 'engineer', 'administrator']);

/** Who a caller is; with a badge, the person who holds it, under the kiosk's own sign-in. Throws `operations.unknownBadge`. */
export async function doerOf(
  context: Context,
  caller: Caller,
  badge: string | null | undefined,
  tx?: LedgerTx,
): Promise<Doer> {
  const leads = leaders.has(caller.role);
  if (!badge) {
    // A tablet is nobody: who stands at it says so by badge.
    if (caller.via === 'device') throw operationsError('operations.badgeNeeded', {}, { status: 409 });
    return { actor: actorOf(caller), name: nameOf(caller), person: null, leads };
  }
  const person = await context.deps.people.byBadge(badge, tx);
  if (!person?.active) throw operationsError('operations.unknownBadge', { badge: badge.slice(0, 60) }, { status: 404 });
  return { actor: { kind: 'person', id: person.id }, name: person.name, person, leads };
}

/** Locks a machine for the transaction: acts at one machine come one after another, on both engines. */
export async function lockMachine(tx: Tx, machine: string): Promise<MachineContexts> {
  const row = await tx.db
    .insertInto('ops_machines')
    .values({ machine, version: 1, context: '{}' })
    .onConflict((c) => c.column('machine').doUpdateSet((e) => ({ version: e('ops_machines.version', '+', 1) })))
    .returning('context')
    .executeTakeFirstOrThrow();
  return JSON.parse(row.context) as MachineContexts;
}

/** What stood at a machine at the last run of an item: when the next finds it changed, a 4M notice is drafted. */
export interface MachineContext {
  person?: string;
  personName?: string;
  tool?: string;
  method?: string;
  /** Lot used last of each material. */
  lots?: Record<string, string>;
  lastLot?: string;
}

/** By item, the newest last. */
export type MachineContexts = Record<string, MachineContext>;

export async function keepContext(tx: Tx, machine: string, context: MachineContexts): Promise<void> {
  await putOff(
    tx.db,
    tx.db
      .updateTable('ops_machines')
      .set({ context: JSON.stringify(context) })
      .where('machine', '=', machine),
  );
}

/** Next number of a series such as `WO-261125-`: counted from 1, three digits at least. */
export async function nextNumber(tx: Tx, prefix: string): Promise<string> {
  const row = await tx.db
    .insertInto('ops_numbers')
    .values({ prefix, last: 1 })
    .onConflict((c) => c.column('prefix').doUpdateSet((e) => ({ last: e('ops_numbers.last', '+', 1) })))
    .returning('last')
    .executeTakeFirstOrThrow();
  return `${prefix}${String(row.last).padStart(3, '0')}`;
}

/** `261125`, of the first site's plant day. */
export function dayDigits(context: Context, time: number): string {
  const zone = context.deps.plant().plant.sites[0]?.timeZone ?? 'Asia/Seoul';
  return daysBetween(zone, time, time + 1)[0]!
    .day.slice(2)
    .replaceAll('-', '');
}

export const list = (text: string): string[] => JSON.parse(text) as string[];
