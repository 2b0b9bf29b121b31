import type { BusinessEvent } from '@deungdae/contracts/event.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { explain } from '@deungdae/kernel/errors.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { Ledger, Transaction } from '@deungdae/ledger/ledger.ts';
import type { DeliveryRow, ErpTables, TargetRow } from './schema.ts';
import { type Outcome, send } from './sender.ts';

const pollMs = 2_000;
const eventsAtOnce = 200;
const sendsAtOnce = 20;
/** Receivers that are sent to at the same time. */
const targetsAtOnce = 200;
const attemptsLimit = 12;
const keptSentUs = 30 * 86_400_000_000;
const bodyLimit = 256 * 1024;

/** 5 s, then four times as long each, at most six hours: twelve attempts last two days. */
export function backOffUs(attempts: number): number {
  return Math.min(5 * 4 ** (attempts - 1), 6 * 3600) * 1_000_000;
}

/** Whether a target wants events of a type; what the exchange itself does is never exchanged. */
export function wants(patterns: readonly string[], type: string): boolean {
  if (type.startsWith('erp.')) return false;
  return patterns.some((p) => p === '*' || p === type || (p.endsWith('.*') && type.startsWith(p.slice(0, -1))));
}

export interface OutboxDeps {
  ledger: Ledger;
  clock: Clock;
  log: Logger;
  dataDir: string;
  /** The document of an event in a target's format; null when there is none for it. */
  document(target: TargetRow, event: BusinessEvent): Promise<unknown>;
}

/**
 * Follows the chain of events and queues each for the targets that want it, in the transaction that moves the
 * position: a document is queued once, whatever happens in between. Sending is at least once, under one idempotency key.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  #cancel = () => {};
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#closed) return;
    this.#cancel = this.#deps.clock.after(pollMs, () => {
      void this.work().finally(() => this.start());
    });
  }

  /** Queues and sends what is due now; one at a time. */
  work(): Promise<void> {
    this.#running = this.#running.then(async () => {
      try {
        await this.#follow();
        await this.#sendDue();
        await this.#forget();
      } catch (error) {
        if (!this.#closed) this.#deps.log.warn({ error: (error as Error).message }, 'the exchange waits');
      }
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel();
    await this.#running;
  }

  async #follow(): Promise<void> {
    const { ledger, clock } = this.#deps;
    const read = ledger.read<ErpTables>();
    for (;;) {
      const at = await read.selectFrom('erp_position').select('event').executeTakeFirst();
      if (!at) {
        // Before the exchange was there, nothing is sent.
        const [newest] = await ledger.events({ limit: 1 });
        if (newest) await ledger.transaction<ErpTables, void>((db) => setPosition(db, newest.id));
        return;
      }
      const events = await ledger.eventsAfter(at.event, eventsAtOnce);
      if (events.length === 0) return;
      const targets = await read.selectFrom('erp_targets').selectAll().where('enabled', '=', 1).execute();
      const rows: DeliveryRow[] = [];
      for (const target of targets) {
        const patterns = JSON.parse(target.events) as string[];
        for (const event of events)
          if (wants(patterns, event.type)) {
            const row = await this.#queued(target, event, clock.nowUs());
            if (row) rows.push(row);
          }
      }
      await ledger.transaction<ErpTables, void>(async (db) => {
        for (let i = 0; i < rows.length; i += 100)
          await db
            .insertInto('erp_deliveries')
            .values(rows.slice(i, i + 100))
            .onConflict((c) => c.columns(['target', 'event']).doNothing())
            .execute();
        await setPosition(db, events.at(-1)!.id);
      });
    }
  }

  async #queued(target: TargetRow, event: BusinessEvent, now: number): Promise<DeliveryRow | null> {
    const document = await this.#deps.document(target, event);
    if (document === null) return null;
    const body = JSON.stringify(document);
    const tooLarge = body.length > bodyLimit;
    return {
      ...{ id: uuidv7(Math.floor(now / 1000)), target: target.id, event: event.id, type: event.type },
      ...{ subject: event.subject, body: tooLarge ? '{}' : body, state: tooLarge ? 'dead' : 'queued', attempts: 0 },
      ...{ queued_at: now, next_at: now, sent_at: null, status: null },
      error: tooLarge ? `${body.length} > ${bodyLimit} bytes` : null,
    };
  }

  /** All receivers at once: none waits for another. */
  async #sendDue(): Promise<void> {
    const { ledger, clock } = this.#deps;
    const due = await ledger
      .read<ErpTables>()
      .selectFrom('erp_deliveries')
      .select('target')
      .distinct()
      .where('state', 'in', ['queued', 'failed'])
      .where('next_at', '<=', clock.nowUs())
      .limit(targetsAtOnce)
      .execute();
    await Promise.all(due.map(({ target }) => this.#sendTo(target)));
  }

  /** Documents of one receiver in their order, until one cannot be sent: the others then wait for the next round. */
  async #sendTo(id: string): Promise<void> {
    const { ledger, clock } = this.#deps;
    const read = ledger.read<ErpTables>();
    for (;;) {
      const target = await read.selectFrom('erp_targets').selectAll().where('id', '=', id).executeTakeFirst();
      const due = await read
        .selectFrom('erp_deliveries')
        .selectAll()
        .where('target', '=', id)
        .where('state', 'in', ['queued', 'failed'])
        .where('next_at', '<=', clock.nowUs())
        .orderBy('next_at')
        .orderBy('id')
        .limit(sendsAtOnce)
        .execute();
      if (due.length === 0) return;
      for (const delivery of due) if (this.#closed || !(await this.#sendOne(target, delivery))) return;
    }
  }

  /** False when the receiver took nothing and may take it later. */
  async #sendOne(target: TargetRow | undefined, delivery: DeliveryRow): Promise<boolean> {
    const { ledger, clock, dataDir } = this.#deps;
    const started = clock.monotonicMs();
    const outcome: Outcome = target
      ? await send(target, delivery, { dataDir, nowUs: clock.nowUs() })
      : { ok: false, permanent: true, status: null, error: new Error('the target was removed') };
    const ms = Math.round(clock.monotonicMs() - started);
    const now = clock.nowUs();
    const attempts = delivery.attempts + 1;
    const dead = !outcome.ok && (outcome.permanent || attempts >= attemptsLimit);
    const error = outcome.error ? textOf(outcome.error) : null;
    await ledger.transaction<ErpTables, void>(async (db, emit) => {
      await db
        .updateTable('erp_deliveries')
        .set({
          ...{ state: outcome.ok ? 'sent' : dead ? 'dead' : 'failed', attempts, status: outcome.status, error },
          ...{ next_at: now + backOffUs(attempts), sent_at: outcome.ok ? now : null },
        })
        .where('id', '=', delivery.id)
        .execute();
      await db
        .insertInto('erp_attempts')
        .values({
          id: uuidv7(Math.floor(now / 1000)),
          delivery: delivery.id,
          at: now,
          status: outcome.status,
          error,
          ms,
        })
        .execute();
      if (dead)
        await emit({
          type: 'erp.deliveryDead',
          subject: `erp/${delivery.target}`,
          actor: { kind: 'system', id: 'erp' },
          data: { delivery: delivery.id, type: delivery.type, subject: delivery.subject, error },
        });
    });
    return outcome.ok || outcome.permanent;
  }

  async #forget(): Promise<void> {
    const { ledger, clock } = this.#deps;
    const old = await ledger
      .read<ErpTables>()
      .selectFrom('erp_deliveries')
      .select('id')
      .where('state', '=', 'sent')
      .where('sent_at', '<', clock.nowUs() - keptSentUs)
      .limit(500)
      .execute();
    if (old.length === 0) return;
    const ids = old.map((r) => r.id);
    await ledger.transaction<ErpTables, void>(async (db) => {
      await db.deleteFrom('erp_attempts').where('delivery', 'in', ids).execute();
      await db.deleteFrom('erp_deliveries').where('id', 'in', ids).execute();
    });
  }
}

async function setPosition(db: Transaction<ErpTables>, event: string): Promise<void> {
  await db
    .insertInto('erp_position')
    .values({ one: 1, event })
    .onConflict((c) => c.column('one').doUpdateSet({ event }))
    .execute();
}

function textOf(error: Error): string {
  const { code, params } = error as { code?: string; params?: Record<string, string | number> };
  return (code && params ? explain(code, params, 'ko') : error.message).slice(0, 500);
}
