import type { Handlers } from '@deungdae/contracts/api.ts';
import type { PersonRecord } from '@deungdae/contracts/person.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Kysely, Ledger, LedgerTx, Transaction } from '@deungdae/ledger/ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import { fileHandlers } from './files.ts';
import { expiringSkills, personHandlers, withSkills } from './people.ts';
import { safetyHandlers, safetyReminders } from './safety.ts';
import type { PeopleTables } from './schema.ts';
import { trainingHandlers } from './trainings.ts';

export { peopleMigrations } from './schema.ts';

/** A person on the floor: not the same as a user who signs in; a badge is enough at the kiosk. */
export interface Person {
  id: string;
  /** Printed on the badge as a barcode, or typed by an RFID reader. */
  badge: string;
  name: string;
  language: string;
  team: string | null;
  active: boolean;
  /** Skills by code, with their level 1–4 and expiry (µs UTC or null). */
  skills: Readonly<Record<string, { level: number; expiresAt: number | null }>>;
  /** Login of the same person, where there is one. */
  userId: string | null;
}

export interface PeopleModule {
  handlers: Handlers;
  /** An active person. */
  byBadge(badge: string, tx?: LedgerTx): Promise<Person | null>;
  person(id: string, tx?: LedgerTx): Promise<Person | null>;
  /** The active person that signs in with this account. */
  byUser(userId: string, tx?: LedgerTx): Promise<Person | null>;
  /**
   * Skills the person lacks of those asked at `at`: missing, expired, or at level 1 (who only learns does not start
   * alone).
   */
  missingSkills(person: string, skills: readonly string[], at: number, tx?: LedgerTx): Promise<string[]>;
}

/** Level at which a person may start work. */
const leastLevel = 2;

export interface PeopleOptions {
  ledger: Ledger;
  clock: Clock;
  masterdata: MasterDataModule;
  /** Zone of the times in files; UTC when left out. */
  timeZone?: () => string;
}

export function openPeople(deps: PeopleOptions): PeopleModule {
  const db = (tx?: LedgerTx): Kysely<PeopleTables> =>
    tx ? (tx.db as Transaction<PeopleTables>) : deps.ledger.read<PeopleTables>();
  const find = async (column: 'badge' | 'id' | 'user_id', value: string, tx?: LedgerTx): Promise<Person | null> => {
    let rows = db(tx).selectFrom('people').selectAll().where(column, '=', value);
    if (column !== 'id') rows = rows.where('active', '=', 1);
    const row = await rows.executeTakeFirst();
    return row ? personOf((await withSkills(db(tx), [row]))[0]!) : null;
  };
  return {
    handlers: {
      ...personHandlers(deps),
      ...trainingHandlers(deps),
      ...safetyHandlers(deps),
      ...fileHandlers({ timeZone: () => 'UTC', ...deps }),
      async peopleReminders({ query: { days } }) {
        return { skills: await expiringSkills(deps, days), ...(await safetyReminders(deps, days)) };
      },
    },
    byBadge: (badge, tx) => find('badge', badge.trim(), tx),
    person: (id, tx) => find('id', id, tx),
    byUser: (userId, tx) => find('user_id', userId, tx),
    async missingSkills(id, skills, at, tx) {
      if (skills.length === 0) return [];
      const person = await find('id', id, tx);
      return skills.filter((code) => {
        const held = person?.skills[code];
        return !held || held.level < leastLevel || (held.expiresAt !== null && held.expiresAt <= at);
      });
    },
  };
}

function personOf({ skills, ...person }: PersonRecord): Person {
  return {
    ...person,
    skills: Object.fromEntries(skills.map(({ skill, level, expiresAt }) => [skill, { level, expiresAt }])),
  };
}
