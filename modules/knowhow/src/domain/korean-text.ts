/**
 * Korean as people type it, made comparable. Words are cut into letters (jamo), so that a particle, an ending or one
 * wrong vowel changes a few letters and not the word; three neighbouring letters make one gram.
 */
const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const vowels = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ';
const finals = ' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ';
const first = 0xac00;
const last = 0xd7a3;

/** Particles that a word may end in, the longest first; a word is never shortened below two syllables. */
const particles = [
  ...['에서는', '으로는', '에서', '으로', '까지', '부터', '보다', '처럼', '하고', '이나', '이랑'],
  ...['은', '는', '이', '가', '을', '를', '에', '의', '로', '도', '만', '과', '와', '랑'],
];

/** Letters of the Korean keyboard (dubeolsik) by the Latin key: qjfl → 버리. */
const keys: Record<string, string> = Object.fromEntries(
  [...'rRseEfaqQtTdwWczxvgkoiOjpuPhynbml'].map((key, i) => [
    key,
    [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎㅏㅐㅑㅒㅓㅔㅕㅖㅗㅛㅜㅠㅡㅣ'][i]!,
  ]),
);
/** Compound letters are typed as two. */
const compounds: Record<string, string> = {
  ...{ ㅘ: 'ㅗㅏ', ㅙ: 'ㅗㅐ', ㅚ: 'ㅗㅣ', ㅝ: 'ㅜㅓ', ㅞ: 'ㅜㅔ', ㅟ: 'ㅜㅣ', ㅢ: 'ㅡㅣ' },
  ...{
    ㄳ: 'ㄱㅅ',
    ㄵ: 'ㄴㅈ',
    ㄶ: 'ㄴㅎ',
    ㄺ: 'ㄹㄱ',
    ㄻ: 'ㄹㅁ',
    ㄼ: 'ㄹㅂ',
    ㄽ: 'ㄹㅅ',
    ㄾ: 'ㄹㅌ',
    ㄿ: 'ㄹㅍ',
    ㅀ: 'ㄹㅎ',
    ㅄ: 'ㅂㅅ',
  },
};

function lettersOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < first || code > last) return compounds[character] ?? character;
  const index = code - first;
  const vowel = vowels[Math.floor((index % 588) / 28)]!;
  const final = finals[index % 28]!;
  return initials[Math.floor(index / 588)]! + (compounds[vowel] ?? vowel) + (compounds[final] ?? final).trim();
}

/** The letters of a text: `버리` → ㅂㅓㄹㅣ. */
export function letters(text: string): string {
  return [...text].map(lettersOf).join('');
}

/** Initial consonants of a word: `사출기` → ㅅㅊㄱ; other characters as they are. */
export function initialsOf(word: string): string {
  return [...word]
    .map((character) => {
      const code = character.charCodeAt(0);
      return code < first || code > last ? character : initials[Math.floor((code - first) / 588)]!;
    })
    .join('');
}

/** What was typed with the keyboard left in English, as Korean letters; null when it cannot be that. */
export function mistypedKorean(word: string): string | null {
  if (!/^[a-zA-Z]{3,}$/.test(word)) return null;
  return [...word].map((key) => keys[key] ?? keys[key.toLowerCase()]!).join('');
}

/** Words of a text in lower case, without particles. */
export function words(text: string): string[] {
  const found =
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return found.map(withoutParticle);
}

function withoutParticle(word: string): string {
  const particle = particles.find((p) => word.length - p.length >= 2 && word.endsWith(p));
  return particle === undefined || !/[가-힣]/.test(word[word.length - particle.length - 1]!)
    ? word
    : word.slice(0, -particle.length);
}

/** Overlapping triples of a word's letters, with its beginning and end marked. */
export function grams(word: string): string[] {
  return triples(letters(word));
}

export function triples(wordLetters: string): string[] {
  const marked = `^${wordLetters}$`;
  if (marked.length <= 3) return [marked];
  return Array.from({ length: marked.length - 2 }, (_, i) => marked.slice(i, i + 3));
}
