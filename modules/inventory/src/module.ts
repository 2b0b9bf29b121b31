import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { Lot, LotLink, Movement } from '@deungdae/contracts/lot.ts';
import type { Millionths } from '@deungdae/contracts/quantity.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';

/** What every act has in common. `time` is when it happened (µs UTC); `reference` what it belongs to, e.g. `run/<id>`. */
export interface Act {
  time: number;
  actor: Actor;
  reference: string | null;
  reason?: string;
}

/**
 * Lots, places and movements of stock. All quantities here are millionths of the item's unit. Every function that
 * changes something takes the caller's transaction, so that one business act stays one transaction. Stock never goes
 * negative: `inventory.short` names item, lot, place, what is there and what was asked.
 */
export interface InventoryModule {
  handlers: Handlers;
  /** By id or by printed number (also a GS1 element string or Digital Link URI); null when unknown. */
  lot(idOrNumber: string, tx?: LedgerTx): Promise<Lot | null>;
  onHand(item: string, location?: string): Promise<Millionths>;
  /** Lots that may be issued now, in the item's FIFO or FEFO order. */
  available(item: string, location: string | null, tx?: LedgerTx): Promise<Lot[]>;
  /** A new lot number by the plant's numbering rule. */
  nextNumber(tx: LedgerTx, kind: Lot['kind'], item: string, time: number): Promise<string>;
  receive(
    tx: LedgerTx,
    input: Act & {
      item: string;
      revision?: string;
      quantity: Millionths;
      location: string;
      number?: string;
      supplier?: string;
      supplierLot?: string;
      expiresAt?: number;
      quarantine?: boolean;
    },
  ): Promise<Lot>;
  /** A lot made by a run, at a place. Adding to the run's open lot keeps its id. */
  produce(
    tx: LedgerTx,
    input: Act & {
      item: string;
      revision: string;
      quantity: Millionths;
      location: string;
      workOrder: string;
      run: string;
      lot?: string;
      number?: string;
      quarantine?: boolean;
      /** Lots it was made from, already consumed. */
      from: readonly { lot: string; quantity: Millionths }[];
    },
  ): Promise<Lot>;
  /** Takes a named lot, or lots by the item's issue rule (back-flush), out of stock into production. */
  consume(
    tx: LedgerTx,
    input: Act & { item: string; quantity: Millionths; lot?: string; location?: string; run: string | null },
  ): Promise<{ lot: string; quantity: Millionths }[]>;
  move(tx: LedgerTx, input: Act & { lot: string; from: string; to: string; quantity: Millionths }): Promise<Movement>;
  scrap(
    tx: LedgerTx,
    input: Act & { item: string; lot?: string; location?: string; quantity: Millionths },
  ): Promise<Movement>;
  ship(
    tx: LedgerTx,
    input: Act & { shipment: string; customer: string; lots: readonly { lot: string; quantity: Millionths }[] },
  ): Promise<Movement[]>;
  adjust(
    tx: LedgerTx,
    input: Act & { item: string; lot?: string; location: string; difference: Millionths },
  ): Promise<Movement>;
  split(tx: LedgerTx, input: Act & { lot: string; quantity: Millionths }): Promise<Lot>;
  merge(tx: LedgerTx, input: Act & { lots: readonly string[]; location: string }): Promise<Lot>;
  /** Puts lots into a container (a box, a pallet). */
  pack(
    tx: LedgerTx,
    input: Act & { container?: string; lots: readonly { lot: string; quantity: Millionths }[]; location: string },
  ): Promise<Lot>;
  hold(tx: LedgerTx, input: Act & { lot: string; reason: string }): Promise<{ hold: string }>;
  /** Ends one hold, or all of a reference. */
  release(tx: LedgerTx, input: Act & { lot: string; hold?: string }): Promise<void>;
  reject(tx: LedgerTx, input: Act & { lot: string }): Promise<void>;
  /** Takes a movement back with an opposite one. */
  reverse(tx: LedgerTx, input: Act & { movement: string }): Promise<Movement>;
  movements(query: {
    item?: string;
    lot?: string;
    reference?: string;
    from?: number;
    to?: number;
    limit: number;
  }): Promise<Movement[]>;
  /** Links of lots up (`parents`) or down (`children`) to any depth, at most `limit` (default 100 000) links. */
  links(lots: readonly string[], direction: 'up' | 'down', limit?: number): Promise<LotLink[]>;
}
