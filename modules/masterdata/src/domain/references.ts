import type { MasterData, MasterKind } from '@deungdae/contracts/master.ts';

export interface Reference {
  /** What the other record is to this one. */
  role: string;
  kind: MasterKind;
  code: string;
  /** Must exist when this record is stored; the others may come later. */
  must: boolean;
}

type Extract = { [K in MasterKind]?: (data: MasterData<K>) => Reference[] };

const must = (kind: MasterKind, role: string, ...codes: readonly (string | undefined)[]): Reference[] =>
  codes.flatMap((code) => (code ? [{ role, kind, code, must: true }] : []));
const may = (kind: MasterKind, role: string, ...codes: readonly (string | undefined)[]): Reference[] =>
  must(kind, role, ...codes).map((r) => ({ ...r, must: false }));

const extract: Extract = {
  bom: (d) => [
    ...must('item', 'item', d.item),
    ...d.lines.flatMap((line) => [
      ...must('item', 'component', line.component),
      ...must('item', 'alternate', ...line.alternates),
    ]),
  ],
  routing: (d) => [
    ...must('item', 'item', d.item),
    ...d.operations.flatMap((o) => [
      ...must('workCentre', 'workCentre', o.workCentre),
      ...may('partner', 'partner', ...o.partners),
      ...may('tool', 'tool', ...o.tools),
      ...may('skill', 'skill', ...o.skills),
      ...may('inspectionPlan', 'inspectionPlan', ...o.inspectionPlans),
    ]),
  ],
  tool: (d) => [
    ...must('item', 'item', ...d.items),
    ...may('partner', 'owner', d.owner),
    ...may('location', 'location', d.location),
  ],
  location: (d) => [...must('location', 'parent', d.parent), ...may('partner', 'partner', d.partner)],
  reason: (d) => [...must('reason', 'parent', d.parent), ...may('item', 'item', ...d.items)],
  inspectionPlan: (d) => [
    ...must('item', 'item', d.item),
    ...may('tool', 'gauge', ...d.characteristics.map((c) => c.gauge)),
  ],
};

/** What a record refers to, each once. */
export function referencesOf<K extends MasterKind>(kind: K, data: MasterData<K>): Reference[] {
  const of = extract[kind] as ((data: MasterData<K>) => Reference[]) | undefined;
  if (!of) return [];
  const seen = new Map<string, Reference>();
  for (const reference of of(data)) seen.set(`${reference.role}\n${reference.kind}\n${reference.code}`, reference);
  return [...seen.values()];
}
