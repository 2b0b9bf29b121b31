import type { Handlers } from '@deungdae/contracts/api.ts';
import type { SignalInfo, SignalValue } from '@deungdae/contracts/api-entities.ts';
import { qualityNames, type Sample } from '@deungdae/contracts/sample.ts';
import { localText } from '@deungdae/contracts/text.ts';
import type { History } from '@deungdae/history/history.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { PlantModel, SignalModel } from '@deungdae/kernel/plant-model.ts';
import { trendError } from './errors.ts';
import { emptySeries, seriesOfBuckets, seriesOfSamples, seriesOfTexts } from './series.ts';

const maxSignals = 50;
const maxTextChanges = 20_000;

export interface Trends {
  handlers: Handlers;
  /** The values of the signals now, for live screens. Unknown ids are left out. */
  values(ids: readonly number[]): SignalValue[];
  /** What people see of a signal. */
  info(signal: SignalModel): SignalInfo;
  replacePlant(plant: PlantModel): void;
}

export function openTrends(deps: { history: History; clock: Clock; plant: PlantModel }): Trends {
  const { history, clock } = deps;
  let plant = deps.plant;

  const signalsOf = (ids: string): SignalModel[] => {
    const list = ids.split(',').map(Number);
    if (list.length > maxSignals) throw trendError('trends.tooManySignals', { max: maxSignals }, { status: 400 });
    return list.map((id) => {
      const signal = plant.signals.get(id);
      if (!signal) throw trendError('trends.unknownSignal', { id }, { status: 404 });
      return signal;
    });
  };

  const values = (ids: readonly number[]): SignalValue[] => {
    const now = clock.nowUs();
    const known = ids.filter((id) => plant.signals.has(id));
    return history.latest(known).map((sample) => signalValue(sample, plant.signals.get(sample.signal)!, now));
  };

  return {
    values,
    info,
    replacePlant: (next) => {
      plant = next;
    },
    handlers: {
      signals: ({ query }) => {
        const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
        const found: SignalInfo[] = [];
        for (const signal of plant.signals.values()) {
          if (query.equipment && signal.equipment !== query.equipment) continue;
          const text = `${signal.path} ${localText(signal.label, 'ko')} ${localText(signal.label, 'en')}`.toLowerCase();
          if (words.every((word) => text.includes(word))) found.push(info(signal));
          if (found.length >= query.limit) break;
        }
        return found;
      },

      latest: ({ query }) => values(signalsOf(query.ids).map((s) => s.id)),

      async trend({ query }) {
        const { from, to, width } = query;
        if (to <= from) throw trendError('trends.windowWrong', {}, { status: 400 });
        const series = await Promise.all(
          signalsOf(query.ids).map(async (signal) => ({
            id: signal.id,
            ...(await seriesOf(history, signal, from, to, width)),
          })),
        );
        return { series };
      },
    },
  };
}

async function seriesOf(history: History, signal: SignalModel, from: number, to: number, width: number) {
  if (isText(signal)) {
    const [before, samples] = await Promise.all([
      history.before(signal.id, from),
      history.range({ signal: signal.id, from, to, limit: maxTextChanges }),
    ]);
    return seriesOfTexts(before ? [{ ...before, time: from }, ...samples] : samples);
  }
  const buckets = await history.buckets({ signal: signal.id, from, to, width });
  const count = buckets.reduce((sum, b) => sum + b.count, 0);
  // A switch or a counter holds its value until it changes, however long before the window that was.
  const before = signal.kind === 'number' ? null : await history.before(signal.id, from);
  if (buckets.length === 0 && !before) return emptySeries(false);
  if (count > width) return seriesOfBuckets(buckets);
  const limit = width * 2;
  const samples = await history.range({ signal: signal.id, from, to, limit });
  // Where the raw samples have expired the minutes are still known; and no end of gaps must push values out.
  if (samples.length < count || samples.length === limit) return seriesOfBuckets(buckets);
  return seriesOfSamples(before ? [{ ...before, time: from }, ...samples] : samples);
}

function isText(signal: SignalModel): boolean {
  return (
    signal.kind === 'text' ||
    signal.kind === 'enum' ||
    signal.kind === 'condition' ||
    signal.kind === 'vector' ||
    signal.kind === 'json'
  );
}

function info(signal: SignalModel): SignalInfo {
  return {
    id: signal.id,
    path: signal.path,
    equipment: signal.equipment,
    name: signal.label,
    kind: signal.kind,
    unit: signal.unit,
    limits: signal.limits,
    alarmLimits: signal.alarms.flatMap((rule) =>
      (rule.type === 'high' || rule.type === 'low') && rule.limit !== undefined
        ? [{ type: rule.type, limit: rule.limit, priority: rule.priority }]
        : [],
    ),
    enumeration: signal.enumeration,
    connection: signal.connection,
  };
}

function signalValue(sample: Sample, signal: SignalModel, now: number): SignalValue {
  return {
    id: sample.signal,
    time: sample.time,
    value: typeof sample.value === 'boolean' ? Number(sample.value) : sample.value,
    quality: qualityNames[sample.quality],
    stale: signal.staleAfterMs !== null && now - sample.time > signal.staleAfterMs * 1000,
  };
}
