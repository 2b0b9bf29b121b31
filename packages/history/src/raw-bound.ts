import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import { DuckDBInstance } from '@duckdb/node-api';
import { ChunkWriter } from './chunk-writer.ts';

/** Rows a second when batches go straight into one DuckDB table, `perCommit` to a transaction: the bound benches compare with. */
export async function appendRaw(
  file: string,
  batches: number,
  perCommit: number,
  make: (n: number) => SampleBatch,
): Promise<number> {
  const instance = await DuckDBInstance.create(file, { memory_limit: '256MB', threads: '2' });
  const connection = await instance.connect();
  await connection.run('CREATE TABLE t (signal UINTEGER, time BIGINT, number DOUBLE, text VARCHAR, quality UTINYINT)');
  const chunks = new ChunkWriter();
  let rows = 0;
  const start = performance.now();
  for (let n = 0; n < batches; n += perCommit) {
    await connection.run('BEGIN TRANSACTION');
    const appender = await connection.createAppender('t');
    chunks.start(appender);
    for (let i = n; i < Math.min(batches, n + perCommit); i++) {
      const batch = make(i);
      chunks.write(batch);
      rows += batch.length;
    }
    chunks.end();
    appender.closeSync();
    await connection.run('COMMIT');
  }
  const seconds = (performance.now() - start) / 1000;
  connection.closeSync();
  instance.closeSync();
  return rows / seconds;
}
