import type { DatabaseSync } from 'node:sqlite';

/** Fills tables without their indexes, which are made again at the end: a million rows in seconds. */
export function withoutIndexes(db: DatabaseSync, tables: readonly string[], fill: () => void): void {
  const find = db.prepare(
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
  );
  const indexes = tables.flatMap((table) => find.all(table) as { name: string; sql: string }[]);
  for (const { name } of indexes) db.exec(`DROP INDEX "${name}"`);
  fill();
  for (const { sql } of indexes) db.exec(sql);
}
