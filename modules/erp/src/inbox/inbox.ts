import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ErpWaitingFile, erpFileBytes } from '@deungdae/contracts/api-erp.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { erpError } from '../errors.ts';
import type { ErpTables, FileRowOfLedger, TargetRow } from '../schema.ts';
import {
  type FileDoor,
  filesOf,
  foldersOf,
  isLocked,
  look,
  makeFolders,
  plainFiles,
  readiness,
  type SeenFile,
  type TargetFolders,
} from './folder.ts';
import { StillGrowing, type TakeDeps, takeFile } from './take.ts';

const pollMs = 2_000;
/** Files taken of one folder in one round, so that the others come to their turn. */
const takenAtOnce = 50;
const waitingShown = 200;
/** Files are kept so long after they were taken, their rows in the ledger longer. */
const keptFilesUs = 90 * 86_400_000_000;
const keptRowsUs = 400 * 86_400_000_000;
const forgetEveryUs = 3_600_000_000;

export interface InboxDeps extends TakeDeps {
  clock: Clock;
  log: Logger;
  dataDir: string;
  files?: FileDoor;
}

/**
 * Watches the folders `erp/<target>/in`. A file is taken when it has stood still, by moving it out of the way in one step;
 * then it is read, and ends in `done` or `failed` with its report. One file at a time, the oldest of a folder first.
 */
export class Inbox {
  readonly #deps: InboxDeps;
  readonly #seen = new Map<string, Map<string, SeenFile>>();
  #waiting: ErpWaitingFile[] = [];
  #running: Promise<unknown> = Promise.resolve();
  #cancel = () => {};
  #closed = false;
  #forgottenAt = 0;

  constructor(deps: InboxDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#closed) return;
    this.#cancel = this.#deps.clock.after(pollMs, () => {
      void this.work().finally(() => this.start());
    });
  }

  get waiting(): readonly ErpWaitingFile[] {
    return this.#waiting;
  }

  /** One round through all folders. */
  work(): Promise<void> {
    return this.#alone(async () => {
      const waiting: ErpWaitingFile[] = [];
      try {
        for (const target of await this.#targets())
          await this.#round(target, waiting).catch((e) => this.#warn(e, target));
        this.#waiting = waiting.slice(0, waitingShown);
        await this.#forget();
      } catch (error) {
        this.#warn(error as Error);
      }
    });
  }

  #warn(error: Error, target?: TargetRow): void {
    if (!this.#closed) this.#deps.log.warn({ target: target?.id, error: error.message }, 'files that come in wait');
  }

  /**
   * A file given on the screen. Throws `erp.unknownTarget`, `erp.takesNothing`, `erp.fileTooLarge`, `erp.fileEmpty`,
   * `erp.fileWaits`.
   */
  async give(targetId: string, name: string, body: AsyncIterable<Uint8Array>): Promise<FileRowOfLedger> {
    const target = await this.#target(targetId);
    if (target.takes === '[]') throw erpError('erp.takesNothing', { name: target.name }, { status: 409 });
    const folders = foldersOf(this.#deps.dataDir, target.id);
    await makeFolders(folders);
    const half = join(folders.work, `.${uuidv7(Math.floor(this.#deps.clock.nowUs() / 1000))}.part`);
    try {
      await pipeline(counted(body, name), createWriteStream(half, { mode: 0o600 }));
      return await this.#alone(async () => {
        // Hidden names are passed over in folders.
        const plain =
          basename(name)
            .replaceAll('\0', '')
            .replace(/^[.~]+/, '') || 'file';
        await this.#freeName(target, folders, plain);
        await rename(half, join(folders.work, plain));
        return await takeFile(this.#deps, target, folders, plain);
      });
    } finally {
      await rm(half, { force: true });
    }
  }

  /** Reads a refused file again. Throws `erp.unknownFile`, `erp.fileTaken`, `erp.fileGone`. */
  async retake(id: string): Promise<FileRowOfLedger> {
    const row = await this.#deps.ledger
      .read<ErpTables>()
      .selectFrom('erp_files')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw erpError('erp.unknownFile', { id: id.slice(0, 60) }, { status: 404 });
    if (row.state === 'taken' || row.state === 'known')
      throw erpError('erp.fileTaken', { name: row.name }, { status: 409 });
    const target = await this.#target(row.target);
    const folders = foldersOf(this.#deps.dataDir, target.id);
    return await this.#alone(async () => {
      const path = this.pathOf(row);
      if (!path || !(await exists(path))) throw erpError('erp.fileGone', { name: row.name }, { status: 410 });
      await this.#freeName(target, folders, row.name);
      await rename(path, join(folders.work, row.name));
      await rm(`${path}.report.csv`, { force: true });
      return await takeFile(this.#deps, target, folders, row.name);
    });
  }

  /** Where a file lies that was read; null while it is not. */
  pathOf(row: FileRowOfLedger): string | null {
    return row.stored === '' ? null : join(this.#deps.dataDir, 'erp', row.target, row.stored);
  }

  /** One of the same name that was left in the middle is read first: it is not written over. */
  async #freeName(target: TargetRow, folders: TargetFolders, name: string): Promise<void> {
    const left = join(folders.work, name);
    if (await exists(left)) await this.#take(target, folders, name);
    if (await exists(left)) throw erpError('erp.fileWaits', { name }, { status: 409 });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#running.catch(() => undefined);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#running.catch(() => undefined).then(work);
    this.#running = turn;
    return turn;
  }

  async #targets(): Promise<TargetRow[]> {
    const read = this.#deps.ledger.read<ErpTables>();
    const all = await read.selectFrom('erp_targets').selectAll().where('enabled', '=', 1).orderBy('id').execute();
    return all.filter((t) => t.takes !== '[]');
  }

  async #target(id: string): Promise<TargetRow> {
    const read = this.#deps.ledger.read<ErpTables>();
    const target = await read.selectFrom('erp_targets').selectAll().where('id', '=', id).executeTakeFirst();
    if (!target) throw erpError('erp.unknownTarget', { id: id.slice(0, 60) }, { status: 404 });
    return target;
  }

  async #round(target: TargetRow, waiting: ErpWaitingFile[]): Promise<void> {
    const { clock, dataDir } = this.#deps;
    const folders = foldersOf(dataDir, target.id);
    await makeFolders(folders);
    // What a crash or a busy database left in the middle goes first.
    for (const { name } of await filesOf(folders.work)) await this.#take(target, folders, name);
    const seen = this.#seen.get(target.id) ?? new Map<string, SeenFile>();
    this.#seen.set(target.id, seen);
    const now = { monotonicMs: clock.monotonicMs(), us: clock.nowUs() };
    look(seen, await filesOf(folders.in), now);
    let taken = 0;
    for (const file of [...seen.values()]) {
      if (this.#closed) return;
      const ready = await readiness(folders.in, file, now.monotonicMs);
      const wait = (why: ErpWaitingFile['why']) =>
        waiting.push({ target: target.id, name: file.name, bytes: file.size, since: file.firstSeen, why });
      if (ready !== 'ready') wait(ready);
      else if (taken >= takenAtOnce) wait('queued');
      else if (await this.#moved(folders, file.name)) {
        seen.delete(file.name);
        taken++;
        await this.#take(target, folders, file.name);
      } else wait('locked');
    }
  }

  /** Out of the way of whoever writes there, in one step; false while a program holds it. */
  async #moved(folders: TargetFolders, name: string): Promise<boolean> {
    const work = join(folders.work, name);
    if (await exists(work)) return false;
    try {
      await (this.#deps.files ?? plainFiles).rename(join(folders.in, name), work);
      return true;
    } catch (error) {
      if (isLocked(error)) return false;
      throw error;
    }
  }

  async #take(target: TargetRow, folders: TargetFolders, name: string): Promise<void> {
    try {
      const file = await takeFile(this.#deps, target, folders, name);
      this.#deps.log.info({ target: target.id, name, state: file.state }, 'a file came in');
    } catch (error) {
      if (error instanceof StillGrowing) {
        // Its writer still had it open: it goes back and is waited for.
        if (!(await exists(join(folders.in, name)))) await rename(join(folders.work, name), join(folders.in, name));
        return;
      }
      this.#deps.log.warn({ target: target.id, name, error: (error as Error).message }, 'a file waits');
    }
  }

  async #forget(): Promise<void> {
    const { ledger, clock } = this.#deps;
    const now = clock.nowUs();
    if (now - this.#forgottenAt < forgetEveryUs) return;
    this.#forgottenAt = now;
    const old = await ledger
      .read<ErpTables>()
      .selectFrom('erp_files')
      .selectAll()
      .where('at', '<', now - keptFilesUs)
      .orderBy('at')
      .limit(500)
      .execute();
    for (const row of old) {
      const path = this.pathOf(row);
      if (path === null) continue;
      await rm(path, { force: true });
      await rm(`${path}.report.csv`, { force: true });
    }
    await ledger.transaction<ErpTables, void>(async (db) => {
      await db
        .deleteFrom('erp_files')
        .where('at', '<', now - keptRowsUs)
        .execute();
    });
  }
}

/** The bytes as they come, up to the limit. */
async function* counted(body: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  // An empty body, or one of another content type, is no stream.
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body))
    throw erpError('erp.fileEmpty', { name }, { status: 400 });
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > erpFileBytes)
      throw erpError('erp.fileTooLarge', { name, mb: erpFileBytes / 1024 / 1024 }, { status: 413 });
    yield part;
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
