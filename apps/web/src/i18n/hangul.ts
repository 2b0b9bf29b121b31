const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const firstSyllable = 0xac00;
const lastSyllable = 0xd7a3;
/** Syllables that share an initial consonant: 21 vowels × 28 finals. */
const syllablesPerInitial = 588;

/** The initial consonant of a Hangul syllable; any other character as it is. */
export function initialOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < firstSyllable || code > lastSyllable) return character;
  return initials[Math.floor((code - firstSyllable) / syllablesPerInitial)] ?? character;
}

/**
 * Where `query` begins in `text`, or -1. Case and spaces do not matter; a bare consonant matches any syllable that
 * begins with it (ㅅㅊ finds 사출), and may be mixed with whole syllables (사ㅊ).
 */
export function findText(text: string, query: string): number {
  const wanted = [...query.toLowerCase()].filter((c) => c !== ' ');
  const present = [...text.toLowerCase()].filter((c) => c !== ' ');
  if (wanted.length === 0) return 0;
  for (let start = 0; start + wanted.length <= present.length; start++) {
    let length = 0;
    while (length < wanted.length && sameLetter(present[start + length]!, wanted[length]!)) length++;
    if (length === wanted.length) return start;
  }
  return -1;
}

function sameLetter(present: string, wanted: string): boolean {
  return present === wanted || (initials.includes(wanted) && initialOf(present) === wanted);
}

/** Letters of the Revised Romanization, in the order of Unicode; syllable by syllable, without sound changes. */
const latin = {
  initials: 'g kk n d tt r m b pp s ss - j jj ch k t p h'.split(' ').map((s) => s.replace('-', '')),
  vowels: 'a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i'.split(' '),
  finals: '- k k ks n nj nh t l lk lm lb ls lt lp lh m p ps t t ng t t k t p t'
    .split(' ')
    .map((s) => s.replace('-', '')),
};

/** Hangul written in Latin letters, for ids made of names: 프레스 → peureseu. Other characters as they are. */
export function romanized(text: string): string {
  return [...text]
    .map((character) => {
      const index = character.charCodeAt(0) - firstSyllable;
      if (index < 0 || index > lastSyllable - firstSyllable) return character;
      const initial = latin.initials[Math.floor(index / syllablesPerInitial)]!;
      const vowel = latin.vowels[Math.floor((index % syllablesPerInitial) / 28)]!;
      return initial + vowel + latin.finals[index % 28]!;
    })
    .join('');
}
