import type { Lot } from '@deungdae/contracts/lot.ts';
import type { WorkOrder } from '@deungdae/contracts/work-order.ts';
import { dateTime, decimalOf, identifier, listOf, quantityOf, textOf } from './values.ts';

const stateOf: Record<string, string> = {
  ...{ planned: 'Waiting', released: 'Ready', running: 'Running', held: 'Held' },
  ...{ finished: 'Completed', closed: 'Closed', cancelled: 'Aborted' },
};

/** What became of a work order: good pieces and scrap of the order, and of each of its steps, with the machine. */
export function writePerformance(order: WorkOrder, lots: readonly Lot[], nowUs: number) {
  const used = (id: string, use: object, quantity: number, lot?: string) => ({
    ID: identifier(id),
    MaterialDefinitionID: [identifier(order.item)],
    ...(lot ? { MaterialLotID: [identifier(lot)] } : {}),
    MaterialUse: use,
    Quantity: [quantityOf(quantity, order.unit)],
  });
  const scrapUse = { $: 'Other', '@OtherValue': 'Scrap' };
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
              Description: [{ $: lots.map((l) => l.number).join(' ') }],
              MaterialActual: [
                used(`${order.number}/good`, { $: 'Produced' }, order.good),
                used(`${order.number}/scrap`, scrapUse, order.scrap),
              ],
            },
            ...order.steps.map((step) => ({
              ID: identifier(`${order.number}/${step.number}`),
              ProcessSegmentID: [identifier(step.name)],
              MaterialActual: [
                used(`${order.number}/${step.number}/good`, { $: 'Yield Produced' }, step.good),
                used(`${order.number}/${step.number}/scrap`, scrapUse, step.scrap),
              ],
            })),
          ],
        },
      ],
    },
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
