import { Socket } from 'node:net';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { modbusError } from './errors.ts';
import { type Answer, encodeIdentify, encodeRead, type Frame, FrameReader, parseIdentify, parseRead } from './frame.ts';

export interface ClientOptions {
  host: string;
  port: number;
  timeoutMs: number;
  inFlight: number;
  pauseMs: number;
  ignoreTransactionId: boolean;
  clock: Clock;
}

interface Pending {
  transaction: number;
  unit: number;
  fn: number;
  settle(pdu: Buffer | CodedError): void;
}

/**
 * One TCP connection to a device or gateway. Requests wait their turn (`inFlight` at once). An answer belongs to a
 * request only when transaction, unit and function agree; anything else is discarded and counted, so that a late answer is
 * never given to the next request.
 */
export class ModbusClient {
  readonly #o: ClientOptions;
  readonly #socket = new Socket();
  readonly #reader = new FrameReader();
  readonly #pending = new Map<number, Pending>();
  readonly #turns: (() => void)[] = [];
  #transaction = 0;
  #busy = 0;
  #failure: CodedError | null = null;
  /** Answers that fitted no request: late ones. */
  discarded = 0;

  constructor(options: ClientOptions) {
    this.#o = options.ignoreTransactionId ? { ...options, inFlight: 1 } : options;
  }

  /** Why the link is dead; null while it lives. */
  get failure(): CodedError | null {
    return this.#failure;
  }

  async open(abort: AbortSignal): Promise<void> {
    const { host, port } = this.#o;
    const socket = this.#socket;
    const onAbort = () => socket.destroy();
    abort.addEventListener('abort', onAbort, { once: true });
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#receive(chunk));
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.on('error', (error) => {
          this.fail(modbusError('modbus.unreachable', { host, port, detail: error.message }));
          reject(this.#failure);
        });
        socket.on('close', () => {
          this.fail(modbusError('modbus.closed', { host, port }));
          reject(abort.aborted ? abort.reason : this.#failure);
        });
        if (abort.aborted) socket.destroy();
        else socket.connect(port, host);
      });
    } finally {
      abort.removeEventListener('abort', onAbort);
    }
  }

  /** Reads bits or registers. Rejects with a CodedError when nobody answers; an exception is an answer. */
  async read(unit: number, fn: number, start: number, count: number): Promise<Answer> {
    const pdu = await this.#exchange(unit, fn, (transaction) => encodeRead(transaction, unit, fn, start, count));
    return parseRead(pdu, fn, count);
  }

  /** Vendor, product and revision as the device tells them; null when it does not. */
  async identify(unit: number): Promise<string[] | null> {
    return parseIdentify(await this.#exchange(unit, 0x2b, (transaction) => encodeIdentify(transaction, unit)));
  }

  fail(error: CodedError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#socket.destroy();
    for (const p of [...this.#pending.values()]) p.settle(error);
    for (const go of this.#turns.splice(0)) go();
  }

  close(): void {
    const { host, port } = this.#o;
    this.fail(modbusError('modbus.closed', { host, port }));
  }

  async #exchange(unit: number, fn: number, encode: (transaction: number) => Buffer): Promise<Buffer> {
    while (this.#busy >= this.#o.inFlight && !this.#failure)
      await new Promise<void>((resolve) => this.#turns.push(resolve));
    if (this.#failure) throw this.#failure;
    this.#busy++;
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const transaction = this.#transaction;
    const result = await new Promise<Buffer | CodedError>((resolve) => {
      const { timeoutMs, clock } = this.#o;
      const settle = (outcome: Buffer | CodedError) => {
        stopTimer();
        this.#pending.delete(transaction);
        resolve(outcome);
      };
      const stopTimer = clock.after(timeoutMs, () => {
        settle(modbusError('modbus.timeout', { unit, ms: timeoutMs }));
        // Without ids nothing tells the late answer from the next one: only a new link is safe.
        if (this.#o.ignoreTransactionId) this.#silent();
      });
      this.#pending.set(transaction, { transaction, unit, fn, settle });
      this.#socket.write(encode(transaction));
    });
    if (this.#o.pauseMs > 0 && !this.#failure) await this.#o.clock.sleep(this.#o.pauseMs);
    this.#busy--;
    this.#turns.shift()?.();
    if (!Buffer.isBuffer(result)) throw result;
    return result;
  }

  #receive(chunk: Buffer): void {
    for (const frame of this.#reader.push(chunk)) {
      const request = this.#requestOf(frame);
      if (request) request.settle(frame.pdu);
      else this.discarded++;
    }
    const { host, port } = this.#o;
    if (this.#reader.problem) this.fail(modbusError('modbus.badFrame', { host, port, detail: this.#reader.problem }));
  }

  #requestOf(frame: Frame): Pending | undefined {
    const request = this.#o.ignoreTransactionId
      ? this.#pending.values().next().value
      : this.#pending.get(frame.transaction);
    if (!request || request.unit !== frame.unit || request.fn !== (frame.pdu[0]! & 0x7f)) return undefined;
    return request;
  }

  #silent(): void {
    const { host, port } = this.#o;
    this.fail(modbusError('modbus.silent', { host, port }));
  }
}
