import type { KioskAnswer } from '@deungdae/contracts/kiosk.ts';
import type { NewItem, OutboxItem, OutboxStore, Refusal } from './outbox-store.ts';

/** Entries one tablet keeps at most: a shift of eight hours at one a second would be 28,800; people make some hundreds. */
export const mostWaiting = 5000;
/** Entries in one call; the server takes 500. */
const batchSize = 100;

/** Why a call came to nothing. */
export type Failure =
  /** The network or the server: the same again later. */
  | { kind: 'later' }
  /** The tablet's session has ended: somebody must sign it in. */
  | { kind: 'signIn' }
  /** The server will never take it as it is. */
  | { kind: 'refused'; refusal: Refusal };

export class SendFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/** The way to the server. Each call throws `SendFailure`. */
export interface Transport {
  sync(machine: string, items: readonly OutboxItem[]): Promise<readonly KioskAnswer[]>;
  route(item: OutboxItem): Promise<void>;
  /** Id of the document. The same file again is the same document. */
  upload(file: Blob, name: string): Promise<string>;
}

/** Runs `work` when no other tab of this tablet does; false when one does. */
export type Lock = (work: () => Promise<void>) => Promise<boolean>;

export type Outcome = 'sent' | 'later' | 'signIn' | 'busy';

/**
 * Sends what was entered, in the order it was entered. An entry leaves the store only when the server has answered for
 * it; one that was sent and not answered goes again under the same id, which the server counts once.
 */
export class Outbox {
  readonly #store: OutboxStore;
  readonly #transport: Transport;
  readonly #lock: Lock;
  readonly #changed: (answered: readonly KioskAnswer[]) => void;

  constructor(
    store: OutboxStore,
    transport: Transport,
    lock: Lock,
    changed: (answered: readonly KioskAnswer[]) => void = () => {},
  ) {
    this.#store = store;
    this.#transport = transport;
    this.#lock = lock;
    this.#changed = changed;
  }

  /** Keeps an entry; durable when it returns. Throws `full` at the limit: nothing is thrown away to make room. */
  async put(item: NewItem, files: readonly { id: string; blob: Blob }[] = []): Promise<OutboxItem> {
    if ((await this.#store.list()).length >= mostWaiting) throw new Error('full');
    const kept = await this.#store.add(item, files);
    this.#changed([]);
    return kept;
  }

  list(): Promise<OutboxItem[]> {
    return this.#store.list();
  }

  /** A person has read why an entry was refused. The server keeps its own copy for the supervisor. */
  async forget(seq: number): Promise<void> {
    await this.#store.settle([seq], []);
    this.#changed([]);
  }

  /** Sends until nothing waits, or it cannot go on now. */
  async flush(): Promise<Outcome> {
    let outcome: Outcome = 'sent';
    const ran = await this.#lock(async () => {
      try {
        for (;;) {
          const waiting = (await this.#store.list()).filter((item) => item.status === 'waiting');
          if (waiting.length === 0) return;
          await this.#sendSome(waiting);
        }
      } catch (error) {
        if (!(error instanceof SendFailure)) throw error;
        outcome = error.failure.kind === 'signIn' ? 'signIn' : 'later';
      }
    });
    return ran ? outcome : 'busy';
  }

  async #sendSome(waiting: readonly OutboxItem[]): Promise<void> {
    const first = waiting[0]!;
    if (first.files.length > 0) return this.#one(await this.#withDocuments(first));
    if (first.via === 'route') return this.#one(first);
    const end = waiting.findIndex((i) => i.via !== 'sync' || i.machine !== first.machine || i.files.length > 0);
    const batch = waiting.slice(0, Math.min(end < 0 ? waiting.length : end, batchSize));
    try {
      await this.#settle(batch, await this.#transport.sync(first.machine, batch));
    } catch (error) {
      // One bad entry must not hold up the others: who it is shows when they go one by one.
      if (!(error instanceof SendFailure) || error.failure.kind !== 'refused') throw error;
      if (batch.length === 1) return this.#refuse(first, error.failure.refusal);
      for (const item of batch) await this.#one(item);
    }
  }

  async #one(item: OutboxItem): Promise<void> {
    try {
      if (item.via === 'sync') return await this.#settle([item], await this.#transport.sync(item.machine, [item]));
      await this.#transport.route(item);
      await this.#store.settle([item.seq], []);
      this.#changed([{ entryId: item.entryId, status: 'applied', time: item.clientTime, result: null, error: null }]);
    } catch (error) {
      if (!(error instanceof SendFailure) || error.failure.kind !== 'refused') throw error;
      await this.#refuse(item, error.failure.refusal);
    }
  }

  /** Pictures go first; what they became is kept, so that a cut in the middle uploads none of them twice. */
  async #withDocuments(item: OutboxItem): Promise<OutboxItem> {
    let current = item;
    for (const id of item.files) {
      const blob = await this.#store.file(id);
      let document: string | null = null;
      if (blob)
        try {
          document = await this.#transport.upload(blob, `${id}.jpg`);
        } catch (error) {
          // A picture that the server will not take must not cost the entry.
          if (!(error instanceof SendFailure) || error.failure.kind !== 'refused') throw error;
        }
      current = { ...current, data: replaced(current.data, `@file:${id}`, document) as Record<string, unknown> };
    }
    // The blobs stay with the entry until it is done.
    return current;
  }

  async #settle(batch: readonly OutboxItem[], answers: readonly KioskAnswer[]): Promise<void> {
    const byId = new Map(answers.map((answer) => [answer.entryId, answer]));
    const done: number[] = [];
    const refused: OutboxItem[] = [];
    for (const item of batch) {
      const answer = byId.get(item.entryId);
      if (answer?.status === 'rejected') refused.push({ ...item, status: 'refused', refusal: answer.error });
      else if (answer) done.push(item.seq);
    }
    // A server that answers for none of them would be asked for ever without a pause.
    if (done.length + refused.length === 0) throw new SendFailure({ kind: 'later' });
    await this.#store.settle(done, refused);
    this.#changed(answers);
  }

  async #refuse(item: OutboxItem, refusal: Refusal): Promise<void> {
    await this.#store.settle([], [{ ...item, status: 'refused', refusal }]);
    this.#changed([
      { entryId: item.entryId, status: 'rejected', time: item.clientTime, result: null, error: { ...refusal } },
    ]);
  }
}

/** The value with `from` replaced wherever it stands; an element of a list that became null is left out. */
function replaced(value: unknown, from: string, to: string | null): unknown {
  if (value === from) return to;
  if (Array.isArray(value)) return value.map((v) => replaced(v, from, to)).filter((v) => v !== null);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, v]) => [key, replaced(v, from, to)] as const);
  return Object.fromEntries(
    entries.filter(([key, v]) => v !== null || (value as Record<string, unknown>)[key] === null),
  );
}

/** Waits longer with each failure: 2, 4, 8 … 30 seconds. */
export function pauseMs(failures: number): number {
  return Math.min(30_000, 1000 * 2 ** Math.min(failures, 5));
}
