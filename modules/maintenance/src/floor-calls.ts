import type { Caller } from '@deungdae/contracts/api.ts';
import type { MaintenanceOrder } from '@deungdae/contracts/maintenance.ts';
import { once } from '@deungdae/ledger/once.ts';
import { openOrder } from './orders.ts';
import type { MaintenanceDeps } from './parts.ts';
import type { MaintenanceTables } from './schema.ts';

const mostCalls = 200;
const system = { kind: 'system', id: 'maintenance' } as const;
const caller: Caller = { userId: 'maintenance', name: '보전', role: 'engineer', language: 'ko', via: 'cli' };

/** Makes maintenance requests of the calls that operators raise at the kiosk; a call becomes one request, ever. */
export async function takeCalls(deps: MaintenanceDeps): Promise<MaintenanceOrder[]> {
  const calls = await deps.operations.handlers.calls?.(
    { params: undefined, body: undefined, query: { limit: mostCalls } },
    caller,
  );
  const wanted = (calls ?? []).filter((call) => call.kind === 'maintenance' && call.status !== 'closed');
  const opened: MaintenanceOrder[] = [];
  for (const call of wanted) {
    const known = await deps.ledger
      .read<MaintenanceTables>()
      .selectFrom('mt_calls')
      .select('call')
      .where('call', '=', call.id)
      .executeTakeFirst();
    if (known) continue;
    const stopped = deps.equipment.stateOf(call.machine) === 'unplannedStop';
    await deps.ledger.transaction<MaintenanceTables, void>((db, emit) =>
      once({ db, emit }, `call/${call.id}`, async () => {
        const order = await openOrder(
          { db, emit },
          {
            ...{ kind: 'corrective', subject: { kind: 'machine', id: call.machine }, text: call.text, call: call.id },
            ...{ priority: stopped ? 'stopped' : 'high', machineStopped: stopped, requestedBy: call.raisedBy },
          },
          call.raisedAt,
          system,
        );
        await db.insertInto('mt_calls').values({ call: call.id, order_id: order.id }).execute();
        opened.push(order);
      }),
    );
  }
  return opened;
}

/** The kiosk sees that somebody comes, and what was done; a call that was closed there stays as it is. */
export async function answerCall(deps: MaintenanceDeps, order: MaintenanceOrder, by: Caller): Promise<void> {
  if (order.call === null || order.status === 'requested' || order.status === 'verified') return;
  const act = order.status === 'done' || order.status === 'cancelled' ? 'close' : 'acknowledge';
  const text = order.status === 'done' ? order.action : '';
  try {
    await deps.operations.handlers.answerCall?.(
      { params: { id: order.call }, query: undefined, body: { act, text } },
      by,
    );
  } catch (error) {
    deps.log.info({ error, order: order.number }, 'the call of the order was not answered');
  }
}
