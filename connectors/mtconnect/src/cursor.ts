import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** How far an agent has been read, acknowledged: kept over outages and restarts. */
const Cursor = z.object({
  instanceId: z.string(),
  /** Sequence to read next. */
  next: z.number().int().nonnegative(),
  /** Newest time of an observation so far, µs; 0 when there is none. */
  lastTimeUs: z.number(),
});
export type Cursor = z.infer<typeof Cursor>;

export class CursorStore {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  async load(): Promise<Cursor | null> {
    try {
      return Cursor.parse(JSON.parse(await readFile(join(this.#dir, 'cursor.json'), 'utf8')));
    } catch {
      return null;
    }
  }

  async save(cursor: Cursor): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    const path = join(this.#dir, 'cursor.json');
    await writeFile(`${path}.new`, JSON.stringify(cursor));
    await rename(`${path}.new`, path);
  }
}
