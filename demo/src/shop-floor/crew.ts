import type { Inspection } from '@deungdae/contracts/inspection.ts';
import type { KioskEntry, KioskState } from '@deungdae/contracts/kiosk.ts';
import type { MasterData } from '@deungdae/contracts/master.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { Random } from '@deungdae/testing/random.ts';
import type { Call } from './call.ts';
import { machinesOf, toolsOf } from './master.ts';

const minuteUs = 60_000_000;
const dayUs = 24 * 60 * minuteUs;
/** The crew writes down what was made this often; the past goes in longer strides. */
const liveStrideUs = 10 * minuteUs;
const pastStrideUs = 30 * minuteUs;
/** The truck leaves at four in the afternoon of Gimcheon. */
const truckUs = 7 * 60 * minuteUs;
/** Somebody asks why it stands after this long. */
const reasonAfterUs = 8 * minuteUs;

interface Post {
  machine: string;
  badge: string;
  /** What is made here when the machine does not say so itself. */
  items: readonly string[];
  /** Tool by item; each machine has its own of each kind. */
  tool?: Readonly<Record<string, string>>;
  defects: readonly string[];
  reasons: readonly string[];
  /** Works on what came from the step before, opens no orders; `batch`: the whole charge at once, without a count. */
  follows?: 'counted' | 'batch';
}

const casters = ['CASTER-75-SWIVEL', 'CASTER-75-BRAKE', 'CASTER-50-FIXED'];
const moulding = ['SHORT', 'BURR', 'SINK', 'SILVER', 'GAS'];
/** Pieces of an order: what the machine makes before it changes over, so that an order is a shift's work. */
const orderSize: Readonly<Record<string, number>> = {
  ...{ 'WHEEL-75-PA': 3500, 'WHEEL-50-PP': 6200, 'COVER-75-POM': 2900, 'FORK-75': 8700, 'PLATE-75': 11_600 },
  ...{ 'AXLE-75': 390, 'AXLE-50': 290, 'CASTER-75-SWIVEL': 870, 'CASTER-75-BRAKE': 580, 'CASTER-50-FIXED': 1160 },
};

const posts: readonly Post[] = [
  ...machinesOf.moulding.map((machine, i) => ({
    ...{
      machine,
      badge: i < 3 ? 'HB-101' : 'HB-102',
      items: ['WHEEL-75-PA'],
      tool: toolsOf(machine),
      defects: moulding,
    },
    reasons: ['breakdown/robot', 'breakdown/heater', 'waiting/material', 'setup/adjustment'],
  })),
  ...machinesOf.press.map((machine, i) => ({
    ...{
      machine,
      badge: i < 2 ? 'HB-201' : 'HB-202',
      items: i === 1 ? ['PLATE-75'] : ['FORK-75'],
      tool: toolsOf(machine),
    },
    ...{ defects: ['BURR', 'CRACK', 'DENT'], reasons: ['waiting/jam', 'breakdown/hydraulic', 'setup/adjustment'] },
  })),
  ...machinesOf.cnc.map((machine) => ({
    ...{ machine, badge: 'HB-301', items: ['AXLE-75', 'AXLE-50'], defects: ['DIM', 'SCRATCH'] },
    reasons: ['breakdown/electric', 'setup/adjustment'],
  })),
  ...machinesOf.assembly.map((machine) => ({
    ...{ machine, badge: 'HB-401', items: casters, defects: ['RIVET', 'OTHER'] },
    reasons: ['waiting/jam', 'waiting/material', 'waiting/people'],
  })),
  ...machinesOf.packing.map((machine) => ({
    ...{ machine, badge: 'HB-402', items: casters, defects: ['SCRATCH'], reasons: ['waiting/material'] },
    follows: 'counted' as const,
  })),
  ...machinesOf.furnace.map((machine) => ({
    ...{ machine, badge: 'HB-301', items: ['AXLE-75', 'AXLE-50'], defects: ['HARD'], reasons: ['breakdown/heater'] },
    follows: 'batch' as const,
  })),
];

export interface CrewOptions {
  call: Call;
  clock: Clock;
  log: Logger;
  random: Random;
}

/**
 * The people of Hanbit at their kiosks: they start orders, measure first pieces, confirm what the machines counted, say
 * why machines stand, finish, and start the next order. They type what operators would type and nothing else.
 */
export class Crew {
  readonly #options: CrewOptions;
  readonly #confirmed = new Map<string, number>();
  #stopped = false;
  #cancel = () => {};

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** Lives through [from, now) in strides, then goes on with the clock. */
  async work(from: number): Promise<void> {
    const { clock } = this.#options;
    for (let at = from; at < clock.nowUs() - liveStrideUs && !this.#stopped; at += pastStrideUs)
      await this.#stride(at, Math.min(at + pastStrideUs, clock.nowUs()));
    const again = async () => {
      const now = clock.nowUs();
      await this.#stride(now - liveStrideUs, now);
      if (!this.#stopped) this.#cancel = clock.after(liveStrideUs / 1000, again);
    };
    if (!this.#stopped) await again();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  async #stride(from: number, to: number): Promise<void> {
    const truck = Math.floor(to / dayUs) * dayUs + truckUs;
    if (truck > from && truck <= to) await this.#ship(truck).catch((error) => this.#refused('shipping', error));
    for (const post of posts) {
      if (this.#stopped) return;
      try {
        await this.#attend(post, from, to);
      } catch (error) {
        this.#refused(post.machine, error);
      }
      // The server has other things to do.
      await this.#options.clock.sleep(20);
    }
  }

  #refused(where: string, error: unknown): void {
    this.#options.log.info({ error, where }, 'the demo crew could not go on here');
  }

  async #attend(post: Post, from: number, to: number): Promise<void> {
    let state = await this.#state(post);
    const made =
      post.follows === 'batch'
        ? { product: null, good: Number.MAX_SAFE_INTEGER, scrap: 0 }
        : await this.#made(post, Math.max(from, this.#confirmed.get(post.machine) ?? from), to);
    const order = state.order;
    const step = order?.steps.find((s) => s.id === state.run?.step);
    const done = step !== undefined && step.good + step.scrap >= step.planned;
    const changed = made !== null && state.run !== null && made.product !== null && made.product !== state.run.item;
    if (state.run && (done || changed)) {
      await this.#finish(post, state, from + minuteUs);
      state = await this.#state(post);
    }
    if (!state.run && made !== null && made.good > 0)
      state = await this.#start(post, state, made.product, from + minuteUs);
    if (state.run) await this.#inspect(state, post);
    if (state.run && made !== null && made.good + made.scrap > 0) await this.#confirm(post, state, made, to);
    await this.#explain(post, to);
    this.#confirmed.set(post.machine, to);
  }

  #state(post: Post): Promise<KioskState> {
    return this.#options.call('kioskState', { query: { machine: post.machine } });
  }

  /** What the machine counted in [from, to), of the product it made most. */
  async #made(post: Post, from: number, to: number) {
    if (to <= from) return null;
    const { parts, total } = await this.#options.call('oee', {
      query: { path: post.machine, from, to, by: 'product' },
    });
    const best = [...parts].sort((a, b) => (b.counts.produced ?? 0) - (a.counts.produced ?? 0))[0] ?? total;
    const { good, scrap } = best.counts;
    const product = best.product && orderSize[best.product] !== undefined ? best.product : null;
    return good === null ? null : { product, good, scrap: scrap ?? 0 };
  }

  async #send(post: Post, kind: KioskEntry['kind'], time: number, data: Record<string, unknown>): Promise<boolean> {
    const { call, clock, log } = this.#options;
    const now = clock.nowUs();
    const entryId = uuidv7(Math.floor(now / 1000));
    const entry = { entryId, kind, clientTime: Math.min(time, now), clientOffset: 0, badge: post.badge, data };
    const { answers } = await call('kioskSync', {
      body: { device: `demo-${post.machine.split('/').at(-1)}`, machine: post.machine, now, entries: [entry] },
    });
    const error = answers[0]?.error;
    if (error) log.info({ machine: post.machine, kind, code: error.code }, 'the demo crew was refused');
    return !error;
  }

  async #start(post: Post, state: KioskState, product: string | null, time: number): Promise<KioskState> {
    const { call } = this.#options;
    const wanted = product ?? this.#options.random.pick(post.items);
    const here = state.queue.filter((entry) => entry.available > 0);
    const ready = post.follows === 'batch' ? here[0] : here.find((entry) => entry.order.item === wanted);
    let number = ready?.order.number;
    if (!number) {
      if (post.follows) return state;
      const sales = (await call('salesOrders', { query: { status: 'open', limit: 50 } })).find(
        (o) => o.item === wanted,
      );
      const order = await call('createWorkOrder', {
        body: {
          ...{ item: wanted, quantity: orderSize[wanted]!, due: time + 2 * dayUs, release: true },
          ...(sales ? { salesOrder: sales.id } : {}),
        },
      });
      number = order.number;
    }
    const tool = post.tool?.[wanted];
    await this.#send(post, 'start', time, { order: number, ...(tool ? { tool } : {}) });
    return this.#state(post);
  }

  /** First, middle and last pieces: measured around the nominal, four sigma inside the tolerance. */
  async #inspect(state: KioskState, _post: Post): Promise<void> {
    for (const inspection of state.inspections) await this.#measure(inspection);
  }

  async #measure(inspection: Inspection): Promise<void> {
    const { call, random } = this.#options;
    const { revisions } = await call('masterRecord', { params: { kind: 'inspectionPlan', code: inspection.plan } });
    const plan = revisions.find((r) => r.revision === inspection.planRevision)?.data as
      | MasterData<'inspectionPlan'>
      | undefined;
    if (!plan) return;
    const results = plan.characteristics.flatMap((c) =>
      Array.from({ length: Math.max(1, c.kind === 'attribute' ? inspection.sampleSize : c.samples) }, (_, i) => {
        const base = { characteristic: c.id, sample: i + 1 };
        if (c.kind === 'attribute' || c.nominal === undefined) return { ...base, pass: true };
        const tolerance = Math.min((c.upper ?? c.nominal) - c.nominal, c.nominal - (c.lower ?? c.nominal));
        return { ...base, value: Math.round((c.nominal + random.normal() * tolerance * 0.24) * 1000) / 1000 };
      }),
    );
    await call('recordInspection', { params: { id: inspection.id }, body: { results, finish: true } });
  }

  async #confirm(post: Post, state: KioskState, made: { good: number; scrap: number }, to: number): Promise<void> {
    const step = state.order!.steps.find((s) => s.id === state.run!.step)!;
    const before = state.order!.steps.filter((s) => s.number < step.number).at(-1);
    const limit = before ? before.good : Math.floor(step.planned * 1.05);
    const room = Math.max(0, Math.floor(limit - step.good - step.scrap - step.rework));
    const scrap = Math.min(made.scrap, room);
    const good = Math.min(made.good, room - scrap);
    if (good + scrap === 0) return;
    const defect = post.defects[Math.floor(this.#options.random.next() ** 2 * post.defects.length)]!;
    await this.#send(post, 'confirm', to, {
      ...{ good, countedTo: to, defects: scrap > 0 ? [{ reason: defect, quantity: scrap }] : [] },
      ...{ reason: 'SENSOR', note: '' },
    });
  }

  async #finish(post: Post, state: KioskState, time: number): Promise<void> {
    for (const inspection of state.inspections) await this.#measure(inspection);
    await this.#send(post, 'finish', time, { note: '' });
    const last = await this.#options.call('inspections', {
      query: { run: state.run!.id, status: 'waiting', limit: 20 },
    });
    for (const inspection of last) await this.#measure(inspection);
    if (post.follows === 'counted') await this.#pack(state.run!.id, time);
    if (post.machine.includes('/press/')) await this.#plate(state.order!.id, time);
  }

  /** Pressed parts go to the plater and come back the same day; a few have bare spots. */
  async #plate(id: string, time: number): Promise<void> {
    const { call, random } = this.#options;
    const order = await call('workOrder', { params: { id } });
    const [pressed, plating] = order.steps;
    if (!pressed || plating?.mode !== 'outsourced') return;
    const quantity = pressed.good - plating.good - plating.scrap;
    if (quantity <= 0) return;
    const params = { id, step: plating.id };
    const scrap = Math.min(quantity, random.int(0, 6));
    await call('sendStep', { params, body: { partner: 'DK-PLATING', quantity, time } });
    const defects = scrap > 0 ? [{ reason: 'OTHER', quantity: scrap }] : [];
    await call('receiveStep', { params, body: { good: quantity - scrap, scrap, defects, time: time + minuteUs } });
  }

  /** Good casters go into boxes once the final inspection has let them through. */
  async #pack(run: string, time: number): Promise<void> {
    const { call } = this.#options;
    const { outputLots, item } = await call('run', { params: { id: run } });
    const { revisions } = await call('masterRecord', { params: { kind: 'item', code: item } });
    const box = (revisions[0]?.data as MasterData<'item'> | undefined)?.packQuantity ?? 50;
    for (const id of outputLots) {
      const { lot } = await call('lot', { params: { id } });
      const [at] = lot.stock;
      if (!at || lot.status !== 'available' || lot.holds.length > 0) continue;
      for (let left = at.quantity; left >= box && !this.#stopped; left -= box)
        await call('packLots', { body: { lots: [{ lot: id, quantity: box }], location: at.location, time } });
    }
  }

  /** In the afternoon the boxes that a customer waits for leave; and customers order again. */
  async #ship(time: number): Promise<void> {
    const { call } = this.#options;
    const orders = (await call('salesOrders', { query: { limit: 100 } })).filter((o) => o.status !== 'cancelled');
    const boxes = await call('lots', { query: { kind: 'container', limit: 500 } });
    for (const order of orders) {
      if (order.customer === null) continue;
      const ready = boxes.filter((b) => b.item === order.item && b.status === 'available' && b.onHand > 0).slice(0, 40);
      if (ready.length === 0) continue;
      const { id } = await call('createShipment', { body: { customer: order.customer, salesOrder: order.id } });
      for (const box of ready) await call('loadShipment', { params: { id }, body: { code: box.number } });
      await call('sendShipment', { params: { id }, body: { time } });
      for (const box of ready) boxes.splice(boxes.indexOf(box), 1);
    }
    const open = orders.filter((o) => o.status === 'open' || o.status === 'planned');
    if (open.length >= 4) return;
    const item = this.#options.random.pick(casters);
    const number = `SO-${new Date(time / 1000).toISOString().slice(2, 10).replaceAll('-', '')}`;
    if (orders.some((o) => o.number === number)) return;
    const customer = item === 'CASTER-50-FIXED' ? 'HANSOL' : 'DAEHA';
    const due = time + (3 + this.#options.random.int(0, 5)) * dayUs;
    await call('createSalesOrder', { body: { number, customer, item, quantity: 4000, receivedAt: time, due } });
  }

  /** Why a machine stands, once it has stood for a while. */
  async #explain(post: Post, to: number): Promise<void> {
    const { openStop } = await this.#state(post);
    if (!openStop || to - openStop.from < reasonAfterUs) return;
    const reason = this.#options.random.pick(post.reasons);
    await this.#send(post, 'downtimeReason', to, { stop: openStop.id, reason, note: '' });
  }
}
