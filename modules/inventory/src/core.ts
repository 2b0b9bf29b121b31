import type { Actor } from '@deungdae/contracts/event.ts';
import type { MasterRecord } from '@deungdae/contracts/master.ts';
import { fromMillionths, type Millionths } from '@deungdae/contracts/quantity.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { LedgerTx } from '@deungdae/ledger/ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import type { Act } from './act.ts';
import { inventoryError } from './errors.ts';
import { type Keys, lotId } from './keys.ts';
import { findLot, type Reader, untrackedNumber } from './lot-store.ts';
import { dayNumber, type NumberingRules, nextSerial, numberPattern, plantDay, plantDayBegin } from './numbering.ts';
import { isOutside, type NewMovement, type Posting, post } from './posting.ts';
import type { Db, LotRow, MovementRow } from './schema.ts';

export interface CoreParts {
  clock: Clock;
  keys: Keys;
  masterdata: Pick<MasterDataModule, 'find' | 'need' | 'list'>;
  rules(): NumberingRules;
  timeZone(): string;
  /** Who keeps account of what runs used; null when nobody does. */
  material: MaterialAccount | null;
  /** The lot of an id, a number or a scanned label. */
  findLot(db: Reader, text: string, at: number): Promise<LotRow | null>;
}

/**
 * Keeps account of the material of runs. Asked inside the transaction of a return: says how much of it leaves the links
 * of which runs, because what was not yet in a product never was in the genealogy.
 */
export type MaterialAccount = (
  tx: LedgerTx,
  returned: { lot: string; run: string; quantity: Millionths },
) => Promise<{ runs: readonly string[]; quantity: Millionths }>;

/** How far a client's clock may be ahead, µs. */
const aheadUs = 600_000_000;
const most = 1_000_000_000_000_000;

/** One business act while it is carried out: the caller's transaction, what is known of it, and its posting. */
export class Work {
  readonly db: Db;
  readonly act: Act;
  readonly parts: CoreParts;
  readonly #tx: LedgerTx;
  #day: string | null = null;
  #open: Promise<void> | null = null;

  constructor(parts: CoreParts, tx: LedgerTx, act: Act) {
    this.parts = parts;
    this.#tx = tx;
    this.db = tx.db as Db;
    this.act = act;
  }

  get tx(): LedgerTx {
    return this.#tx;
  }

  get actor(): Actor {
    return this.act.actor;
  }

  get day(): string {
    this.#day ??= plantDay(this.act.time, this.parts.timeZone());
    return this.#day;
  }

  /** Throws `inventory.future` or `inventory.closedDay`. Asked once an act, best together with what the act reads first. */
  checkTime(): Promise<void> {
    this.#open ??= this.#checkTime();
    return this.#open;
  }

  async #checkTime(): Promise<void> {
    if (this.act.time > this.parts.clock.nowUs() + aheadUs)
      throw inventoryError('inventory.future', { time: new Date(this.act.time / 1000).toISOString() }, { status: 409 });
    const closed = await this.db
      .selectFrom('inv_closings')
      .select((eb) => eb.fn.max('day').as('day'))
      .where('reopened_at', 'is', null)
      .executeTakeFirst();
    if (closed?.day && dayNumber(this.day) <= Number(closed.day))
      throw inventoryError('inventory.closedDay', { day: this.day }, { status: 409 });
  }

  async post(movements: readonly NewMovement[]): Promise<MovementRow[]> {
    await this.checkTime();
    const { act, parts } = this;
    const posting: Posting = {
      time: act.time,
      recordedAt: parts.clock.nowUs(),
      day: dayNumber(this.day),
      actor: act.actor,
      reference: act.reference,
      reason: act.reason ?? null,
      nextKey: () => parts.keys.next(),
    };
    return post(this.db, posting, movements);
  }

  /** Writes the business event of this act. */
  async emit(type: string, subject: string, data: Record<string, unknown>): Promise<void> {
    const { act } = this;
    const more = {
      ...(act.reference === null ? {} : { reference: act.reference }),
      ...(act.reason ? { reason: act.reason } : {}),
    };
    await this.#tx.emit({ type, subject, actor: act.actor, time: act.time, data: { ...data, ...more } });
  }

  async item(code: string): Promise<MasterRecord<'item'>> {
    return this.parts.masterdata.need('item', code, this.act.time, this.#tx);
  }

  /** Throws when there is no such place in the master data. */
  async place(code: string): Promise<string> {
    if (!isOutside(code)) await this.parts.masterdata.need('location', code, this.act.time, this.#tx);
    return code;
  }

  /** By id, number or scanned label. Throws `inventory.unknownLot`, `inventory.otherPlant`. */
  async lot(idOrNumber: string): Promise<LotRow> {
    const row = await this.parts.findLot(this.db, idOrNumber, this.act.time);
    if (!row) throw inventoryError('inventory.unknownLot', { code: idOrNumber }, { status: 404 });
    return row;
  }

  async number(kind: LotRow['kind'] | 'shipment' | 'count', item: string): Promise<string> {
    return nextSerial(this.db, this.parts.rules()[kind], this.day, item);
  }

  /** Adds a lot; the number is made by the rule when none is given. Throws `inventory.numberTaken`, `inventory.badNumber`. */
  async addLot(
    lot: Omit<LotRow, 'key' | 'number' | 'holds' | 'untracked' | 'inside'>,
    number?: string,
  ): Promise<LotRow> {
    if (number !== undefined) await this.checkNumber(number);
    const row: LotRow = {
      ...lot,
      key: this.parts.keys.next(),
      number: number ?? (await this.freeNumber(lot.kind, lot.item)),
      holds: 0,
      untracked: 0,
      inside: null,
    };
    await this.db.insertInto('inv_lots').values(row).execute();
    return row;
  }

  async checkNumber(number: string): Promise<void> {
    if (!numberPattern.test(number) || number.startsWith('lot-'))
      throw inventoryError('inventory.badNumber', { number }, { status: 400 });
    const taken = await this.db.selectFrom('inv_lots').select('key').where('number', '=', number).executeTakeFirst();
    if (taken) throw inventoryError('inventory.numberTaken', { number }, { status: 409 });
  }

  /** The rule's next number that nobody typed before. */
  async freeNumber(kind: LotRow['kind'], item: string): Promise<string> {
    for (;;) {
      const number = await this.number(kind, item);
      const taken = await this.db.selectFrom('inv_lots').select('key').where('number', '=', number).executeTakeFirst();
      if (!taken) return number;
    }
  }

  /** The one lot that stands for an item without lots. */
  async untrackedLot(item: MasterRecord<'item'>): Promise<LotRow> {
    const number = untrackedNumber(item.code);
    const known = await findLot(this.db, number);
    if (known) return known;
    const row: LotRow = {
      key: this.parts.keys.next(),
      number,
      kind: 'lot',
      item: item.code,
      revision: '',
      unit: item.data.unit,
      status: 'available',
      holds: 0,
      untracked: 1,
      origin: 'receipt',
      supplier: null,
      supplier_lot: null,
      work_order: null,
      run: null,
      produced_at: this.act.time,
      expires_at: null,
      place: null,
      inside: null,
    };
    await this.db
      .insertInto('inv_lots')
      .values(row)
      .onConflict((c) => c.column('number').doNothing())
      .execute();
    return (await findLot(this.db, number)) ?? row;
  }

  /** The named lot, or that of an item without lots. Throws `inventory.lotNeeded`, `inventory.wrongItem`. */
  async lotOf(itemCode: string, named: string | undefined): Promise<LotRow> {
    if (named !== undefined) {
      const row = await this.lot(named);
      if (row.kind !== 'container' && row.item !== itemCode)
        throw inventoryError(
          'inventory.wrongItem',
          { lot: row.number, is: row.item, wanted: itemCode },
          { status: 409 },
        );
      return row;
    }
    const item = await this.item(itemCode);
    if (item.data.tracking !== 'none') throw inventoryError('inventory.lotNeeded', { item: itemCode }, { status: 400 });
    return this.untrackedLot(item);
  }

  /** Throws `inventory.onHold`, `inventory.notUsable` or `inventory.expired`. */
  async checkUsable(row: LotRow, act: { ko: string; en: string }): Promise<void> {
    if (row.holds > 0) {
      const hold = await this.db
        .selectFrom('inv_holds')
        .select('reason')
        .where('lot', '=', row.key)
        .where('ended_at', 'is', null)
        .orderBy('key')
        .executeTakeFirst();
      const params = { lot: row.number, act: act.ko, actEn: act.en, reason: hold?.reason ?? '' };
      throw inventoryError('inventory.onHold', params, { status: 409 });
    }
    if (row.status !== 'available')
      throw inventoryError(
        'inventory.notUsable',
        { lot: row.number, status: `@lotStatus.${row.status}`, act: act.ko, actEn: act.en },
        { status: 409 },
      );
    if (row.expires_at !== null && row.expires_at < plantDayBegin(this.act.time, this.parts.timeZone()))
      throw inventoryError(
        'inventory.expired',
        { lot: row.number, day: plantDay(row.expires_at, this.parts.timeZone()) },
        { status: 409 },
      );
  }
}

/** Throws `inventory.quantity`. */
export function checkQuantity(quantity: Millionths, kind?: LotRow['kind']): void {
  const bad = !Number.isSafeInteger(quantity) || quantity <= 0 || quantity > most;
  if (bad || (kind === 'serial' && quantity !== 1_000_000))
    throw inventoryError('inventory.quantity', { quantity: quantity / 1_000_000 }, { status: 400 });
}

export const lotSubject = (row: Pick<LotRow, 'key'>) => `lot/${lotId(row.key)}`;
export const amount = (quantity: Millionths) => fromMillionths(quantity);
