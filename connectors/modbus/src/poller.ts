import { BatchBuilder, Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { ModbusClient } from './client.ts';
import { exceptionError, modbusError } from './errors.ts';
import { type Answer, readFunction } from './frame.ts';
import { type Block, type Item, splitBlock } from './plan.ts';
import { Units } from './units.ts';

interface Job {
  block: Block;
  /** ms of the monotonic clock */
  dueMs: number;
}

export interface PollerOptions {
  client: Pick<ModbusClient, 'read' | 'fail' | 'failure'>;
  blocks: readonly Block[];
  clock: Clock;
  inFlight: number;
  endpoint: { host: string; port: number };
  notice(code: string, params: Record<string, string | number>): void;
}

/** Samples of one round at most; the rest of what is due follows in the next. */
const roundSamples = 50_000;
/** A signal that the device refuses is tried again this often: it may get a new program. */
const refusedRetryMs = 60_000;

/**
 * Reads each block at its own interval. One bad address makes one signal bad; one silent unit makes its own signals a gap
 * and is asked less and less often; only when nobody answers is the link lost.
 */
export class Poller {
  readonly #o: PollerOptions;
  readonly #units = new Units();
  #jobs: Job[];
  /** Signals whose badness has been told, so that it is told once. */
  readonly #bad = new Set<number>();
  #builder = new BatchBuilder(256);

  constructor(options: PollerOptions) {
    this.#o = options;
    const now = options.clock.monotonicMs();
    this.#jobs = options.blocks.map((block) => ({ block, dueMs: now }));
  }

  /** The blocks as cut by what the device refused, for the next session. */
  get blocks(): Block[] {
    return this.#jobs.map((j) => j.block);
  }

  /** Waits for the next block to be due and reads all that are. Throws when the link is lost. */
  async round(abort: AbortSignal): Promise<SampleBatch> {
    const { clock, client } = this.#o;
    const next = this.#jobs.reduce((min, j) => Math.min(min, j.dueMs), Number.POSITIVE_INFINITY);
    const wait = next - clock.monotonicMs();
    // Without signals the link is held open and nothing is read.
    if (wait > 0) await clock.sleep(Math.min(wait, 3_600_000), abort);
    abort.throwIfAborted();
    if (client.failure) throw client.failure;
    const now = clock.monotonicMs();
    const due = this.#jobs.filter((j) => j.dueMs <= now).sort((a, b) => a.dueMs - b.dueMs);
    const started = now;
    const runners = Array.from({ length: this.#o.inFlight }, async () => {
      for (let job = due.shift(); job && this.#builder.length < roundSamples; job = due.shift()) {
        abort.throwIfAborted();
        await this.#run(job);
      }
    });
    const ends = await Promise.allSettled(runners);
    const failed = ends.find((e) => e.status === 'rejected');
    // What was read before the link broke is still true: it goes out first, and the next round tells the loss.
    if (failed && (this.#builder.length === 0 || !client.failure)) throw failed.reason;
    this.#tellIfBehind(clock.monotonicMs() - started);
    return this.#builder.take();
  }

  /** Asks unit after unit until one answers anything. Throws when none does. */
  async hello(abort: AbortSignal): Promise<void> {
    const byUnit = new Map(this.#jobs.map((j) => [j.block.unit, j.block]));
    for (const block of byUnit.values()) {
      abort.throwIfAborted();
      try {
        await this.#ask(block);
        this.#units.answered(block.unit, this.#o.clock.monotonicMs());
        return;
      } catch (error) {
        if (!isTimeout(error)) throw error;
        this.#units.missed(block.unit, this.#o.clock.monotonicMs());
        this.#gap(block.unit);
      }
    }
    if (byUnit.size > 0)
      throw modbusError('modbus.noAnswer', { ...this.#o.endpoint, units: [...byUnit.keys()].join(', ') });
  }

  async #run(job: Job): Promise<void> {
    const { clock } = this.#o;
    const { block } = job;
    const unit = this.#units.get(block.unit);
    const now = clock.monotonicMs();
    if (unit.restUntilMs > now) {
      job.dueMs = unit.restUntilMs;
      return;
    }
    // Missed rounds are left out, not caught up.
    job.dueMs = Math.max(job.dueMs + block.intervalMs, now);
    try {
      const answer = await this.#ask(block);
      if (this.#units.answered(block.unit, clock.monotonicMs())) this.#wake(block.unit);
      this.#take(job, answer);
    } catch (error) {
      if (!isTimeout(error)) throw error;
      await this.#missed(block);
    }
  }

  #ask(block: Block): Promise<Answer> {
    return this.#o.client.read(block.unit, readFunction[block.table], block.start, block.count);
  }

  #take(job: Job, answer: Answer): void {
    const { block } = job;
    const time = this.#o.clock.nowUs();
    if ('data' in answer) {
      for (const item of block.items) this.#decode(item, block, answer.data, time);
      return;
    }
    if ('problem' in answer) {
      const error = modbusError('modbus.badAnswer', { unit: block.unit, detail: answer.problem });
      for (const item of block.items) this.#markBad(item, time, error);
      return;
    }
    // A hole answers 02 (some devices 03) for the whole block: cut until only the bad signal is alone.
    const halves = answer.exception === 2 || answer.exception === 3 ? splitBlock(block) : null;
    if (halves) {
      const now = this.#o.clock.monotonicMs();
      this.#jobs = this.#jobs.filter((j) => j !== job);
      for (const half of halves) this.#jobs.push({ block: half, dueMs: now });
      return;
    }
    if (answer.exception <= 3) job.dueMs = this.#o.clock.monotonicMs() + Math.max(refusedRetryMs, block.intervalMs);
    for (const item of block.items) {
      const at = { unit: item.unit, table: item.table, address: item.start };
      this.#markBad(item, time, exceptionError(answer.exception, at));
    }
  }

  #decode(item: Item, block: Block, data: Buffer, time: number): void {
    const offset = item.start - block.start;
    this.#bad.delete(item.signal);
    if (!item.decode) {
      this.#builder.addNumber(item.signal, time, (data[offset >> 3]! >> (offset & 7)) & 1);
      return;
    }
    const value = item.decode(data, offset * 2);
    if (typeof value === 'string') this.#builder.addText(item.signal, time, value);
    else if (item.wide && !Number.isSafeInteger(value))
      this.#builder.addNumber(item.signal, time, value, Quality.uncertain);
    else this.#builder.addNumber(item.signal, time, value);
  }

  #markBad(item: Item, time: number, error: CodedError): void {
    if (this.#bad.has(item.signal)) return;
    this.#bad.add(item.signal);
    this.#builder.addNumber(item.signal, time, Number.NaN, Quality.bad);
    this.#o.notice(error.code, { ...error.params, path: item.path });
  }

  /** No answer: is it this unit, or the link? Another unit that answered lately is asked. */
  async #missed(block: Block): Promise<void> {
    const { clock, client, endpoint } = this.#o;
    const witness = this.#units.witness(block.unit);
    const witnessBlock = this.#jobs.find((j) => j.block.unit === witness)?.block;
    const answered = witnessBlock && (await this.#answers(witnessBlock));
    if (!answered) {
      // Alone on the link, one lost answer may be a moment of load; two are not.
      if (!witnessBlock && this.#units.get(block.unit).misses === 0 && !client.failure) {
        this.#units.get(block.unit).misses = 1;
        return;
      }
      client.fail(modbusError('modbus.silent', endpoint));
      throw client.failure!;
    }
    if (this.#units.missed(block.unit, clock.monotonicMs())) {
      this.#o.notice('modbus.unitSilent', { unit: block.unit });
      this.#gap(block.unit);
    }
  }

  async #answers(block: Block): Promise<boolean> {
    try {
      await this.#ask({ ...block, count: 1 });
      this.#units.answered(block.unit, this.#o.clock.monotonicMs());
      return true;
    } catch {
      return false;
    }
  }

  /** A unit that does not answer is a lost connection of its own. */
  #gap(unit: number): void {
    const time = this.#o.clock.nowUs();
    for (const { block } of this.#jobs)
      if (block.unit === unit)
        for (const item of block.items) this.#builder.addNumber(item.signal, time, Number.NaN, Quality.gap);
  }

  /** It is back: all of it is due. */
  #wake(unit: number): void {
    const now = this.#o.clock.monotonicMs();
    for (const job of this.#jobs) if (job.block.unit === unit) job.dueMs = Math.min(job.dueMs, now);
  }

  #tellIfBehind(tookMs: number): void {
    const shortest = this.#jobs.reduce((min, j) => Math.min(min, j.block.intervalMs), Number.POSITIVE_INFINITY);
    if (tookMs > shortest * 1.5 && this.#builder.length > 0)
      this.#o.notice('modbus.behind', { interval: shortest, took: Math.round(tookMs) });
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'modbus.timeout';
}
