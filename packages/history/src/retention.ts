import type { Core } from './core.ts';
import { floorTo, HOUR_US } from './partition.ts';
import { type Draft, writeDraft } from './segment-files.ts';
import { int, one, transaction } from './sql.ts';
import { type Segment, segmentsIn } from './state.ts';

/**
 * Drops raw samples of the signals older than `before`, rounded down to a whole hour so that rollup cells are never
 * cut. Only files that hold such samples are rewritten; one that holds nothing else just goes. Rollups stay.
 */
export async function dropExpired(
  core: Core,
  options: { before: number; signals: readonly number[] },
): Promise<{ samples: number }> {
  const before = floorTo(options.before, HOUR_US);
  const signals = [...new Set(options.signals)].sort((a, b) => a - b);
  if (signals.length === 0) return { samples: 0 };
  await remember(core, signals, before);
  const range = { minSignal: signals[0]!, maxSignal: signals.at(-1)!, from: Number.NEGATIVE_INFINITY, to: before };
  let samples = 0;
  for (const segment of segmentsIn(core.state.view, 'raw', range)) {
    const condition = `signal IN (${signals.map(int).join(', ')}) AND time < ${int(before)}`;
    samples += await rewriteWithout(core, segment, condition);
  }
  return { samples };
}

async function remember(core: Core, signals: readonly number[], before: number): Promise<void> {
  const retained = new Map(core.state.view.retained);
  for (const signal of signals) retained.set(signal, Math.max(before, retained.get(signal) ?? before));
  const { upkeep } = core.database;
  await transaction(upkeep, async () => {
    await upkeep.run(`DELETE FROM retained WHERE signal IN (${signals.map(int).join(', ')})`);
    const values = signals.map((s) => `(${int(s)}, ${int(retained.get(s)!)})`);
    await upkeep.run(`INSERT INTO retained VALUES ${values.join(', ')}`);
  });
  // Queries leave these samples out from now on, whether their files are rewritten already or not.
  core.state.replace({ retained });
}

async function rewriteWithout(core: Core, segment: Segment, condition: string): Promise<number> {
  const source = `read_parquet(${core.database.fileList([segment])})`;
  const { n } = await one<{ n: number }>(
    core.database.upkeep,
    `SELECT count(*)::DOUBLE AS n FROM ${source} WHERE ${condition}`,
  );
  if (n === 0) return 0;
  const drafts: Draft[] = [];
  if (n < segment.rows) {
    const draft = await writeDraft(core.database, {
      id: core.sealer.nextId(),
      order: segment.order,
      kind: 'raw',
      partition: segment.partition,
      tier: segment.tier,
      select: `SELECT * FROM ${source} WHERE NOT (${condition})`,
    });
    if (draft) drafts.push(draft);
  }
  await core.compactor.replace([segment], drafts);
  return n;
}
