import type { WorkOrder } from '@deungdae/contracts/work-order.ts';
import { erpError } from '../errors.ts';
import { dateTime, decimalOf, identifier, listOf, quantityOf, textOf, timeOf } from './values.ts';

export interface ScheduledOrder {
  number: string;
  item: string;
  quantity: number;
  unit: string | null;
  due: number | null;
  priority: number;
  released: boolean;
}

const requestsLimit = 1000;
const stateOf: Record<string, string> = {
  ...{ planned: 'Forecast', released: 'Released', running: 'Running', held: 'Held' },
  ...{ finished: 'Completed', closed: 'Closed', cancelled: 'Cancelled' },
};

/** The requests of an OperationsSchedule; throws `erp.scheduleWrong` naming the request that cannot be read. Pure. */
export function readSchedule(document: Record<string, unknown>): ScheduledOrder[] {
  const schedule = listOf(document.OperationsSchedule)[0];
  const requests = listOf(schedule?.OperationsRequest);
  if (requests.length === 0) throw wrong('no OperationsSchedule with an OperationsRequest');
  if (requests.length > requestsLimit) throw wrong(`more than ${requestsLimit} requests`);
  return requests.map((request, i) => {
    const number = textOf(request.ID);
    const name = `OperationsRequest ${number ?? i + 1}`;
    if (!number) throw wrong(`${name}: no ID`);
    const made = listOf(request.SegmentRequirement)
      .flatMap((segment) => listOf(segment.MaterialRequirement))
      .filter((m) => textOf(m.MaterialUse) === 'Produced');
    if (made.length !== 1) throw wrong(`${name}: ${made.length} materials with MaterialUse Produced, not one`);
    const item = textOf(listItem(made[0]!.MaterialDefinitionID));
    const amounts = listOf(made[0]!.Quantity);
    const quantity = decimalOf(amounts[0]?.QuantityString);
    if (!item) throw wrong(`${name}: no MaterialDefinitionID`);
    if (amounts.length !== 1 || quantity === null || quantity <= 0)
      throw wrong(`${name}: the quantity is not one positive decimal with at most six decimals`);
    const priority = Number(textOf(request.Priority) ?? 5);
    return {
      ...{ number, item, quantity, unit: textOf(amounts[0]!.UnitOfMeasure), due: timeOf(request.EndTime) },
      priority: Number.isFinite(priority) ? Math.min(9, Math.max(1, Math.round(priority))) : 5,
      released: textOf(request.RequestState) === 'Released',
    };
  });
}

export function writeSchedule(orders: readonly WorkOrder[], about: { id: string; nowUs: number }) {
  return {
    OperationsSchedule: {
      ID: identifier(about.id),
      OperationsType: { $: 'Production' },
      PublishedDate: dateTime(about.nowUs),
      OperationsRequest: orders.map((order) => ({
        ID: identifier(order.number),
        Description: [{ $: order.itemName }],
        OperationsType: { $: 'Production' },
        ...(order.due === null ? {} : { EndTime: dateTime(order.due) }),
        Priority: { $: order.priority },
        RequestState: { $: stateOf[order.status] ?? 'Other' },
        SegmentRequirement: [
          {
            ID: identifier(`${order.number}/1`),
            OperationsDefinitionID: identifier(order.item),
            OperationsSegmentID: identifier(order.item),
            ProcessSegmentID: identifier(order.item),
            MaterialRequirement: [
              {
                ID: identifier(`${order.number}/product`),
                MaterialDefinitionID: [identifier(order.item)],
                MaterialUse: { $: 'Produced' },
                Quantity: [quantityOf(order.quantity, order.unit)],
              },
            ],
          },
        ],
      })),
    },
  };
}

function listItem(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function wrong(detail: string) {
  return erpError('erp.scheduleWrong', { detail: detail.slice(0, 300) }, { status: 400 });
}
