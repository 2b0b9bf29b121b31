import { join } from 'node:path';
import {
  type BoundSignal,
  type Connector,
  type ConnectorContext,
  defineConnector,
  type ProbeReport,
  type Reading,
} from '@deungdae/connector-kit/connector.ts';
import { unsliced } from '@deungdae/connector-mtconnect/flat-text.ts';
import { MergedSet } from '@deungdae/connector-mtconnect/merged-set.ts';
import { formatTimeUs } from '@deungdae/connector-mtconnect/shdr-time.ts';
import { toCoded } from '@deungdae/kernel/errors.ts';
import { FileAddress, FileConfig } from './config.ts';
import { fileError } from './errors.ts';
import { listFiles } from './files.ts';
import { FlatBatchBuilder } from './flat-batch.ts';
import type { RecordFormat } from './format.ts';
import { openFormat } from './open-format.ts';
import { Pacer } from './pacer.ts';
import { type Position, PositionStore, type Reject, setsToKeep, startPosition } from './position.ts';
import { peekBytes, probeFiles } from './probe.ts';
import { chunkBytes, type TextChunk, TextFile } from './text-file.ts';
import { medianTime, plausibleBackUs } from './time-check.ts';

/** Samples after which a batch is handed over although the chunk goes on. */
const batchSamples = 50_000;
/** How often a followed file is looked at, ms. */
const followMs = 200;
/** Notices of one kind given for one batch; the rest is counted in one more. */
const maxNotices = 100;

export interface FileProgress {
  files: number;
  filesTotal: number;
  lines: number;
  samples: number;
  rejected: number;
  /** Bytes of the file being read, and where in it. */
  offset: number;
  finished: boolean;
}

/** Reads files in order of name. One chunk of one file is in memory, whatever their size. */
export class FileConnector implements Connector {
  readonly #config: FileConfig;
  readonly #signals: readonly BoundSignal<FileAddress>[];
  readonly #context: ConnectorContext;
  readonly #store: PositionStore;
  readonly #pacer: Pacer;
  readonly #batch = new FlatBatchBuilder(16_384);

  /** What is acknowledged, and what is read. */
  #acked: Position = startPosition();
  #at: Position = startPosition();
  #root = '';
  #names: string[] = [];
  #file: TextFile | null = null;
  #format: RecordFormat | null = null;
  #chunk: TextChunk | null = null;
  /** Next character of the chunk. */
  #next = 0;
  #lastTimeUs = Number.NaN;
  #referenceUs = Number.NaN;
  #rejects: Reject[] = [];
  #odd = 0;
  /** Path of a signal → its DATA_SET or TABLE. */
  readonly #sets = new Map<string, MergedSet>();
  readonly #knownUnknown = new Set<string>();
  /** The end was handed over in this session. */
  #toldEnd = false;

  constructor(options: {
    config: FileConfig;
    signals: readonly BoundSignal<FileAddress>[];
    context: ConnectorContext;
  }) {
    this.#config = options.config;
    this.#signals = options.signals;
    this.#context = options.context;
    this.#store = new PositionStore(options.context.stateDir);
    this.#pacer = new Pacer(options.config.speed, options.context.clock);
  }

  /** How far reading has come, acknowledged or not. */
  progress(): FileProgress {
    const { totals, offset, finished } = this.#at;
    return { ...totals, filesTotal: this.#names.length, offset, finished };
  }

  /** True when everything in the files is durable. Never for a followed file. */
  get done(): boolean {
    return this.#acked.finished;
  }

  async connect(abort: AbortSignal): Promise<void> {
    await this.close();
    abort.throwIfAborted();
    const list = await listFiles(this.#config.path);
    if (list.names.length === 0) throw fileError('file.none', { path: this.#config.path });
    this.#root = list.root;
    this.#names = list.names;
    this.#acked = await this.#store.load();
    this.#at = structuredClone(this.#acked);
    this.#lastTimeUs = this.#at.lastTimeUs ?? Number.NaN;
    this.#batch.take();
    this.#rejects = [];
    this.#toldEnd = this.#acked.finished;
    this.#sets.clear();
    this.#pacer.restart();
    abort.throwIfAborted();
  }

  async read(abort: AbortSignal): Promise<Reading> {
    try {
      for (;;) {
        if (abort.aborted) return this.#reading();
        if (!this.#chunk && !(await this.#load())) {
          if (this.#batch.length > 0 || this.#rejects.length > 0) return this.#reading();
          if (this.#at.finished && !this.#toldEnd) return this.#endReading();
          await this.#atEnd(abort);
          continue;
        }
        const waitMs = this.#consume();
        if (this.#batch.length >= (this.#pacer.paced ? 1 : batchSamples) || (!this.#chunk && this.#batch.length > 0))
          return this.#reading();
        if (waitMs > 0) await this.#context.clock.sleep(waitMs, abort).catch(() => {});
      }
    } catch (error) {
      throw toCoded(error, 'file.unreadable', { path: this.#config.path });
    }
  }

  probe(abort: AbortSignal): Promise<ProbeReport> {
    return probeFiles(this.#config, this.#signals, this.#context.clock, abort);
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    this.#format = null;
    this.#chunk = null;
    this.#skipping = false;
    await file?.close();
  }

  /** Gets the next chunk, opening the next file when one is done. False: nothing more for now. */
  async #load(): Promise<boolean> {
    for (;;) {
      if (!this.#file && !(await this.#open())) return false;
      const last = this.#at.file === this.#names.at(-1);
      const whole = this.#config.follow && last;
      const size = await this.#file!.size();
      if (size < this.#at.offset) {
        this.#context.notice({ code: 'file.replaced', params: { file: this.#at.file } });
        await this.close();
        Object.assign(this.#at, { offset: 0, line: 0 });
        continue;
      }
      const offset = this.#readFrom();
      const chunk = await this.#file!.read(offset, whole, this.#want);
      if (chunk.bytes > 0) {
        this.#chunk = chunk;
        this.#next = offset === 0 && chunk.text.charCodeAt(0) === 0xfeff ? 1 : 0;
        if (!this.#skipLong(chunk)) return true;
        continue;
      }
      if (whole) return false;
      this.#format!.end();
      await this.close();
      this.#at = { ...this.#at, totals: { ...this.#at.totals, files: this.#at.totals.files + 1 } };
      const next = this.#names.find((name) => name > this.#at.file);
      if (next === undefined) {
        this.#at.finished = true;
        return false;
      }
      Object.assign(this.#at, { file: next, offset: 0, line: 0 });
      this.#read = 0;
    }
  }

  /** Where the parser is, bytes; ahead of the position while a record of several lines is half read. */
  #read = 0;
  /** Inside a line that is too long. */
  #skipping = false;
  /** Bytes asked for; more while a record does not fit. */
  #want = chunkBytes;
  #readFrom(): number {
    return Math.max(this.#read, this.#at.offset);
  }

  async #open(): Promise<boolean> {
    if (this.#at.finished) return false;
    if (this.#at.file === '') this.#at.file = this.#names[0]!;
    const name = this.#at.file;
    this.#file = await TextFile.open(join(this.#root, name), this.#config.encoding);
    const head = await this.#file.read(0, false, peekBytes);
    this.#format = openFormat(
      this.#config,
      this.#signals,
      {
        batch: this.#batch,
        reject: (line, reason, text) => this.#reject({ file: name, line, reason, text: text.slice(0, 500) }),
        unknownTag: (tag, line) => this.#unknown(tag, name, line),
        oddTime: (timeUs, line) => this.#oddTime(timeUs, name, line),
        lastTimeUs: () => this.#lastTimeUs,
        setOf: (signal) => this.#setOf(signal),
      },
      name,
      head.text,
    );
    this.#referenceUs = medianTime(this.#format, head.text);
    this.#format.lineNumber = this.#at.line;
    this.#read = this.#at.offset;
    return true;
  }

  /** As it was at the position where reading resumes; what was not kept is not known until it is emptied. */
  #setOf({ path, address }: BoundSignal<FileAddress>): MergedSet {
    const known = this.#sets.get(path);
    if (known) return known;
    const dataItem = 'tag' in address ? address.tag : address.column;
    const fromStart = this.#acked.totals.lines === 0;
    const set = new MergedSet(fromStart, () =>
      this.#context.notice({ code: 'mtconnect.setTooLarge', params: { dataItem } }),
    );
    const kept = this.#at.sets[path];
    if (kept !== undefined) set.replace(JSON.parse(kept));
    this.#sets.set(path, set);
    return set;
  }

  /** Reads records until the chunk, the batch or the time allowed ends. Returns how long to wait before the next, ms. */
  #consume(): number {
    const chunk = this.#chunk!;
    const format = this.#format!;
    const { text } = chunk;
    let from = this.#next;
    let safe = -1;
    let safeLine = 0;
    let waitMs = 0;
    const lineBefore = format.lineNumber;
    const most = this.#pacer.paced ? 5_000 : batchSamples;
    while (from < text.length && this.#batch.length < most) {
      const to = format.recordEnd(text, from, chunk.atEnd);
      if (to < 0) break;
      if (this.#pacer.paced) {
        waitMs = this.#pacer.waitMs(format.peekTime(text, from, to));
        if (waitMs > 0) break;
      }
      format.record(text, from, to);
      from = Math.min(to + 1, text.length);
      if (!format.inside) {
        safe = from;
        safeLine = format.lineNumber;
      }
    }
    this.#at.totals.lines += format.lineNumber - lineBefore;
    if (safe >= 0)
      Object.assign(this.#at, { offset: chunk.offset + this.#file!.byteLength(chunk, safe), line: safeLine });
    this.#want = from === this.#next && waitMs === 0 ? this.#want * 2 : chunkBytes;
    this.#next = from;
    if (from >= text.length || (waitMs === 0 && this.#batch.length < most)) {
      this.#read = chunk.offset + this.#file!.byteLength(chunk, from);
      this.#chunk = null;
    }
    return waitMs;
  }

  /**
   * A line longer than a chunk can be is told once and passed over to its end. True: nothing of the chunk is left. The
   * position stays before the line until it is over, so that a restart passes over it again.
   */
  #skipLong(chunk: TextChunk): boolean {
    const format = this.#format!;
    if (chunk.text === '') {
      if (!this.#skipping)
        this.#reject({ file: this.#at.file, line: format.lineNumber + 1, reason: 'tooLong', text: '' });
      this.#skipping = true;
    } else if (this.#skipping) {
      const end = chunk.text.indexOf('\n');
      if (end >= 0) {
        this.#skipping = false;
        format.lineNumber++;
        this.#at.totals.lines++;
        this.#next = end + 1;
        return false;
      }
    } else return false;
    this.#read = chunk.offset + chunk.bytes;
    this.#chunk = null;
    return true;
  }

  #reading(): Reading {
    const batch = this.#batch.take();
    const rejects = this.#rejects;
    this.#rejects = [];
    this.#at.totals.samples += batch.length;
    this.#at.totals.rejected += rejects.length;
    this.#at.lastTimeUs = Number.isNaN(this.#lastTimeUs) ? null : this.#lastTimeUs;
    this.#at.sets = setsToKeep(this.#sets);
    const position = structuredClone(this.#at);
    this.#tell(rejects);
    return {
      batch,
      ack: async () => {
        // The kit acknowledges in order, one after another.
        const { rejectBytes } = this.#acked;
        this.#acked = await this.#store.save({ ...position, rejectBytes }, rejects);
      },
    };
  }

  #tell(rejects: readonly Reject[]): void {
    for (const { file, line, reason } of rejects.slice(0, maxNotices))
      this.#context.notice({ code: 'file.rejected', params: { file, line, reason } });
    if (rejects.length > maxNotices)
      this.#context.notice({
        code: 'file.rejectedMore',
        params: { file: rejects[0]!.file, count: rejects.length - maxNotices },
      });
  }

  #reject(reject: Reject): void {
    this.#rejects.push({ ...reject, text: unsliced(reject.text) });
  }

  #unknown(tag: string, file: string, line: number): void {
    if (this.#knownUnknown.has(tag) || this.#knownUnknown.size >= 1000) return;
    this.#knownUnknown.add(unsliced(tag));
    this.#context.notice({ code: 'file.unknownTag', params: { tag, file, line } });
  }

  /** Far before the rest of its file, or in the future: a clock without battery, or set wrong. */
  #oddTime(timeUs: number, file: string, line: number): boolean {
    const odd = timeUs < this.#referenceUs - plausibleBackUs || timeUs > this.#newestBelievable();
    if (!odd) this.#lastTimeUs = timeUs;
    else if (this.#odd++ < maxNotices)
      this.#context.notice({ code: 'file.oddTime', params: { file, line, time: formatTimeUs(timeUs) } });
    return odd;
  }

  #newest = 0;
  #newestCountdown = 0;
  /** A day from now, µs; asked of the clock once in many lines. */
  #newestBelievable(): number {
    if (this.#newestCountdown-- <= 0) {
      this.#newest = this.#context.clock.nowUs() + 86_400_000_000;
      this.#newestCountdown = 10_000;
    }
    return this.#newest;
  }

  /**
   * An empty batch whose ack keeps the end of the last file. It is acknowledged after all batches before it: kept at
   * once, a crash would lose those that were not durable yet.
   */
  #endReading(): Reading {
    this.#toldEnd = true;
    const reading = this.#reading();
    return {
      batch: reading.batch,
      ack: async () => {
        const before = this.#acked.finished;
        await reading.ack?.();
        if (!before) this.#context.notice({ code: 'file.finished', params: { ...this.#at.totals } });
      },
    };
  }

  /** Nothing more to read: waits for new lines, or for ever. */
  async #atEnd(abort: AbortSignal): Promise<void> {
    if (this.#config.follow) {
      await this.#context.clock.sleep(followMs, abort).catch(() => {});
      const list = await listFiles(this.#config.path);
      if (list.names.length > 0) this.#names = list.names;
      return;
    }
    await new Promise<void>((resolve) => {
      if (abort.aborted) resolve();
      else abort.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

/** Logs and tables in files: `type: file`. */
export const connector = defineConnector<FileConfig, FileAddress>({
  type: 'file',
  config: FileConfig,
  address: FileAddress,
  create: (options) => new FileConnector(options),
});
