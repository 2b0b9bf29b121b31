import { z } from 'zod';

/**
 * Quantities of material are exact: integers of a millionth of the item's unit (`1.5 kg` = 1 500 000), so that a stock
 * ledger balances to zero. The API and people see decimals; only stores and domain code see millionths.
 */
export type Millionths = number;

const scale = 1_000_000;
/** Two hundred billion millionths below 2^53; more in one figure is a typing error. */
const most = 1_000_000_000;

/** A decimal as people and the API give it, at most six decimals. */
export const Quantity = z
  .number()
  .min(-most)
  .max(most)
  .refine((value) => Math.abs(value * scale - Math.round(value * scale)) < 1e-3, { message: 'at most six decimals' });

export function toMillionths(quantity: number): Millionths {
  return Math.round(quantity * scale);
}

export function fromMillionths(quantity: Millionths): number {
  return quantity / scale;
}
