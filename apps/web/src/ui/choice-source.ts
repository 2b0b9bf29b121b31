/** One thing that can be picked. */
export interface Choice {
  /** What is stored: a code, a path, a number. */
  value: string;
  name: string;
  /** Printed beside the name, and what a scanner types; the value when left out. */
  code?: string;
}

/** Where a picker looks. Every `find` gives at most `choiceLimit`. */
export interface ChoiceSource {
  /** Of the query cache: what is found depends on it and on the words alone. */
  key: readonly unknown[];
  find: (words: string, signal?: AbortSignal) => Promise<readonly Choice[]>;
  /** Names of values that are chosen already; one that is not known is left out. */
  named: (values: readonly string[], signal?: AbortSignal) => Promise<readonly Choice[]>;
  /** What a scanned label means, where a label says more than the code. Null when it is none of these. */
  scanned?: (label: string) => Promise<Choice | null>;
}

export const choiceLimit = 50;

export const codeOf = (choice: Choice): string => choice.code ?? choice.value;

/** The choice whose code was typed whole; case does not matter. */
export function exactly(choices: readonly Choice[], text: string): Choice | null {
  const wanted = text.trim().toLowerCase();
  return choices.find((c) => codeOf(c).toLowerCase() === wanted || c.value.toLowerCase() === wanted) ?? null;
}

/**
 * What a text handed over with Enter means: a code typed whole, else what the label says, else the only one found.
 * A scanner types faster than a list can follow, so the list is asked for this very text.
 */
export async function handedOver(source: ChoiceSource, text: string): Promise<Choice | null> {
  const found = await source.find(text);
  const whole = exactly(found, text);
  if (whole) return whole;
  const label = await source.scanned?.(text);
  return label ?? (found.length === 1 ? found[0]! : null);
}
