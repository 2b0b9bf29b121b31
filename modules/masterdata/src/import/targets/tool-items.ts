import type { MasterData, MasterRecord } from '@deungdae/contracts/master.ts';
import { nearest } from '@deungdae/kernel/nearest.ts';
import { kindTerm } from '../../errors.ts';
import type { ImportContext, ImportCounts, ImportRow, ImportRun, ImportTarget } from '../../import-target.ts';
import { type PutRecord, putRecords, wouldPut } from '../../put.ts';
import { codesOf, dbOf, existing, revisionsOf } from '../../store.ts';
import { column, itemNames, many, must, refersItem } from './columns.ts';
import type { TargetSources } from './record-target.ts';

const nearestAmong = 20_000;

/** Which item is made on which moulds: adds the item to the tools' lists, which the tools' own file often lacks. */
export function toolItemsTarget(sources: TargetSources): ImportTarget {
  return {
    id: 'toolItems',
    title: { ko: '품목별 금형', en: 'moulds of items' },
    help: {
      ko: '한 행이 품목 하나와 그 금형들입니다. 금형의 생산품목에 더합니다.',
      en: 'Each row is an item with its moulds; the item is added to what the moulds make.',
    },
    columns: [
      column('item', 'code', '품번', 'item', `${itemNames} 품목코드`, { ...must, ...refersItem }),
      column('tools', 'code', '금형번호', 'tools', '금형 금형목록 moldlist moldno tool', {
        ...{ ...must, ...many },
        refers: 'tool',
      }),
    ],
    begin: (context) => new ToolItemsRun(sources, context),
  };
}

class ToolItemsRun implements ImportRun {
  readonly #sources: TargetSources;
  readonly #context: ImportContext;
  readonly #rows: ImportRow[] = [];

  constructor(sources: TargetSources, context: ImportContext) {
    this.#sources = sources;
    this.#context = context;
  }

  async rows(rows: readonly ImportRow[]): Promise<void> {
    this.#rows.push(...rows);
  }

  async end(): Promise<ImportCounts> {
    const { tx, actor, nowUs, source } = this.#context;
    const db = dbOf(this.#sources.ledger, tx);
    const tools = await revisionsOf(
      db,
      'tool',
      this.#rows.flatMap((r) => r.values.tools as string[]),
    );
    const items = await existing(
      db,
      'item',
      this.#rows.map((r) => String(r.values.item)),
    );
    const knownTools = await codesOf(db, 'tool', nearestAmong);
    const knownItems = await codesOf(db, 'item', nearestAmong);
    const added = new Map<string, Set<string>>();
    for (const row of this.#rows) {
      const item = String(row.values.item);
      const lost = (row.values.tools as string[]).filter((tool) => !tools.has(tool));
      for (const tool of lost) this.#missing(row, 'tools', 'tool', tool, nearest(tool, knownTools));
      if (!items.has(item)) this.#missing(row, 'item', 'item', item, nearest(item, knownItems));
      else if (lost.length === 0)
        for (const tool of row.values.tools as string[])
          added.set(tool, (added.get(tool) ?? new Set<string>()).add(item));
    }
    const records = [...added].map(([code, more]) => withItems(tools.get(code)!, more));
    const context = { actor, nowUs, source, cache: this.#sources.cache };
    if (!tx) return wouldPut(db, records, context);
    const { done: _over, ...counts } = await putRecords(tx, records, context);
    return counts;
  }

  #missing(row: ImportRow, at: string, kind: 'tool' | 'item', value: string, near: string | null): void {
    const params = { kind: kindTerm(kind), value };
    this.#context.report({
      ...{ row: row.row, column: at, code: 'import.missing', params },
      ...{ severity: 'error', nearest: near },
    });
  }
}

function withItems(revisions: readonly MasterRecord[], more: ReadonlySet<string>): PutRecord {
  const newest = [...revisions].sort((a, b) => (b.validFrom ?? -1) - (a.validFrom ?? -1))[0]!;
  const data = newest.data as MasterData<'tool'>;
  const items = [...new Set([...data.items, ...more])];
  return { kind: 'tool', code: newest.code, revision: newest.revision, data: { ...data, items } };
}
