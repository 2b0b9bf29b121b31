import { randomUUID } from 'node:crypto';
import type { Caller, RouteId } from '@deungdae/contracts/api.ts';
import { toMillionths } from '@deungdae/contracts/quantity.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { Random } from '@deungdae/testing/random.ts';
import type { Tables } from './invariants.ts';
import { badges, type Input, leader, type ShopFloor, tablet } from './shop-floor.ts';

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
    const [done] = await this.kioskBatch(machine, [{ kind, data, ageUs: 0 }]);
    return done!;
  }

  /**
   * Entries typed at one machine, the oldest first, `ageUs` ago by a clock that may be wrong, sent in one batch: some
   * twice in it, and the batch again after it or at the same time. What was done once must be answered so each time.
   */
  async kioskBatch(
    machine: string,
    typed: readonly { kind: string; data: Record<string, unknown>; ageUs: number }[],
    clockOffUs = 0,
  ): Promise<(KioskDone | null)[]> {
    const now = this.floor.clock.nowUs() + clockOffUs;
    const badge = this.random.pick(badges);
    const entries = typed.map(({ kind, data, ageUs }) => ({
      ...{ entryId: randomUUID(), kind, clientTime: now - ageUs, badge, data },
    }));
    const twice = this.chance(0.1) ? [...entries, this.random.pick(entries)] : entries;
    const sync = async () => {
      const body = { device: this.#name, machine, now, entries: twice };
      const { answers } = (await this.floor.call('kioskSync', { body } as Input<'kioskSync'>, tablet)) as {
        answers: KioskAnswer[];
      };
      for (const [i, { kind, data }] of typed.entries()) {
        const { status, error } = answers[i]!;
        const code = error?.code ?? status;
        this.#note(
          `kiosk.${kind}`,
          code === 'repeated' ? 'done' : code,
          `${machine} ${JSON.stringify(data)} → ${code}`,
        );
      }
      return answers;
    };
    const answers = await (this.chance(0.85) ? sync() : twiceOver(sync, this.chance(0.5)));
    return entries.map(({ entryId }) => {
      const own = answers.filter((a) => a.entryId === entryId);
      const results = new Set(own.map((a) => (a.status === 'rejected' ? 'rejected' : JSON.stringify(a.result))));
      if (results.size !== 1) throw new Error(`kiosk entry ${entryId} was answered ${JSON.stringify(own)}`);
      const { status, result } = own[0]!;
      return status === 'rejected' ? null : { entryId, result: result! };
    });
  }

  #note(act: string, outcome: string, line: string): void {
    this.log.push(line.startsWith(this.#name) ? line : `${this.#name} ${act} ${line}`);
    const key = `${act} ${outcome === 'applied' ? 'done' : outcome}`;
    this.tally.set(key, (this.tally.get(key) ?? 0) + 1);
  }
}

/** The answers of both times, together. */
async function twiceOver<T>(send: () => Promise<T[]>, atOnce: boolean): Promise<T[]> {
  const [first, second] = atOnce ? await Promise.all([send(), send()]) : [await send(), await send()];
  return [...first, ...second];
}

interface KioskAnswer {
  entryId: string;
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
  if (error instanceof CodedError && error.status < 500) return error.code;
  if (error instanceof Error && error.name === 'ZodError') return 'input';
  return null;
}

function nameOf(answer: unknown): string {
  if (Array.isArray(answer)) return answer.map(nameOf).join(',');
  const { id, number, box, lot, split, rework } = (answer ?? {}) as Record<string, unknown>;
  return String(id ?? number ?? box ?? (lot as { id?: string })?.id ?? nested(split ?? rework) ?? 'ok');
}
const nested = (value: unknown) => (value as { id?: string } | undefined)?.id;

export type Act = (client: Client) => Promise<void>;
export const entry = () => ({ entryId: randomUUID() });
export const dayOf = (us: number) => new Date(us / 1000 + 9 * 3_600_000).toISOString().slice(0, 10);

/** What a confirmation that was taken in adds to its run. */
export function noteConfirmed(
  c: Client,
  entryId: string,
  said: { run: string; good: number; reworked: number; defects: readonly { quantity: number }[] },
): void {
  c.beliefs.note('good', entryId, said.run, said.good + said.reworked);
  const scrap = said.defects.reduce((sum, d) => sum + d.quantity, 0);
  c.beliefs.note('scrap', entryId, said.run, scrap);
}
