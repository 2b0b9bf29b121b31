import type { RecallReport } from '@deungdae/contracts/api-trace.ts';

/** What of an item a customer has. */
export interface CustomerSum {
  customer: string;
  item: string;
  quantity: number;
  boxes: number;
  shipments: number;
}

/** Quantities by customer and item, the largest customer (by boxes) first. Sums in millionths: no rounding adds up. */
export function sumsByCustomer({ shipped }: Pick<RecallReport, 'shipped'>): CustomerSum[] {
  const sums = new Map<string, CustomerSum & { seen: Set<string>; papers: Set<string>; millionths: number }>();
  for (const line of shipped) {
    const key = `${line.customer}\n${line.item}`;
    let sum = sums.get(key);
    if (!sum) {
      const { customer, item } = line;
      sum = { customer, item, quantity: 0, boxes: 0, shipments: 0, seen: new Set(), papers: new Set(), millionths: 0 };
      sums.set(key, sum);
    }
    sum.millionths += Math.round(line.quantity * 1e6);
    if (line.box !== null) sum.seen.add(line.box);
    sum.papers.add(line.shipment);
  }
  const boxesOf = new Map<string, number>();
  for (const s of sums.values()) boxesOf.set(s.customer, (boxesOf.get(s.customer) ?? 0) + s.seen.size);
  return [...sums.values()]
    .map(({ customer, item, millionths, seen, papers }) => ({
      ...{ customer, item, quantity: millionths / 1e6 },
      ...{ boxes: seen.size, shipments: papers.size },
    }))
    .sort(
      (a, b) =>
        (boxesOf.get(b.customer) ?? 0) - (boxesOf.get(a.customer) ?? 0) ||
        a.customer.localeCompare(b.customer) ||
        a.item.localeCompare(b.item),
    );
}
