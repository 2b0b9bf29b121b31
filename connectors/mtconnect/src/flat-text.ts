/**
 * A copy of the text that does not hold on to the chunk it was cut from. V8 keeps a slice of 13 characters or more as a
 * window on its parent, so that one kept value could keep a megabyte of file in memory.
 */
export function unsliced(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf8').toString('utf8');
}
