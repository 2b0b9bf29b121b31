import type { DuckDBConnection } from '@duckdb/node-api';

/** Integers go into SQL as text so that the planner sees a constant it can prune by; anything else is refused here. */
export function int(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not an integer: ${value}`);
  return String(value);
}

export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Rows as plain JS values; BIGINT comes as bigint unless cast. For small results only. */
export async function rows<T = Record<string, unknown>>(connection: DuckDBConnection, sql: string): Promise<T[]> {
  const result = await connection.run(sql);
  return (await result.getRowObjectsJS()) as T[];
}

export async function one<T = Record<string, unknown>>(connection: DuckDBConnection, sql: string): Promise<T> {
  return (await rows<T>(connection, sql))[0]!;
}

/** Runs `work` in a transaction; rolls back when it throws. */
export async function transaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run('BEGIN TRANSACTION');
  try {
    const result = await work();
    await connection.run('COMMIT');
    return result;
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => {});
    throw error;
  }
}
