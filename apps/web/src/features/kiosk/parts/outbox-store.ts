import type { ApiError } from '@deungdae/contracts/api-entities.ts';

export type Refusal = Pick<ApiError, 'code' | 'message' | 'advice' | 'params'>;

/** Something a person entered at this tablet, kept until the server has answered for it. */
export interface OutboxItem {
  /** Place in the order of entering; given by the store. */
  seq: number;
  /** UUID: the server counts it once, however often it comes. */
  entryId: string;
  machine: string;
  /** A kind of kiosk entry, or the route that takes it (`route`). */
  kind: string;
  via: 'sync' | 'route';
  data: Record<string, unknown>;
  /** The tablet's clock, µs. */
  clientTime: number;
  clientOffset: number | null;
  badge: string | null;
  person: string | null;
  /** Typed while the server could not be reached. */
  offline?: boolean;
  status: 'waiting' | 'refused';
  refusal: Refusal | null;
  /** Pictures taken with it; in `data` they stand as `@file:<id>` until they are uploaded. */
  files: string[];
}
export type NewItem = Omit<OutboxItem, 'seq' | 'status' | 'refusal'>;

/** Where the entries are kept. Every call is one durable step: after it, a killed browser has either all of it or nothing. */
export interface OutboxStore {
  /** In the order of entering. */
  list(): Promise<OutboxItem[]>;
  add(item: NewItem, files: readonly { id: string; blob: Blob }[]): Promise<OutboxItem>;
  /** Entries that are done go with their files; the others are replaced. */
  settle(done: readonly number[], changed: readonly OutboxItem[]): Promise<void>;
  file(id: string): Promise<Blob | null>;
}

/** For tests, and for a browser that has no database: kept until the page is closed. */
export class MemoryStore implements OutboxStore {
  readonly #items = new Map<number, OutboxItem>();
  readonly #files = new Map<string, Blob>();
  #next = 1;

  async list(): Promise<OutboxItem[]> {
    return [...this.#items.values()].sort((a, b) => a.seq - b.seq).map((item) => structuredClone(item));
  }
  async add(item: NewItem, files: readonly { id: string; blob: Blob }[]): Promise<OutboxItem> {
    const kept: OutboxItem = { ...structuredClone(item), seq: this.#next++, status: 'waiting', refusal: null };
    this.#items.set(kept.seq, kept);
    for (const { id, blob } of files) this.#files.set(id, blob);
    return structuredClone(kept);
  }
  async settle(done: readonly number[], changed: readonly OutboxItem[]): Promise<void> {
    for (const seq of done) {
      for (const file of this.#items.get(seq)?.files ?? []) this.#files.delete(file);
      this.#items.delete(seq);
    }
    for (const item of changed) this.#items.set(item.seq, structuredClone(item));
  }
  async file(id: string): Promise<Blob | null> {
    return this.#files.get(id) ?? null;
  }
}
