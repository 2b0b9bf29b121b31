import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import {
  BIGINT,
  DOUBLE,
  type DuckDBAppender,
  DuckDBDataChunk,
  type DuckDBVector,
  UINTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';

/** Rows of a DuckDB vector. */
const VECTOR = 2048;
const types = [UINTEGER, BIGINT, DOUBLE, VARCHAR, UTINYINT];
const TWO32 = 2 ** 32;

/** The typed array behind a fixed-width vector: the library has it, without a public name for it. */
function itemsOf<T>(vector: DuckDBVector): T {
  return (vector as unknown as { items: T }).items;
}

/**
 * Copies columns of batches into DuckDB chunks. One full chunk without texts is reused for ever, its text column being
 * all NULL from the start; chunks with texts, and a last partial one, are made new.
 */
export class ChunkWriter {
  #chunk = DuckDBDataChunk.create(types, VECTOR);
  #signals: Uint32Array;
  #times: Int32Array;
  #numbers: Float64Array;
  #quality: Uint8Array;
  #filled = 0;
  #textRows: (string | null)[] = [];
  #hasText = false;
  #appender: DuckDBAppender | null = null;

  constructor() {
    const texts = this.#chunk.getColumnVector(3);
    for (let i = 0; i < VECTOR; i++) texts.setItem(i, null as never);
    texts.flush();
    this.#signals = itemsOf(this.#chunk.getColumnVector(0));
    const times = itemsOf<BigInt64Array>(this.#chunk.getColumnVector(1));
    this.#times = new Int32Array(times.buffer, times.byteOffset, VECTOR * 2);
    this.#numbers = itemsOf(this.#chunk.getColumnVector(2));
    this.#quality = itemsOf(this.#chunk.getColumnVector(4));
  }

  start(appender: DuckDBAppender): void {
    this.#appender = appender;
    this.#reset();
  }

  /** Adds all rows of the batch; full chunks go to the appender. */
  write(batch: SampleBatch): void {
    let from = 0;
    while (from < batch.length) {
      const n = Math.min(VECTOR - this.#filled, batch.length - from);
      this.#copy(batch, from, n);
      this.#filled += n;
      from += n;
      if (this.#filled === VECTOR) this.#emit();
    }
  }

  /** Sends what is left. The appender is not flushed. */
  end(): void {
    if (this.#filled > 0) this.#emit();
    this.#appender = null;
  }

  #copy(batch: SampleBatch, from: number, n: number): void {
    const at = this.#filled;
    this.#signals.set(batch.signals.subarray(from, from + n), at);
    this.#numbers.set(batch.numbers.subarray(from, from + n), at);
    this.#quality.set(batch.quality.subarray(from, from + n), at);
    const words = this.#times;
    const times = batch.times;
    // A BigInt per row would cost more than all the rest: the two halves of the int64 are written instead.
    for (let i = 0, w = at * 2; i < n; i++, w += 2) {
      const time = times[from + i]!;
      const high = Math.floor(time / TWO32);
      words[w] = time - high * TWO32;
      words[w + 1] = high;
    }
    if (batch.texts) this.#copyTexts(batch.texts, from, n);
    else if (this.#hasText) for (let i = 0; i < n; i++) this.#textRows[at + i] = null;
  }

  #copyTexts(texts: (string | null)[], from: number, n: number): void {
    const at = this.#filled;
    if (!this.#hasText) {
      this.#hasText = true;
      this.#textRows = new Array<string | null>(at).fill(null);
    }
    for (let i = 0; i < n; i++) this.#textRows[at + i] = texts[from + i] ?? null;
  }

  #emit(): void {
    if (this.#filled === VECTOR && !this.#hasText) {
      for (const column of [0, 1, 2, 4]) this.#chunk.getColumnVector(column).flush();
      this.#appender!.appendDataChunk(this.#chunk);
    } else {
      this.#emitNew();
    }
    this.#reset();
  }

  #emitNew(): void {
    const n = this.#filled;
    const chunk = DuckDBDataChunk.create(types, n);
    itemsOf<Uint32Array>(chunk.getColumnVector(0)).set(this.#signals.subarray(0, n));
    const times = itemsOf<BigInt64Array>(chunk.getColumnVector(1));
    new Int32Array(times.buffer, times.byteOffset, n * 2).set(this.#times.subarray(0, n * 2));
    itemsOf<Float64Array>(chunk.getColumnVector(2)).set(this.#numbers.subarray(0, n));
    itemsOf<Uint8Array>(chunk.getColumnVector(4)).set(this.#quality.subarray(0, n));
    const texts = chunk.getColumnVector(3);
    for (let i = 0; i < n; i++) texts.setItem(i, (this.#hasText ? this.#textRows[i]! : null) as never);
    for (let column = 0; column < 5; column++) chunk.getColumnVector(column).flush();
    this.#appender!.appendDataChunk(chunk);
  }

  #reset(): void {
    this.#filled = 0;
    this.#hasText = false;
  }
}
