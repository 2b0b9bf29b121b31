import { fromMillionths } from '@deungdae/contracts/quantity.ts';
import { type Act, type Client, entry, noteConfirmed } from './client.ts';
import type { Input } from './shop-floor.ts';
import { lotNumber } from './stock-acts.ts';

const minuteUs = 60_000_000;

/** Something on an open shipment is put on hold as the shipment leaves, in whatever order the two come. */
export const holdWhileLoading: Act = async (c) => {
  const open = await c.db.selectFrom('inv_shipments').selectAll().where('status', '=', 'open').execute();
  const lines = await c.db.selectFrom('inv_shipment_lines').selectAll().execute();
  const line = c.pick(lines.filter((l) => open.some((s) => s.key === l.shipment)));
  if (!line) return;
  const shipment = open.find((s) => s.key === line.shipment)!;
  const held = await lotNumber(c, line.box !== 0 && c.chance(0.5) ? line.box : line.lot);
  const hold = () =>
    c.call('holdLot', { params: { id: held }, body: { ...entry(), reason: '출하 직전 보류' } } as Input<'holdLot'>);
  const send = () =>
    c.call('sendShipment', { params: { id: shipment.number }, body: entry() } as Input<'sendShipment'>);
  if (c.chance(0.4)) await Promise.all(c.chance(0.5) ? [hold(), send()] : [send(), hold()]);
  else if (await hold()) await send();
  if (c.chance(0.5))
    await c.call('releaseLot', { params: { id: held }, body: { ...entry(), reason: '확인' } } as Input<'releaseLot'>);
};

/** What was typed at a machine without the network, for up to a shift, with a clock that is wrong by up to two hours. */
export const shiftOffline: Act = async (c) => {
  const runs = await c.db.selectFrom('ops_runs').selectAll().where('status', '!=', 'finished').execute();
  const run = c.pick(runs);
  if (!run) return;
  const ages = Array.from({ length: c.random.int(2, 6) }, () => c.random.int(0, 8 * 60) * minuteUs).sort(
    (a, b) => b - a,
  );
  const typed = ages.map((ageUs) => ({ ageUs, ...typedAt(c, run.id) }));
  const done = await c.kioskBatch(run.machine, typed, c.random.pick([0, 0, -120, 75]) * minuteUs);
  for (const [i, { kind, data }] of typed.entries())
    if (kind === 'confirm' && done[i]) noteConfirmed(c, done[i].entryId, data as never);
};

function typedAt(c: Client, run: string): { kind: string; data: Record<string, unknown> } {
  const kind = c.random.pick(['confirm', 'confirm', 'confirm', 'pause', 'resume', 'join', 'leave', 'finish']);
  if (kind === 'finish' && c.chance(0.7)) return { kind: 'handover', data: { text: '인계' } };
  if (kind !== 'confirm') return { kind, data: { run } };
  const scrap = c.chance(0.2) ? 1 : 0;
  const defects = scrap > 0 ? [{ reason: 'short', quantity: scrap }] : [];
  return { kind, data: { run, good: c.random.int(0, 8), rework: 0, reworked: 0, defects } };
}

/** One result corrected up, down and back, and its order held in between. */
export const upAndDown: Act = async (c) => {
  const result = c.pick(await c.db.selectFrom('ops_results').selectAll().execute());
  const run = result && (await c.db.selectFrom('ops_runs').selectAll().where('id', '=', result.run_id).execute())[0];
  if (!result || !run) return;
  const before = fromMillionths(result.good);
  for (const good of [before + c.random.int(1, 5), Math.max(0, before - c.random.int(1, 5)), before]) {
    const body = { ...entry(), good, rework: 0, defects: [], reason: 'miscount' };
    const row = await c.call('correctResult', { params: { id: result.id }, body } as Input<'correctResult'>);
    if (row) {
      c.beliefs.note('good', row.id as string, result.run_id, row.good as number);
      c.beliefs.note('scrap', row.id as string, result.run_id, row.scrap as number);
    }
    if (c.chance(0.2)) {
      const act = c.random.pick(['hold', 'resume']);
      const params = { id: run.order_id };
      await c.call('actOnWorkOrder', { params, body: { ...entry(), act, reason: '확인' } } as Input<'actOnWorkOrder'>);
    }
  }
};

/** A supervisor takes up what a tablet was refused, or two do at once: applied as it was or with less, or dismissed. */
export const resolveRefused: Act = async (c) => {
  const row = c.pick(await c.db.selectFrom('ops_rejected').selectAll().where('status', '=', 'open').execute());
  if (!row) return;
  const asTyped = JSON.parse(row.data) as Record<string, unknown>;
  const data = row.kind === 'confirm' && c.chance(0.6) ? { ...asTyped, good: c.random.int(1, 3) } : asTyped;
  const resolve = (act: 'apply' | 'dismiss') =>
    c.call('resolveRejected', {
      params: { id: row.entry_id },
      body: { act, data, note: '확인' },
    } as Input<'resolveRejected'>);
  const told = await Promise.all(
    c.chance(0.3) ? [resolve('apply'), resolve('dismiss')] : [resolve(c.chance(0.8) ? 'apply' : 'dismiss')],
  );
  const done = told.filter((t) => t !== null);
  if (done.length > 1) throw new Error(`refused entry ${row.entry_id} was taken up twice: ${JSON.stringify(done)}`);
  if (row.kind === 'confirm' && done[0]?.status === 'applied')
    noteConfirmed(c, `${row.entry_id}#again`, { reworked: 0, defects: [], ...data } as never);
};
