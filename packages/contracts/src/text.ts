import { z } from 'zod';

/** A text for people: one string for every language, or one per language code. `ko` and `en` are always complete. */
export const LocalText = z.union([
  z.string().min(1).max(200),
  z.object({ ko: z.string().min(1).max(200), en: z.string().min(1).max(200) }).catchall(z.string().min(1).max(200)),
]);
export type LocalText = z.infer<typeof LocalText>;

/** The text in `language`, or English, or the one text there is. */
export function localText(text: LocalText, language: string): string {
  if (typeof text === 'string') return text;
  return text[language] ?? text.en;
}
