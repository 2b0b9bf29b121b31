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
