import type { ChartRule } from '@deungdae/contracts/quality.ts';
import { Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import { dbOf, type QualityParts } from '../parts.ts';
import type { QualityTables } from '../schema.ts';
import { listCharts, needChart, type StoredChart, saveChart } from './chart-store.ts';
import { type DrawnPoint, draw, type RawPoint } from './draw.ts';
import { gridOf, readPoints } from './points.ts';

/** Points that a live judgement looks back on: more than the longest pattern, and EWMA has forgotten by then. */
const lookBack = 60;
const maxCharts = 5000;

const ruleText: Record<ChartRule, { ko: string; en: string }> = {
  n1: { ko: '관리한계를 벗어남', en: 'beyond a limit' },
  n2: { ko: '9점이 중심선 한쪽', en: '9 on one side' },
  n3: { ko: '6점이 계속 오르거나 내림', en: '6 rising or falling' },
  n4: { ko: '14점이 번갈아 오르내림', en: '14 alternating' },
  n5: { ko: '3점 중 2점이 2σ 밖', en: '2 of 3 beyond 2σ' },
  n6: { ko: '5점 중 4점이 1σ 밖', en: '4 of 5 beyond 1σ' },
  n7: { ko: '15점이 1σ 안', en: '15 within 1σ' },
  n8: { ko: '8점이 1σ 밖 (양쪽)', en: '8 beyond 1σ, both sides' },
  w2: { ko: '8점이 중심선 한쪽', en: '8 on one side' },
  w8: { ko: '8점이 1σ 밖', en: '8 beyond 1σ' },
  a2: { ko: '7점이 중심선 한쪽', en: '7 on one side' },
};

interface Watched {
  chart: StoredChart;
  /** Interval and subgroup that are being filled; values of whole intervals. */
  interval: number;
  last: number;
  block: number;
  values: number[];
  points: RawPoint[];
}

/** Follows charted signals in the stream, and charted characteristics as inspections finish; raises and ends alarms. */
export class ChartWatch {
  readonly #parts: QualityParts;
  #bySignal = new Map<number, Watched[]>();
  #working: Promise<unknown> = Promise.resolve();
  readonly #unsubscribe: () => void;
  #closed = false;

  constructor(parts: QualityParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.live?.stream.subscribe('quality', (batch) => this.#onBatch(batch)) ?? (() => {});
  }

  /** Reads the charts anew: at the start, and after one was changed. */
  async reload(): Promise<void> {
    const charts = await listCharts(dbOf(this.#parts), { active: true, limit: maxCharts });
    const next = new Map<number, Watched[]>();
    const before = new Map([...this.#bySignal.values()].flat().map((w) => [w.chart.id, w]));
    const now = this.#parts.clock.nowUs();
    for (const chart of charts) {
      const id = this.#parts.live?.plant().signalByPath.get(chart.series.replace(/^signal\//, ''))?.id;
      if (!chart.series.startsWith('signal/') || id === undefined || chart.baselines.length === 0) continue;
      const known = before.get(chart.id);
      const { every, block } = gridOf(chart);
      const same = known && gridOf(known.chart).block === block && gridOf(known.chart).every === every;
      const { points } = same ? known : await readPoints(this.#parts, chart, { from: 0, to: now, limit: lookBack });
      const fresh = { interval: -1, last: Number.NaN, block: -1, values: [], points };
      next.set(id, [...(next.get(id) ?? []), { ...(same ? known : fresh), chart }]);
    }
    this.#bySignal = next;
  }

  #onBatch(batch: SampleBatch): void {
    if (this.#bySignal.size === 0) return;
    for (let i = 0; i < batch.length; i++) {
      const watched = this.#bySignal.get(batch.signals[i]!);
      if (!watched) continue;
      const value = batch.quality[i]! >= Quality.bad ? Number.NaN : batch.numbers[i]!;
      for (const one of watched) this.#take(one, batch.times[i]!, value);
    }
  }

  /** One sample: when its interval or subgroup is another than the last, what was filled is complete. */
  #take(w: Watched, time: number, value: number): void {
    const { every, block } = gridOf(w.chart);
    const interval = Math.floor(time / every);
    if (interval < w.interval) return;
    if (interval > w.interval) {
      if (w.interval >= 0 && Number.isFinite(w.last)) w.values.push(w.last);
      const at = Math.floor(time / block);
      if (at !== w.block) {
        if (w.block >= 0 && w.values.length === w.chart.settings.subgroup) this.#complete(w, block);
        w.block = at;
        w.values = [];
      }
      w.interval = interval;
      w.last = Number.NaN;
    }
    // As in the history: the last good value of the interval counts.
    if (Number.isFinite(value)) w.last = value;
  }

  #complete(w: Watched, block: number): void {
    const point: RawPoint = {
      ...{ key: String(w.block * block), time: (w.block + 1) * block, values: w.values, reference: null },
    };
    w.points = [...w.points.filter((p) => p.time < point.time), point].slice(-lookBack);
    const drawn = draw(w.chart, w.points);
    const chart = w.chart;
    this.#working = this.#working
      .then(() =>
        this.#parts.ledger.transaction<QualityTables, void>((db, emit) => this.#note({ db, emit }, chart, drawn)),
      )
      .then(() => this.#announce(chart, drawn))
      .catch((error) => this.#parts.log.error({ err: error, chart: chart.id }, 'rule hit not recorded'));
  }

  /**
   * After an inspection finished, inside its transaction: judges the charts of its characteristics and keeps their hits.
   * Gives the charts whose alarm may change; `refresh` them when the transaction is through.
   */
  async inspected(tx: LedgerTx, series: readonly string[], until: number): Promise<string[]> {
    const db = dbOf(this.#parts, tx);
    if (series.length === 0) return [];
    const charts = await listCharts(db, { series: series.map((s) => `plan/${s}`), active: true, limit: 500 });
    const judged: string[] = [];
    for (const chart of charts) {
      if (chart.baselines.length === 0) continue;
      const { points } = await readPoints(this.#parts, chart, { from: 0, to: until + 1, limit: lookBack }, db);
      await this.#note(tx, chart, draw(chart, points));
      judged.push(chart.id);
    }
    return judged;
  }

  /** Brings the alarms of charts in line with their newest points. */
  async refresh(charts: readonly string[]): Promise<void> {
    for (const id of charts) {
      const chart = await needChart(dbOf(this.#parts), id);
      const window = { from: 0, to: this.#parts.clock.nowUs() + 1, limit: lookBack };
      this.#announce(chart, draw(chart, (await readPoints(this.#parts, chart, window)).points));
    }
  }

  /** Keeps a hit with the window that caused it. */
  async #note(tx: LedgerTx, chart: StoredChart, drawn: readonly DrawnPoint[]): Promise<void> {
    const point = drawn.at(-1);
    if (!point || !isHit(point)) return;
    const db = dbOf(this.#parts, tx);
    const window = drawn.slice(-15).map((p) => ({ key: p.key, time: p.time, value: p.main.value }));
    const added = await db
      .insertInto('qa_chart_hits')
      .values({
        ...{ id: uuidv7(Math.floor(point.time / 1000)), chart: chart.id, point: point.key, time: point.time },
        ...{ rules: rulesOf(point).join(','), window: JSON.stringify(window) },
      })
      .onConflict((c) => c.columns(['chart', 'point']).doNothing())
      .executeTakeFirst();
    if (Number(added.numInsertedOrUpdatedRows ?? 0) === 0) return;
    const current = await needChart(db, chart.id);
    await saveChart(db, { ...current, lastHit: { time: point.time, rules: rulesOf(point) } });
    await tx.emit({
      type: 'chart.ruleHit',
      subject: `chart/${chart.id}`,
      actor: { kind: 'rule', id: rulesOf(point).join(',') },
      time: point.time,
      data: { name: chart.name, point: point.key, value: point.main.value, rules: rulesOf(point), window },
    });
  }

  #announce(chart: StoredChart, drawn: readonly DrawnPoint[]): void {
    const point = drawn.at(-1);
    if (!point || this.#closed) return;
    const key = `quality/chart/${chart.id}`;
    if (!isHit(point)) {
      this.#parts.live?.alarms.clearNotice(key, point.time);
      return;
    }
    const rules = rulesOf(point);
    const words = (language: 'ko' | 'en') => rules.map((r) => ruleText[r][language]).join(', ');
    const value = point.main.value;
    const shown = value === null ? '' : `${Number(value.toPrecision(7))}${chart.unit ? ` ${chart.unit}` : ''} · `;
    this.#parts.live?.alarms.raiseNotice(
      {
        ...{
          key,
          equipment: chart.machine ?? this.#site(),
          signal: chart.machine ? chart.series.slice('signal/'.length) : '',
        },
        name: { ko: `관리도 ${chart.name}`, en: `Chart ${chart.name}` },
        message: `${shown}${words('ko')} · ${words('en')}`,
        action: { ko: '원인을 찾아 조치하고 관리도에 적으세요.', en: 'Find the cause, act, and note it on the chart.' },
        ...{ priority: rules.includes('n1') ? 'medium' : 'low', value },
      },
      point.time,
    );
  }

  /** Where the alarm of a chart on inspections stands: they come from several machines. */
  #site(): string {
    return this.#parts.live?.plant().nodes.find((node) => node.level === 'site')?.path ?? '';
  }

  /** Resolves when everything judged so far is recorded. */
  async settled(): Promise<void> {
    await this.#working;
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await this.#working;
    this.#closed = true;
  }
}

function rulesOf(point: DrawnPoint): ChartRule[] {
  return point.hits.length > 0 ? point.hits : ['n1'];
}

function isHit(point: DrawnPoint): boolean {
  return point.hits.length > 0 || point.spreadHit;
}
