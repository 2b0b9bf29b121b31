import type { Caller } from '@deungdae/contracts/api.ts';
import type { TraceRun } from '@deungdae/contracts/api-trace.ts';
import type { Run } from '@deungdae/contracts/work-order.ts';
import type { Bucket } from '@deungdae/history/history.ts';
import type { SignalModel } from '@deungdae/kernel/plant-model.ts';
import type { TraceabilityOptions } from './options.ts';

/** Signals of one machine that a report reads, and alarms that it lists. */
const mostSignals = 60;
const mostAlarms = 200;
/** Pieces that a window is read in; figures are put together from them. */
const pieces = 60;
/** Longest window that is read, µs: a run that nobody ended is not read for years. */
const longestUs = 31 * 86_400_000_000;

/** What machine, people, instruments and alarms say of a run's window. */
export async function runContext(options: TraceabilityOptions, run: Run, caller: Caller): Promise<TraceRun> {
  const from = run.startedAt;
  const to = Math.min(run.endedAt ?? options.clock.nowUs(), from + longestUs);
  const machine = options.plant().equipment.get(run.machine);
  const signals = (machine?.signals ?? []).filter((s) => s.kind === 'number' || s.kind === 'integer');
  // A mean of a counter that only grows says nothing; what it counted stands beside, as pieces and energy.
  const counted = new Set(machine?.counters.map((c) => c.signal.id));
  const conditions = signals.filter((s) => !counted.has(s.id) && s.unit !== 'kW.h');
  const [parameters, inspections, alarms, energyKwh] = await Promise.all([
    to > from ? figuresOf(options, conditions.slice(0, mostSignals), { from, to, language: caller.language }) : [],
    options.quality.inspectionsOf({ run: run.id }),
    to > from ? alarmsOf(options, run.machine, from, to, caller) : [],
    to > from ? energyOf(options, signals, from, to) : null,
  ]);
  const label = machine?.name;
  return {
    run,
    machineName: label === undefined ? run.machine : nameIn(label, caller.language),
    operators: await namesOf(options, run.operators),
    parameters,
    inspections,
    alarms,
    energyKwh,
  };
}

function nameIn(label: string | Record<string, string>, language: string): string {
  return typeof label === 'string' ? label : (label[language] ?? label.ko ?? Object.values(label)[0] ?? '');
}

async function namesOf(options: TraceabilityOptions, people: readonly string[]): Promise<string[]> {
  return Promise.all(people.map(async (id) => (await options.person(id)) ?? id));
}

async function figuresOf(
  options: TraceabilityOptions,
  signals: readonly SignalModel[],
  { from, to, language }: { from: number; to: number; language: string },
) {
  const all: TraceRun['parameters'] = [];
  for (const signal of signals) {
    const buckets = await options.history.buckets({ signal: signal.id, from, to, width: pieces });
    const figures = together(buckets);
    if (figures)
      all.push({
        signal: signal.path,
        name: nameIn(signal.label, language) || signal.name,
        unit: signal.unit,
        ...figures,
      });
  }
  return all;
}

/** Figures of a window from those of its parts; null when nothing was measured. */
function together(buckets: readonly Bucket[]) {
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let gap = false;
  for (const bucket of buckets) {
    gap ||= bucket.gap;
    if (bucket.count === 0) continue;
    count += bucket.count;
    sum += bucket.mean * bucket.count;
    min = Math.min(min, bucket.min);
    max = Math.max(max, bucket.max);
  }
  return count === 0 ? null : { count, min, max, mean: sum / count, gap };
}

async function alarmsOf(options: TraceabilityOptions, equipment: string, from: number, to: number, caller: Caller) {
  const journal = options.alarms.handlers.alarmJournal;
  if (!journal) return [];
  const query = { from, to, equipment, limit: mostAlarms };
  const rows = await journal({ query, params: undefined, body: undefined }, caller);
  return rows.map(({ time, event, priority, message }) => ({ time, event, priority, message }));
}

/** From an energy counter (kW.h) of the machine, else from its power (kW, W) by the mean over the window. */
async function energyOf(options: TraceabilityOptions, signals: readonly SignalModel[], from: number, to: number) {
  const counter = signals.find((s) => s.unit === 'kW.h');
  if (counter) {
    const [start, end] = await Promise.all([
      options.history.before(counter.id, from),
      options.history.before(counter.id, to - 1),
    ]);
    const first = typeof start?.value === 'number' ? start.value : null;
    const last = typeof end?.value === 'number' ? end.value : null;
    if (first !== null && last !== null && last >= first) return last - first;
  }
  const power = signals.find((s) => s.unit === 'kW' || s.unit === 'W');
  if (!power) return null;
  const figures = together(await options.history.buckets({ signal: power.id, from, to, width: pieces }));
  if (!figures) return null;
  const kilowatts = power.unit === 'W' ? figures.mean / 1000 : figures.mean;
  return (kilowatts * (to - from)) / 3_600_000_000;
}
