import pg from 'pg';
import { ledgerError } from './errors.ts';

/** Object ids of PostgreSQL's built-in types (pg_type.dat). */
const oid = { bool: 16, int8: 20, numeric: 1700 } as const;

function exactNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw ledgerError('ledger.numberTooLarge', { value: text });
  return value;
}

/**
 * Values as SQLite gives them: whole numbers as numbers (refused beyond 2^53 instead of rounded), sums of them (which
 * PostgreSQL makes `numeric`) too, and truth as 1 or 0.
 */
export const sharedTypes: pg.CustomTypesConfig = {
  getTypeParser: ((type: number, format?: 'text' | 'binary') => {
    if (format !== 'binary') {
      if (type === oid.int8 || type === oid.numeric) return exactNumber;
      if (type === oid.bool) return (text: string) => (text === 't' ? 1 : 0);
    }
    return pg.types.getTypeParser(type, format as 'text');
  }) as typeof pg.types.getTypeParser,
};
