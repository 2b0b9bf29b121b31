import { unsliced } from './flat-text.ts';
import { parseTimeUs } from './shdr-time.ts';

/**
 * SHDR, the text protocol from adapter to agent, and its stored form. One line is
 * `timestamp|key|value[|key|value…]`; conditions have five values, messages two, time series three.
 * The parser is pure and incremental; it keeps a line whole or drops it whole, and says which and why.
 */

/** How many fields follow the key, and what they mean. `auto`: not in the model, told by its form. */
export type ShdrShape = 'value' | 'auto' | 'condition' | 'message' | 'timeSeries' | 'dataSet' | 'table';

export interface ShdrItem {
  readonly shape: ShdrShape;
}

export type AssetOperation =
  | { kind: 'update'; assetId: string; type: string; document: string }
  /** `@UPDATE_ASSET@|id|type|key|value…`: `changes` are the pairs, or one XML fragment under the key ''. */
  | { kind: 'patch'; assetId: string; type: string; changes: [string, string][] }
  | { kind: 'remove'; assetId: string; type: string }
  | { kind: 'removeAll'; assetId: ''; type: string };

export type RejectReason =
  | 'noSeparator'
  | 'badTime'
  | 'noTime'
  | 'missingValue'
  | 'badLevel'
  | 'badTimeSeries'
  | 'badAsset'
  | 'tooLong'
  | 'unfinishedAsset';

export interface ShdrHandlers<T extends ShdrItem> {
  /** What a key (`name`, `id`, source text or `device:key`) stands for. Asked once per key; null is an unknown one. */
  resolve(key: string): T | null;
  /** `durationS` is NaN when none was given. DATA_SET and TABLE arrive here too, as their text. */
  value(item: T, timeUs: number, text: string, durationS: number): void;
  condition(
    item: T,
    timeUs: number,
    level: string,
    code: string,
    severity: string,
    qualifier: string,
    text: string,
  ): void;
  message?(item: T, timeUs: number, code: string, text: string): void;
  /** `rateHz` is NaN when it was left out. */
  timeSeries?(item: T, timeUs: number, count: number, rateHz: number, values: string): void;
  asset?(timeUs: number, operation: AssetOperation): void;
  /** `* name: value`. */
  command?(name: string, value: string): void;
  reject(line: number, reason: RejectReason, text: string): void;
  /** A key that `resolve` did not know, the first time it comes. */
  unknown?(key: string, line: number): void;
}

export interface ShdrOptions {
  /** Longest line, characters. */
  maxLine?: number;
  /** Longest multi-line asset, characters. */
  maxAsset?: number;
  /** Time of lines without one, µs; NaN rejects them. */
  arrivalUs?: () => number;
}

const levels = new Set(['NORMAL', 'WARNING', 'FAULT', 'UNAVAILABLE']);
/** Fields after the key. */
const width: Record<ShdrShape, number> = {
  value: 1,
  auto: 1,
  condition: 5,
  message: 2,
  timeSeries: 3,
  dataSet: 1,
  table: 1,
};
/** Keys remembered, known and unknown; a device that invents names for ever cannot fill the memory. */
const maxKeys = 50_000;

interface PendingAsset {
  timeUs: number;
  assetId: string;
  type: string;
  token: string;
  parts: string[];
  length: number;
  line: number;
}

export class ShdrParser<T extends ShdrItem> {
  /** Number of the line last parsed, from 1. */
  lineNumber = 0;
  readonly #handlers: ShdrHandlers<T>;
  readonly #maxLine: number;
  readonly #maxAsset: number;
  readonly #arrivalUs: () => number;
  readonly #items = new Map<string, T | null>();
  readonly #fields: string[] = [];
  readonly #resolved: (T | null)[] = [];
  #rest = '';
  #skipping = false;
  #asset: PendingAsset | null = null;

  constructor(handlers: ShdrHandlers<T>, options: ShdrOptions = {}) {
    this.#handlers = handlers;
    this.#maxLine = options.maxLine ?? 65_536;
    this.#maxAsset = options.maxAsset ?? 1_048_576;
    this.#arrivalUs = options.arrivalUs ?? (() => Number.NaN);
  }

  /** True between the head and the end token of a multi-line asset. */
  get insideAsset(): boolean {
    return this.#asset !== null;
  }

  /** Takes the next piece of the stream; whole lines are parsed, the rest is kept until its end comes. */
  push(chunk: string): void {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; from = end + 1, end = chunk.indexOf('\n', from)) {
      if (this.#skipping) this.#skipping = false;
      else if (this.#rest.length > 0) {
        const line = this.#rest + chunk.slice(from, end);
        this.#rest = '';
        this.line(line, 0, line.length);
      } else this.line(chunk, from, end);
    }
    if (this.#skipping || from === chunk.length) return;
    this.#rest += chunk.slice(from);
    if (this.#rest.length > Math.max(this.#maxLine, this.#asset ? this.#maxAsset : 0)) {
      this.lineNumber++;
      this.#handlers.reject(this.lineNumber, 'tooLong', this.#rest);
      this.#rest = '';
      this.#skipping = true;
    }
  }

  /** The stream has ended: a last line without its newline is parsed, an unfinished asset is rejected. */
  end(): void {
    if (this.#rest.length > 0) {
      const line = this.#rest;
      this.#rest = '';
      this.line(line, 0, line.length);
    }
    if (this.#asset) {
      this.#handlers.reject(this.#asset.line, 'unfinishedAsset', this.#asset.assetId);
      this.#asset = null;
    }
    this.#skipping = false;
  }

  /** Forgets what was half read: for a new connection. */
  reset(): void {
    this.#rest = '';
    this.#asset = null;
    this.#skipping = false;
  }

  /** Parses the one line at [from, to) of `text`, without its newline. */
  line(text: string, from: number, to: number) {
    this.lineNumber++;
    let end = to;
    if (end > from && text.charCodeAt(end - 1) === 13) end--;
    if (this.#asset) return this.#assetLine(text.slice(from, end));
    if (end === from) return;
    if (end - from > this.#maxLine) return this.#reject('tooLong', text, from, end);
    if (text.charCodeAt(from) === 42) return this.#command(text.slice(from + 1, end));
    const first = text.indexOf('|', from);
    if (first < 0 || first >= end) return this.#reject('noSeparator', text, from, end);
    let timeUs: number;
    let durationS = Number.NaN;
    let body = first + 1;
    const digit = text.charCodeAt(from) - 48;
    if (digit >= 0 && digit <= 9) {
      timeUs = parseTimeUs(text, from, first);
      if (Number.isNaN(timeUs)) {
        const at = text.indexOf('@', from);
        if (at > 0 && at < first) {
          timeUs = parseTimeUs(text, from, at);
          durationS = Number(text.slice(at + 1, first));
          if (Number.isNaN(durationS)) timeUs = Number.NaN;
        }
        if (Number.isNaN(timeUs)) return this.#reject('badTime', text, from, end);
      }
    } else {
      timeUs = this.#arrivalUs();
      if (Number.isNaN(timeUs)) return this.#reject('noTime', text, from, end);
      if (first > from) body = from;
    }
    const second = text.indexOf('|', body);
    if (second < 0 || second >= end) return this.#reject('missingValue', text, from, end);
    const third = text.indexOf('|', second + 1);
    if ((third < 0 || third >= end) && text.charCodeAt(second + 1) !== 34)
      return this.#pair(text, from, end, body, second, timeUs, durationS);
    this.#wide(text, from, end, body, timeUs, durationS);
  }

  /** The commonest line: one key and one value. */
  #pair(text: string, from: number, end: number, body: number, second: number, timeUs: number, durationS: number) {
    if (text.charCodeAt(body) === 64 && this.#assetHead(text.slice(body, end).split('|'), timeUs)) return;
    const item = this.#item(text.slice(body, second));
    if (item === null) return;
    const value = text.slice(second + 1, end);
    if (item.shape === 'value') this.#handlers.value(item, timeUs, value, durationS);
    else if (!this.#valid(item, [value], 0)) this.#reject(invalid(item), text, from, end);
    else this.#emit(item, [value], 0, 1, timeUs, durationS);
  }

  #wide(text: string, from: number, end: number, body: number, timeUs: number, durationS: number) {
    if (text.charCodeAt(body) === 64 && this.#assetHead(text.slice(body, end).split('|'), timeUs)) return;
    const fields = this.#split(text, body, end);
    const items = this.#resolved;
    items.length = 0;
    for (let i = 0; i < fields.length; ) {
      const item = this.#item(fields[i]!);
      const count = this.#count(item, fields, i + 1);
      if (count === 0) return this.#reject('missingValue', text, from, end);
      if (item && !this.#valid(item, fields, i + 1)) return this.#reject(invalid(item), text, from, end);
      items.push(item);
      i += 1 + count;
    }
    let n = 0;
    for (let i = 0; i < fields.length; ) {
      const item = items[n++]!;
      const count = this.#count(item, fields, i + 1);
      if (item) this.#emit(item, fields, i + 1, count, timeUs, durationS);
      i += 1 + count;
    }
  }

  /** Fields that belong to the item whose values start at `at`; 0 when there are none left. */
  #count(item: T | null, fields: string[], at: number): number {
    const left = fields.length - at;
    if (left <= 0) return 0;
    const shape = item?.shape ?? 'auto';
    if (shape === 'auto') return left === 5 && looksLikeCondition(fields, at) ? 5 : 1;
    return Math.min(width[shape], left);
  }

  #valid(item: T, fields: string[], at: number): boolean {
    if (item.shape === 'condition') return isLevel(fields[at]!);
    if (item.shape === 'timeSeries' && fields[at] !== 'UNAVAILABLE')
      return /^\d+$/.test(fields[at]!) && fields.length > at + 2;
    return true;
  }

  #emit(item: T, fields: string[], at: number, count: number, timeUs: number, durationS: number): void {
    const h = this.#handlers;
    if (item.shape === 'condition' || (item.shape === 'auto' && count === 5)) {
      const level = fields[at]!.trim().toUpperCase();
      const field = (i: number) => (i < count ? fields[at + i]! : '');
      h.condition(item, timeUs, level, field(1), field(2), field(3), field(4));
    } else if (item.shape === 'message' && h.message) {
      if (count === 2) h.message(item, timeUs, fields[at]!, fields[at + 1]!);
      else h.message(item, timeUs, '', fields[at]!);
    } else if (item.shape === 'timeSeries' && h.timeSeries && count === 3) {
      const rate = fields[at + 1]!.trim();
      h.timeSeries(item, timeUs, Number(fields[at]), rate === '' ? Number.NaN : Number(rate), fields[at + 2]!);
    } else h.value(item, timeUs, fields[at]!, durationS);
  }

  #item(key: string): T | null {
    let item = this.#items.get(key);
    if (item === undefined) {
      item = this.#handlers.resolve(key.trim());
      if (this.#items.size >= maxKeys) this.#items.clear();
      this.#items.set(unsliced(key), item);
      if (item === null) this.#handlers.unknown?.(key.trim(), this.lineNumber);
    }
    return item;
  }

  /** Fields of [from, end); a field in quotes may hold `\|`, and loses its quotes and backslashes. */
  #split(text: string, from: number, end: number): string[] {
    const fields = this.#fields;
    fields.length = 0;
    let at = from;
    for (;;) {
      if (text.charCodeAt(at) === 34) {
        const close = closingQuote(text, at + 1, end);
        if (close > 0) {
          fields.push(text.slice(at + 1, close).replace(/\\([\\|"])/g, '$1'));
          const next = text.indexOf('|', close);
          if (next < 0 || next >= end) return fields;
          at = next + 1;
          continue;
        }
      }
      const next = text.indexOf('|', at);
      if (next < 0 || next >= end) {
        fields.push(text.slice(at, end));
        return fields;
      }
      fields.push(text.slice(at, next));
      at = next + 1;
    }
  }

  #command(body: string): void {
    const colon = body.indexOf(':');
    if (colon < 0) {
      const [name = '', ...rest] = body.trim().split(/\s+/);
      if (name) this.#handlers.command?.(name, rest.join(' '));
    } else this.#handlers.command?.(body.slice(0, colon).trim(), body.slice(colon + 1).trim());
  }

  /** False when the key is no asset command. Bad ones are rejected here. */
  #assetHead(fields: string[], timeUs: number): boolean {
    const [head = '', assetId = '', type = ''] = fields;
    const report = this.#handlers.asset;
    if (head === '@ASSET@') {
      const document = fields.slice(3).join('|');
      const line = this.lineNumber;
      if (assetId === '' || fields.length < 4) this.#handlers.reject(line, 'badAsset', fields.join('|'));
      else if (document.startsWith('--multiline--'))
        this.#asset = { timeUs, assetId, type, token: document.trim(), parts: [], length: 0, line };
      else report?.(timeUs, { kind: 'update', assetId, type, document });
    } else if (head === '@UPDATE_ASSET@') {
      const changes: [string, string][] = [];
      if (fields[3]?.startsWith('<')) changes.push(['', fields.slice(3).join('|')]);
      else for (let i = 3; i + 1 < fields.length; i += 2) changes.push([fields[i]!, fields[i + 1]!]);
      if (changes.length === 0) this.#handlers.reject(this.lineNumber, 'badAsset', fields.join('|'));
      else report?.(timeUs, { kind: 'patch', assetId, type, changes });
    } else if (head === '@REMOVE_ASSET@') report?.(timeUs, { kind: 'remove', assetId, type });
    else if (head === '@REMOVE_ALL_ASSETS@') report?.(timeUs, { kind: 'removeAll', assetId: '', type: assetId });
    else return false;
    return true;
  }

  #assetLine(line: string): void {
    const asset = this.#asset!;
    if (line.trimEnd() === asset.token) {
      this.#asset = null;
      const { timeUs, assetId, type } = asset;
      this.#handlers.asset?.(timeUs, { kind: 'update', assetId, type, document: asset.parts.join('\n') });
      return;
    }
    asset.length += line.length + 1;
    if (asset.length > this.#maxAsset) {
      this.#asset = null;
      this.#handlers.reject(asset.line, 'tooLong', asset.assetId);
    } else asset.parts.push(line);
  }

  #reject(reason: RejectReason, text: string, from: number, end: number) {
    this.#handlers.reject(this.lineNumber, reason, text.slice(from, end));
  }
}

const isLevel = (text: string): boolean => levels.has(text) || levels.has(text.trim().toUpperCase());

/** Three pairs may begin with UNAVAILABLE; a condition that is so has nothing after it. */
function looksLikeCondition(fields: string[], at: number): boolean {
  if (!isLevel(fields[at]!)) return false;
  return fields[at]!.trim().toUpperCase() !== 'UNAVAILABLE' || fields.slice(at + 1).every((field) => field === '');
}

const invalid = (item: ShdrItem): RejectReason => (item.shape === 'condition' ? 'badLevel' : 'badTimeSeries');

/** Place of the quote that ends a quoted field (next is `|` or the end), or -1 when the field is not a quoted one. */
function closingQuote(text: string, from: number, end: number): number {
  for (let i = from; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 124) return -1;
    else if (c === 34) {
      let next = i + 1;
      while (next < end && text.charCodeAt(next) === 32) next++;
      return next >= end || text.charCodeAt(next) === 124 ? i : -1;
    }
  }
  return -1;
}
