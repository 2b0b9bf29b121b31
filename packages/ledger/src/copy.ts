import { type Copied, type CopyOptions, copyWith } from './copy-ledger.ts';
import { openLedger } from './open.ts';

/** Copies a ledger to an empty place, between the engines in either direction; see `copyWith`. */
export function copyLedger(options: CopyOptions): Promise<Copied> {
  return copyWith(openLedger, options);
}
