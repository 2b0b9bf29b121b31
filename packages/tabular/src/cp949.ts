/**
 * CP949 (Windows' Korean, "Unified Hangul Code"). The runtime's `euc-kr` lacks the 8,822 syllables that CP949 added to
 * KS X 1001, such as 뷁 and 똠; they stand in Unicode's order in the places that EUC-KR left free, so the table is made,
 * not stored.
 */
let table: Uint16Array | null = null;
const unknown = 0xfffd;

function makeTable(): Uint16Array {
  const made = new Uint16Array(0x10000).fill(unknown);
  const decoder = new TextDecoder('euc-kr');
  const standard = new Set<number>();
  for (let lead = 0xa1; lead <= 0xfe; lead++)
    for (let trail = 0xa1; trail <= 0xfe; trail++) {
      const text = decoder.decode(new Uint8Array([lead, trail]));
      if (text.length !== 1) continue;
      made[(lead << 8) | trail] = text.charCodeAt(0);
      standard.add(text.charCodeAt(0));
    }
  let syllable = 0xac00;
  for (let lead = 0x81; lead <= 0xc6; lead++)
    for (let trail = 0x41; trail <= (lead < 0xa1 ? 0xfe : 0xa0); trail++) {
      if ((trail > 0x5a && trail < 0x61) || (trail > 0x7a && trail < 0x81)) continue;
      while (standard.has(syllable)) syllable++;
      if (syllable > 0xd7a3) return made;
      made[(lead << 8) | trail] = syllable++;
    }
  return made;
}

/** Decodes pieces; a letter may be cut between two. What is no letter becomes U+FFFD. */
export class Cp949Decoder {
  #lead = 0;

  decode(bytes: Uint8Array = new Uint8Array(), options: { stream?: boolean } = {}): string {
    table ??= makeTable();
    const out = new Uint16Array(2 * bytes.length + 2);
    let length = 0;
    for (const byte of bytes) {
      if (this.#lead > 0) {
        const letter = table[(this.#lead << 8) | byte]!;
        this.#lead = 0;
        out[length++] = letter;
        // A broken pair does not swallow the plain letter behind it, which may be a delimiter.
        if (letter === unknown && byte < 0x80) out[length++] = byte;
      } else if (byte < 0x80) out[length++] = byte;
      else if (byte > 0x80 && byte < 0xff) this.#lead = byte;
      else out[length++] = unknown;
    }
    if (!options.stream && this.#lead > 0) {
      this.#lead = 0;
      out[length++] = unknown;
    }
    return Buffer.from(out.buffer, 0, length * 2).toString('utf16le');
  }
}
