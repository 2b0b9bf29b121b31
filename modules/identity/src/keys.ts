import { createHash } from 'node:crypto';

/** Sessions and tokens are random 32 bytes; a plain hash is enough to make the stored form useless to a reader. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
