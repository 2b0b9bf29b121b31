import type { Compilable, CompiledQuery, Kysely } from 'kysely';

/** Statements that nobody waits for; the connection of the transaction knows them by this. */
const puttingOff = new WeakSet<CompiledQuery>();

/**
 * Runs a write of a transaction whose answer nobody needs: it goes to the database with the next statement that somebody waits
 * for, or with the commit, since the way there costs more than most statements. Order is kept. When it fails, the next
 * statement or the commit throws, and the transaction is undone: not for statements whose failure the caller would handle.
 */
// biome-ignore lint/suspicious/noExplicitAny: of whatever tables
export async function putOff(db: Kysely<any>, write: Compilable): Promise<void> {
  const query = write.compile();
  puttingOff.add(query);
  await db.executeQuery(query);
}

export function isPutOff(query: CompiledQuery): boolean {
  return puttingOff.has(query);
}
