import type { Trigger } from '@deungdae/contracts/maintenance.ts';

/** What a plan's triggers are judged by. Null is "not known": such a trigger neither asks nor hides another. */
export interface Wear {
  /** Since it was last done. */
  elapsedMs: number;
  runningMs: number | null;
  shots: number | null;
  reading(signal: string): number | null;
}

const dayMs = 86_400_000;

/** Share of a trigger that is used up: 1 is due. A condition is 1 or 0. */
function shareOf(trigger: Trigger, wear: Wear): number | null {
  switch (trigger.type) {
    case 'calendar':
      return wear.elapsedMs / (trigger.days * dayMs);
    case 'hours':
      return wear.runningMs === null ? null : wear.runningMs / (trigger.hours * 3_600_000);
    case 'shots':
      return wear.shots === null ? null : wear.shots / trigger.shots;
    case 'condition': {
      const value = wear.reading(trigger.signal);
      if (value === null || !Number.isFinite(value)) return null;
      const beyond =
        (trigger.above !== null && value > trigger.above) || (trigger.below !== null && value < trigger.below);
      return beyond ? 1 : 0;
    }
  }
}

/** The trigger that is furthest, and how far. */
export function nearest(triggers: readonly Trigger[], wear: Wear): { share: number; trigger: Trigger } | null {
  let best: { share: number; trigger: Trigger } | null = null;
  for (const trigger of triggers) {
    const share = shareOf(trigger, wear);
    if (share !== null && (best === null || share > best.share)) best = { share, trigger };
  }
  return best;
}
