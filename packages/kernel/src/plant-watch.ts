import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Clock } from './clock.ts';
import type { Logger } from './log.ts';
import { plantTextLimit } from './plant-file.ts';
import { revisionOf } from './plant-resolve.ts';

export interface WatchPlantOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Revision that is running: the first text told is another one. */
  readonly revision: string;
  /** Quiet time after the last change before the file is read, ms. */
  readonly settleMs?: number;
  /** The file is looked at this often even without a notice from the system (network folders give none), ms. */
  readonly pollMs?: number;
}

/**
 * Tells each new text of the plant file, once, when it has settled. It is the folder that is watched: editors replace a
 * file by renaming another over it. A file that is gone or empty for a moment is nothing new: the running plant stays.
 * Returns the function that ends it.
 */
export function watchPlantFile(file: string, onText: (text: string) => void, options: WatchPlantOptions): () => void {
  const { clock, log } = options;
  const settleMs = options.settleMs ?? 200;
  let revision = options.revision;
  let closed = false;
  let cancelSettle = () => {};
  let cancelPoll = () => {};

  const look = async () => {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (closed || text.trim() === '' || text.length > plantTextLimit * 2) return;
    const found = revisionOf(text);
    if (found === revision) return;
    revision = found;
    try {
      onText(text);
    } catch (error) {
      log.error({ file: basename(file), error: String(error) }, 'the new plant file could not be taken over');
    }
  };
  const settle = () => {
    cancelSettle();
    cancelSettle = clock.after(settleMs, () => void look());
  };
  const poll = () => {
    cancelPoll = clock.after(options.pollMs ?? 5000, () => {
      void look().finally(() => {
        if (!closed) poll();
      });
    });
  };

  const name = basename(file);
  const watcher = watch(dirname(file), { persistent: false }, (_event, changed) => {
    if (changed === null || changed === name) settle();
  });
  watcher.on('error', (error) =>
    log.warn({ error: String(error) }, 'watching the plant folder failed; polling goes on'),
  );
  poll();
  return () => {
    closed = true;
    cancelSettle();
    cancelPoll();
    watcher.close();
  };
}
