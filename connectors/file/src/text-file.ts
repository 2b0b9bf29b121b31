import { type FileHandle, open } from 'node:fs/promises';

/** Bytes read at once, and the most a single record may have. */
export const chunkBytes = 512 * 1024;
const maxRecordBytes = 8 * 1024 * 1024;

export interface TextChunk {
  text: string;
  /** Where in the file the text begins, bytes. */
  offset: number;
  /** Bytes the text came from. */
  bytes: number;
  /** True when the text reaches the end of the file as it is now. */
  atEnd: boolean;
}

/** Reads a text file in pieces that end at a newline (or at the end of the file). Never more than one piece in memory. */
export class TextFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #decoder: InstanceType<typeof TextDecoder> | null;
  #buffer = Buffer.allocUnsafe(chunkBytes);

  private constructor(path: string, handle: FileHandle, encoding: 'utf-8' | 'cp949') {
    this.path = path;
    this.#handle = handle;
    // The label euc-kr names windows-949 (WHATWG Encoding).
    this.#decoder = encoding === 'cp949' ? new TextDecoder('euc-kr') : null;
  }

  static async open(path: string, encoding: 'utf-8' | 'cp949'): Promise<TextFile> {
    return new TextFile(path, await open(path, 'r'), encoding);
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  /**
   * The text from `offset` on. With `whole` only complete lines are given, so the text may be empty; without it the last
   * line of the file comes too, newline or not. No text although there are bytes: a line longer than the limit.
   */
  async read(offset: number, whole: boolean, want = chunkBytes): Promise<TextChunk> {
    let got = 0;
    for (let limit = want; ; limit *= 2) {
      if (this.#buffer.length < limit) this.#buffer = Buffer.concat([this.#buffer], limit);
      let short = false;
      while (got < limit) {
        const { bytesRead } = await this.#handle.read(this.#buffer, got, limit - got, offset + got);
        if (bytesRead === 0) {
          short = true;
          break;
        }
        got += bytesRead;
      }
      const last = this.#buffer.subarray(0, got).lastIndexOf(10) + 1;
      if (short) {
        const bytes = whole ? last : got;
        return { text: this.#decode(bytes), offset, bytes, atEnd: true };
      }
      if (last > 0) return { text: this.#decode(last), offset, bytes: last, atEnd: false };
      if (limit >= maxRecordBytes) return { text: '', offset, bytes: got, atEnd: false };
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /**
   * Bytes that the first `length` characters of the chunk just read took in the file. They end with a newline or are all
   * of it, so that newlines can be counted in both: right for every encoding and for bytes that decode to nothing.
   */
  byteLength(chunk: TextChunk, length: number): number {
    if (length === chunk.text.length) return chunk.bytes;
    if (chunk.text.length === chunk.bytes) return length;
    let at = 0;
    for (let i = chunk.text.indexOf('\n'); i >= 0 && i < length; i = chunk.text.indexOf('\n', i + 1))
      at = this.#buffer.indexOf(10, at) + 1;
    return at;
  }

  #decode(bytes: number): string {
    const view = this.#buffer.subarray(0, bytes);
    return this.#decoder ? this.#decoder.decode(view) : view.toString('utf8');
  }
}
