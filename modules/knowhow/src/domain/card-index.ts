import { grams, initialsOf, letters, mistypedKorean, triples, words } from './korean-text.ts';

/** The searchable texts of a card, the most telling first. */
export interface CardTexts {
  id: string;
  fields: readonly { text: string; weight: number }[];
}

interface Entry {
  /** Weight of each gram in the card. */
  grams: Map<string, number>;
  /** All words by their letters and by their initial consonants. */
  words: Set<string>;
  initials: Set<string>;
  length: number;
}

/** BM25: a term that stands often in a card says less and less more; long cards do not win by length. */
const k1 = 1.2;
const b = 0.5;

/**
 * Cards in memory, found by words as people type them: with particles and endings, misspelt by a letter, by initial
 * consonants (ㅂㄹ), or with the keyboard left in English. A few ten thousand cards are searched in milliseconds.
 */
export class CardIndex {
  readonly #entries = new Map<string, Entry>();
  readonly #postings = new Map<string, Set<string>>();
  #totalLength = 0;

  get size(): number {
    return this.#entries.size;
  }

  put({ id, fields }: CardTexts): void {
    this.remove(id);
    const entry: Entry = { grams: new Map(), words: new Set(), initials: new Set(), length: 0 };
    for (const { text, weight } of fields)
      for (const word of words(text)) {
        entry.words.add(letters(word));
        entry.initials.add(initialsOf(word));
        for (const gram of grams(word)) {
          entry.grams.set(gram, (entry.grams.get(gram) ?? 0) + weight);
          entry.length += weight;
        }
      }
    for (const gram of entry.grams.keys()) this.#posting(gram).add(id);
    this.#entries.set(id, entry);
    this.#totalLength += entry.length;
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    for (const gram of entry.grams.keys()) this.#postings.get(gram)?.delete(id);
    this.#totalLength -= entry.length;
    this.#entries.delete(id);
  }

  /** Ids with scores above zero, the best first. */
  search(query: string, limit: number): { id: string; score: number }[] {
    const scores = new Map<string, number>();
    const add = (id: string, score: number) => scores.set(id, (scores.get(id) ?? 0) + score);
    for (const word of words(query)) this.#scoreWord(word, add);
    return [...scores]
      .map(([id, score]) => ({ id, score }))
      .filter(({ score }) => score > 0)
      .sort((x, y) => y.score - x.score || (x.id < y.id ? -1 : 1))
      .slice(0, limit);
  }

  #scoreWord(word: string, add: (id: string, score: number) => void): void {
    if (/^[ㄱ-ㅎ]+$/.test(word)) {
      for (const [id, entry] of this.#entries)
        for (const initials of entry.initials)
          if (initials.startsWith(word)) {
            add(id, word.length / initials.length);
            break;
          }
      return;
    }
    const wordLetters = letters(word);
    this.#scoreGrams(triples(wordLetters), wordLetters, add);
    const korean = mistypedKorean(word);
    if (korean !== null) this.#scoreGrams(triples(korean), korean, add);
  }

  /** A card must share two fifths of the word's grams: one common syllable is no find. */
  #scoreGrams(wordGrams: readonly string[], wordLetters: string, add: (id: string, score: number) => void): void {
    const shared = new Map<string, number>();
    const scores = new Map<string, number>();
    const mean = this.#totalLength / Math.max(1, this.#entries.size);
    for (const gram of wordGrams) {
      const posting = this.#postings.get(gram);
      if (!posting || posting.size === 0) continue;
      const idf = Math.log(1 + (this.#entries.size - posting.size + 0.5) / (posting.size + 0.5));
      for (const id of posting) {
        const entry = this.#entries.get(id)!;
        const frequency = entry.grams.get(gram)!;
        const norm = frequency + k1 * (1 - b + (b * entry.length) / mean);
        scores.set(id, (scores.get(id) ?? 0) + (idf * frequency * (k1 + 1)) / norm);
        shared.set(id, (shared.get(id) ?? 0) + 1);
      }
    }
    for (const [id, score] of scores) {
      const share = shared.get(id)! / wordGrams.length;
      if (share < 0.4) continue;
      const whole = this.#entries.get(id)!.words.has(wordLetters) ? 1.5 : 1;
      add(id, (score / wordGrams.length) * share * whole);
    }
  }

  #posting(gram: string): Set<string> {
    let posting = this.#postings.get(gram);
    if (!posting) {
      posting = new Set();
      this.#postings.set(gram, posting);
    }
    return posting;
  }
}
