import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Handlers } from '@deungdae/contracts/api.ts';
import { type DocumentInfo, documentBytes } from '@deungdae/contracts/api-masterdata.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { FileAnswer } from '@deungdae/kernel/answers.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { masterError } from '../errors.ts';
import type { MasterTables } from '../schema.ts';
import { chunks } from '../store.ts';
import { fileType, isShown } from './file-type.ts';
import { receiveFile } from './receive-file.ts';

const idLength = 40;
const maxIds = 200;
/** What the camera of a tablet makes. */
const photos = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/**
 * Pictures, drawings and instructions. A file lies under the digits of its own content, so the same one is kept once
 * and a changed one is another document: a revision that names a document always shows what it showed.
 */
export class Documents {
  readonly #ledger: Ledger;
  readonly #clock: Clock;
  readonly #folder: string;

  constructor(ledger: Ledger, clock: Clock, dataDir: string) {
    this.#ledger = ledger;
    this.#clock = clock;
    this.#folder = join(dataDir, 'documents');
  }

  /** With `picture`, only a photo is taken. Throws `document.tooLarge`, `document.empty` or `document.type`. */
  async add(
    body: AsyncIterable<Uint8Array>,
    name: string,
    actor: Actor,
    { picture = false } = {},
  ): Promise<DocumentInfo> {
    const coming = join(this.#folder, 'coming', randomUUID());
    const received = await receiveFile(body, coming, documentBytes);
    try {
      const type = fileType(received.head, name);
      if (type === null || (picture && !photos.includes(type)))
        throw masterError('document.type', { name }, { status: 415 });
      const id = received.hash.slice(0, idLength);
      const [known] = await this.find([id]);
      if (known && (await this.#isThere(id))) return known;
      await mkdir(dirname(this.#file(id)), { recursive: true, mode: 0o700 });
      await rename(coming, this.#file(id));
      await syncFolder(dirname(this.#file(id)));
      if (known) return known;
      const info: DocumentInfo = { id, name, type, size: received.size, at: this.#clock.nowUs(), by: actor.id };
      await this.#ledger.transaction<MasterTables, void>(async (db, emit) => {
        await db
          .insertInto('md_documents')
          .values(rowOf(info))
          .onConflict((c) => c.column('id').doNothing())
          .execute();
        await emit({ type: 'document.added', subject: `document/${id}`, actor, data: { name, type, size: info.size } });
      });
      return info;
    } finally {
      await rm(coming, { force: true });
    }
  }

  async find(ids: readonly string[]): Promise<DocumentInfo[]> {
    const found: DocumentInfo[] = [];
    for (const some of chunks(ids)) {
      const rows = await this.#ledger
        .read<MasterTables>()
        .selectFrom('md_documents')
        .selectAll()
        .where('id', 'in', some)
        .execute();
      found.push(...rows.map(infoOf));
    }
    return found;
  }

  async list(search: string | undefined, limit: number): Promise<DocumentInfo[]> {
    let q = this.#ledger.read<MasterTables>().selectFrom('md_documents').selectAll();
    if (search) q = q.where('name', 'like', `%${search.replaceAll('%', '')}%`);
    return (await q.orderBy('at_us', 'desc').orderBy('id').limit(limit).execute()).map(infoOf);
  }

  /** Path of the content. Throws `document.unknown` or `document.lost`. */
  async open(id: string): Promise<{ info: DocumentInfo; file: string }> {
    const [info] = await this.find([id]);
    if (!info) throw masterError('document.unknown', { id: id.slice(0, 8) }, { status: 404 });
    if (!(await this.#isThere(id))) throw masterError('document.lost', { name: info.name }, { status: 410 });
    return { info, file: this.#file(id) };
  }

  #file(id: string): string {
    return join(this.#folder, id.slice(0, 2), id);
  }

  #isThere(id: string): Promise<boolean> {
    return stat(this.#file(id)).then(
      () => true,
      () => false,
    );
  }
}

export function documentHandlers(documents: Documents): Handlers {
  return {
    documents: ({ query }) => {
      if (query.ids === undefined) return documents.list(query.search, query.limit);
      return documents.find(query.ids.split(',').slice(0, maxIds));
    },
    uploadDocument: ({ query, body }, caller) =>
      documents.add(body, query.name, actorOf(caller), { picture: caller.via === 'device' }),
    document: async ({ params }) => {
      const { info, file } = await documents.open(params.id);
      return new FileAnswer(file, info.name, info.type, () => {}, isShown(info.type));
    },
  };
}

/** A renamed file is there after a power cut only when its folder is synced. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function infoOf(row: MasterTables['md_documents']): DocumentInfo {
  const { id, name, type } = row;
  return { id, name, type, size: Number(row.size), at: Number(row.at_us), by: row.by_whom };
}

function rowOf(info: DocumentInfo): MasterTables['md_documents'] {
  const { id, name, type, size, at, by } = info;
  return { id, name, type, size, at_us: at, by_whom: by };
}
