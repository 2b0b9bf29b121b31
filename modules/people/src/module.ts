import type { Handlers } from '@deungdae/contracts/api.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';

/** A person on the floor: not the same as a user who signs in; a badge is enough at the kiosk. */
export interface Person {
  id: string;
  /** Printed on the badge as a barcode, or typed by an RFID reader. */
  badge: string;
  name: string;
  language: string;
  team: string | null;
  active: boolean;
  /** Valid skills by code, with their level 1–4 and expiry (µs UTC or null). */
  skills: Readonly<Record<string, { level: number; expiresAt: number | null }>>;
  /** Login of the same person, where there is one. */
  userId: string | null;
}

export interface PeopleModule {
  handlers: Handlers;
  byBadge(badge: string, tx?: LedgerTx): Promise<Person | null>;
  person(id: string, tx?: LedgerTx): Promise<Person | null>;
  /** Skills the person lacks (missing, too low or expired) of those asked at `at`. */
  missingSkills(person: string, skills: readonly string[], at: number, tx?: LedgerTx): Promise<string[]>;
}
