import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { tabularError } from './errors.ts';

interface Entry {
  name: string;
  method: number;
  packed: number;
  offset: number;
}

const maxEntries = 5_000;
const endSignature = 0x06054b50;
const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;

/**
 * The parts of a zip file, read in place. What unpacks is counted while it unpacks: the sizes that the file itself
 * claims are not believed.
 */
export class ZipFile {
  readonly #handle: FileHandle;
  readonly #file: string;
  readonly #name: string;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(handle: FileHandle, file: string, name: string, entries: ReadonlyMap<string, Entry>) {
    this.#handle = handle;
    this.#file = file;
    this.#name = name;
    this.#entries = entries;
  }

  /** `name` is for messages. Throws `tabular.damaged`. */
  static async open(file: string, name: string): Promise<ZipFile> {
    const handle = await open(file, 'r');
    try {
      return new ZipFile(handle, file, name, await directory(handle, name));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  has(part: string): boolean {
    return this.#entries.has(part);
  }

  names(): string[] {
    return [...this.#entries.keys()];
  }

  /** The unpacked bytes of a part. Throws `tabular.tooLarge` beyond `maxBytes`, `tabular.damaged` for broken data. */
  async *stream(part: string, maxBytes: number): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(part);
    if (!entry) throw tabularError('tabular.damaged', { name: this.#name, detail: part }, { status: 422 });
    const local = Buffer.alloc(30);
    await this.#handle.read(local, 0, 30, entry.offset);
    if (local.readUInt32LE(0) !== localSignature || (entry.method !== 0 && entry.method !== 8))
      throw tabularError('tabular.damaged', { name: this.#name, detail: part }, { status: 422 });
    const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
    if (entry.packed === 0) return;
    const own = await open(this.#file, 'r');
    const raw = own.createReadStream({ start, end: start + entry.packed - 1, highWaterMark: 128 * 1024 });
    const source = entry.method === 0 ? raw : createInflateRaw({ chunkSize: 128 * 1024 });
    if (source !== raw) pipeline(raw, source as ReturnType<typeof createInflateRaw>, () => {});
    let bytes = 0;
    try {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > maxBytes) {
          const mb = Math.floor(maxBytes / 1_048_576);
          throw tabularError('tabular.tooLarge', { name: this.#name, mb }, { status: 413 });
        }
        yield chunk;
      }
    } catch (error) {
      if (/^Z_|ERR_STREAM/.test((error as { code?: string }).code ?? ''))
        throw tabularError('tabular.damaged', { name: this.#name, detail: part }, { status: 422, cause: error });
      throw error;
    } finally {
      source.destroy();
      raw.destroy();
      await own.close().catch(() => undefined);
    }
  }

  /** A part as one text. */
  async text(part: string, maxBytes: number): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.stream(part, maxBytes)) chunks.push(chunk);
    return Buffer.concat(chunks).toString('utf8');
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function directory(handle: FileHandle, name: string): Promise<Map<string, Entry>> {
  const damaged = (detail: string) => tabularError('tabular.damaged', { name, detail }, { status: 422 });
  const { size } = await handle.stat();
  const tail = Buffer.alloc(Math.min(size, 65_557));
  await handle.read(tail, 0, tail.length, size - tail.length);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endSignature) end--;
  if (end < 0) throw damaged('zip');
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  if (count > maxEntries || length > 8_000_000 || start + length > size) throw damaged('zip directory');
  const bytes = Buffer.alloc(length);
  await handle.read(bytes, 0, length, start);
  const entries = new Map<string, Entry>();
  for (let at = 0; at + 46 <= length && entries.size < count; ) {
    if (bytes.readUInt32LE(at) !== entrySignature) throw damaged('zip directory');
    const nameLength = bytes.readUInt16LE(at + 28);
    const rest = bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    const part = bytes
      .toString('utf8', at + 46, at + 46 + nameLength)
      .replaceAll('\\', '/')
      .replace(/^\//, '');
    entries.set(part, {
      name: part,
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + rest;
  }
  return entries;
}
