import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Recomputes from stored SHDR text what a replay must give, with nothing of ours: plain splitting, big integers for time.
 * Command line: `node tests/replay/recompute.ts <file or folder> [tag of the execution state]`, prints JSON.
 */

export interface Recomputed {
  files: number;
  /** Lines that are not empty. */
  lines: number;
  data: number;
  commands: number;
  assets: number;
  removedAssets: number;
  removedAll: number;
  /** Lines with neither two separators nor another meaning: torn. */
  torn: { file: string; line: number }[];
  /** Observations by tag, of all lines; then distinct by time (µs) and text. */
  byTag: Record<string, number>;
  distinctByTag: Record<string, number>;
  unavailableByTag: Record<string, number>;
  conditions: Record<string, number>;
  /** Hours per value of the execution tag, of distinct lines in order of time. */
  stateHours: Record<string, number>;
  /** Fault and Warning lines by code and text, most first. */
  pareto: [codeAndText: string, lines: number][];
  /** How long alarms were active, from distinct lines in order of time: by tag and code. */
  alarms: Record<string, { times: number; seconds: number }>;
}

/** Observations of one line, by plain splitting. */
interface Seen {
  us: bigint;
  tag: string;
  fields: string[];
  order: number;
}

function micros(text: string): bigint {
  const [, seconds, fraction = ''] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(text) ?? [];
  if (!seconds) throw new Error(`no time: ${text}`);
  const nanos = BigInt(fraction.padEnd(9, '0').slice(0, 9));
  return BigInt(Date.parse(`${seconds}Z`)) * 1000n + (nanos + 500n) / 1000n;
}

const levels = ['NORMAL', 'WARNING', 'FAULT', 'UNAVAILABLE'];

/** A line of three pairs may have UNAVAILABLE as its first value: a condition that is so has nothing after it. */
function isCondition(fields: string[]): boolean {
  const level = fields[2]!.toUpperCase();
  return levels.includes(level) && (level !== 'UNAVAILABLE' || fields.slice(3).every((field) => field === ''));
}

export function recompute(path: string, executionTag = 'execution'): Recomputed {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => name.endsWith('.txt'))
        .sort()
        .map((name) => join(path, name))
    : [path];
  const r = { ...nothing(), files: files.length };
  const seen: Seen[] = [];
  const paretoOf = new Map<string, number>();
  for (const file of files) {
    const lines = readFileSync(file, 'utf8').split('\n');
    for (let n = 0; n < lines.length; n++) {
      const line = lines[n]!;
      if (line === '') continue;
      r.lines++;
      if (line.startsWith('*')) {
        r.commands++;
        continue;
      }
      const fields = line.split('|');
      if (fields[1] === '@ASSET@') {
        r.assets++;
        const token = fields[4]!;
        while (lines[++n] !== token) r.lines++;
        r.lines++;
        continue;
      }
      if (fields[1] === '@REMOVE_ASSET@') {
        r.removedAssets++;
        continue;
      }
      if (fields[1] === '@REMOVE_ALL_ASSETS@') {
        r.removedAll++;
        continue;
      }
      if (fields.length < 3) {
        r.torn.push({ file: basename(file), line: n + 1 });
        continue;
      }
      const us = micros(fields[0]!);
      const condition = fields.length === 7 && isCondition(fields);
      if (condition) countCondition(r, paretoOf, fields);
      else r.data++;
      const pairs = condition ? [[fields[1]!, fields.slice(2)] as const] : pairsOf(fields);
      for (const [tag, values] of pairs) {
        r.byTag[tag] = (r.byTag[tag] ?? 0) + 1;
        if (values[0]!.toUpperCase() === 'UNAVAILABLE') r.unavailableByTag[tag] = (r.unavailableByTag[tag] ?? 0) + 1;
        seen.push({ us, tag, fields: values, order: seen.length });
      }
    }
  }
  r.pareto = [...paretoOf].sort((a, b) => b[1] - a[1]);
  const distinct = distinctInOrder(seen);
  for (const { tag } of distinct) r.distinctByTag[tag] = (r.distinctByTag[tag] ?? 0) + 1;
  r.stateHours = stateHours(distinct.filter((s) => s.tag === executionTag));
  r.alarms = alarmTimes(
    distinct.filter((s) => s.fields.length === 5 || (s.fields[0] === 'UNAVAILABLE' && s.fields.length === 1)),
  );
  return r;
}

function countCondition(r: Recomputed, paretoOf: Map<string, number>, fields: string[]): void {
  const level = fields[2]!.toUpperCase();
  r.conditions[level] = (r.conditions[level] ?? 0) + 1;
  if (level !== 'FAULT' && level !== 'WARNING') return;
  const key = `${fields[3]} ${fields[6]}`;
  paretoOf.set(key, (paretoOf.get(key) ?? 0) + 1);
}

const nothing = (): Recomputed => ({
  files: 0,
  lines: 0,
  data: 0,
  commands: 0,
  assets: 0,
  removedAssets: 0,
  removedAll: 0,
  torn: [],
  byTag: {},
  distinctByTag: {},
  unavailableByTag: {},
  conditions: {},
  stateHours: {},
  pareto: [],
  alarms: {},
});

function pairsOf(fields: string[]): [string, string[]][] {
  const pairs: [string, string[]][] = [];
  for (let i = 1; i + 1 < fields.length; i += 2) pairs.push([fields[i]!, [fields[i + 1]!]]);
  return pairs;
}

/** Each (tag, time, value) once, by time; equal times as they came. A gap is a gap, however it is written. */
function distinctInOrder(seen: Seen[]): Seen[] {
  const keys = new Set<string>();
  const out: Seen[] = [];
  for (const s of seen) {
    const value = s.fields[0]!.toUpperCase() === 'UNAVAILABLE' ? 'UNAVAILABLE' : s.fields.join('|');
    const key = `${s.tag}|${s.us}|${value}`;
    if (keys.has(key)) continue;
    keys.add(key);
    out.push(s);
  }
  return out.sort((a, b) => (a.us < b.us ? -1 : a.us > b.us ? 1 : a.order - b.order));
}

function stateHours(states: Seen[]): Record<string, number> {
  const us: Record<string, bigint> = {};
  for (let i = 0; i + 1 < states.length; i++) {
    const value = states[i]!.fields[0]!;
    us[value] = (us[value] ?? 0n) + states[i + 1]!.us - states[i]!.us;
  }
  return Object.fromEntries(Object.entries(us).map(([value, sum]) => [value, Number(sum) / 3.6e9]));
}

/** An alarm lasts from its Fault or Warning to Normal of its code or of the tag, or to where nothing is known. */
function alarmTimes(conditions: Seen[]): Recomputed['alarms'] {
  const active = new Map<string, Map<string, bigint>>();
  const out: Recomputed['alarms'] = {};
  for (const { us, tag, fields } of conditions) {
    const [level = '', code = ''] = fields;
    const codes = active.get(tag) ?? new Map<string, bigint>();
    active.set(tag, codes);
    const end = (ended: string) => {
      const key = `${tag} ${ended}`;
      out[key] ??= { times: 0, seconds: 0 };
      const entry = out[key];
      entry.times++;
      entry.seconds += Number(us - codes.get(ended)!) / 1e6;
      codes.delete(ended);
    };
    const upper = level.toUpperCase();
    if (upper === 'FAULT' || upper === 'WARNING') {
      if (!codes.has(code)) codes.set(code, us);
    } else if (upper === 'NORMAL' && code !== '') {
      if (codes.has(code)) end(code);
    } else for (const ended of [...codes.keys()]) end(ended);
  }
  return out;
}

if (import.meta.main) {
  const [path, tag] = process.argv.slice(2);
  if (!path) throw new Error('usage: recompute.ts <file or folder> [execution tag]');
  process.stdout.write(`${JSON.stringify(recompute(path, tag), null, 2)}\n`);
}
