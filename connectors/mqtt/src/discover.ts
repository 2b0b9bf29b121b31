import type { Proposal } from '@deungdae/connector-kit/connector.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { MqttConfig } from './config.ts';
import { parseTimeUs } from './payload-time.ts';
import { openTemporary } from './probe.ts';

/** What one discovery may look at. */
const limits = { topics: 5_000, fields: 200, bytes: 32 * 1024 * 1024, proposals: 10_000, depth: 6 };

const timeNames = /^(time|timestamp|ts|t|date|datetime|_timestamp|sourcetimestamp)$/i;

/** Listens for a while and proposes a signal for each value seen: one for a plain payload, one a field for JSON. */
export async function* discoverTopics(config: MqttConfig, clock: Clock, abort: AbortSignal): AsyncIterable<Proposal> {
  const waiting: Proposal[] = [];
  const seen = new Set<string>();
  const ids = new Set<string>();
  let bytes = 0;
  const session = await openTemporary(
    config,
    (topic, payload) => {
      bytes += payload.length;
      if (seen.has(topic) || seen.size >= limits.topics || bytes > limits.bytes) return;
      seen.add(topic);
      if (ids.size < limits.proposals) waiting.push(...proposalsOf(topic, payload, ids));
    },
    abort,
  );
  try {
    await session.subscribe(config.discover.topics, 0);
    const end = clock.monotonicMs() + config.discover.seconds * 1000;
    while (clock.monotonicMs() < end && bytes <= limits.bytes && session.error === null) {
      yield* waiting.splice(0);
      await clock.sleep(100, abort);
    }
    yield* waiting.splice(0);
    if (session.error) throw session.error;
  } finally {
    await session.close();
  }
}

/** Pure: what the first message of a topic suggests. `ids` are those given already. */
export function proposalsOf(topic: string, payload: Buffer, ids: Set<string>): Proposal[] {
  const text = payload.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const levels = topic.split('/');
  if (typeof value !== 'object' || value === null) {
    if (text.length > 1000 || text.includes('\u0000') || text.includes('\ufffd')) return [];
    const address = { topic, payload: value === undefined || typeof value === 'number' ? 'plain' : 'json' };
    return [proposal(ids, levels.slice(-2), levels, value ?? text, address)];
  }
  const leaves: { path: string[]; value: unknown }[] = [];
  collect(value, [], leaves);
  const time = leaves.find((l) => timeNames.test(l.path.at(-1) ?? '') && !Number.isNaN(guessTime(l.value).us));
  return leaves
    .filter((leaf) => leaf !== time && leaf.value !== null)
    .map((leaf) => {
      const address: Record<string, unknown> = { topic, field: pointer(leaf.path) };
      if (time) address.time = { field: pointer(time.path), format: guessTime(time.value).format };
      return proposal(ids, [...levels.slice(-1), ...leaf.path], [...levels, ...leaf.path], leaf.value, address);
    });
}

function collect(value: unknown, path: string[], leaves: { path: string[]; value: unknown }[]): void {
  if (leaves.length >= limits.fields) return;
  if (typeof value !== 'object' || value === null || path.length >= limits.depth) leaves.push({ path, value });
  else for (const [key, child] of Object.entries(value)) collect(child, [...path, key], leaves);
}

function pointer(path: readonly string[]): string {
  return path.map((s) => `/${s.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function guessTime(value: unknown): { us: number; format: string } {
  if (typeof value === 'string') return { us: parseTimeUs(value, 'iso'), format: 'iso' };
  if (typeof value !== 'number') return { us: Number.NaN, format: 'ms' };
  // By size: seconds, milliseconds or microseconds of a year between 2001 and 2200.
  if (value > 1e9 && value < 7.3e9) return { us: value * 1e6, format: 's' };
  if (value > 1e12 && value < 7.3e12) return { us: value * 1e3, format: 'ms' };
  if (value > 1e15 && value < 7.3e15) return { us: value, format: 'us' };
  return { us: Number.NaN, format: 'ms' };
}

function proposal(
  ids: Set<string>,
  nameParts: readonly string[],
  devicePath: readonly string[],
  value: unknown,
  address: Record<string, unknown>,
): Proposal {
  const kind =
    typeof value === 'number'
      ? 'number'
      : typeof value === 'boolean'
        ? 'boolean'
        : typeof value === 'object'
          ? 'json'
          : 'text';
  return {
    id: uniqueId(nameParts.join('-'), ids),
    name: nameParts.join(' '),
    kind,
    devicePath: [...devicePath],
    address,
    value: (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 200),
  };
}

/** An id that the plant file takes, made from a name and not given before. */
export function uniqueId(name: string, ids: Set<string>): string {
  const slug =
    name
      .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 56) || 'signal';
  let id = slug;
  for (let n = 2; ids.has(id); n++) id = `${slug}-${n}`;
  ids.add(id);
  return id;
}
