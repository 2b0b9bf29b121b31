import { useState } from 'react';
import { usePlantZone } from './zone-context.ts';
import { fromLocalInput, toLocalInput } from './zoned.ts';

/** From and to as a person writes them, in the plant's time; moments in ms, null while they make no window. */
export interface CivilRange {
  from: string;
  to: string;
  setFrom(text: string): void;
  setTo(text: string): void;
  moments: { from: number; to: number } | null;
}

export function useCivilRange(initial: () => { from: number; to: number }): CivilRange {
  const zone = usePlantZone();
  const [first] = useState(initial);
  const [from, setFrom] = useState(() => toLocalInput(first.from, zone));
  const [to, setTo] = useState(() => toLocalInput(first.to, zone));
  const start = fromLocalInput(from, zone);
  const end = fromLocalInput(to, zone);
  const moments = start !== null && end !== null && end > start ? { from: start, to: end } : null;
  return { from, to, setFrom, setTo, moments };
}
