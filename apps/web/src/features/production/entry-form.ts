/** One field of a kiosk entry, or of a result, as the office corrects it. */
export interface EntryField {
  key: string;
  type: 'number' | 'text' | 'long' | 'yes' | 'choice' | 'defects' | 'lot' | 'tool' | 'correction' | 'stop';
  required?: true;
  choices?: readonly string[];
  /** Under which words the choices are named. */
  words?: string;
}

const note: EntryField = { key: 'note', type: 'long' };
const kinds: Readonly<Record<string, readonly EntryField[]>> = {
  start: [
    { key: 'order', type: 'text', required: true },
    { key: 'operation', type: 'number' },
    { key: 'tool', type: 'tool' },
    { key: 'parallel', type: 'yes' },
  ],
  confirm: [
    { key: 'good', type: 'number', required: true },
    { key: 'scrap', type: 'number' },
    { key: 'defects', type: 'defects' },
    { key: 'rework', type: 'number' },
    { key: 'reworked', type: 'number' },
    { key: 'reason', type: 'correction' },
    note,
  ],
  correct: [
    { key: 'good', type: 'number', required: true },
    { key: 'scrap', type: 'number' },
    { key: 'defects', type: 'defects' },
    { key: 'rework', type: 'number' },
    { key: 'reason', type: 'correction', required: true },
    note,
  ],
  correctReworked: [
    { key: 'good', type: 'number', required: true },
    { key: 'reworked', type: 'number' },
    { key: 'scrap', type: 'number' },
    { key: 'defects', type: 'defects' },
    { key: 'reason', type: 'correction', required: true },
    note,
  ],
  pause: [note],
  finish: [note],
  indirect: [
    { key: 'activity', type: 'text', required: true },
    { key: 'end', type: 'yes' },
  ],
  useLot: [
    { key: 'lot', type: 'lot', required: true },
    { key: 'quantity', type: 'number' },
  ],
  pack: [
    { key: 'quantity', type: 'number', required: true },
    { key: 'lot', type: 'lot' },
    { key: 'container', type: 'lot' },
  ],
  call: [
    { key: 'kind', type: 'choice', choices: ['maintenance', 'material', 'quality', 'supervisor'], words: 'call' },
    { key: 'text', type: 'long' },
  ],
  closeCall: [{ key: 'text', type: 'long' }],
  downtimeReason: [{ key: 'reason', type: 'stop', required: true }, note],
  change: [
    { key: 'kind', type: 'choice', choices: ['man', 'machine', 'material', 'method'], words: 'fourM' },
    { key: 'before', type: 'text' },
    { key: 'after', type: 'text' },
    { key: 'text', type: 'long' },
  ],
  handover: [{ key: 'text', type: 'long', required: true }],
};

/** The fields of a kind; none where there is nothing to correct. */
export function fieldsOf(kind: string): readonly EntryField[] {
  return kinds[kind] ?? [];
}

/** Refusals after which the pieces may be recorded although the book has no material for them. */
const shortCodes = new Set(['inventory.shortItem', 'inventory.short', 'operations.materialMissing']);
export function mayRecordShort(kind: string, code: string): boolean {
  return kind === 'confirm' && shortCodes.has(code);
}

/** The entry as it is sent again: empty fields left out, scrap as the sum of the defects where they are given. Pure. */
export function toSend(data: Readonly<Record<string, unknown>>, onCurrentRun: boolean) {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data))
    if (value !== undefined && value !== '' && !(key === 'run' && onCurrentRun)) kept[key] = value;
  if (Array.isArray(kept.defects)) {
    const defects = (kept.defects as { reason: string; quantity: number }[]).filter((d) => d.reason && d.quantity > 0);
    kept.defects = defects;
    const sum = sumOf(defects);
    if (defects.length > 0 && Number(kept.scrap ?? sum) < sum) kept.scrap = sum;
  }
  return kept;
}

/** The entry with one field changed. Scrap follows its defects: more of them name what had no name, fewer take pieces off. Pure. */
export function changed(data: Readonly<Record<string, unknown>>, key: string, value: unknown): Record<string, unknown> {
  const next: Record<string, unknown> = { ...data, [key]: value };
  if (key !== 'defects' || typeof data.scrap !== 'number') return next;
  const before = sumOf(data.defects);
  const after = sumOf(value);
  next.scrap = Math.max(after, data.scrap - Math.max(0, before - after));
  return next;
}

function sumOf(defects: unknown): number {
  return Array.isArray(defects) ? defects.reduce((sum: number, d) => sum + (Number(d.quantity) || 0), 0) : 0;
}

/** What is still missing before it can be entered. Pure. */
export function missingFields(kind: string, data: Readonly<Record<string, unknown>>): string[] {
  return fieldsOf(kind)
    .filter((f) => f.required && (data[f.key] === undefined || data[f.key] === ''))
    .map((f) => f.key);
}
