import { connect } from 'node:net';
import type { Printer, PrintJob } from '@deungdae/contracts/api-inventory.ts';
import type { Actor } from '@deungdae/contracts/event.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { explain } from '@deungdae/kernel/errors.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { z } from 'zod';
import { inventoryError } from '../errors.ts';
import type { Keys } from '../keys.ts';
import type { Db, InventoryTables } from '../schema.ts';

type JobRow = InventoryTables['inv_print_jobs'];
type JobOut = z.output<typeof PrintJob>;

const connectMs = 3000;
const sendMs = 15_000;
const mostWaiting = 2000;
/** A label is given up after this many tries: about three days. */
const mostAttempts = 900;
const backoffMs = [2000, 5000, 15_000, 60_000, 300_000];

/** Sends a label to a printer's raw port (9100) and waits until it was taken whole. Throws a plain Error. */
function sendRaw(printer: Pick<Printer, 'host' | 'port'>, payload: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: printer.host, port: printer.port });
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(connectMs, () => fail(new Error('timeout')));
    socket.once('error', fail);
    socket.once('connect', () => {
      socket.setTimeout(sendMs);
      socket.end(payload, 'utf8');
    });
    // Printers close when they have read everything; nothing they say is needed.
    socket.resume();
    socket.once('close', (hadError) => {
      if (!hadError && socket.bytesWritten >= Buffer.byteLength(payload)) resolve();
      else reject(new Error('closed early'));
    });
  });
}

export interface QueueParts {
  ledger: Ledger;
  clock: Clock;
  keys: Keys;
  log: Logger;
  printers(): readonly Printer[];
  send?: typeof sendRaw;
}

/**
 * Labels to be printed, kept in the ledger: a printer that is off holds up its own labels only, and none is lost or
 * printed twice by a restart (a label that was being sent when the power went may come twice; it is then the same label).
 */
export class PrintQueue {
  readonly #parts: QueueParts;
  readonly #busy = new Map<string, Promise<void>>();
  #cancel = () => {};
  #closed = false;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /** Starts trying what waits. */
  start(): void {
    this.#schedule(0);
  }

  /** Adds labels in the caller's transaction. Throws `inventory.unknownPrinter`, `inventory.printQueueFull`. */
  async add(db: Db, printer: string, labels: readonly { title: string; payload: string }[], actor: Actor) {
    this.#printer(printer);
    const waiting = await db
      .selectFrom('inv_print_jobs')
      .select((eb) => eb.fn.countAll().as('n'))
      .where('status', '=', 'waiting')
      .executeTakeFirstOrThrow();
    if (Number(waiting.n) + labels.length > mostWaiting)
      throw inventoryError('inventory.printQueueFull', { limit: mostWaiting }, { status: 429 });
    const now = this.#parts.clock.nowUs();
    const rows = labels.map(
      ({ title, payload }): JobRow => ({
        key: this.#parts.keys.next(),
        printer,
        title,
        payload,
        status: 'waiting',
        attempts: 0,
        next_at: now,
        error: null,
        created_at: now,
        done_at: null,
        actor: actor.id,
      }),
    );
    await db.insertInto('inv_print_jobs').values(rows).execute();
    return rows.map((r) => r.key);
  }

  #printer(id: string): Printer {
    const printer = this.#parts.printers().find((p) => p.id === id);
    if (!printer) throw inventoryError('inventory.unknownPrinter', { printer: id }, { status: 404 });
    return printer;
  }

  /** Tries what is due on a printer now, in order, until it fails or nothing is left. */
  async drain(printer: string): Promise<void> {
    const running = this.#busy.get(printer);
    if (running) return running;
    const work = this.#drain(printer).finally(() => this.#busy.delete(printer));
    this.#busy.set(printer, work);
    return work;
  }

  /** Somebody stands at the printer: what waits for it is tried now, in order. */
  async printNow(printer: string): Promise<void> {
    await this.#postpone(printer, this.#parts.clock.nowUs());
    await this.drain(printer);
  }

  async #drain(id: string): Promise<void> {
    const { ledger, clock } = this.#parts;
    for (;;) {
      if (this.#closed) return;
      const job = await ledger
        .read<InventoryTables>()
        .selectFrom('inv_print_jobs')
        .selectAll()
        .where('status', '=', 'waiting')
        .where('printer', '=', id)
        .where('next_at', '<=', clock.nowUs())
        .orderBy('key')
        .limit(1)
        .executeTakeFirst();
      if (!job || !(await this.#try(job))) return;
    }
  }

  async #try(job: JobRow): Promise<boolean> {
    const { clock, log } = this.#parts;
    const attempts = job.attempts + 1;
    try {
      await (this.#parts.send ?? sendRaw)(this.#printer(job.printer), job.payload);
    } catch (error) {
      const wait = backoffMs[Math.min(job.attempts, backoffMs.length - 1)]!;
      const status = attempts >= mostAttempts ? 'failed' : 'waiting';
      const detail = (error as Error).message;
      log.warn({ printer: job.printer, detail }, 'label not printed; trying again');
      await this.#update(job.key, { attempts, status, error: detail });
      // Its other labels wait as long, so that they come out in their order.
      await this.#postpone(job.printer, clock.nowUs() + wait * 1000);
      return false;
    }
    await this.#update(job.key, { attempts, status: 'done', error: null, done_at: clock.nowUs() });
    return true;
  }

  async #update(key: number, values: Partial<JobRow>): Promise<void> {
    await this.#parts.ledger.transaction<InventoryTables, void>(async (db) => {
      await db.updateTable('inv_print_jobs').set(values).where('key', '=', key).execute();
    });
  }

  async #postpone(printer: string, until: number): Promise<void> {
    await this.#parts.ledger.transaction<InventoryTables, void>(async (db) => {
      await db
        .updateTable('inv_print_jobs')
        .set({ next_at: until })
        .where('printer', '=', printer)
        .where('status', '=', 'waiting')
        .execute();
    });
  }

  async jobs(language: string, limit: number, keys?: readonly number[]): Promise<JobOut[]> {
    let select = this.#parts.ledger.read<InventoryTables>().selectFrom('inv_print_jobs').selectAll();
    if (keys) select = select.where('key', 'in', [...keys]);
    const rows = await select.orderBy('key', 'desc').limit(limit).execute();
    return rows.map((r) => this.#show(r, language));
  }

  #show(row: JobRow, language: string): JobOut {
    const printer = this.#parts.printers().find((p) => p.id === row.printer);
    const address = printer ? `${printer.host}:${printer.port}` : '-';
    const params = { printer: printer?.name ?? row.printer, address, detail: row.error ?? '' };
    return {
      id: String(row.key),
      printer: row.printer,
      title: row.title,
      status: row.status,
      attempts: row.attempts,
      error: row.error === null ? null : explain('inventory.printerOff', params, language),
      createdAt: row.created_at,
      doneAt: row.done_at,
    };
  }

  /** Throws `inventory.unknownJob` when it does not wait any more. */
  async change(id: string, to: 'retry' | 'cancel', language: string): Promise<JobOut> {
    const key = Number(id);
    const found = await this.#parts.ledger
      .read<InventoryTables>()
      .selectFrom('inv_print_jobs')
      .selectAll()
      .where('key', '=', Number.isSafeInteger(key) ? key : -1)
      .executeTakeFirst();
    if (!found || found.status === 'done') throw inventoryError('inventory.unknownJob', { id }, { status: 404 });
    const now = this.#parts.clock.nowUs();
    await this.#update(
      key,
      to === 'cancel' ? { status: 'cancelled', done_at: now } : { status: 'waiting', next_at: now },
    );
    if (to === 'retry') await this.printNow(found.printer);
    return (await this.jobs(language, 1, [key]))[0]!;
  }

  #schedule(ms: number): void {
    this.#cancel = this.#parts.clock.after(ms, () => {
      if (this.#closed) return;
      this.#tick()
        .catch((error) => this.#parts.log.error({ err: error }, 'label queue not read'))
        .finally(() => {
          if (!this.#closed) this.#schedule(2000);
        });
    });
  }

  async #tick(): Promise<void> {
    const due = await this.#parts.ledger
      .read<InventoryTables>()
      .selectFrom('inv_print_jobs')
      .select('printer')
      .distinct()
      .where('status', '=', 'waiting')
      .where('next_at', '<=', this.#parts.clock.nowUs())
      .execute();
    await Promise.all(due.map((d) => this.drain(d.printer)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await Promise.all(this.#busy.values());
  }
}
