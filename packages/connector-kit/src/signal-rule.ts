import type { SignalKind } from '@deungdae/contracts/plant.ts';

/** What the plant file says of one signal, as far as its samples are changed by it. */
export interface SignalRule {
  readonly id: number;
  readonly path: string;
  readonly kind: SignalKind;
  readonly scale?: { factor: number; offset: number } | null;
  readonly limits?: { min?: number; max?: number } | null;
  /** Changes not larger than this are held back; null lets everything pass. */
  readonly deadband?: number | null;
  readonly staleAfterMs?: number | null;
}
