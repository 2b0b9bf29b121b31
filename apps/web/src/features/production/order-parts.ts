import type { WorkOrder } from '@deungdae/contracts/work-order.ts';

const unbegun = new Set(['waiting', 'skipped']);

/** Whether `other` can be merged into `order`: same thing, same state, none of it begun. The server decides again. Pure. */
export function mergeable(order: WorkOrder, other: WorkOrder): boolean {
  return (
    other.id !== order.id &&
    other.item === order.item &&
    other.revision === order.revision &&
    other.variant === order.variant &&
    other.status === order.status &&
    ['planned', 'released'].includes(order.status) &&
    other.steps.every((s) => unbegun.has(s.status))
  );
}

/** Operations at which pieces wait for rework, and the earlier ones (itself too) that they can go back to. Pure. */
export function reworkChoices(order: WorkOrder): { from: WorkOrder['steps'][number]; to: number[] }[] {
  if (!['released', 'running', 'finished'].includes(order.status)) return [];
  return order.steps
    .filter((s) => s.rework > 0)
    .map((from) => ({
      from,
      to: order.steps.filter((s) => s.number <= from.number && s.status !== 'skipped').map((s) => s.number),
    }));
}
