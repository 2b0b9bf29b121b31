import type { LocalText } from '@deungdae/contracts/text.ts';

/** A text of the plant file in the screen's language. `name` fields of some routes come untyped. */
export function plantText(text: unknown, language: string): string {
  if (typeof text === 'string') return text;
  const byLanguage = text as Record<string, string> | null;
  return byLanguage?.[language] ?? byLanguage?.en ?? '';
}

export type { LocalText };
