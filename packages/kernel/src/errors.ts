import { wordsOf } from './error-words.ts';

/**
 * Errors carry a code, and the code's text says in Korean and English what happened and what to do. Each package
 * declares its codes once with `defineErrors`; a test checks that both languages name the same parameters.
 */
export interface ErrorText {
  /** What happened, with `{param}` holes. */
  ko: string;
  en: string;
  /** What to do now. */
  doKo: string;
  doEn: string;
}

export type ErrorParams = Record<string, string | number>;

export class CodedError extends Error {
  readonly code: string;
  readonly params: ErrorParams;
  /** HTTP status when it reaches the API. */
  readonly status: number;

  constructor(code: string, params: ErrorParams = {}, options: { cause?: unknown; status?: number } = {}) {
    super(`${code}: ${explain(code, params, 'en')}`, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'CodedError';
    this.code = code;
    this.params = params;
    this.status = options.status ?? 500;
  }
}

const catalogue = new Map<string, ErrorText>();

/** Registers codes, and returns a function that makes an error of one of them. */
export function defineErrors<const T extends Record<string, ErrorText>>(texts: T) {
  for (const [code, text] of Object.entries(texts)) {
    const earlier = catalogue.get(code);
    if (earlier && earlier !== text && JSON.stringify(earlier) !== JSON.stringify(text))
      throw new Error(`error code declared twice: ${code}`);
    catalogue.set(code, text);
  }
  return (code: keyof T & string, params?: ErrorParams, options?: { cause?: unknown; status?: number }) =>
    new CodedError(code, params, options);
}

/** All registered codes; the user guide's error list is made from it. */
export function errorCatalogue(): ReadonlyMap<string, ErrorText> {
  return catalogue;
}

const terms = new Map<string, { ko: string; en: string }>();

/** Words that stand in error parameters and differ by language, e.g. `@kind.item`: 품목, item. Keys begin with `@`. */
export function defineTerms(given: Record<`@${string}`, { ko: string; en: string }>): void {
  for (const [key, term] of Object.entries(given)) terms.set(key, term);
}

export function explain(code: string, params: ErrorParams, language: string): string {
  const text = catalogue.get(code);
  return text ? fill(language === 'ko' ? text.ko : text.en, params, language) : code;
}

export function advise(code: string, params: ErrorParams, language: string): string {
  const text = catalogue.get(code);
  return text ? fill(language === 'ko' ? text.doKo : text.doEn, params, language) : '';
}

function fill(text: string, params: ErrorParams, language: string): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const value = String(params[name] ?? hole);
    const term = terms.get(value);
    return term ? (language === 'ko' ? term.ko : term.en) : wordsOf(name, value, language);
  });
}

/** Any thrown thing as a CodedError: known ones as they are, others under `fallback`. */
export function toCoded(error: unknown, fallback: string, params: ErrorParams = {}): CodedError {
  if (error instanceof CodedError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new CodedError(fallback, { detail, ...params }, { cause: error });
}
