import type { Actor } from '@deungdae/contracts/event.ts';

/** What every act has in common. `time` is when it happened (µs UTC); `reference` what it belongs to, e.g. `run/<id>`. */
export interface Act {
  time: number;
  actor: Actor;
  reference: string | null;
  reason?: string;
}
