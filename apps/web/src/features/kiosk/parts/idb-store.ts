import type { NewItem, OutboxItem, OutboxStore } from './outbox-store.ts';

const name = 'deungdae-kiosk';
const itemStore = 'entries';
const fileStore = 'files';

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Entries in the browser's database: shared by its tabs, there after a reload, a crash or a flat battery. */
export class IdbStore implements OutboxStore {
  readonly #db: IDBDatabase;

  private constructor(db: IDBDatabase) {
    this.#db = db;
  }

  static async open(factory: IDBFactory): Promise<IdbStore> {
    const request = factory.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(itemStore, { keyPath: 'seq', autoIncrement: true });
      request.result.createObjectStore(fileStore);
    };
    const db = await asked(request);
    db.onversionchange = () => db.close();
    return new IdbStore(db);
  }

  /** `strict`: the entry is on the disk, not only on its way there, before the screen says that it is kept. */
  #change(): IDBTransaction {
    return this.#db.transaction([itemStore, fileStore], 'readwrite', { durability: 'strict' });
  }

  list(): Promise<OutboxItem[]> {
    return asked<OutboxItem[]>(this.#db.transaction(itemStore).objectStore(itemStore).getAll());
  }

  async add(item: NewItem, files: readonly { id: string; blob: Blob }[]): Promise<OutboxItem> {
    const transaction = this.#change();
    const kept = { ...item, status: 'waiting' as const, refusal: null };
    const key = asked(transaction.objectStore(itemStore).add(kept));
    for (const { id, blob } of files) transaction.objectStore(fileStore).put(blob, id);
    const [seq] = await Promise.all([key, ended(transaction)]);
    return { ...kept, seq: Number(seq) };
  }

  async settle(done: readonly number[], changed: readonly OutboxItem[]): Promise<void> {
    const transaction = this.#change();
    const finished = ended(transaction);
    const items = transaction.objectStore(itemStore);
    for (const seq of done) {
      const request = items.get(seq) as IDBRequest<OutboxItem | undefined>;
      request.onsuccess = () => {
        for (const file of request.result?.files ?? []) transaction.objectStore(fileStore).delete(file);
        items.delete(seq);
      };
    }
    for (const item of changed) items.put(item);
    await finished;
  }

  async file(id: string): Promise<Blob | null> {
    const found = await asked<Blob | undefined>(this.#db.transaction(fileStore).objectStore(fileStore).get(id));
    return found ?? null;
  }
}
