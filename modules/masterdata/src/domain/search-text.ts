/** Initial consonants of the syllable block U+AC00…, in their order: 588 syllables begin with each. */
const consonants = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';

/** `사출 커버` → `ㅅㅊㅋㅂ`: as people type it when in a hurry. Empty when there is no Hangul. */
function initials(text: string): string {
  let out = '';
  for (const letter of text) {
    const index = letter.codePointAt(0)! - 0xac00;
    if (index >= 0 && index < 11_172) out += consonants[Math.floor(index / 588)];
  }
  return out;
}

/** What a search looks in: code, names, specification and the like, lower case, at most 2,000 characters. */
export function searchText(code: string, data: Record<string, unknown>): string {
  const { name, names, spec, group, customerCode, registration, item, gtin } = data;
  const texts = [code, name, ...Object.values((names as object | undefined) ?? {}), spec, group, customerCode]
    .concat([registration, item, gtin])
    .filter((part): part is string => typeof part === 'string' && part !== '');
  const own = typeof name === 'string' ? initials(name) : '';
  return normalise([...texts, own].join(' ')).slice(0, 2000);
}

/** A person's search words in the form of `searchText`; each must occur. */
export function searchWords(text: string): string[] {
  return normalise(text).split(/\s+/).filter(Boolean).slice(0, 8);
}

function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

export function nameOf(code: string, data: Record<string, unknown>): string {
  const { name, item, variant } = data;
  if (typeof name === 'string') return name;
  if (typeof item === 'string') return variant ? `${item} ${variant}` : item;
  return code;
}
