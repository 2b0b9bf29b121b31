import type { ChartBaseline, SpcChart } from '@deungdae/contracts/quality.ts';
import type { Kysely } from '@deungdae/ledger/ledger.ts';
import { qualityError } from '../errors.ts';
import type { QualityTables } from '../schema.ts';

type Db = Kysely<QualityTables>;

/** A chart with every baseline it ever had: each belongs to the stage it was frozen in. */
export interface StoredChart extends Omit<SpcChart, 'baseline'> {
  baselines: (ChartBaseline & { stage: string })[];
}

/** As the API shows it: the baseline of the present stage. */
export function publicChart({ baselines, ...chart }: StoredChart): SpcChart {
  const newest = baselines.at(-1);
  if (!newest) return { ...chart, baseline: null };
  const { stage: _stage, ...baseline } = newest;
  return { ...chart, baseline };
}

export async function saveChart(db: Db, chart: StoredChart): Promise<void> {
  const row = {
    ...{ series: chart.series, item: chart.item, machine: chart.machine, active: chart.active ? 1 : 0 },
    data: JSON.stringify(chart),
  };
  await db
    .insertInto('qa_charts')
    .values({ id: chart.id, ...row })
    .onConflict((c) => c.column('id').doUpdateSet(row))
    .execute();
}

/** Throws `quality.unknownChart`. */
export async function needChart(db: Db, id: string): Promise<StoredChart> {
  const row = await db.selectFrom('qa_charts').select('data').where('id', '=', id).executeTakeFirst();
  if (!row) throw qualityError('quality.unknownChart', { id }, { status: 404 });
  return JSON.parse(row.data) as StoredChart;
}

export async function listCharts(
  db: Db,
  filter: {
    item?: string | undefined;
    machine?: string | undefined;
    series?: readonly string[];
    active?: boolean;
    limit: number;
  },
): Promise<StoredChart[]> {
  let select = db.selectFrom('qa_charts').select('data');
  if (filter.item !== undefined) select = select.where('item', '=', filter.item);
  if (filter.machine !== undefined) select = select.where('machine', '=', filter.machine);
  if (filter.series) select = select.where('series', 'in', filter.series);
  if (filter.active) select = select.where('active', '=', 1);
  const rows = await select.orderBy('id').limit(filter.limit).execute();
  return rows.map((r) => JSON.parse(r.data) as StoredChart);
}
