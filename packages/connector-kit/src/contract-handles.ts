import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { until } from '@deungdae/testing/until.ts';

const kinds = ['TCPSocketWrap', 'TCPServerWrap', 'TCPConnectWrap', 'UDPWrap', 'PipeWrap', 'FSEventWrap', 'ProcessWrap'];

/** Open handles of the process, by kind. */
export function handles(): Record<string, number> {
  const open = process.getActiveResourcesInfo();
  return Object.fromEntries(kinds.map((kind) => [kind, open.filter((k) => k === kind).length]));
}

/** No more handles than before, soon: the kernel takes a moment to report a closed socket. */
export async function assertNoHandlesSince(before: Record<string, number>): Promise<void> {
  const fewer = () => kinds.every((kind) => handles()[kind]! <= before[kind]!);
  await until(fewer, 'all handles to be released', 3_000, () => ({ before, now: handles() }));
  assert.ok(fewer());
}

let collect: (() => void) | null = null;

/** JavaScript heap after a full collection, MB. */
export function collectedHeapMb(): number {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  collect();
  return process.memoryUsage().heapUsed / 1_048_576;
}
