import type { Caller } from '@deungdae/contracts/api.ts';
import type { AlarmKpis } from '@deungdae/contracts/api-entities.ts';
import { parseCondition } from '@deungdae/contracts/condition.ts';
import type { MachineState } from '@deungdae/contracts/equipment.ts';
import type { PlantCore } from './plant-core.ts';

export interface MachineReport {
  equipment: string;
  from: number;
  to: number;
  /** Hours in each state. */
  stateHours: Partial<Record<MachineState, number>>;
  /** Hours in each value of the signals that decide the state; null is a gap. */
  valueHours: { signal: string; values: { value: string | number | null; hours: number }[] }[];
  signals: { path: string; received: number | null; kept: number }[];
}

/** What machines said of their conditions, line by line: a fault that is told again counts again, unlike an alarm. */
export interface ConditionCount {
  level: string;
  code: string;
  text: string;
  count: number;
}

export interface PlantReport {
  from: number;
  to: number;
  machines: MachineReport[];
  alarms: Pick<AlarmKpis, 'total' | 'pareto' | 'byPriority'>;
  conditions: ConditionCount[];
}

const cli: Caller = { userId: 'cli', name: 'cli', role: 'administrator', language: 'ko', via: 'cli' };
const hourUs = 3_600_000_000;

/** Time per state, alarm Pareto and counts of everything in a plant's data. `received` counts repeats as well. */
export async function buildReport(
  core: PlantCore,
  received: ReadonlyMap<number, number> | null = null,
): Promise<PlantReport> {
  const { history, host, equipment, alarms } = core;
  const { oldest, newest } = await history.stats();
  const to = (newest ?? 0) + 1;
  const from = await firstKnown(core, oldest ?? 0, to);
  const kept = new Map((await history.counts()).map((c) => [c.signal, c.samples]));
  const machines: MachineReport[] = [];
  for (const model of host.model.equipment.values()) {
    const stateHours: MachineReport['stateHours'] = {};
    for (const i of await equipment.intervals(model.path, from, to)) {
      stateHours[i.state] = (stateHours[i.state] ?? 0) + (Math.min(i.to ?? to, to) - Math.max(i.from, from)) / hourUs;
    }
    const deciding = model.signals.filter((s) => model.state?.decisive.includes(s.name));
    const valueHours = await Promise.all(
      deciding.map(async (s) => ({
        signal: s.path,
        values: (await history.timeInValue({ signal: s.id, from, to })).map(({ value, us }) => ({
          value,
          hours: us / hourUs,
        })),
      })),
    );
    const signals = model.signals.map((s) => ({
      path: s.path,
      received: received ? (received.get(s.id) ?? 0) : null,
      kept: kept.get(s.id) ?? 0,
    }));
    machines.push({ equipment: model.path, from, to, stateHours, valueHours, signals });
  }
  const { total, pareto, byPriority } = await alarms.handlers.alarmKpis!(
    { params: undefined, query: { from, to }, body: undefined },
    cli,
  );
  return {
    from,
    to,
    machines,
    alarms: { total, pareto, byPriority },
    conditions: await countConditions(core, from, to),
  };
}

/** Where the first machine's known time begins: a date of a dead clock, years before, must not stretch the report. */
async function firstKnown({ host, equipment }: PlantCore, oldest: number, to: number): Promise<number> {
  const starts = await Promise.all(
    [...host.model.equipment.keys()].map(
      async (path) => (await equipment.intervals(path, oldest, to)).find((i) => i.state !== 'noData')?.from,
    ),
  );
  const known = starts.filter((start) => start !== undefined);
  return known.length > 0 ? Math.min(...known) : oldest;
}

const maxConditions = 1_000_000;

async function countConditions({ history, host }: PlantCore, from: number, to: number): Promise<ConditionCount[]> {
  const found = new Map<string, ConditionCount>();
  for (const signal of host.model.signals.values()) {
    if (signal.kind !== 'condition') continue;
    for (const sample of await history.range({ signal: signal.id, from, to, limit: maxConditions })) {
      const condition = typeof sample.value === 'string' ? parseCondition(sample.value) : null;
      if (condition?.level !== 'FAULT' && condition?.level !== 'WARNING') continue;
      const { level, nativeCode: code, text } = condition;
      const key = JSON.stringify([level, code, text]);
      const row = found.get(key) ?? { level, code, text, count: 0 };
      row.count++;
      found.set(key, row);
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}
