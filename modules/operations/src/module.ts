import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Run, WorkOrder } from '@deungdae/contracts/work-order.ts';

/** Orders, their steps and what was done on them. */
export interface OperationsModule {
  handlers: Handlers;
  order(idOrNumber: string): Promise<WorkOrder | null>;
  run(id: string): Promise<Run | null>;
  /** What runs on a machine now; null when no order is loaded. */
  currentRun(machine: string): Promise<Run | null>;
  runs(query: {
    machine?: string;
    workOrder?: string;
    item?: string;
    from?: number;
    to?: number;
    limit: number;
  }): Promise<Run[]>;
  orders(query: { status?: readonly string[]; from?: number; to?: number; limit: number }): Promise<WorkOrder[]>;
  /** Called at each change, after the commit, with the machines concerned. */
  subscribe(listener: (machines: string[]) => void): () => void;
  close(): Promise<void>;
}
