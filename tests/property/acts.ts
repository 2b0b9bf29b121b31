import { randomUUID } from 'node:crypto';
import type { Caller, RouteId } from '@deungdae/contracts/api.ts';
import { fromMillionths, toMillionths } from '@deungdae/contracts/quantity.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { Random } from '@deungdae/testing/random.ts';
import type { Tables } from './invariants.ts';
import { badges, type Input, leader, machines, type ShopFloor, tablet } from './shop-floor.ts';

/** What the clients believe was done, kept apart from the records: an entry counts once here, by its id. */
export class Beliefs {
  /** By item, millionths. */
  readonly received = new Map<string, number>();
  readonly scrapped = new Map<string, number>();
  /** By run. */
  readonly good = new Map<string, number>();
  readonly scrap = new Map<string, number>();
  readonly #seen = new Set<string>();

  note(of: 'received' | 'scrapped' | 'good' | 'scrap', id: string, key: string, quantity: number): void {
    if (this.#seen.has(`${of} ${id}`)) return;
    this.#seen.add(`${of} ${id}`);
    this[of].set(key, (this[of].get(key) ?? 0) + toMillionths(quantity));
  }
}

/** A plant that has begun: material is there, orders are out. */
export async function begin(client: Client): Promise<void> {
  for (const [item, quantity] of [
    ['RESIN', 20],
    ['INSERT', 400],
    ['SCREW', 900],
    ['PART', 150],
  ] as const) {
    const body = { entryId: randomUUID(), item, quantity, location: 'RAW' };
    await client.call('receiveStock', { body } as Input<'receiveStock'>);
    client.beliefs.note('received', body.entryId, item, quantity);
  }
  for (const item of ['PART', 'CAP', 'CAP', 'COVER', 'KIT'])
    await client.call('createWorkOrder', {
      body: { entryId: randomUUID(), item, quantity: 40, release: true },
    } as Input<'createWorkOrder'>);
}

/** One client: it looks at what there is, does something at random, and tells what came of it. */
export class Client {
  readonly random: Random;
  readonly floor: ShopFloor;
  readonly beliefs: Beliefs;
  readonly log: string[];
  readonly #name: string;
  /** Outcomes by act: how often done and how often refused with which code. */
  readonly tally: Map<string, number>;

  constructor(name: string, random: Random, shared: Pick<Client, 'floor' | 'beliefs' | 'log' | 'tally'>) {
    this.#name = name;
    this.random = random;
    this.floor = shared.floor;
    this.beliefs = shared.beliefs;
    this.log = shared.log;
    this.tally = shared.tally;
  }

  async act(): Promise<void> {
    const total = acts.reduce((sum, [weight]) => sum + weight, 0);
    let at = this.random.next() * total;
    for (const [weight, run] of acts) {
      at -= weight;
      if (at < 0) return run(this);
    }
  }

  get db() {
    return this.floor.ledger.read<Tables>();
  }

  /** One of the rows; null when there are none. */
  pick<T>(rows: readonly T[]): T | null {
    return rows.length === 0 ? null : this.random.pick(rows);
  }

  chance(share: number): boolean {
    return this.random.next() < share;
  }

  /**
   * Calls a route; a coded refusal is an answer too (null), anything else is a failure of the test. Now and then the same
   * entry is sent twice at once, or again afterwards: the answers must name the same thing.
   */
  async call<Id extends RouteId>(
    id: Id,
    input: Input<Id>,
    who: Caller = leader,
  ): Promise<Record<string, unknown> | null> {
    const once = async () => {
      const line = `${this.#name} ${id} ${JSON.stringify(input)}`;
      try {
        const answer = (await this.floor.call(id, input, who)) as Record<string, unknown>;
        this.#note(id, 'done', `${line} → ${nameOf(answer)}`);
        return answer;
      } catch (error) {
        const code = refusal(error);
        this.#note(id, code ?? 'failed', `${line} → ${code ?? String(error)}`);
        if (code === null) throw error;
        return null;
      }
    };
    const body = (input as { body?: { entryId?: string } }).body;
    if (!body?.entryId || !this.chance(0.15)) return once();
    const [first, second] = this.chance(0.5) ? await Promise.all([once(), once()]) : [await once(), await once()];
    if (first && second && nameOf(first) !== nameOf(second))
      throw new Error(`entry ${body.entryId} of ${id} was done twice: ${nameOf(first)} and ${nameOf(second)}`);
    return first ?? second;
  }

  /** An entry typed at a kiosk, sent again now and then. */
  async kiosk(machine: string, kind: string, data: Record<string, unknown>): Promise<KioskDone | null> {
    const now = this.floor.clock.nowUs();
    const entry = { entryId: randomUUID(), kind, clientTime: now, badge: this.random.pick(badges), data };
    const sync = async () => {
      const body = { device: this.#name, machine, now, entries: this.chance(0.1) ? [entry, entry] : [entry] };
      const answer = await this.floor.call('kioskSync', { body } as Input<'kioskSync'>, tablet);
      const [first] = (answer as { answers: KioskAnswer[] }).answers;
      const code = first!.error?.code ?? first!.status;
      this.#note(`kiosk.${kind}`, code === 'repeated' ? 'done' : code, `${machine} ${JSON.stringify(data)} → ${code}`);
      return first!;
    };
    const first = await sync();
    const last = this.chance(0.15) ? await sync() : first;
    if (first.status !== 'rejected' && JSON.stringify(last.result) !== JSON.stringify(first.result))
      throw new Error(`kiosk entry ${entry.entryId} answered ${JSON.stringify([first, last])}`);
    return first.status === 'rejected' ? null : { entryId: entry.entryId, result: first.result! };
  }

  #note(act: string, outcome: string, line: string): void {
    this.log.push(line.startsWith(this.#name) ? line : `${this.#name} ${act} ${line}`);
    const key = `${act} ${outcome === 'applied' ? 'done' : outcome}`;
    this.tally.set(key, (this.tally.get(key) ?? 0) + 1);
  }
}

interface KioskAnswer {
  status: 'applied' | 'repeated' | 'rejected';
  result: Record<string, string> | null;
  error: { code: string } | null;
}
interface KioskDone {
  entryId: string;
  result: Record<string, string>;
}

/** Code of a refusal that a person would read; null for anything that should not happen. */
function refusal(error: unknown): string | null {
  // Two acts that waited for each other: nothing was done, and the client is told to send it again.
  if (error instanceof CodedError && (error.status < 500 || error.code === 'ledger.conflict')) return error.code;
  if (error instanceof Error && error.name === 'ZodError') return 'input';
  return null;
}

function nameOf(answer: unknown): string {
  if (Array.isArray(answer)) return answer.map(nameOf).join(',');
  const { id, number, box, lot, split, rework } = (answer ?? {}) as Record<string, unknown>;
  return String(id ?? number ?? box ?? (lot as { id?: string })?.id ?? nested(split ?? rework) ?? 'ok');
}
const nested = (value: unknown) => (value as { id?: string } | undefined)?.id;

const items = ['RESIN', 'INSERT', 'INSERT-B', 'SCREW', 'PART', 'CAP', 'COVER', 'KIT'];
const places = ['RAW', 'WIP', 'FG', 'QUA'];
const entry = () => ({ entryId: randomUUID() });
type Act = (client: Client) => Promise<void>;

const receive: Act = async (c) => {
  const item = c.random.pick(['RESIN', 'INSERT', 'INSERT', 'INSERT-B', 'SCREW', 'PART']);
  const quantity = item === 'RESIN' ? c.random.int(1, 5000) / 1000 : c.random.int(1, 200);
  const past = c.chance(0.1) ? { time: c.floor.clock.nowUs() - c.random.int(1, 40) * 3_600_000_000 } : {};
  const body = { ...entry(), ...past, item, quantity, location: 'RAW', supplier: 'SUP', quarantine: c.chance(0.05) };
  const lot = await c.call('receiveStock', { body } as Input<'receiveStock'>);
  if (lot) c.beliefs.note('received', body.entryId, item, quantity);
  if (lot && item === 'INSERT' && c.chance(0.3))
    await c.call('askInspection', {
      body: { stage: 'incoming', item, lot: lot.id, lotSize: quantity, supplier: 'SUP' },
    } as Input<'askInspection'>);
};

const createOrder: Act = async (c) => {
  const item = c.random.pick(['PART', 'PART', 'CAP', 'CAP', 'COVER', 'KIT', 'KIT', 'RESIN']);
  const body = { ...entry(), item, quantity: c.random.int(5, 60), release: c.chance(0.85) };
  await c.call('createWorkOrder', { body } as Input<'createWorkOrder'>);
};

const openOrders = (c: Client) =>
  c.db
    .selectFrom('ops_orders')
    .selectAll()
    .where('status', 'in', ['planned', 'released', 'running', 'held', 'finished'])
    .execute();

const changeOrder: Act = async (c) => {
  const order = c.pick(await openOrders(c));
  if (!order) return;
  const params = { id: order.id };
  const quantity = c.random.int(1, 20);
  switch (c.random.int(0, 9)) {
    case 0:
      await c.call('splitWorkOrder', { params, body: { ...entry(), quantity } } as Input<'splitWorkOrder'>);
      break;
    case 1: {
      const other = c.pick((await openOrders(c)).filter((o) => o.item === order.item)) ?? order;
      await c.call('mergeWorkOrders', {
        body: { ...entry(), orders: [order.id, other.id] },
      } as Input<'mergeWorkOrders'>);
      break;
    }
    case 2:
    case 3: {
      const steps = await c.db.selectFrom('ops_steps').selectAll().where('order_id', '=', order.id).execute();
      const from = c.pick(steps.filter((s) => s.rework > 0)) ?? c.pick(steps);
      if (!from) break;
      const body = { ...entry(), fromOperation: from.number, toOperation: steps[0]!.number, reason: '재작업' };
      const left = Math.max(1, Math.floor(fromMillionths(from.rework)));
      await c.call('reworkWorkOrder', {
        params,
        body: { ...body, quantity: c.random.int(1, left) },
      } as Input<'reworkWorkOrder'>);
      break;
    }
    case 4: {
      const steps = await c.db.selectFrom('ops_steps').selectAll().where('order_id', '=', order.id).execute();
      const step = c.pick(steps.filter((s) => s.optional === 1)) ?? c.pick(steps);
      if (!step) break;
      await c.call('skipStep', {
        params: { ...params, step: step.id },
        body: { reason: '생략' },
      } as Input<'skipStep'>);
      break;
    }
    case 5:
      await c.call('updateWorkOrder', { params, body: { quantity: quantity * 3 } } as Input<'updateWorkOrder'>);
      break;
    default: {
      const act = c.random.pick(['release', 'release', 'hold', 'resume', 'resume', 'finish', 'close', 'cancel']);
      const reason = c.chance(0.7) ? '사유' : '';
      await c.call('actOnWorkOrder', { params, body: { ...entry(), act, reason } } as Input<'actOnWorkOrder'>);
    }
  }
};

const start: Act = async (c) => {
  const open = await c.db.selectFrom('ops_orders').selectAll().where('status', 'in', ['released', 'running']).execute();
  const order = c.pick(open);
  const number = order && !c.chance(0.05) ? order.number : c.random.pick(['NO-SUCH', '현품표-1']);
  const steps = order ? await c.db.selectFrom('ops_steps').selectAll().where('order_id', '=', order.id).execute() : [];
  const step = c.pick(steps.filter((s) => s.mode === 'inHouse' && s.status !== 'finished'));
  const allowed = step ? (JSON.parse(step.machines) as string[]) : [];
  const machine = allowed.length > 0 && c.chance(0.9) ? c.random.pick(allowed) : c.random.pick(machines);
  const operation = step && c.chance(0.8) ? { operation: step.number } : {};
  await c.kiosk(machine, 'start', { order: number, ...operation, parallel: true });
};

const openRun = async (c: Client) =>
  c.pick(await c.db.selectFrom('ops_runs').selectAll().where('status', '!=', 'finished').execute());

const confirm: Act = async (c) => {
  const run = await openRun(c);
  if (!run) return start(c);
  const scrap = c.chance(0.3) ? c.random.int(1, 3) : 0;
  const rework = c.chance(0.15) ? c.random.int(1, 3) : 0;
  const reworked = c.chance(0.1) ? c.random.int(1, 2) : 0;
  const defects = scrap > 0 ? [{ reason: c.random.pick(['burr', 'short']), quantity: scrap }] : [];
  const data = { run: run.id, good: c.random.int(0, 25), rework, reworked, defects };
  const done = await c.kiosk(run.machine, 'confirm', data);
  if (!done) return;
  c.beliefs.note('good', done.entryId, run.id, data.good + reworked);
  c.beliefs.note('scrap', done.entryId, run.id, scrap);
};

/** The first piece that a run waits for, mostly good. */
const inspect: Act = async (c) => {
  const due = (await c.floor.call('inspections', { query: { status: 'waiting' } } as Input<'inspections'>)) as {
    id: string;
    characteristics: { id: string; required: number }[];
  }[];
  const inspection = c.pick(due);
  if (!inspection) return;
  const bad = c.chance(0.2);
  const results = inspection.characteristics.flatMap((x) =>
    Array.from({ length: x.required }, (_, i) => ({ characteristic: x.id, sample: i + 1, value: bad ? 11.4 : 10 })),
  );
  await c.call('recordInspection', {
    params: { id: inspection.id },
    body: { results, finish: c.chance(0.95), confirmed: true },
  } as Input<'recordInspection'>);
};

const useLot: Act = async (c) => {
  const run = await openRun(c);
  if (!run) return;
  const lots = await c.db
    .selectFrom('inv_lots')
    .selectAll()
    .where('item', 'in', ['INSERT', 'INSERT-B', 'PART'])
    .execute();
  const lot = c.pick(c.chance(0.9) ? lots.filter((l) => l.item.startsWith('INSERT')) : lots);
  if (!lot) return;
  const quantity = c.chance(0.3) ? { quantity: c.random.int(1, 10) } : {};
  await c.kiosk(run.machine, 'useLot', { run: run.id, lot: lot.number, ...quantity });
};

const actOnRun: Act = async (c) => {
  const run = await openRun(c);
  if (!run) return;
  const act = c.random.pick(['finish', 'finish', 'pause', 'resume', 'join', 'leave', 'productionStart']);
  await c.kiosk(run.machine, act, { run: run.id });
};

const packRun: Act = async (c) => {
  const run = c.pick(await c.db.selectFrom('ops_runs').selectAll().where('output_lot', 'is not', null).execute());
  if (!run) return;
  await c.kiosk(run.machine, 'pack', { run: run.id, quantity: c.random.int(1, 20) });
};

const correct: Act = async (c) => {
  const result = c.pick(await c.db.selectFrom('ops_results').selectAll().execute());
  if (!result) return;
  const scrap = c.chance(0.4) ? c.random.int(0, 4) : 0;
  const defects = scrap > 0 ? [{ reason: 'burr', quantity: scrap }] : [];
  const body = { ...entry(), good: c.random.int(0, 25), rework: c.chance(0.1) ? 1 : 0, defects, reason: 'miscount' };
  const row = await c.call('correctResult', { params: { id: result.id }, body } as Input<'correctResult'>);
  if (!row) return;
  c.beliefs.note('good', row.id as string, result.run_id, row.good as number);
  c.beliefs.note('scrap', row.id as string, result.run_id, row.scrap as number);
};

const someLot = async (c: Client, kinds: readonly string[] = ['lot']) => {
  const rows = await c.db
    .selectFrom('inv_lots')
    .selectAll()
    .where('kind', 'in', kinds as 'lot'[])
    .where('untracked', '=', 0)
    .execute();
  if (c.chance(0.02)) return { ...(rows[0] ?? null), number: 'NO-SUCH-LOT', item: 'CAP', key: -1 };
  // Mostly those that are still there.
  const there = new Set((await c.db.selectFrom('inv_stock').select('lot').execute()).map((s) => s.lot));
  return c.pick(c.chance(0.8) ? rows.filter((r) => r.kind === 'container' || there.has(r.key)) : rows);
};

const holdOrRelease: Act = async (c) => {
  const lot = await someLot(c, ['lot', 'lot', 'container']);
  if (!lot) return;
  const params = { id: lot.number };
  if (c.chance(0.35))
    await c.call('holdLot', { params, body: { ...entry(), reason: '확인 필요' } } as Input<'holdLot'>);
  else await c.call('releaseLot', { params, body: { ...entry(), reason: '확인' } } as Input<'releaseLot'>);
};

const stockOf = async (c: Client, item?: string) => {
  let rows = c.db.selectFrom('inv_stock').selectAll().where('lot', '>', 0);
  if (item) rows = rows.where('item', '=', item);
  return (await rows.execute()).filter((s) => !s.place.startsWith('@') && s.quantity > 0);
};

/** Some of what lies there; more than that now and then. */
const part = (c: Client, quantity: number) => {
  if (c.chance(0.08)) return fromMillionths(quantity) + 1;
  if (c.chance(0.25)) return fromMillionths(quantity);
  return Math.max(1, Math.round(quantity * c.random.next())) / 1_000_000;
};

const lotNumber = async (c: Client, key: number) =>
  (await c.db.selectFrom('inv_lots').select('number').where('key', '=', key).executeTakeFirstOrThrow()).number;

const moveStock: Act = async (c) => {
  const stock = c.pick(await stockOf(c));
  if (!stock) return;
  const [lot, to] = [await lotNumber(c, stock.lot), c.random.pick(places)];
  const body = { ...entry(), lot, from: stock.place, to, quantity: part(c, stock.quantity) };
  if (c.chance(0.6)) await c.call('transferStock', { body } as Input<'transferStock'>);
  else {
    const box = await someLot(c, ['container']);
    if (box) await c.call('transferStock', { body: { ...entry(), lot: box.number, to } } as Input<'transferStock'>);
  }
};

const splitOrMerge: Act = async (c) => {
  const stock = c.pick(await stockOf(c));
  if (!stock) return;
  const number = await lotNumber(c, stock.lot);
  if (c.chance(0.5)) {
    const body = { ...entry(), quantity: part(c, stock.quantity) };
    await c.call('splitLot', { params: { id: number }, body } as Input<'splitLot'>);
    return;
  }
  const others = (await stockOf(c, stock.item)).filter((s) => s.lot !== stock.lot);
  const other = c.pick(others);
  if (!other) return;
  const lots = [number, await lotNumber(c, other.lot)];
  await c.call('mergeLots', { body: { ...entry(), lots, location: stock.place } } as Input<'mergeLots'>);
};

const packBox: Act = async (c) => {
  const loose = (await stockOf(c)).filter((s) => s.quantity > s.packed);
  const stock = c.pick(c.chance(0.8) ? loose.filter((s) => s.place === 'FG' || s.place === 'WIP') : loose);
  const boxes = await c.db.selectFrom('inv_lots').selectAll().where('kind', '=', 'container').execute();
  const location = stock?.place ?? 'FG';
  const into = c.chance(0.4) ? c.pick(boxes.filter((b) => b.place === location || c.chance(0.1))) : null;
  const lots: { lot: string; quantity: number }[] = [];
  if (stock) lots.push({ lot: await lotNumber(c, stock.lot), quantity: part(c, stock.quantity - stock.packed) });
  const box = c.pick(boxes.filter((b) => b.place === location));
  if (box && c.chance(0.35)) lots.push({ lot: box.number, quantity: 1 });
  if (lots.length === 0) return;
  const body = { ...entry(), location, lots, ...(into ? { container: into.number } : {}) };
  await c.call('packLots', { body } as Input<'packLots'>);
};

const unpackBox: Act = async (c) => {
  const box = await someLot(c, ['container']);
  if (!box) return;
  const contents = await c.db.selectFrom('inv_contents').selectAll().where('container', '=', box.key!).execute();
  const content = c.pick(contents);
  const lots =
    content && c.chance(0.6)
      ? { lots: [{ lot: await lotNumber(c, content.lot), quantity: part(c, content.quantity) }] }
      : {};
  await c.call('unpackContainer', {
    params: { id: box.number },
    body: { ...entry(), ...lots },
  } as Input<'unpackContainer'>);
};

const ship: Act = async (c) => {
  const open = await c.db.selectFrom('inv_shipments').selectAll().where('status', '=', 'open').execute();
  const shipment = c.pick(open);
  if (!shipment || (open.length < 3 && c.chance(0.3))) {
    await c.call('createShipment', { body: { ...entry(), customer: 'HMC' } } as Input<'createShipment'>);
    return;
  }
  const params = { id: shipment.number };
  const what = c.random.int(0, 11);
  if (what <= 6) {
    const box = c.chance(0.5) ? await someLot(c, ['container']) : null;
    const stock = c.pick((await stockOf(c)).filter((s) => ['CAP', 'COVER', 'KIT', 'PART'].includes(s.item)));
    if (box) await c.call('loadShipment', { params, body: { ...entry(), code: box.number } } as Input<'loadShipment'>);
    else if (stock) {
      const body = { ...entry(), code: await lotNumber(c, stock.lot), quantity: part(c, stock.quantity) };
      await c.call('loadShipment', { params, body } as Input<'loadShipment'>);
    }
    return;
  }
  const line = c.pick(
    await c.db.selectFrom('inv_shipment_lines').selectAll().where('shipment', '=', shipment.key).execute(),
  );
  if (what === 7 && line) {
    const code = await lotNumber(c, line.box || line.lot);
    await c.call('unloadShipment', { params, body: { ...entry(), code } } as Input<'unloadShipment'>);
  } else if (what === 8)
    await c.call('cancelShipment', { params, body: { reason: '취소' } } as Input<'cancelShipment'>);
  else await c.call('sendShipment', { params, body: entry() } as Input<'sendShipment'>);
};

const takeBack: Act = async (c) => {
  const kind = c.chance(0.5) ? 'ship' : 'consume';
  const moved = c.pick(await c.db.selectFrom('inv_movements').selectAll().where('kind', '=', kind).execute());
  if (!moved) return;
  const run = moved.reference?.startsWith('run/') && c.chance(0.8) ? { run: moved.reference.slice(4) } : {};
  const from = kind === 'ship' ? { customer: 'HMC' } : run;
  const lot = await lotNumber(c, moved.lot);
  const body = { ...entry(), lot, location: c.random.pick(places), quantity: part(c, moved.quantity), ...from };
  await c.call('returnStock', { body } as Input<'returnStock'>);
};

const changeStock: Act = async (c) => {
  const stock = c.pick(await stockOf(c));
  if (!stock) return;
  const lot = await lotNumber(c, stock.lot);
  const quantity = part(c, Math.min(stock.quantity, 5_000_000));
  const tracked = stock.item !== 'SCREW' || c.chance(0.2);
  const what = { ...entry(), item: c.chance(0.97) ? stock.item : c.random.pick(items), ...(tracked ? { lot } : {}) };
  const location = c.chance(0.6) ? { location: stock.place } : {};
  switch (c.random.int(0, 2)) {
    case 0: {
      const body = { ...what, ...location, quantity, reason: '파손' };
      const row = await c.call('scrapStock', { body } as Input<'scrapStock'>);
      if (row) c.beliefs.note('scrapped', what.entryId, what.item, quantity);
      break;
    }
    case 1:
      await c.call('issueStock', { body: { ...what, ...location, quantity } } as Input<'issueStock'>);
      break;
    default: {
      const counted = Math.max(0, fromMillionths(stock.quantity) + c.random.int(-5, 5));
      const body = { ...what, location: stock.place, counted, reason: '조정' };
      await c.call('adjustStock', { body } as Input<'adjustStock'>);
    }
  }
};

const countStock: Act = async (c) => {
  const open = c.pick(await c.db.selectFrom('inv_counts').selectAll().where('status', '=', 'open').execute());
  if (!open) {
    const locations = c.chance(0.5) ? [] : [c.random.pick(places)];
    await c.call('startStockCount', { body: { ...entry(), locations } } as Input<'startStockCount'>);
    return;
  }
  const params = { id: open.number };
  const what = c.random.int(0, 9);
  if (what <= 6) {
    const stock = c.pick(await stockOf(c));
    if (!stock) return;
    const quantity = Math.max(0, fromMillionths(stock.quantity) + c.random.int(-2, 2));
    const body = { ...entry(), code: await lotNumber(c, stock.lot), location: stock.place, quantity };
    await c.call('countStock', { params, body } as Input<'countStock'>);
  } else if (what <= 8) {
    const body = { ...entry(), uncounted: c.chance(0.2) ? 'zero' : 'keep' };
    await c.call('postStockCount', { params, body } as Input<'postStockCount'>);
  } else await c.call('cancelStockCount', { params } as Input<'cancelStockCount'>);
};

const reverse: Act = async (c) => {
  const movement = c.pick(await c.db.selectFrom('inv_movements').selectAll().execute());
  if (!movement) return;
  const body = { ...entry(), reason: '착오' };
  await c.call('reverseMovement', { params: { id: String(movement.key) }, body } as Input<'reverseMovement'>);
};

const dayOf = (us: number) => new Date(us / 1000 + 9 * 3_600_000).toISOString().slice(0, 10);

const closeDays: Act = async (c) => {
  const now = c.floor.clock.nowUs();
  if (c.chance(0.4)) {
    await c.call('closeStock', { body: { day: dayOf(now - 86_400_000_000) } } as Input<'closeStock'>);
    return;
  }
  const closing = c.pick(await c.db.selectFrom('inv_closings').selectAll().execute());
  if (closing)
    await c.call('reopenStock', {
      params: { id: String(closing.key) },
      body: { reason: '정정' },
    } as Input<'reopenStock'>);
};

const closeShift: Act = async (c) => {
  const machine = c.random.pick(machines);
  const past = c.floor.clock.nowUs() - c.random.int(0, 30) * 3_600_000_000;
  const which = { machine, day: dayOf(past), shift: c.random.pick(['day', 'night']) };
  if (c.chance(0.3)) {
    await c.call('reopenDailyReport', { body: { ...which, reason: '정정' } } as Input<'reopenDailyReport'>);
    return;
  }
  const step = c.random.pick(['write', 'write', 'review', 'approve', 'approve']);
  await c.call('signDailyReport', { body: { ...entry(), ...which, step } } as unknown as Input<'signDailyReport'>);
};

const nonconform: Act = async (c) => {
  const open = (await c.floor.call('nonconformities', {
    query: { status: 'running' },
  } as Input<'nonconformities'>)) as {
    id: string;
  }[];
  const found = c.pick(open);
  if (found && c.chance(0.65)) {
    const kind = c.random.pick(['concession', 'rework', 'scrap', 'return', 'release']);
    const params = { id: found.id };
    await c.call('decideNonconformity', { params, body: { kind, reason: '판정' } } as Input<'decideNonconformity'>);
    if (c.chance(0.3)) await c.call('closeNonconformity', { params } as Input<'closeNonconformity'>);
    return;
  }
  const lot = await someLot(c);
  if (!lot) return;
  const body = { ...entry(), source: 'production', item: lot.item, lots: [lot.number], quantity: 1, text: '긁힘' };
  await c.call('openNonconformity', { body } as Input<'openNonconformity'>);
};

const outside: Act = async (c) => {
  const steps = await c.db.selectFrom('ops_steps').selectAll().where('mode', '=', 'outsourced').execute();
  const away = c.pick(steps.filter((s) => s.at_partner > 0));
  if (away && c.chance(0.5)) {
    const good = c.random.int(0, Math.floor(fromMillionths(away.at_partner)) + (c.chance(0.1) ? 1 : 0));
    const body = { ...entry(), good, scrap: c.chance(0.2) ? 1 : 0 };
    await c.call('receiveStep', { params: { id: away.order_id, step: away.id }, body } as Input<'receiveStep'>);
    return;
  }
  const step = c.pick(steps.filter((s) => s.status !== 'finished'));
  if (!step) return;
  const body = { ...entry(), partner: 'PLATE', quantity: c.random.int(1, 10) };
  await c.call('sendStep', { params: { id: step.order_id, step: step.id }, body } as Input<'sendStep'>);
};

/** Acts with their weights. */
const acts: readonly (readonly [number, Act])[] = [
  [8, receive],
  [4, createOrder],
  [5, changeOrder],
  [9, start],
  [22, confirm],
  [8, inspect],
  [6, useLot],
  [6, actOnRun],
  [4, packRun],
  [5, correct],
  [6, holdOrRelease],
  [4, moveStock],
  [4, splitOrMerge],
  [5, packBox],
  [3, unpackBox],
  [9, ship],
  [4, takeBack],
  [3, changeStock],
  [4, countStock],
  [4, reverse],
  [1, closeDays],
  [2, closeShift],
  [3, nonconform],
  [4, outside],
];
