/**
 * A condition (MTConnect) travels as one text in SHDR order: `LEVEL|nativeCode|nativeSeverity|qualifier|text`.
 * `|` and `\` inside a part are escaped with `\`.
 */
export type ConditionLevel = 'NORMAL' | 'WARNING' | 'FAULT' | 'UNAVAILABLE';

export interface Condition {
  level: ConditionLevel;
  nativeCode: string;
  nativeSeverity: string;
  qualifier: string;
  text: string;
}

const levels: readonly string[] = ['NORMAL', 'WARNING', 'FAULT', 'UNAVAILABLE'];

export function formatCondition(c: Condition): string {
  return [c.level, c.nativeCode, c.nativeSeverity, c.qualifier, c.text]
    .map((part) => part.replace(/[\\|]/g, '\\$&'))
    .join('|');
}

/** Null when the text is not a condition. Levels are accepted in any case. */
export function parseCondition(text: string): Condition | null {
  const parts = text.match(/(?:[^\\|]|\\.)*(?:\||$)/g)?.slice(0, 5) ?? [];
  const [level = '', nativeCode = '', nativeSeverity = '', qualifier = '', message = ''] = parts.map((part) =>
    part.replace(/\|$/, '').replace(/\\(.)/g, '$1'),
  );
  const known = level.toUpperCase();
  if (!levels.includes(known)) return null;
  return { level: known as ConditionLevel, nativeCode, nativeSeverity, qualifier, text: message };
}
