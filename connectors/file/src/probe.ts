import { join } from 'node:path';
import type { BoundSignal, ProbeReport } from '@deungdae/connector-kit/connector.ts';
import { MergedSet } from '@deungdae/connector-mtconnect/merged-set.ts';
import { BatchBuilder } from '@deungdae/contracts/sample.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { FileAddress, FileConfig } from './config.ts';
import { fileError } from './errors.ts';
import { listFiles } from './files.ts';
import { recordsOf } from './format.ts';
import { openFormat } from './open-format.ts';
import { TextFile } from './text-file.ts';

/** Bytes at the start of a file that are looked at before it is read. */
export const peekBytes = 64 * 1024;

/** Looks at the head of the newest file and tells what it says of each signal. Throws `file.none`. */
export async function probeFiles(
  config: FileConfig,
  signals: readonly BoundSignal<FileAddress>[],
  clock: Clock,
  abort: AbortSignal,
): Promise<ProbeReport> {
  const started = clock.monotonicMs();
  const { root, names } = await listFiles(config.path);
  abort.throwIfAborted();
  const newest = names.at(-1);
  if (newest === undefined) throw fileError('file.none', { path: config.path });
  const file = await TextFile.open(join(root, newest), config.encoding);
  try {
    const { text, atEnd } = await file.read(0, false, peekBytes);
    const batch = new BatchBuilder();
    const nothing = () => {};
    const context = {
      batch,
      reject: nothing,
      unknownTag: nothing,
      oddTime: () => false,
      lastTimeUs: () => 0,
      setOf: () => new MergedSet(true),
    };
    const format = openFormat(config, signals, context, newest, text);
    for (const [from, to] of recordsOf(format.recordEnd, text, atEnd)) format.record(text, from, to);
    const found = batch.take();
    const values = new Map<number, string>();
    for (let i = 0; i < found.length; i++) values.set(found.signals[i]!, found.texts?.[i] ?? String(found.numbers[i]));
    return {
      device: `${names.length} × ${config.format}: ${names[0]} … ${newest}`,
      roundTripMs: clock.monotonicMs() - started,
      signals: signals.map((s) => ({ path: s.path, ...(values.has(s.id) ? { value: values.get(s.id)! } : {}) })),
    };
  } finally {
    await file.close();
  }
}
