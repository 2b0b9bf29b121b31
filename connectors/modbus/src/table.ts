import { z } from 'zod';

/** The four tables of a Modbus device: two of bits, two of 16-bit registers. */
export const Table = z.enum(['coil', 'discrete', 'input', 'holding']);
export type Table = z.infer<typeof Table>;

export const isBitTable = (table: Table): boolean => table === 'coil' || table === 'discrete';
