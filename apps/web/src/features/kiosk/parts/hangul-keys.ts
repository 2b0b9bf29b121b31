/**
 * A scanner types keys, not letters: with the Korean input method on, `WO` comes out as `ㅉㅒ`. The two-set layout
 * (두벌식, KS X 5002) is one to one, so the keys can be read back from the Hangul.
 */
const singles: Record<string, string> = {
  ...{ ㅂ: 'q', ㅈ: 'w', ㄷ: 'e', ㄱ: 'r', ㅅ: 't', ㅛ: 'y', ㅕ: 'u', ㅑ: 'i', ㅐ: 'o', ㅔ: 'p' },
  ...{ ㅁ: 'a', ㄴ: 's', ㅇ: 'd', ㄹ: 'f', ㅎ: 'g', ㅗ: 'h', ㅓ: 'j', ㅏ: 'k', ㅣ: 'l' },
  ...{ ㅋ: 'z', ㅌ: 'x', ㅊ: 'c', ㅍ: 'v', ㅠ: 'b', ㅜ: 'n', ㅡ: 'm' },
  // With Shift; every other key gives the same letter with Shift as without.
  ...{ ㅃ: 'Q', ㅉ: 'W', ㄸ: 'E', ㄲ: 'R', ㅆ: 'T', ㅒ: 'O', ㅖ: 'P' },
};
/** Typed as two keys. */
const pairs: Record<string, string> = {
  ...{ ㅘ: 'hk', ㅙ: 'ho', ㅚ: 'hl', ㅝ: 'nj', ㅞ: 'np', ㅟ: 'nl', ㅢ: 'ml' },
  ...{ ㄳ: 'rt', ㄵ: 'sw', ㄶ: 'sg', ㄺ: 'fr', ㄻ: 'fa', ㄼ: 'fq', ㄽ: 'ft', ㄾ: 'fx', ㄿ: 'fv', ㅀ: 'fg', ㅄ: 'qt' },
};
const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const vowels = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ';
const finals = ' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ';
const firstSyllable = 0xac00;
const lastSyllable = 0xd7a3;

export function hasHangul(text: string): boolean {
  return /[ㄱ-ㅣ가-힣]/.test(text);
}

function jamoOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < firstSyllable || code > lastSyllable) return character;
  const index = code - firstSyllable;
  const final = finals[index % 28]!;
  return `${initials[Math.floor(index / 588)]}${vowels[Math.floor((index % 588) / 28)]}${final === ' ' ? '' : final}`;
}

/**
 * The keys behind a text that came through the Korean input method; other characters stay. Only seven keys tell whether
 * Shift was down: when one of them says lower case all letters are, else they are capitals, as codes mostly are.
 */
export function keysOfHangul(text: string): string {
  if (!hasHangul(text)) return text;
  const jamo = [...text].map(jamoOf).join('');
  const small = /[ㅂㅈㄷㄱㅅㅐㅔㄳㄵㄺㄼㄽㅄㅙㅞ]/.test(jamo);
  const keys = [...jamo].map((j) => pairs[j] ?? singles[j] ?? j).join('');
  return small ? keys : keys.toUpperCase();
}
