/**
 * A keyboard-wedge scanner types keys. Where the PC's Korean input is on, the keys come as jamo and syllables:
 * `L261125` arrives as `ㅣ261125`. This turns them back into the keys of the two-set keyboard (KS X 5002).
 */
const initials = 'r R s e E f a q Q t T d w W c z x v g'.split(' ');
const vowels = 'k o i O j p u P h hk ho hl y n nj np nl b m ml l'.split(' ');
const finals = ' r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g'.split(' ');
/** U+3131 to U+3163. */
const jamo = (
  'r R rt s sw sg e E f fr fa fq ft fx fv fg a q Q qt t T d w W c z x v g ' +
  'k o i O j p u P h hk ho hl y n nj np nl b m ml l'
).split(' ');

const syllableStart = 0xac00;
const syllableEnd = 0xd7a3;

/** Hangul as the keys that were typed; everything else as it is. */
export function hangulToKeys(text: string): string {
  let keys = '';
  for (const char of text.normalize('NFC')) {
    const code = char.codePointAt(0)!;
    if (code >= syllableStart && code <= syllableEnd) {
      const index = code - syllableStart;
      keys += initials[Math.floor(index / 588)]! + vowels[Math.floor(index / 28) % 21]! + finals[index % 28]!;
    } else keys += jamo[code - 0x3131] ?? char;
  }
  return keys;
}
