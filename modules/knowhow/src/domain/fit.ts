import type { KnowHowCard } from '@deungdae/contracts/know-how.ts';

/** The trouble that is here now; every part may be unknown. */
export interface Trouble {
  machine?: string | undefined;
  item?: string | undefined;
  tool?: string | undefined;
  defect?: string | undefined;
  downtimeReason?: string | undefined;
  alarm?: string | undefined;
}

/** How much each agreement says. The same trouble (alarm, defect, reason) says more than the same place. */
const weights = { alarm: 5, defect: 4, downtimeReason: 3, tool: 2, item: 1.5, machine: 1.5 } as const;
const linkOf = {
  ...({ alarm: 'alarms', defect: 'defects', downtimeReason: 'downtimeReasons' } as const),
  ...({ tool: 'tools', item: 'items', machine: 'machines' } as const),
};
type Part = keyof typeof weights;

/**
 * How well a card's links fit a trouble, and by what. 0 when no trouble agrees: a card of the same machine about
 * something else is not offered. `reading` gives a signal's latest value; a parameter outside its window counts
 * against the card, one inside for it.
 */
export function fit(
  card: Pick<KnowHowCard, 'links'>,
  trouble: Trouble,
  reading: (signal: string) => number | null,
): { score: number; because: string[] } {
  const because: string[] = [];
  let score = 0;
  for (const part of Object.keys(weights) as Part[]) {
    const value = trouble[part];
    if (value === undefined || !card.links[linkOf[part]].includes(value)) continue;
    because.push(part);
    score += weights[part];
  }
  const same = (['alarm', 'defect', 'downtimeReason'] as const).some((part) => because.includes(part));
  if (!same) return { score: 0, because: [] };
  for (const { signal, lower, upper } of card.links.parameters) {
    const value = reading(signal);
    if (value === null) continue;
    const inside = (lower === null || value >= lower) && (upper === null || value <= upper);
    score += inside ? 1 : -2;
    if (inside) because.push(`parameter:${signal}`);
  }
  return { score: Math.max(0, score), because };
}

/** What people said of a card, as a factor between 0.5 and 1.5; new cards stand at 1 (two votes each way are assumed). */
export function trust(card: Pick<KnowHowCard, 'helped' | 'notHelped'>): number {
  return 0.5 + (card.helped + 2) / (card.helped + card.notHelped + 4);
}
