import type { Actor } from '@deungdae/contracts/event.ts';
import { toMillionths } from '@deungdae/contracts/quantity.ts';
import { daysBetween } from '@deungdae/kernel/calendar.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type {
  ImportColumn,
  ImportContext,
  ImportCounts,
  ImportRow,
  ImportTarget,
} from '@deungdae/masterdata/module.ts';
import type { Context, Doer, Tx } from './context.ts';
import { findOrder } from './order-store.ts';
import { createOrder } from './orders.ts';
import { addSales } from './sales.ts';

/** A column with its names in one line: `id`, Korean, English, type, other names files use. */
export function column(
  id: string,
  ko: string,
  en: string,
  type: ImportColumn['type'],
  aliases: string[],
  more: Partial<ImportColumn> = {},
): ImportColumn {
  return { id, name: { ko, en }, type, aliases, ...more };
}

/** The end of a plant day: what is due on a day may be done until midnight. */
function endOfDay(day: string, timeZone: string): number {
  const noon = Date.parse(`${day}T12:00:00Z`) * 1000;
  const dayUs = 86_400_000_000;
  return daysBetween(timeZone, noon - dayUs, noon + dayUs).find((d) => d.day === day)!.to;
}

export const importer = (actor: Actor): Doer => ({ actor, name: 'import', person: null, leads: true });

/** Reports what a row cannot do, and says whether it may go on. */
export async function judged(context: ImportContext, row: ImportRow, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof CodedError) || error.status >= 500) throw error;
    context.report({ row: row.row, column: null, code: error.code, params: error.params, severity: 'error' });
    return false;
  }
}

const orderColumns: ImportColumn[] = [
  column('number', '번호', 'Number', 'code', ['수주번호', '주문번호', '작업지시번호', 'poNo', 'order', 'orderNo'], {
    required: true,
  }),
  column('item', '품목', 'Item', 'code', ['품번', '품목코드', 'itemCode'], { required: true, refers: 'item' }),
  column('quantity', '수량', 'Quantity', 'number', ['주문수량', '지시수량', 'itemQuantity', 'qty'], { required: true }),
  column('received', '접수일', 'Received', 'day', ['수주일', '주문일', 'poReceivedDate', 'orderDate']),
  column('due', '납기', 'Due', 'day', ['납기일', '납품예정일', 'poETA', 'dueDate', 'eta']),
  column('priority', '우선순위', 'Priority', 'integer', ['긴급도']),
  column('note', '비고', 'Note', 'text', ['메모', 'remark']),
];

/** Customers' orders from Excel. The same file twice changes nothing; another quantity or due date changes the line. */
export function salesOrderTarget(context: Context): ImportTarget {
  return {
    id: 'salesOrder',
    title: { ko: '수주', en: 'Sales orders' },
    help: { ko: '고객 주문 한 줄', en: 'A line of a customer’s order' },
    columns: [
      ...orderColumns,
      column('line', '줄', 'Line', 'integer', ['순번', '항번']),
      column('customer', '고객', 'Customer', 'code', ['거래처', '고객코드'], { refers: 'partner' }),
    ],
    begin: (about) => {
      const counts: ImportCounts = { added: 0, changed: 0, same: 0 };
      return {
        async rows(rows) {
          for (const row of rows) await judged(about, row, () => salesRow(context, about, row, counts));
        },
        end: async () => counts,
      };
    },
  };
}

async function salesRow(context: Context, about: ImportContext, row: ImportRow, counts: ImportCounts): Promise<void> {
  const v = row.values as Record<string, string | number | undefined>;
  const wanted = {
    ...{ number: String(v.number), line: Number(v.line ?? 1), customer: v.customer ? String(v.customer) : null },
    ...{ item: String(v.item), quantity: Number(v.quantity), note: String(v.note ?? '') },
    receivedAt: v.received ? endOfDay(String(v.received), about.timeZone) - 86_400_000_000 : null,
    due: v.due ? endOfDay(String(v.due), about.timeZone) : null,
    priority: Number(v.priority ?? 5),
  };
  const db = about.tx ? (about.tx as Tx).db : context.read();
  const found = await db
    .selectFrom('ops_sales_orders')
    .selectAll()
    .where('number', '=', wanted.number)
    .where('line', '=', wanted.line)
    .executeTakeFirst();
  if (!found) {
    await context.deps.masterdata.need('item', wanted.item, about.nowUs, about.tx ?? undefined);
    if (about.tx) await addSales(context, about.tx as Tx, wanted, importer(about.actor));
    counts.added++;
    return;
  }
  const quantity = toMillionths(wanted.quantity);
  if (found.quantity === quantity && found.due_us === wanted.due && found.item === wanted.item) {
    counts.same++;
    return;
  }
  counts.changed++;
  if (!about.tx) return;
  const patch = { quantity, due_us: wanted.due, note: wanted.note };
  await (about.tx as Tx).db.updateTable('ops_sales_orders').set(patch).where('id', '=', found.id).execute();
  const subject = `salesOrder/${found.number}/${found.line}`;
  const data = { quantity: wanted.quantity, due: wanted.due, from: about.source };
  await about.tx.emit({ type: 'salesOrder.changed', subject, actor: about.actor, data });
}

/** Work orders from Excel; a sales order of the same number is what they are for. */
export function workOrderTarget(context: Context): ImportTarget {
  return {
    id: 'workOrder',
    title: { ko: '작업지시', en: 'Work orders' },
    help: { ko: '작업지시 한 건, 공정 순서가 있으면 바로 발행', en: 'A work order, released at once' },
    columns: orderColumns,
    begin: (about) => {
      const counts: ImportCounts = { added: 0, changed: 0, same: 0 };
      return {
        async rows(rows) {
          for (const row of rows) await judged(about, row, () => workOrderRow(context, about, row, counts));
        },
        end: async () => counts,
      };
    },
  };
}

async function workOrderRow(
  context: Context,
  about: ImportContext,
  row: ImportRow,
  counts: ImportCounts,
): Promise<void> {
  const v = row.values as Record<string, string | number | undefined>;
  const number = String(v.number);
  const db = about.tx ? (about.tx as Tx).db : context.read();
  if (await findOrder(db, number)) {
    counts.same++;
    return;
  }
  const received = v.received ? endOfDay(String(v.received), about.timeZone) - 86_400_000_000 : about.nowUs;
  const { masterdata } = context.deps;
  const item = await masterdata.need('item', String(v.item), about.nowUs, about.tx ?? undefined);
  counts.added++;
  if (!about.tx) return;
  const sales = await db
    .selectFrom('ops_sales_orders')
    .select('id')
    .where('number', '=', number)
    .where('item', '=', item.code)
    .orderBy('line')
    .limit(1)
    .executeTakeFirst();
  const routed = (await masterdata.routingOf(item.code, received, '', about.tx)) !== null;
  await createOrder(
    context,
    about.tx as Tx,
    {
      ...{ number, item: item.code, quantity: Number(v.quantity), priority: Number(v.priority ?? 5) },
      ...{ due: v.due ? endOfDay(String(v.due), about.timeZone) : null, salesOrder: sales?.id ?? null },
      ...{ note: String(v.note ?? ''), origin: 'import', release: routed, time: received },
    },
    importer(about.actor),
  );
}
