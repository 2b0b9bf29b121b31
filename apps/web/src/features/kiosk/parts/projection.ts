import type { KioskState } from '@deungdae/contracts/kiosk.ts';
import type { Defect, DispatchEntry, Run } from '@deungdae/contracts/work-order.ts';
import type { OutboxItem } from './outbox-store.ts';

/** What the screen shows: the last state of the server with what waits to be sent laid over it. */
export interface KioskView extends KioskState {
  /** Kinds of entries that wait; the figures that they change are not confirmed yet. */
  pending: readonly string[];
}

/** Lays the waiting entries of the state's machine over it, in order. */
export function project(state: KioskState, items: readonly OutboxItem[]): KioskView {
  const mine = items.filter((item) => item.status === 'waiting' && item.machine === state.machine.equipment);
  let view: KioskView = { ...state, pending: mine.map((item) => item.kind) };
  for (const item of mine) view = (steps[item.kind] ?? same)(view, item);
  return view;
}

type Step = (view: KioskView, item: OutboxItem) => KioskView;
const same: Step = (view) => view;
const withRun = (view: KioskView, change: (run: Run) => Run): KioskView =>
  view.run ? { ...view, run: change(view.run) } : view;

const steps: Record<string, Step> = {
  start: startOf,
  confirm: confirmed,
  productionStart: (view, item) =>
    withRun(view, (run) => ({ ...run, status: 'running', productionStartedAt: item.clientTime })),
  pause: (view) => withRun(view, (run) => ({ ...run, status: 'paused' })),
  resume: (view) =>
    withRun(view, (run) => ({ ...run, status: run.productionStartedAt === null ? 'setup' : 'running' })),
  finish: (view) => ({ ...view, run: null, order: null, inspections: [], documents: [], proposed: null }),
  useLot: (view, item) =>
    withRun(view, (run) => ({ ...run, inputLots: [...run.inputLots, String(item.data.lot ?? '')] })),
  downtimeReason: (view) => ({ ...view, openStop: null }),
  readHandover: (view, item) =>
    view.handover ? { ...view, handover: { ...view.handover, readAt: item.clientTime, readBy: item.person } } : view,
  call: called,
  closeCall: (view, item) => ({ ...view, calls: view.calls.filter((call) => call.id !== item.data.call) }),
  inspection: (view, item) => ({
    ...view,
    inspections: view.inspections.filter((i) => i.id !== item.data.inspection),
  }),
};

/** The queue's entry that a scanned text names: the order's number, alone or inside a longer code. */
export function entryOfScan(queue: readonly DispatchEntry[], scan: string): DispatchEntry | null {
  const wanted = scan.trim().toUpperCase();
  const number = (entry: DispatchEntry) => entry.order.number.toUpperCase();
  return (
    queue.find((entry) => number(entry) === wanted || entry.order.id === scan) ??
    queue.find((entry) => wanted.split(/[^\p{L}\p{N}-]+/u).includes(number(entry))) ??
    null
  );
}

function startOf(view: KioskView, item: OutboxItem): KioskView {
  const scan = String(item.data.order ?? '');
  const entry = entryOfScan(view.queue, scan);
  const run: Run = {
    ...{ id: '', workOrder: entry?.order.id ?? scan, workOrderNumber: entry?.order.number ?? scan },
    ...{ step: entry?.step.id ?? '', operation: entry?.step.number ?? 0, item: entry?.order.item ?? '' },
    ...{ machine: item.machine, tool: null, operators: item.person ? [item.person] : [], workers: [] },
    ...{ status: 'setup', startedAt: item.clientTime, productionStartedAt: null, endedAt: null, counted: null },
    ...{ countedTo: item.clientTime, good: 0, scrap: 0, rework: 0, defects: [], outputLots: [], inputLots: [] },
    blocked: [],
  };
  const queue = view.queue.filter((e) => e !== entry);
  const order = entry && {
    ...entry.order,
    ...{
      parent: null,
      origin: 'plan' as const,
      salesOrder: null,
      holdReason: null,
      variant: '',
      order: 'fixed' as const,
    },
    ...{ note: '', version: 0, steps: [entry.step], good: 0, scrap: 0, createdAt: 0, releasedAt: null },
    ...{ startedAt: null, finishedAt: null },
  };
  const documents = (entry?.step.documents ?? []).map((id) => ({ id, kind: 'instruction' as const, of: run.item }));
  return { ...view, run, order, queue, documents, inspections: [], proposed: null };
}

function confirmed(view: KioskView, item: OutboxItem): KioskView {
  if (!view.run) return view;
  const number = (name: string) => Number(item.data[name] ?? 0);
  const defects = (item.data.defects ?? []) as Defect[];
  const scrap = item.data.scrap === undefined ? defects.reduce((sum, d) => sum + d.quantity, 0) : number('scrap');
  const run: Run = {
    ...view.run,
    status: view.run.status === 'setup' ? 'running' : view.run.status,
    good: view.run.good + number('good'),
    scrap: view.run.scrap + scrap,
    rework: view.run.rework + number('rework'),
    defects: [...view.run.defects, ...defects],
  };
  return { ...view, run, proposed: view.proposed && { good: 0, scrap: 0, total: 0 } };
}

function called(view: KioskView, item: OutboxItem): KioskView {
  const call = {
    ...{ id: `waiting:${item.entryId}`, kind: item.data.kind as 'material', machine: item.machine, run: null },
    ...{ text: String(item.data.text ?? ''), status: 'open' as const, raisedAt: item.clientTime },
    ...{ raisedBy: item.person ?? '', acknowledgedAt: null, acknowledgedBy: null, closedAt: null, closedBy: null },
    answer: '',
  };
  return { ...view, calls: [call, ...view.calls] };
}
