import type { ImportMapping } from '@deungdae/contracts/api-masterdata.ts';
import { nearest } from '@deungdae/kernel/nearest.ts';
import { type Header, plainName } from '@deungdae/tabular/header.ts';
import type { ImportColumn, ImportTarget } from '../import-target.ts';
import { importError } from './errors.ts';

type HeaderColumn = Header['columns'][number];

/** How surely a heading means a column: 4 the same words, 3 the same in its lowest line, 2 contained, 1 a slip of the pen. */
function likeness(header: HeaderColumn, names: readonly string[]): number {
  const whole = plainName(header.name);
  const last = plainName(header.parts.at(-1) ?? '');
  if (names.includes(whole)) return 4;
  if (names.includes(last)) return 3;
  // `item` is in `itemsWeight` too: only what makes most of the heading speaks for it.
  const most = Math.max(3, whole.length * 0.6);
  const contained = names.some((name) => name.length >= most && (whole.endsWith(name) || whole.startsWith(name)));
  if (contained) return 2;
  return whole.length >= 5 && nearest(whole, names) !== null ? 1 : 0;
}

function namesOf(column: ImportColumn): string[] {
  return [column.id, column.name.ko, column.name.en, ...column.aliases].map(plainName);
}

/** The mapping that the names suggest: each heading to at most one column, the surest first. Pure. */
export function proposeMapping(header: Header, target: ImportTarget): ImportMapping {
  const pairs: { index: number; column: ImportColumn; score: number; order: number }[] = [];
  target.columns.forEach((column, order) => {
    const names = namesOf(column);
    for (const heading of header.columns) {
      const score = likeness(heading, names);
      if (score > 0) pairs.push({ index: heading.index, column, score, order });
    }
  });
  pairs.sort((a, b) => b.score - a.score || a.order - b.order || a.index - b.index);
  const columns: Record<string, string> = {};
  const used = new Set<string>();
  for (const { index, column } of pairs) {
    if (columns[index] !== undefined || used.has(column.id)) continue;
    columns[index] = column.id;
    used.add(column.id);
  }
  return { columns, constants: {} };
}

/** Targets by how well the heading fits them, best first; those that lack a needed column come after all others. */
export function rankTargets(header: Header, targets: readonly ImportTarget[]): { target: string; score: number }[] {
  return targets
    .map((target) => {
      const mapped = new Set(Object.values(proposeMapping(header, target).columns));
      const needed = target.columns.filter((c) => c.required && !c.choices);
      const found = needed.filter((c) => mapped.has(c.id)).length;
      const fit = mapped.size / Math.max(1, header.columns.length);
      return { target: target.id, score: (needed.length === 0 ? 0 : found / needed.length) + fit };
    })
    .sort((a, b) => b.score - a.score);
}

/** Throws `import.notMapped` or `import.mappedTwice`. */
export function checkMapping(mapping: ImportMapping, target: ImportTarget, language: string): void {
  const given = Object.values(mapping.columns);
  const name = (column: ImportColumn) => (language === 'ko' ? column.name.ko : column.name.en);
  for (const column of target.columns) {
    const times = given.filter((id) => id === column.id).length;
    if (column.required && times === 0 && !mapping.constants[column.id])
      throw importError('import.notMapped', { column: name(column) }, { status: 400 });
    if (times > 1 && !column.many) throw importError('import.mappedTwice', { column: name(column) }, { status: 400 });
  }
}
