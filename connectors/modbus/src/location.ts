import type { Table } from './table.ts';

/** Where a value starts: which table, and the offset from 0 that goes over the wire. */
export interface Location {
  table: Table;
  offset: number;
}

const tableOfDigit: Record<string, Table> = { 0: 'coil', 1: 'discrete', 3: 'input', 4: 'holding' };

/**
 * With `table`: `address` counts from `base`. Without: the reference notation of the manuals, 5 or 6 digits, first digit
 * the table, the rest counted from 1: 40001 is holding register 0.
 */
export function parseLocation(
  a: { table?: Table | undefined; address: number | string; base?: 0 | 1 | undefined },
  base: 0 | 1,
): Location | { problem: string } {
  if (a.table) {
    const offset = Number(a.address) - (a.base ?? base);
    if (offset < 0) return { problem: 'counted from 1, the first address is 1' };
    if (offset > 65_535) return { problem: 'at most 65535; leave out table to write 40001' };
    return { table: a.table, offset };
  }
  const digits = String(a.address);
  const table = digits.length === 5 || digits.length === 6 ? tableOfDigit[digits[0]!] : undefined;
  if (!table) return { problem: 'give table, or write 00001, 10001, 30001 or 40001 (5 or 6 digits)' };
  const offset = Number(digits.slice(1)) - 1;
  if (offset < 0 || offset > 65_535) return { problem: 'this notation counts from 1 (40001) to 465536' };
  return { table, offset };
}
