import { createHash } from 'node:crypto';
import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { masterError } from '../errors.ts';

export interface ReceivedFile {
  size: number;
  /** SHA-256, hexadecimal. */
  hash: string;
  /** At most 4,096 bytes of the beginning. */
  head: Uint8Array;
}

const headBytes = 4096;
/** What files leave free: the samples of the machines, the ledger and its backups need it. */
const reserveBytes = 512 * 1024 * 1024;

async function freeBytes(folder: string): Promise<number> {
  const disk = await statfs(folder);
  return disk.bavail * disk.bsize;
}

/**
 * Writes a body to a new file, counted while it comes, and synced. Throws `document.tooLarge`, `document.empty` or
 * `document.diskFull`, and then leaves nothing.
 */
export async function receiveFile(
  body: AsyncIterable<Uint8Array>,
  file: string,
  maxBytes: number,
  free: (folder: string) => Promise<number> = freeBytes,
): Promise<ReceivedFile> {
  // An empty body, or one of another content type, is no stream.
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body))
    throw masterError('document.empty', {}, { status: 400 });
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const left = await free(dirname(file));
  if (left < reserveBytes + maxBytes)
    throw masterError('document.diskFull', { mb: Math.floor(left / 1_048_576) }, { status: 507 });
  const handle = await open(file, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    const head: Uint8Array[] = [];
    let size = 0;
    for await (const part of body) {
      if (size < headBytes) head.push(part.subarray(0, headBytes - size));
      size += part.length;
      if (size > maxBytes)
        throw masterError('document.tooLarge', { mb: Math.floor(maxBytes / 1_048_576) }, { status: 413 });
      hash.update(part);
      await handle.writeFile(part);
    }
    if (size === 0) throw masterError('document.empty', {}, { status: 400 });
    await handle.sync();
    await handle.close();
    return { size, hash: hash.digest('hex'), head: Buffer.concat(head) };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(file, { force: true });
    throw error;
  }
}
