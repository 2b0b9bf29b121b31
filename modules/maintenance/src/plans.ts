import type { Handlers } from '@deungdae/contracts/api.ts';
import type { MaintenanceOrder, MaintenancePlan } from '@deungdae/contracts/maintenance.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { nearest, type Wear } from './domain/trigger.ts';
import { openOrder, undoneStatuses } from './orders.ts';
import { type Db, keyOf, type MaintenanceDeps, needSubject, type Tx } from './parts.ts';
import type { MaintenanceTables } from './schema.ts';
import { shotsNow } from './tools.ts';

type Stored = Omit<MaintenancePlan, 'lastDoneAt' | 'share' | 'reached' | 'openOrder'>;
type Row = MaintenanceTables['mt_plans'];
const system = { kind: 'system', id: 'maintenance-plans' } as const;

/** A plan that has reached its warning. */
export const isNear = (plan: MaintenancePlan) => plan.active && plan.share !== null && plan.share >= plan.warnAt;

/** Preventive plans: how near each is, and the orders they ask for. */
export class Plans {
  readonly #deps: MaintenanceDeps;

  constructor(deps: MaintenanceDeps) {
    this.#deps = deps;
  }

  async #wear(db: Db, row: Row, plan: Stored, now: number): Promise<Wear> {
    const { equipment, plant, reading = () => null } = this.#deps;
    const since = row.last_done_at;
    const byHours = plan.triggers.some((trigger) => trigger.type === 'hours');
    const machine = plan.subject.kind === 'machine' && plant().equipment.has(plan.subject.id);
    const running =
      byHours && machine ? (await equipment.timeInState(plan.subject.id, since, now)).running / 1000 : null;
    const shots = plan.subject.kind === 'tool' ? (await shotsNow(db, plan.subject.id)) - row.shots_at_done : null;
    return { elapsedMs: (now - since) / 1000, runningMs: running, shots, reading };
  }

  async #planOf(db: Db, row: Row, now: number): Promise<MaintenancePlan> {
    const stored = JSON.parse(row.data) as Stored;
    const found = nearest(stored.triggers, await this.#wear(db, row, stored, now));
    const open = await db
      .selectFrom('mt_orders')
      .select('number')
      .where('plan', '=', row.code)
      .where('status', 'in', [...undoneStatuses])
      .limit(1)
      .executeTakeFirst();
    return {
      ...stored,
      lastDoneAt: row.last_done_at,
      share: found?.share ?? null,
      reached: found?.trigger ?? null,
      openOrder: open?.number ?? null,
    };
  }

  async list(query: { kind?: string | undefined; subject?: string | undefined }): Promise<MaintenancePlan[]> {
    const db = this.#deps.ledger.read<MaintenanceTables>();
    let rows = db.selectFrom('mt_plans').selectAll().orderBy('code').limit(2000);
    if (query.subject !== undefined) rows = rows.where('subject', '=', `${query.kind ?? 'machine'}/${query.subject}`);
    const now = this.#deps.clock.nowUs();
    const plans: MaintenancePlan[] = [];
    for (const row of await rows.execute()) plans.push(await this.#planOf(db, row, now));
    return plans.sort((a, b) => (b.share ?? -1) - (a.share ?? -1));
  }

  /** Opens the orders of plans that have come near; one open order for each plan at most. Returns their numbers. */
  async ask(): Promise<string[]> {
    const near = (await this.list({})).filter((plan) => isNear(plan) && plan.openOrder === null);
    const numbers: string[] = [];
    for (const plan of near) {
      const now = this.#deps.clock.nowUs();
      const order = await this.#deps.ledger.transaction<MaintenanceTables, MaintenanceOrder | null>(
        async (db, emit) => {
          const again = await db
            .selectFrom('mt_orders')
            .select('id')
            .where('plan', '=', plan.code)
            .where('status', 'in', [...undoneStatuses])
            .executeTakeFirst();
          if (again) return null;
          const input = {
            ...({ kind: 'preventive', subject: plan.subject, priority: 'normal', requestedBy: system.id } as const),
            ...{ plan: plan.code, text: plan.text === '' ? plan.name : `${plan.name}: ${plan.text}` },
          };
          return openOrder({ db, emit }, input, now, system);
        },
      );
      if (order) numbers.push(order.number);
    }
    return numbers;
  }

  /** A plan's count begins anew when its order is done. */
  async done(tx: Tx, order: MaintenanceOrder): Promise<void> {
    if (order.plan === null) return;
    const shots = order.subject.kind === 'tool' ? await shotsNow(tx.db, order.subject.id) : 0;
    await tx.db
      .updateTable('mt_plans')
      .set({ last_done_at: order.doneAt ?? this.#deps.clock.nowUs(), shots_at_done: shots })
      .where('code', '=', order.plan)
      .execute();
  }

  handlers(): Handlers {
    const { ledger, clock } = this.#deps;
    return {
      maintenancePlans: ({ query }) => this.list(query),

      putMaintenancePlan: async ({ params, body }, caller) => {
        await needSubject(this.#deps, body.subject);
        const now = clock.nowUs();
        return ledger.transaction<MaintenanceTables, MaintenancePlan>(async (db, emit) => {
          const { lastDoneAt, ...fields } = body;
          const stored: Stored = { code: params.code, ...fields };
          const before = await db.selectFrom('mt_plans').selectAll().where('code', '=', params.code).executeTakeFirst();
          const shots = body.subject.kind === 'tool' ? await shotsNow(db, body.subject.id) : 0;
          const row: Row = {
            ...{ code: params.code, subject: keyOf(body.subject), active: Number(body.active) },
            last_done_at: lastDoneAt ?? before?.last_done_at ?? now,
            shots_at_done: before?.shots_at_done ?? shots,
            data: JSON.stringify(stored),
          };
          const { code: _code, ...values } = row;
          await db
            .insertInto('mt_plans')
            .values(row)
            .onConflict((c) => c.column('code').doUpdateSet(values))
            .execute();
          await emit({
            type: 'maintenancePlan.changed',
            subject: `maintenancePlan/${params.code}`,
            actor: actorOf(caller),
            data: { ...body },
          });
          return this.#planOf(db, row, now);
        });
      },
    };
  }
}
