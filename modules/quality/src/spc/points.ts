import type { Kysely } from '@deungdae/ledger/ledger.ts';
import { dbOf, type QualityParts } from '../parts.ts';
import type { QualityTables } from '../schema.ts';
import type { StoredChart } from './chart-store.ts';
import type { RawPoint } from './draw.ts';

export interface PointQuery {
  from: number;
  /** Not included. */
  to: number;
  /** The newest points when there are more. */
  limit: number;
}

const second = 1_000_000;
/** Buckets of one history query. */
const maxBuckets = 10_000;

/** Points of a chart in time order, at most `limit`, and whether older ones were left out. */
export async function readPoints(
  parts: QualityParts,
  chart: StoredChart,
  query: PointQuery,
  db: Kysely<QualityTables> = dbOf(parts),
): Promise<{ points: RawPoint[]; truncated: boolean }> {
  return chart.series.startsWith('signal/') ? fromSignal(parts, chart, query) : fromInspections(db, chart, query);
}

/** One inspection is one subgroup, in the order of its samples; on an individuals chart each value is a point. */
async function fromInspections(
  db: Kysely<QualityTables>,
  chart: StoredChart,
  { from, to, limit }: PointQuery,
): Promise<{ points: RawPoint[]; truncated: boolean }> {
  const series = chart.series.slice('plan/'.length);
  const perPoint = chart.settings.kind === 'individuals' ? 1 : 500;
  const rows = await db
    .selectFrom('qa_results as r')
    .innerJoin('qa_inspections as i', 'i.id', 'r.inspection')
    .select(['r.inspection', 'r.sample', 'r.value', 'r.pass', 'r.count', 'r.time', 'i.lot', 'i.run', 'i.number'])
    .where('r.series', '=', series)
    .where('i.status', '=', 'done')
    .where('r.time', '>=', from)
    .where('r.time', '<', to)
    .orderBy('r.time', 'desc')
    .orderBy('r.inspection', 'desc')
    .orderBy('r.sample', 'desc')
    .limit(Math.min(50_000, limit * perPoint + 1))
    .execute();
  rows.reverse();
  const groups = new Map<string, typeof rows>();
  for (const row of rows) {
    const key = chart.settings.kind === 'individuals' ? `${row.inspection}:${row.sample}` : row.inspection;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const points = [...groups].map(
    ([key, group]): RawPoint => ({
      key,
      time: group.at(-1)!.time,
      values: group.flatMap((r) => (r.value === null ? [] : [r.value])),
      count: group.reduce((total, r) => total + (r.pass === 1 ? 0 : r.count), 0),
      size: group.reduce((total, r) => total + r.count, 0),
      reference: group[0]!.number,
    }),
  );
  return { points: points.slice(-limit), truncated: points.length > limit };
}

/**
 * A signal is taken once in each interval (its last good value there), and consecutive intervals make a subgroup.
 * Intervals lie at whole multiples of their length, so that a point is the same live and looked up years later. A
 * subgroup with a gap in it is no point.
 */
async function fromSignal(
  parts: QualityParts,
  chart: StoredChart,
  { from, to, limit }: PointQuery,
): Promise<{ points: RawPoint[]; truncated: boolean }> {
  const signal = parts.live?.plant().signalByPath.get(chart.series.slice('signal/'.length));
  if (!parts.live || !signal) return { points: [], truncated: false };
  const { every, block } = gridOf(chart);
  const end = Math.floor(Math.min(to, parts.clock.nowUs()) / block) * block;
  const most = Math.max(1, Math.min(limit, Math.floor(maxBuckets / chart.settings.subgroup)));
  const begin = Math.max(Math.ceil(from / block) * block, end - most * block);
  if (begin >= end) return { points: [], truncated: false };
  const width = Math.round((end - begin) / every);
  const buckets = await parts.live.history.buckets({ signal: signal.id, from: begin, to: end, width });
  const blocks = new Map<number, number[]>();
  for (const bucket of buckets) {
    if (bucket.count === 0 || !Number.isFinite(bucket.last)) continue;
    const start = Math.floor(bucket.time / block) * block;
    const values = blocks.get(start);
    if (values) values.push(bucket.last);
    else blocks.set(start, [bucket.last]);
  }
  const points = [...blocks]
    .filter(([, values]) => values.length === chart.settings.subgroup)
    .map(([start, values]): RawPoint => ({ key: String(start), time: start + block, values, reference: null }));
  return { points, truncated: begin > from };
}

/** Length of an interval and of a subgroup, µs. */
export function gridOf(chart: Pick<StoredChart, 'settings'>): { every: number; block: number } {
  const every = Math.round(chart.settings.everySeconds * second);
  return { every, block: every * chart.settings.subgroup };
}
