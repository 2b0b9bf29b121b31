import type { Handlers, RouteOutput } from '@deungdae/contracts/api.ts';
import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { EquipmentModel, PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { z } from 'zod';
import { equipmentError } from './errors.ts';
import type { People } from './people.ts';
import { intersect } from './pieces.ts';
import { periodsOf, plannedSpans } from './planned.ts';
import { oeeAnswer, type ReportSources } from './reports.ts';
import { isStop, touches } from './stops.ts';
import { spanMs } from './time-model.ts';

/** Longest window of a question, days. */
const windowDays = 400;
/** Stops of one answer, newest first. */
const stopLimit = 5000;

type Stop = z.infer<typeof Downtime>;

export interface HandlerDeps {
  plant(): PlantModel;
  people: People;
  sources: ReportSources;
}

/** Machines at or under a path. Throws `equipment.unknownPath` (404). */
export function machinesUnder(plant: PlantModel, path: string): EquipmentModel[] {
  const found = [...plant.equipment.values()].filter((e) => e.path === path || e.path.startsWith(`${path}/`));
  if (found.length === 0 && !plant.nodes.some((n) => n.path === path))
    throw equipmentError('equipment.unknownPath', { path }, { status: 404 });
  return found;
}

export function machineAt(plant: PlantModel, path: string): EquipmentModel {
  const machine = plant.equipment.get(path);
  if (!machine) throw equipmentError('equipment.unknownPath', { path }, { status: 404 });
  return machine;
}

export function checkWindow(from: number, to: number, days = windowDays): void {
  if (!(to > from) || to - from > days * 86_400_000_000)
    throw equipmentError('equipment.badWindow', { days }, { status: 400 });
}

export function equipmentHandlers(deps: HandlerDeps): Handlers {
  const { people, sources } = deps;
  const now = () => sources.clock.nowUs();
  return {
    states: async ({ query }) => {
      const machine = machineAt(deps.plant(), query.equipment);
      checkWindow(query.from, query.to);
      return (await people.intervals(machine, query.from, query.to)).map(({ from, to, state, cause }) => ({
        ...{ from, to, state, cause },
      }));
    },
    oee: async ({ query }) => {
      const machines = machinesUnder(deps.plant(), query.path);
      checkWindow(query.from, query.to);
      return oeeAnswer(sources, query.path, machines, query.from, query.to, query.by);
    },
    downtimes: async ({ query }) => {
      checkWindow(query.from, query.to);
      const stops: Stop[] = [];
      for (const machine of machinesUnder(deps.plant(), query.path))
        for (const stop of await stopsOf(machine, query.from, query.to, people, now()))
          stops.push(people.show(machine, stop));
      return stops.sort((a, b) => b.from - a.from).slice(0, stopLimit);
    },
    downtimePareto: async ({ query }) => {
      checkWindow(query.from, query.to);
      return paretoOf(machinesUnder(deps.plant(), query.path), query.from, query.to, people, now());
    },
    setDowntimeReason: ({ params, body }, caller) => people.setReason(params.id, body.reason, body.note, caller),
    splitDowntime: ({ params, body }, caller) => people.split(params.id, body.at, caller),
    addDowntime: ({ body }, caller) => people.add(machineAt(deps.plant(), body.equipment), body, caller),
    shifts: ({ query }) => {
      checkWindow(query.from, query.to);
      const machines = machinesUnder(deps.plant(), query.path);
      const machine = machines.find((m) => m.calendar) ?? machines[0];
      if (!machine?.calendar) return [];
      return periodsOf(machine, query.from, query.to).map(({ id, name, day, from, to }) => ({
        id,
        name,
        day,
        from,
        to,
      }));
    },
  };
}

/**
 * Stops that touch [from, to) and time in which the machine was meant to work. Idle time that a break explains is none,
 * unless somebody gave it a reason.
 */
export async function stopsOf(machine: EquipmentModel, from: number, to: number, people: People, now: number) {
  const stops = (await people.intervals(machine, from, to)).filter((i) => isStop(i.state));
  if (!machine.calendar) return stops;
  const planned = plannedSpans(machine, from, to);
  const work = planned?.filter((s) => !s.pause) ?? null;
  return stops.filter((s) => {
    const span = { from: Math.max(s.from, from), to: Math.min(s.to ?? now, to) };
    if (s.state !== 'idle' || s.current || !work) return touches(span, planned);
    const outside = intersect([span], work).reduce((sum, w) => sum + spanMs(w.from, w.to), 0);
    const inside = spanMs(span.from, span.to) - outside;
    return inside === 0 ? touches(span, planned) : outside >= machine.minorStopBelowMs;
  });
}

/** Time lost by reason, inside planned time and outside breaks; stops without a reason stand under null by their loss. */
async function paretoOf(
  machines: readonly EquipmentModel[],
  from: number,
  to: number,
  people: People,
  now: number,
): Promise<RouteOutput<'downtimePareto'>> {
  const rows = new Map<string, RouteOutput<'downtimePareto'>[number]>();
  for (const machine of machines) {
    const work = plannedSpans(machine, from, to)?.filter((s) => !s.pause) ?? [{ from, to }];
    for (const stop of await stopsOf(machine, from, to, people, now)) {
      const { reason, loss } = people.show(machine, stop);
      const lost = intersect([{ from: stop.from, to: Math.min(stop.to ?? now, now) }], work);
      const ms = lost.reduce((sum, s) => sum + spanMs(s.from, s.to), 0);
      if (ms === 0) continue;
      const key = `${reason} ${loss}`;
      const row = rows.get(key) ?? { reason, loss, count: 0, ms: 0 };
      row.count++;
      row.ms += ms;
      rows.set(key, row);
    }
  }
  return [...rows.values()].sort((a, b) => b.ms - a.ms);
}
