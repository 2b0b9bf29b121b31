import { setImmediate } from 'node:timers/promises';
import type { MasterKind } from '@deungdae/contracts/master.ts';
import { masterKinds } from '@deungdae/contracts/master.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { nearest } from '@deungdae/kernel/nearest.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { RecordCache } from '../../cache.ts';
import { referencesOf } from '../../domain/references.ts';
import { kindTerm } from '../../errors.ts';
import type {
  ImportColumn,
  ImportContext,
  ImportCounts,
  ImportRow,
  ImportRun,
  ImportTarget,
} from '../../import-target.ts';
import { type PutRecord, putRecords, wouldPut } from '../../put.ts';
import { codesOf, type Db, dbOf, existing } from '../../store.ts';
import { dayToUs } from '../wall-time.ts';
import type { KindTable, Values } from './kinds.ts';

export interface TargetSources {
  ledger: Ledger;
  cache: RecordCache;
}

/** Missing codes for which the most similar one is looked for; codes looked through. */
const nearestFor = 200;
const nearestAmong = 20_000;
const groupsAtOnce = 250;

interface Group {
  code: string;
  rows: ImportRow[];
}

/** One kind of master data as something to import. */
export function recordTarget(table: KindTable, sources: TargetSources): ImportTarget {
  const { title, help, columns } = table;
  return { id: table.kind, title, help, columns, begin: (context) => new RecordRun(table, sources, context) };
}

class RecordRun implements ImportRun {
  readonly #table: KindTable;
  readonly #sources: TargetSources;
  readonly #context: ImportContext;
  readonly #groups = new Map<string, Group>();
  /** Records that are left out, with the row that is to blame. */
  readonly #bad = new Map<Group, number>();
  readonly #badKeys = new Map<string, number>();
  /** Rows that have their own problem told. */
  readonly #told = new Set<number>();

  constructor(table: KindTable, sources: TargetSources, context: ImportContext) {
    this.#table = table;
    this.#sources = sources;
    this.#context = context;
  }

  async rows(rows: readonly ImportRow[]): Promise<void> {
    for (const row of rows) {
      const code = this.#table.code(row.values);
      const key = `${code}\n${row.values.revision ?? ''}`;
      if (code.length > 60 || code === '') {
        this.#value(row, null, code === '' ? 'code' : 'code > 60');
        continue;
      }
      const group = this.#groups.get(key);
      if (group && !this.#table.grouped) {
        const params = { value: code, row: group.rows[0]!.row };
        this.#context.report({ row: row.row, column: 'code', code: 'import.duplicate', params, severity: 'error' });
      } else if (group) group.rows.push(row);
      else this.#groups.set(key, { code, rows: [row] });
    }
  }

  bad(rows: readonly ImportRow[]): void {
    if (!this.#table.grouped) return;
    for (const { row, values } of rows) {
      const key = `${this.#table.code(values)}\n${values.revision ?? ''}`;
      if (!this.#badKeys.has(key)) this.#badKeys.set(key, row);
    }
  }

  async end(): Promise<ImportCounts> {
    const { tx } = this.#context;
    for (const [key, row] of this.#badKeys) {
      const group = this.#groups.get(key);
      if (group) this.#bad.set(group, row);
    }
    const db = dbOf(this.#sources.ledger, tx);
    const made = new Map<Group, PutRecord>();
    let turn = 0;
    for (const group of this.#groups.values()) {
      // Machines and people are served in between.
      if (++turn % groupsAtOnce === 0) await setImmediate();
      const record = this.#record(group);
      if (record) made.set(group, record);
    }
    await this.#checkReferences(db, made);
    this.#leaveOut(made);
    const records = [...made.values()];
    const groupOf = new Map([...made].map(([group, record]) => [record, group]));
    const onBad = (record: PutRecord, error: CodedError) =>
      this.#report(groupOf.get(record)!.rows[0]!, null, error.code, error.params);
    const { actor, nowUs, source } = this.#context;
    const context = { actor, nowUs, source, cache: this.#sources.cache, onBad, isValid: true };
    if (!tx) return wouldPut(db, records, context);
    const { done: _over, ...counts } = await putRecords(tx, records, context);
    return counts;
  }

  #record(group: Group): PutRecord | null {
    const { kind } = this.#table;
    const first = group.rows[0]!.values;
    const data = masterKinds[kind].safeParse(this.#table.data(group.rows.map((r) => r.values)));
    if (!data.success) {
      for (const issue of data.error.issues.slice(0, 20)) this.#issue(group, issue.path, issue.message);
      return null;
    }
    return {
      ...{ kind, code: group.code, data: data.data },
      ...(first.revision === undefined ? {} : { revision: String(first.revision) }),
      ...(first.validFrom === undefined ? {} : { validFrom: dayToUs(String(first.validFrom), this.#context.timeZone) }),
      ...(first.active === undefined ? {} : { active: first.active === true }),
    };
  }

  /** A schema's objection, told at the row and column that it is about. */
  #issue(group: Group, path: readonly PropertyKey[], message: string): void {
    const at = typeof path[1] === 'number' ? path[1] : 0;
    const row = group.rows[Math.min(at, group.rows.length - 1)]!;
    const name = String((typeof path[1] === 'number' ? path[2] : path[0]) ?? '');
    this.#blame(group, row);
    this.#value(row, this.#columnNamed(name), message);
  }

  #blame(group: Group, row: ImportRow): void {
    if (!this.#bad.has(group)) this.#bad.set(group, row.row);
  }

  #columnNamed(name: string): ImportColumn | null {
    return this.#table.columns.find((c) => c.id === name) ?? null;
  }

  #value(row: ImportRow, column: ImportColumn | null, detail: string): void {
    const name = column?.name.ko ?? '-';
    this.#report(row, column, 'import.value', { column: name, detail });
  }

  #report(
    row: ImportRow,
    column: ImportColumn | null,
    code: string,
    params: CodedError['params'],
    near?: string | null,
  ) {
    const place = { row: row.row, column: column?.id ?? null };
    this.#told.add(row.row);
    this.#context.report({ ...place, code, params, severity: 'error', nearest: near ?? null });
  }

  /** Codes that must be there and are not: neither in the master data nor, for a tree, in the file itself. */
  async #checkReferences(db: Db, made: Map<Group, PutRecord>): Promise<void> {
    const wanted = new Map<MasterKind, Map<string, Group[]>>();
    for (const [group, record] of made)
      for (const reference of referencesOf(record.kind, record.data as never)) {
        if (!reference.must) continue;
        const ofKind = wanted.get(reference.kind) ?? new Map<string, Group[]>();
        wanted.set(reference.kind, ofKind);
        ofKind.set(reference.code, [...(ofKind.get(reference.code) ?? []), group]);
      }
    const inFile = new Set([...made.values()].map((r) => r.code));
    for (const [kind, codes] of wanted) {
      const there = await existing(db, kind, [...codes.keys()]);
      const missing = [...codes.keys()].filter((c) => !there.has(c) && !(kind === this.#table.kind && inFile.has(c)));
      if (missing.length === 0) continue;
      const known = await codesOf(db, kind, nearestAmong);
      missing.forEach((code, i) => {
        const near = i < nearestFor ? nearest(code, known) : null;
        for (const group of codes.get(code)!) this.#missing(group, kind, code, near);
      });
    }
  }

  #missing(group: Group, kind: MasterKind, code: string, near: string | null): void {
    const columns = this.#table.columns.filter((c) => c.refers === kind);
    const holds = (values: Values, c: ImportColumn) =>
      values[c.id] === code || (values[c.id] as string[])?.includes?.(code);
    for (const row of group.rows) {
      const column = columns.find((c) => holds(row.values, c));
      if (!column) continue;
      this.#blame(group, row);
      this.#report(row, column, 'import.missing', { kind: kindTerm(kind), value: code }, near);
    }
  }

  /** A record is whole or not at all: the good rows of one with a bad row say why they are left out. */
  #leaveOut(made: Map<Group, PutRecord>): void {
    for (const [group, blamed] of this.#bad) {
      made.delete(group);
      for (const row of group.rows.filter((r) => !this.#told.has(r.row)))
        this.#report(row, null, 'import.groupBad', { row: blamed, group: group.code, value: group.code });
    }
  }
}
