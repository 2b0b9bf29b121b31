import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import type { MaintenanceOrder } from '@deungdae/contracts/maintenance.ts';
import type { MaintenanceDeps } from './parts.ts';

/** A breakdown is often asked for after the machine has stood for a while; older stops are another story. */
const beforeUs = 12 * 3_600_000_000;

/**
 * Unplanned stops of an order's machine that touch the time from the request to the end of the work (now, while it is
 * open), as people corrected them. None for a tool, a plan or an order whose machine is no longer in the plant.
 */
export async function stopsOf(deps: MaintenanceDeps, order: MaintenanceOrder): Promise<Downtime[]> {
  const { subject, requestedAt } = order;
  if (subject.kind !== 'machine' || order.kind !== 'corrective' || !deps.plant().equipment.has(subject.id)) return [];
  const end = order.doneAt ?? deps.clock.nowUs();
  const stops = await deps.equipment.stops(subject.id, requestedAt - beforeUs, Math.max(end, requestedAt + 1));
  return stops.filter(
    (stop) =>
      stop.state === 'unplannedStop' &&
      (stop.loss === null || stop.loss === 'breakdown') &&
      stop.from <= end &&
      (stop.to === null || stop.to >= requestedAt),
  );
}

/** Elapsed ms of stops, each once; how many people worked on them does not matter (IEC 61703). */
export function downMsOf(stops: readonly Downtime[], nowUs: number): number {
  const spans = stops.map(({ from, to }) => ({ from, to: to ?? nowUs })).sort((a, b) => a.from - b.from);
  let us = 0;
  let reached = Number.NEGATIVE_INFINITY;
  for (const { from, to } of spans) {
    us += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return Math.round(us / 1000);
}
