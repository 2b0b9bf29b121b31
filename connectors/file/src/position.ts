import { mkdir, open, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MergedSet } from '@deungdae/connector-mtconnect/merged-set.ts';
import { z } from 'zod';

/** Where reading goes on after a restart: everything before it is durable. */
const Position = z.object({
  /** Name of the file; files that sort before it are done. Empty: nothing is read yet. */
  file: z.string(),
  /** Byte at which the next record starts. */
  offset: z.number().int().nonnegative(),
  /** Lines before it in the file. */
  line: z.number().int().nonnegative(),
  /** Time of the last line, µs: the time of lines without one. Null: none yet. */
  lastTimeUs: z.number().nullable(),
  /** Length of rejects.ndjson, bytes: what was written after a lost acknowledgement is cut off again. */
  rejectBytes: z.number().int().nonnegative(),
  totals: z.object({ files: z.number(), lines: z.number(), samples: z.number(), rejected: z.number() }),
  finished: z.boolean(),
  /** Path of a signal → JSON text of its DATA_SET or TABLE: the lines from here on tell only what changes in it. */
  sets: z.record(z.string(), z.string()).default({}),
});
export type Position = z.infer<typeof Position>;

export const startPosition = (): Position => ({
  file: '',
  offset: 0,
  line: 0,
  lastTimeUs: null,
  rejectBytes: 0,
  totals: { files: 0, lines: 0, samples: 0, rejected: 0 },
  finished: false,
  sets: {},
});

/** Most characters of sets kept; a set beyond is not known after a restart. */
const maxSetChars = 4_194_304;

/** The sets that are known whole, as they are kept. */
export function setsToKeep(sets: ReadonlyMap<string, MergedSet>): Position['sets'] {
  const kept: Position['sets'] = {};
  let room = maxSetChars;
  for (const [path, set] of sets) {
    if (!set.whole) continue;
    const text = set.json();
    room -= text.length;
    if (room < 0) break;
    kept[path] = text;
  }
  return kept;
}

export interface Reject {
  file: string;
  line: number;
  reason: string;
  text: string;
}

/** Most bytes kept of rejected lines; they are counted on, but no longer written. */
const maxRejectBytes = 50 * 1024 * 1024;

/** The position and the rejected lines of one connection, in its state folder. */
export class PositionStore {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The last acknowledged position. An unreadable file means reading from the start, which is harmless. */
  async load(): Promise<Position> {
    await mkdir(this.#dir, { recursive: true });
    let position = startPosition();
    try {
      position = Position.parse(JSON.parse(await readFile(join(this.#dir, 'position.json'), 'utf8')));
    } catch {}
    await truncate(join(this.#dir, 'rejects.ndjson'), position.rejectBytes).catch(() => {});
    return position;
  }

  /** Rejected lines first, then the position, by rename: a kill between the two repeats nothing. */
  async save(position: Position, rejects: readonly Reject[]): Promise<Position> {
    let rejectBytes = position.rejectBytes;
    if (rejects.length > 0 && rejectBytes < maxRejectBytes) {
      const lines = rejects.map((r) => `${JSON.stringify(r)}\n`).join('');
      const file = await open(join(this.#dir, 'rejects.ndjson'), 'a');
      try {
        await file.writeFile(lines);
      } finally {
        await file.close();
      }
      rejectBytes += Buffer.byteLength(lines);
    }
    const next = { ...position, rejectBytes };
    const path = join(this.#dir, 'position.json');
    await writeFile(`${path}.new`, JSON.stringify(next));
    await rename(`${path}.new`, path);
    return next;
  }
}
