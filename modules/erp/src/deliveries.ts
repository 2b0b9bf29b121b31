import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger, LedgerTx, Transaction } from '@deungdae/ledger/ledger.ts';
import { checkedUrl } from './address-guard.ts';
import type { ErpTables } from './schema.ts';

/** A receiver that another module looks after: an EPCIS subscription. */
interface Receiver {
  id: string;
  name: string;
  url: string;
  /** Signs what is sent; nothing is signed without. */
  secret: string;
  allowLocal: boolean;
}
interface QueuedDocument {
  receiver: string;
  /** The idempotency key is `<receiver>/<key>`; at most 36 letters. */
  key: string;
  type: string;
  subject: string;
  body: string;
}

/** The outbox for other modules: their documents are queued in their transaction, signed, guarded and sent again like all. */
export interface DeliveryDoor {
  /** Throws `erp.addressWrong`. */
  addReceiver(tx: LedgerTx, receiver: Receiver): Promise<void>;
  /** What waits for it is kept as dead. */
  removeReceiver(tx: LedgerTx, id: string): Promise<void>;
  queue(tx: LedgerTx, document: QueuedDocument): Promise<void>;
  /** µs UTC when something was last taken, by receiver. */
  lastSent(ids: readonly string[]): Promise<Map<string, number>>;
}

export function deliveryDoor(ledger: Ledger, nowUs: () => number): DeliveryDoor {
  return {
    async addReceiver(tx, { id, name, url, secret, allowLocal }) {
      checkedUrl(url);
      await tables(tx)
        .insertInto('erp_targets')
        .values({
          ...{
            id,
            name: name.slice(0, 100),
            kind: 'epcis',
            url,
            events: '[]',
            format: 'event',
            enabled: 1,
            takes: '[]',
          },
          ...{ allow_local: Number(allowLocal), secret },
        })
        .execute();
    },
    removeReceiver: async (tx, id) => {
      await tables(tx).deleteFrom('erp_targets').where('id', '=', id).execute();
      await dropWaiting(tables(tx), id);
    },
    async queue(tx, { receiver, key, type, subject, body }) {
      const now = nowUs();
      await tables(tx)
        .insertInto('erp_deliveries')
        .values({
          ...{ id: uuidv7(Math.floor(now / 1000)), target: receiver, event: key, type, subject, body, state: 'queued' },
          ...{ attempts: 0, queued_at: now, next_at: now, sent_at: null, status: null, error: null },
        })
        .onConflict((c) => c.columns(['target', 'event']).doNothing())
        .execute();
    },
    async lastSent(ids) {
      if (ids.length === 0) return new Map();
      const rows = await ledger
        .read<ErpTables>()
        .selectFrom('erp_deliveries')
        .select(['target', (e) => e.fn.max('sent_at').as('at')])
        .where('target', 'in', ids.slice(0, 500))
        .where('sent_at', 'is not', null)
        .groupBy('target')
        .execute();
      return new Map(rows.map((r) => [r.target, Number(r.at)]));
    },
  };
}

/** What waits for a target that is gone is kept, and not sent. */
export async function dropWaiting(db: Transaction<ErpTables>, target: string): Promise<void> {
  await db
    .updateTable('erp_deliveries')
    .set({ state: 'dead' })
    .where('target', '=', target)
    .where('state', 'in', ['queued', 'failed'])
    .execute();
}

const tables = (tx: LedgerTx) => tx.db as Transaction<ErpTables>;
