import type { Actor } from '@deungdae/contracts/event.ts';
import type { ChartData, ChartSettings, SpcChart } from '@deungdae/contracts/quality.ts';
import { localText } from '@deungdae/contracts/text.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { qualityError } from '../errors.ts';
import { dbOf, type QualityParts } from '../parts.ts';
import { listInspections } from '../store.ts';
import { needChart, publicChart, type StoredChart, saveChart } from './chart-store.ts';
import { capabilityOf, draw, stageAt, trialBaseline } from './draw.ts';
import { readPoints } from './points.ts';

interface Deed {
  time: number;
  actor: Actor;
  name: string;
}

/** Points that limits are set from at least: fewer say little about the process. */
const fewestForBaseline = 10;
const maxForBaseline = 2000;

export interface NewChart {
  name?: string | undefined;
  plan?: string | undefined;
  characteristic?: string | undefined;
  signal?: string | undefined;
  lower?: number | undefined;
  upper?: number | undefined;
  settings: ChartSettings;
}

type Subject = Pick<StoredChart, 'name' | 'series' | 'item' | 'machine' | 'unit' | 'nominal' | 'lower' | 'upper'>;

export async function createChart(parts: QualityParts, tx: LedgerTx, input: NewChart, deed: Deed): Promise<SpcChart> {
  const subject = input.signal ? signalSubject(parts, input.signal) : await planSubject(parts, tx, input, deed.time);
  const chart: StoredChart = {
    ...subject,
    id: uuidv7(Math.floor(deed.time / 1000)),
    name: input.name ?? subject.name,
    lower: input.lower ?? subject.lower,
    upper: input.upper ?? subject.upper,
    settings: input.settings,
    ...{ baselines: [], stages: [], exclusions: [], active: true, lastHit: null },
  };
  await keep(parts, tx, chart, 'created', { series: chart.series, settings: chart.settings }, deed);
  return publicChart(chart);
}

async function planSubject(parts: QualityParts, tx: LedgerTx, input: NewChart, at: number): Promise<Subject> {
  const wrong = (detail: string) => qualityError('quality.chartSubject', { detail }, { status: 400 });
  if (!input.plan || !input.characteristic) throw wrong('plan, characteristic');
  const known = await planOf(parts, tx, input.plan, at);
  const c = known?.characteristics.find((one) => one.id === input.characteristic);
  if (!known || !c) throw wrong(`${input.plan} · ${input.characteristic}`);
  return {
    name: `${known.name} · ${c.name}`,
    series: `plan/${input.plan}/${c.id}`,
    ...{ item: known.item, machine: null, unit: c.unit ?? null, nominal: c.nominal ?? null },
    ...{ lower: c.lower ?? null, upper: c.upper ?? null },
  };
}

/** The control plan, or what the newest inspection under it copied: imported results have no plan of master data. */
async function planOf(parts: QualityParts, tx: LedgerTx, code: string, at: number) {
  const plan = await parts.masterdata.find('inspectionPlan', code, at, tx);
  if (plan) return plan.data;
  const [newest] = await listInspections(dbOf(parts, tx), { plan: code, limit: 1 });
  return newest ? { name: newest.planName, item: newest.item, characteristics: newest.characteristics } : null;
}

function signalSubject(parts: QualityParts, path: string): Subject {
  const plant = parts.live?.plant();
  const signal = plant?.signalByPath.get(path);
  if (!plant || !signal) throw qualityError('quality.chartSubject', { detail: path }, { status: 404 });
  const machine = plant.equipment.get(signal.equipment);
  const label = localText(signal.label, 'ko');
  return {
    name: machine ? `${localText(machine.name, 'ko')} · ${label}` : label,
    series: `signal/${path}`,
    ...{ item: null, machine: signal.equipment, unit: signal.unit, nominal: null },
    ...{ lower: signal.limits?.min ?? null, upper: signal.limits?.max ?? null },
  };
}

export interface ChartChange {
  name?: string | undefined;
  settings?: ChartSettings | undefined;
  active?: boolean | undefined;
  addStage?: { from: number; name: string } | undefined;
  exclude?: { point: string; cause: string } | undefined;
  include?: string | undefined;
}

/** A change of kind or subgroup ends the baselines: they were another chart's. */
export async function changeChart(
  parts: QualityParts,
  tx: LedgerTx,
  id: string,
  change: ChartChange,
  deed: Deed,
): Promise<SpcChart> {
  const before = await needChart(dbOf(parts, tx), id);
  const next: StoredChart = { ...before, name: change.name ?? before.name, active: change.active ?? before.active };
  if (change.settings) {
    const { kind, subgroup, everySeconds } = before.settings;
    const s = change.settings;
    if (s.kind !== kind || s.subgroup !== subgroup || s.everySeconds !== everySeconds) next.baselines = [];
    next.settings = s;
  }
  if (change.addStage) next.stages = [...before.stages, change.addStage].sort((a, b) => a.from - b.from);
  if (change.exclude) {
    const { point, cause } = change.exclude;
    const others = before.exclusions.filter((e) => e.point !== point);
    next.exclusions = [...others, { point, cause, by: deed.name, at: deed.time }];
  }
  if (change.include !== undefined) {
    next.exclusions = before.exclusions.filter((e) => e.point !== change.include);
    if (next.exclusions.length === before.exclusions.length)
      throw qualityError('quality.unknownPoint', { point: change.include }, { status: 404 });
  }
  await keep(parts, tx, next, 'changed', { ...change }, deed);
  return publicChart(next);
}

/** Limits of the present stage from the points in [from, to), without those left out; frozen until set again. */
export async function freezeBaseline(
  parts: QualityParts,
  tx: LedgerTx,
  id: string,
  window: { from: number; to: number },
  deed: Deed,
): Promise<SpcChart> {
  const db = dbOf(parts, tx);
  const chart = await needChart(db, id);
  const { points } = await readPoints(parts, chart, { ...window, limit: maxForBaseline }, db);
  const baseline = trialBaseline(chart, points);
  const used = baseline?.points ?? 0;
  if (!baseline || used < fewestForBaseline)
    throw qualityError('quality.tooFewPoints', { points: used, least: fewestForBaseline }, { status: 409 });
  const { centre, sigma, spread, size, method } = baseline;
  const frozen = {
    ...{ centre, sigma, spread, size, method, points: used },
    ...{ from: points[0]!.time, to: points.at(-1)!.time + 1 },
    ...{ frozenAt: deed.time, by: deed.name, stage: stageAt(chart, points.at(-1)!.time) },
  };
  const next = { ...chart, baselines: [...chart.baselines.filter((b) => b.stage !== frozen.stage), frozen] };
  await keep(parts, tx, next, 'baselineFrozen', frozen, deed);
  return publicChart(next);
}

async function keep(parts: QualityParts, tx: LedgerTx, chart: StoredChart, what: string, data: object, deed: Deed) {
  await saveChart(dbOf(parts, tx), chart);
  await tx.emit({
    type: `chart.${what}`,
    subject: `chart/${chart.id}`,
    actor: deed.actor,
    time: deed.time,
    data: { name: chart.name, ...data },
  });
}

export async function chartData(
  parts: QualityParts,
  id: string,
  query: { from?: number | undefined; to?: number | undefined; limit: number },
): Promise<ChartData> {
  const chart = await needChart(dbOf(parts), id);
  const window = { from: query.from ?? 0, to: query.to ?? parts.clock.nowUs() + 1, limit: query.limit };
  const { points, truncated } = await readPoints(parts, chart, window);
  const drawn = draw(chart, points);
  return { chart: publicChart(chart), points: drawn, capability: capabilityOf(chart, drawn), truncated };
}
