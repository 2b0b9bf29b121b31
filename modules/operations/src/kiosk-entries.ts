import type { Caller } from '@deungdae/contracts/api.ts';
import { type KioskData, type KioskKind, kioskEntryData } from '@deungdae/contracts/kiosk.ts';
import { addHandover, answerCall, raiseCall, readHandover } from './calls.ts';
import { type Context, type Doer, lockMachine, type Tx, type When } from './context.ts';
import { type Counted, countFor } from './counting.ts';
import { assertOpen } from './day-lock.ts';
import { operationsError } from './errors.ts';
import { addChange } from './four-m.ts';
import { openStop } from './kiosk-state.ts';
import { indirectWork } from './labour.ts';
import { packRun, useLot } from './material.ts';
import { checkedQuantity } from './orders.ts';
import { type ConfirmInput, confirmRun } from './results.ts';
import { openRuns, runMeant } from './run-store.ts';
import { finishRun, joinOrLeave, lockRun, pauseRun, resumeRun, startProduction, startRun } from './runs.ts';

/** One entry on its way in: checked, its time shifted to the server's clock. */
export interface Entering<K extends KioskKind = KioskKind> {
  machine: string;
  data: KioskData<K>;
  doer: Doer;
  when: When;
  offline: boolean;
  /** Read before the transaction: what the machine counted. */
  counted: Counted | null;
}

type Apply<K extends KioskKind> = (context: Context, tx: Tx, e: Entering<K>) => Promise<Record<string, unknown>>;

/** What each kind of entry does, in the transaction of the entry. */
export const entryActs: { [K in KioskKind]: Apply<K> } = {
  async start(context, tx, { machine, data, doer, when }) {
    const run = await startRun(context, tx, { machine, ...data }, doer, when);
    return { run: run.id };
  },
  async productionStart(context, tx, { machine, data, doer, when }) {
    return { run: (await startProduction(context, tx, { machine, ...data }, doer, when)).id };
  },
  async confirm(context, tx, { machine, data, doer, when, offline, counted }) {
    const input: ConfirmInput = { machine, ...data, offline };
    const row = await confirmRun(context, tx, input, doer, when, counted);
    return { run: row.run_id, result: row.id, lot: row.lot_number };
  },
  async pause(context, tx, { machine, data, doer, when }) {
    return { run: (await pauseRun(context, tx, { machine, ...data }, doer, when)).id };
  },
  async resume(context, tx, { machine, data, doer, when }) {
    const run = await runMeant(context, tx.db, machine, data.run);
    return { run: (await resumeRun(context, tx, run, doer, when)).id };
  },
  async finish(context, tx, { machine, data, doer, when }) {
    return { run: (await finishRun(context, tx, { machine, ...data }, doer, when)).id };
  },
  async join(context, tx, { machine, data, doer, when }) {
    return { run: (await joinOrLeave(context, tx, { machine, ...data, act: 'join' }, doer, when)).id };
  },
  async leave(context, tx, { machine, data, doer, when }) {
    return { run: (await joinOrLeave(context, tx, { machine, ...data, act: 'leave' }, doer, when)).id };
  },
  async indirect(context, tx, { machine, data, doer, when }) {
    if (!doer.person) throw operationsError('operations.badgeNeeded', {}, { status: 409 });
    await lockMachine(tx, machine);
    await assertOpen(context, tx, machine, when.time);
    await indirectWork(context, tx, machine, doer.person, data, when.time);
    const event = { activity: data.activity, end: data.end, machine };
    const subject = `person/${doer.person.id}`;
    await tx.emit({ type: 'labour.indirect', subject, actor: doer.actor, data: event, time: when.time });
    return {};
  },
  async useLot(context, tx, { machine, data, doer, when }) {
    const at = await lockRun(context, tx, machine, data.run);
    const quantity = data.quantity === undefined ? {} : { quantity: checkedQuantity(data.quantity) };
    await useLot(context, tx, at, { lot: data.lot, ...quantity }, doer, when);
    return { run: at.run.id };
  },
  async pack(context, tx, { machine, data, doer, when }) {
    const run = await runMeant(context, tx.db, machine, data.run);
    const quantity = checkedQuantity(data.quantity);
    return packRun(context, tx, run, { lot: data.lot, container: data.container, quantity }, doer, when);
  },
  async call(context, tx, { machine, data, doer, when }) {
    return { call: (await raiseCall(context, tx, { machine, ...data }, doer, when.time)).id };
  },
  async acknowledgeCall(_context, tx, { machine, data, doer, when }) {
    const answer = { act: 'acknowledge' as const, text: '', machine };
    return { call: (await answerCall(tx, data.call, answer, doer, when.time)).id };
  },
  async closeCall(_context, tx, { machine, data, doer, when }) {
    const answer = { act: 'close' as const, text: data.text, machine };
    return { call: (await answerCall(tx, data.call, answer, doer, when.time)).id };
  },
  // The stop itself is told to the equipment module before: it has its own transaction.
  async downtimeReason(_context, tx, { machine, data, doer, when }) {
    const event = { machine, reason: data.reason, by: doer.name };
    const subject = `machine/${machine}`;
    await tx.emit({ type: 'downtime.reasonAtKiosk', subject, actor: doer.actor, data: event, time: when.time });
    return {};
  },
  async change(context, tx, { machine, data, doer, when }) {
    const run = (await openRuns(tx.db, machine))[0];
    const about = { machine, run: run?.id ?? null, order: run?.order_id ?? null, item: null, lotBefore: null };
    const row = await addChange(context, tx, { ...data, ...about, status: 'submitted' }, doer, when.time);
    return { change: row.number };
  },
  async handover(context, tx, { machine, data, doer, when }) {
    return { handover: (await addHandover(context, tx, { machine, text: data.text }, doer, when.time)).id };
  },
  async readHandover(_context, tx, { machine, data, doer, when }) {
    return { handover: (await readHandover(tx, data.id, doer, when.time, machine)).id };
  },
};

/** Checks the data of a known kind. Throws `operations.badEntry` with the field that is wrong. */
export function checkedData<K extends KioskKind>(kind: K, data: unknown): KioskData<K> {
  const parsed = kioskEntryData[kind].safeParse(data);
  if (parsed.success) return parsed.data as KioskData<K>;
  const issue = parsed.error.issues[0]!;
  const detail = `${issue.path.join('.')}: ${issue.message}`;
  throw operationsError('operations.badEntry', { detail }, { status: 400 });
}

/** What must happen before the transaction: reading the machine's count, telling the equipment module of a reason. */
export async function beforeEntry(
  context: Context,
  kind: string,
  entry: Pick<Entering, 'machine' | 'data' | 'doer' | 'when'>,
): Promise<Counted | null> {
  if (kind === 'confirm') {
    const data = entry.data as KioskData<'confirm'>;
    const run = await runMeant(context, context.read(), entry.machine, data.run);
    const asked = Math.max(run.counted_to, Math.min(data.countedTo ?? entry.when.time, context.now()));
    return countFor(context, run, asked, data);
  }
  if (kind === 'downtimeReason') {
    const data = entry.data as KioskData<'downtimeReason'>;
    const stop = data.stop ?? (await openStop(context, entry.machine, entry.when.time))?.id;
    if (!stop) throw operationsError('operations.noOpenStop', {}, { status: 409 });
    await context.deps.equipment.giveReason(stop, data.reason, data.note, asCaller(entry.doer), entry.machine);
  }
  return null;
}

/** A person at the kiosk as the equipment module names them. */
function asCaller(doer: Doer): Caller {
  return { userId: doer.actor.id, name: doer.name, role: 'operator', language: 'ko', via: 'session' };
}
