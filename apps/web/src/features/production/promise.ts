import type { SalesOrder } from '@deungdae/contracts/work-order.ts';

export type PromiseState = 'doneOnTime' | 'doneLate' | 'done' | 'overdue' | 'notPlanned' | 'inWork' | 'cancelled';

/** Whether what was promised to a customer is kept: by when its last work order was finished, against the due date. Pure. */
export function promiseOf(line: Pick<SalesOrder, 'status' | 'due' | 'finishedAt'>, nowMs: number): PromiseState {
  if (line.status === 'cancelled') return 'cancelled';
  if (line.status === 'done') {
    if (line.due === null || line.finishedAt === null) return 'done';
    return line.finishedAt <= line.due ? 'doneOnTime' : 'doneLate';
  }
  if (line.due !== null && line.due / 1000 < nowMs) return 'overdue';
  return line.status === 'open' ? 'notPlanned' : 'inWork';
}
