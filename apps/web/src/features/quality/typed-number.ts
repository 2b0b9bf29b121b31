/** A value as people and gauges type it: a comma counts as the decimal sign. NaN when it is none. */
export function typedNumber(text: string): number {
  const trimmed = text.trim().replace(',', '.');
  return trimmed === '' ? Number.NaN : Number(trimmed);
}
