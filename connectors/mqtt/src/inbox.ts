import { untilAbort } from '@deungdae/connector-kit/waiting.ts';
import { BatchBuilder, type SampleBatch } from '@deungdae/contracts/sample.ts';

/** Samples that wait to be read; beyond it the source is held back. */
const fullAt = 50_000;

/** Between the broker's messages and `read`: samples with the ids of the messages that they came in. */
export class Inbox {
  readonly builder = new BatchBuilder(1024);
  #messageIds: number[] = [];
  #error: Error | null = null;
  #wake: (() => void) | null = null;

  get full(): boolean {
    return this.builder.length >= fullAt;
  }

  /** The samples of one message are in the builder; `messageId` is 0 when nothing is to be acknowledged. */
  arrived(messageId: number): void {
    if (messageId !== 0) this.#messageIds.push(messageId);
    if (this.builder.length > 0 || this.#messageIds.length > 0) this.#signal();
  }

  /** Ends the reading once everything before it is read. */
  fail(error: Error): void {
    this.#error ??= error;
    this.#signal();
  }

  /** A new session: what is waiting stays, acknowledgements of the old one go. */
  restart(): void {
    this.#error = null;
    this.#messageIds = [];
  }

  async take(abort: AbortSignal): Promise<{ batch: SampleBatch; messageIds: number[] }> {
    for (;;) {
      abort.throwIfAborted();
      if (this.builder.length > 0 || this.#messageIds.length > 0) break;
      if (this.#error) throw this.#error;
      await untilAbort(
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
        abort,
      );
    }
    const messageIds = this.#messageIds;
    this.#messageIds = [];
    return { batch: this.builder.take(), messageIds };
  }

  #signal(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
