import type { Caller } from '@deungdae/contracts/api.ts';
import type { Subject } from '@deungdae/contracts/maintenance.ts';
import type { EquipmentModule } from '@deungdae/equipment/module.ts';
import type { InventoryModule } from '@deungdae/inventory/module.ts';
import { nameOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { Kysely, Ledger, LedgerTx, Transaction } from '@deungdae/ledger/ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { OperationsModule } from '@deungdae/operations/module.ts';
import type { PeopleModule } from '@deungdae/people/module.ts';
import type { QualityModule } from '@deungdae/quality/module.ts';
import { maintenanceError } from './errors.ts';
import type { MaintenanceTables } from './schema.ts';

export interface MaintenanceDeps {
  ledger: Ledger;
  clock: Clock;
  log: Logger;
  masterdata: MasterDataModule;
  people: PeopleModule;
  inventory: Pick<InventoryModule, 'consume' | 'onHand'>;
  quality: Pick<QualityModule, 'gaugeFailed'>;
  /** Calls of the kiosk are read and answered through its routes. */
  operations: Pick<OperationsModule, 'runs' | 'subscribe' | 'handlers'>;
  equipment: Pick<EquipmentModule, 'timeInState' | 'oee' | 'stops' | 'stateOf'>;
  plant(): PlantModel;
  /** The latest value of a signal path, for plans by condition; null when unknown. */
  reading?: (signal: string) => number | null;
}

export type Db = Kysely<MaintenanceTables> | Transaction<MaintenanceTables>;
export type Tx = Omit<LedgerTx, 'db'> & { db: Transaction<MaintenanceTables> };

/** One text for a machine or tool, for columns and events. */
export const keyOf = ({ kind, id }: Subject) => `${kind}/${id}`;

/** Checks that a machine or tool exists. */
export async function needSubject(deps: MaintenanceDeps, subject: Subject): Promise<Subject> {
  const known =
    subject.kind === 'machine'
      ? deps.plant().equipment.has(subject.id)
      : (await deps.masterdata.find('tool', subject.id, deps.clock.nowUs())) !== null;
  if (!known) throw maintenanceError('maintenance.subjectUnknown', { subject: subject.id }, { status: 404 });
  return subject;
}

/** Who did it: the person of the badge or of the account, by id; who has neither by the name of who signed in. */
export async function whoOf(deps: MaintenanceDeps, badge: string | undefined, caller: Caller): Promise<string> {
  if (badge === undefined) return (await deps.people.byUser(caller.userId))?.id ?? nameOf(caller);
  const person = await deps.people.byBadge(badge);
  if (!person) throw maintenanceError('maintenance.badgeUnknown', { badge }, { status: 404 });
  return person.id;
}
