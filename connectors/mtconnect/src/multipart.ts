import { mtconnectError } from './errors.ts';

/** Longest head of one part, bytes. */
const maxHead = 8_192;

/**
 * Takes multipart/x-mixed-replace apart while it arrives. A part with Content-length is cut by it; one without by the
 * next boundary. Throws `mtconnect.tooLarge` before a part larger than the limit is kept, `mtconnect.badDocument` for
 * what is no multipart.
 */
export class MultipartParser {
  readonly #boundary: Buffer;
  readonly #limit: number;
  #buffer: Buffer = Buffer.alloc(0);
  /** What came since, joined only when it can be used: a large part is not copied for every chunk. */
  #chunks: Buffer[] = [];
  #size = 0;
  /** Null while the head of a part is read; -1 when its length is not told. */
  #length: number | null = null;
  /** The final boundary has come. */
  ended = false;

  constructor(boundary: string, limit: number) {
    this.#boundary = Buffer.from(`--${boundary.replace(/^--/, '')}`);
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  /** The next whole part; null when more bytes are needed. */
  next(): Buffer | null {
    if (this.#length !== null && this.#length > this.#buffer.length + this.#size) return null;
    if (this.#size > 0) {
      this.#buffer = Buffer.concat([this.#buffer, ...this.#chunks]);
      this.#chunks = [];
      this.#size = 0;
    }
    if (this.ended || (this.#length === null && !this.#head())) return null;
    const length = this.#length!;
    if (length >= 0) return this.#buffer.length >= length ? this.#take(length) : null;
    const end = this.#buffer.indexOf(this.#boundary);
    if (end >= 0) return this.#take(end);
    if (this.#buffer.length > this.#limit) throw mtconnectError('mtconnect.tooLarge', { limit: this.#limit });
    return null;
  }

  #take(length: number): Buffer {
    const part = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    this.#length = null;
    return part;
  }

  /** Reads boundary and head fields; false when they are not complete. */
  #head(): boolean {
    const start = this.#buffer.indexOf(this.#boundary);
    if (start < 0) {
      if (this.#buffer.length > maxHead) throw mtconnectError('mtconnect.badDocument', { detail: 'no boundary' });
      return false;
    }
    const after = start + this.#boundary.length;
    if (this.#buffer.length >= after + 2 && this.#buffer.toString('latin1', after, after + 2) === '--') {
      this.ended = true;
      return false;
    }
    const end = this.#buffer.indexOf('\r\n\r\n', after);
    const short = end < 0 ? this.#buffer.indexOf('\n\n', after) : -1;
    if (end < 0 && short < 0) {
      if (this.#buffer.length - after > maxHead)
        throw mtconnectError('mtconnect.badDocument', { detail: 'endless head' });
      return false;
    }
    const head = this.#buffer.toString('latin1', after, end < 0 ? short : end);
    const found = /^content-length:\s*(\d{1,12})\s*$/im.exec(head);
    const length = found ? Number(found[1]) : -1;
    if (length > this.#limit) throw mtconnectError('mtconnect.tooLarge', { limit: this.#limit });
    this.#length = length;
    this.#buffer = this.#buffer.subarray(end < 0 ? short + 2 : end + 4);
    return true;
  }
}
