import type { Lot } from '@deungdae/contracts/lot.ts';
import type { Run, WorkOrder } from '@deungdae/contracts/work-order.ts';
import { dateTime, decimalOf, identifier, listOf, quantityOf, textOf } from './values.ts';

const stateOf: Record<string, string> = {
  ...{ planned: 'Waiting', released: 'Ready', running: 'Running', held: 'Held' },
  ...{ finished: 'Completed', closed: 'Closed', cancelled: 'Aborted' },
};

/** What a run used or made of one lot. */
export interface MaterialLine {
  use: 'Consumed' | 'Produced';
  item: string;
  lot: string | null;
  quantity: number;
  unit: string;
}
export interface RunActual {
  run: Run;
  material: readonly MaterialLine[];
}

const scrapUse = { $: 'Other', '@OtherValue': 'Scrap' };

/**
 * What became of a work order: good pieces and scrap of the order and of each of its steps; below a step each of its runs
 * with times, machine, people, and the lots it used and made.
 */
export function writePerformance(order: WorkOrder, actuals: readonly RunActual[], nowUs: number) {
  return {
    OperationsPerformance: {
      ID: identifier(`${order.number}/performance`),
      OperationsType: { $: 'Production' },
      PublishedDate: dateTime(nowUs),
      PerformanceState: { $: stateOf[order.status] ?? 'Other' },
      OperationsResponse: [
        {
          ID: identifier(`${order.number}/response`),
          OperationsRequestID: [identifier(order.number)],
          OperationsType: { $: 'Production' },
          ...(order.startedAt === null ? {} : { StartTime: dateTime(order.startedAt) }),
          ...(order.finishedAt === null ? {} : { EndTime: dateTime(order.finishedAt) }),
          ResponseState: { $: stateOf[order.status] ?? 'Other' },
          SegmentResponse: [
            {
              ID: identifier(`${order.number}/total`),
              MaterialActual: [
                sum(order, `${order.number}/good`, { $: 'Produced' }, order.good),
                sum(order, `${order.number}/scrap`, scrapUse, order.scrap),
              ],
            },
            ...order.steps.map((step) => stepResponse(order, step, actuals)),
          ],
        },
      ],
    },
  };
}

function sum(order: WorkOrder, id: string, use: object, quantity: number) {
  return {
    ID: identifier(id),
    MaterialDefinitionID: [identifier(order.item)],
    MaterialUse: use,
    Quantity: [quantityOf(quantity, order.unit)],
  };
}

function stepResponse(order: WorkOrder, step: WorkOrder['steps'][number], actuals: readonly RunActual[]) {
  const runs = actuals.filter(({ run }) => run.step === step.id || run.operation === step.number);
  const ends = runs.map(({ run }) => run.endedAt);
  const ended = runs.length > 0 && !ends.includes(null);
  return {
    ID: identifier(`${order.number}/${step.number}`),
    ProcessSegmentID: [identifier(step.name)],
    ...(runs.length === 0 ? {} : { ActualStartTime: dateTime(Math.min(...runs.map(({ run }) => run.startedAt))) }),
    ...(ended ? { ActualEndTime: dateTime(Math.max(...(ends as number[]))) } : {}),
    MaterialActual: [
      sum(order, `${order.number}/${step.number}/good`, { $: 'Yield Produced' }, step.good),
      sum(order, `${order.number}/${step.number}/scrap`, scrapUse, step.scrap),
    ],
    ...(runs.length === 0 ? {} : { SegmentResponseChild: runs.map(runResponse) }),
  };
}

function runResponse({ run, material }: RunActual) {
  return {
    ID: identifier(run.id),
    ActualStartTime: dateTime(run.startedAt),
    ...(run.endedAt === null ? {} : { ActualEndTime: dateTime(run.endedAt) }),
    SegmentState: { $: run.endedAt === null ? 'Running' : 'Completed' },
    ...(run.workers.length === 0
      ? {}
      : {
          PersonnelActual: run.workers.map((worker) => ({
            ID: identifier(`${run.id}/${worker.person}`),
            PersonID: [identifier(worker.person)],
            Description: [{ $: worker.name }],
          })),
        }),
    EquipmentActual: [
      { ID: identifier(`${run.id}/machine`), EquipmentID: [identifier(run.machine)] },
      ...(run.tool === null ? [] : [{ ID: identifier(`${run.id}/tool`), EquipmentID: [identifier(run.tool)] }]),
    ],
    MaterialActual: material.map((line, i) => ({
      ID: identifier(`${run.id}/material/${i + 1}`),
      MaterialDefinitionID: [identifier(line.item)],
      ...(line.lot === null ? {} : { MaterialLotID: [identifier(line.lot)] }),
      MaterialUse: { $: line.use },
      Quantity: [quantityOf(line.quantity, line.unit)],
    })),
  };
}

/** Good and scrap that a performance states for its order. */
export function readPerformance(document: Record<string, unknown>): { number: string; good: number; scrap: number } {
  const performance = listOf(document.OperationsPerformance)[0];
  const response = listOf(performance?.OperationsResponse)[0];
  const [total] = listOf(response?.SegmentResponse);
  const amounts = listOf(total?.MaterialActual).map(
    (m) => decimalOf(listOf(m.Quantity)[0]?.QuantityString) ?? Number.NaN,
  );
  const requests = response?.OperationsRequestID;
  return {
    number: textOf(Array.isArray(requests) ? requests[0] : requests) ?? '',
    good: amounts[0]!,
    scrap: amounts[1]!,
  };
}

export function writeLots(lots: readonly Lot[], nowUs: number) {
  return {
    MaterialInformation: {
      ID: identifier('lots'),
      PublishedDate: dateTime(nowUs),
      MaterialLot: lots.map((lot) => ({
        ID: identifier(lot.number),
        MaterialDefinitionID: identifier(lot.item),
        Status: { $: lot.status },
        Quantity: [quantityOf(lot.onHand, lot.unit)],
        ...(lot.producedAt > 0 ? { EffectiveStartDate: dateTime(lot.producedAt) } : {}),
        ...(lot.expiresAt === null ? {} : { EffectiveEndDate: dateTime(lot.expiresAt) }),
      })),
    },
  };
}

export function readLots(document: Record<string, unknown>): { number: string; item: string; quantity: number }[] {
  const information = listOf(document.MaterialInformation)[0];
  return listOf(information?.MaterialLot).map((lot) => ({
    number: textOf(lot.ID) ?? '',
    item: textOf(lot.MaterialDefinitionID) ?? '',
    quantity: decimalOf(listOf(lot.Quantity)[0]?.QuantityString) ?? Number.NaN,
  }));
}
