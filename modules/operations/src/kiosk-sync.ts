import type { Caller, RouteInput } from '@deungdae/contracts/api.ts';
import type { ApiError } from '@deungdae/contracts/api-entities.ts';
import type { KioskAnswer, KioskEntry, KioskKind, RejectedEntry } from '@deungdae/contracts/kiosk.ts';
import { kioskEntryData } from '@deungdae/contracts/kiosk.ts';
import { advise, CodedError, type ErrorParams, explain } from '@deungdae/kernel/errors.ts';
import { once, resultOf } from '@deungdae/ledger/once.ts';
import { type Context, type Doer, doerOf, type Tx } from './context.ts';
import { serverTime } from './domain/client-time.ts';
import { operationsError } from './errors.ts';
import { beforeEntry, checkedData, type Entering, entryActs } from './kiosk-entries.ts';
import { openRuns } from './run-store.ts';
import type { OperationsTables } from './schema.ts';

type RejectedRow = OperationsTables['ops_rejected'];
type Batch = RouteInput<'kioskSync'>['body'];

/** An entry older than this when it comes was typed while the tablet was offline. */
const offlineAfterUs = 60_000_000;

/**
 * Takes in what a tablet kept: each entry once and in the order typed, each in a transaction of its own. One that cannot
 * be applied is answered with its reason and kept for a supervisor; the others go on.
 */
export async function syncKiosk(context: Context, batch: Batch, caller: Caller): Promise<KioskAnswer[]> {
  context.machine(batch.machine);
  const answers: KioskAnswer[] = [];
  const now = context.now();
  // A paired tablet is called what the office calls it.
  const known = caller.via === 'device' ? { ...batch, device: caller.name } : batch;
  for (const entry of batch.entries) answers.push(await takeIn(context, known, entry, caller, now));
  if (answers.length > 0) context.tell([batch.machine]);
  return answers;
}

async function takeIn(
  context: Context,
  batch: Batch,
  entry: KioskEntry,
  caller: Caller,
  now: number,
): Promise<KioskAnswer> {
  const shifted = serverTime(entry, batch, now);
  const time = shifted ?? now;
  // Asked together, since nearly every entry is new.
  const knowing = doerOf(context, caller, entry.badge);
  knowing.catch(() => undefined);
  const earlier = await earlierAnswer(context, entry, time, caller.language);
  if (earlier) return earlier;
  let person: string | null = null;
  try {
    if (shifted === null) throw operationsError('operations.badTime', {}, { status: 400 });
    const doer = await knowing;
    person = doer.person?.name ?? null;
    const offline = entry.offline === true || now - time > offlineAfterUs;
    const when = { time, clientTime: entry.clientTime };
    const result = await applyEntry(context, batch.machine, entry, doer, when, offline, async (tx) => {
      // The same entry, sent a second time while the first was under way, may stand among the rejected by now.
      if (await rejectedRow(tx.db, entry.entryId))
        throw operationsError('operations.rejectedDone', {}, { status: 409 });
    });
    return { entryId: entry.entryId, status: 'applied', time, result, error: null };
  } catch (error) {
    const coded = refusalOf(error);
    const kept = await keepRejected(context, batch, entry, { time, person, coded, now });
    return 'result' in kept ? repeated(entry, time, kept.result) : rejection(kept, caller.language);
  }
}

/** What was answered the first time; null for a new entry. */
async function earlierAnswer(
  context: Context,
  entry: KioskEntry,
  time: number,
  language: string,
): Promise<KioskAnswer | null> {
  const db = context.read();
  const [done, row] = await Promise.all([
    resultOf<Record<string, unknown>>({ db } as never, entry.entryId, `kiosk.${entry.kind}`).catch(() => null),
    db.selectFrom('ops_rejected').selectAll().where('entry_id', '=', entry.entryId).executeTakeFirst(),
  ]);
  if (done) return repeated(entry, time, done.result);
  return row ? rejection(row, language) : null;
}

const repeated = (entry: KioskEntry, time: number, result: Record<string, unknown>): KioskAnswer => ({
  ...{ entryId: entry.entryId, status: 'repeated', time, result, error: null },
});

/** Applies one entry, after `first` in its transaction; throws a coded error when it cannot be. */
async function applyEntry(
  context: Context,
  machine: string,
  entry: Pick<KioskEntry, 'entryId' | 'kind' | 'data'>,
  doer: Doer,
  when: Entering['when'],
  offline: boolean,
  first: (tx: Tx) => Promise<void>,
): Promise<Record<string, unknown>> {
  const about = { kind: `kiosk.${entry.kind}`, timeUs: context.now() };
  const extra = context.deps.extraEntries?.[entry.kind];
  if (extra)
    return context.act(async (tx) => {
      await first(tx);
      const work = async () => {
        const run = (await openRuns(tx.db, machine))[0]?.id ?? null;
        return extra(tx, { machine, run, time: when.time, data: entry.data, actor: doer.actor });
      };
      return once(tx, entry.entryId, work, about);
    });
  if (!(entry.kind in kioskEntryData))
    throw operationsError('operations.unknownEntry', { kind: entry.kind }, { status: 400 });
  const kind = entry.kind as KioskKind;
  const data = checkedData(kind, entry.data);
  const counted = await beforeEntry(context, kind, { machine, data, doer, when });
  const act = entryActs[kind] as (context: Context, tx: Tx, e: Entering) => Promise<Record<string, unknown>>;
  return context.act(async (tx) => {
    await first(tx);
    return once(tx, entry.entryId, () => act(context, tx, { machine, data, doer, when, offline, counted }), about);
  });
}

/**
 * A refusal that lies in the entry itself. Trouble of the server (disk full, queue full, a fault of the program) is
 * thrown on, so that the tablet keeps the entry and sends it again.
 */
function refusalOf(error: unknown): CodedError {
  if (!(error instanceof CodedError)) throw error;
  if (error.code.startsWith('ledger.') && error.code !== 'ledger.entryReused') throw error;
  if (error.status >= 500) throw error;
  return error;
}

const rejectedRow = (db: Tx['db'], entryId: string): Promise<RejectedRow | undefined> =>
  db.selectFrom('ops_rejected').selectAll().where('entry_id', '=', entryId).executeTakeFirst();

/** Keeps the entry for a supervisor, unless it was done or kept meanwhile: then what came of it the first time. */
async function keepRejected(
  context: Context,
  batch: Batch,
  entry: KioskEntry,
  about: { time: number; person: string | null; coded: CodedError; now: number },
): Promise<RejectedRow | { result: Record<string, unknown> }> {
  const row: RejectedRow = {
    ...{ entry_id: entry.entryId, device: batch.device, machine: batch.machine, kind: entry.kind },
    ...{ data: JSON.stringify(entry.data), badge: entry.badge, person: about.person, client_us: entry.clientTime },
    ...{ time_us: about.time, received_us: about.now, code: about.coded.code },
    ...{ params: JSON.stringify(about.coded.params), status: 'open', resolved_us: null, resolved_by: null, note: '' },
  };
  return context.act(async (tx) => {
    const kind = `kiosk.${entry.kind}`;
    const done = await resultOf<Record<string, unknown>>(tx, entry.entryId, kind).catch(() => null);
    if (done) return done;
    const kept = await tx.db
      .insertInto('ops_rejected')
      .values(row)
      .onConflict((c) => c.column('entry_id').doNothing())
      .executeTakeFirst();
    if (Number(kept.numInsertedOrUpdatedRows ?? 0) === 0) return (await rejectedRow(tx.db, entry.entryId)) ?? row;
    await tx.emit({
      type: 'kiosk.entryRejected',
      subject: `machine/${batch.machine}`,
      actor: { kind: 'system', id: 'operations' },
      data: { entryId: entry.entryId, kind: entry.kind, device: batch.device, code: row.code, data: entry.data },
      time: about.now,
    });
    return row;
  });
}

function errorOf(row: RejectedRow, language: string): ApiError {
  const params = JSON.parse(row.params) as ErrorParams;
  const message = explain(row.code, params, language);
  return { code: row.code, message, advice: advise(row.code, params, language), params };
}

function rejection(row: RejectedRow, language: string): KioskAnswer {
  if (row.status === 'applied')
    return { entryId: row.entry_id, status: 'repeated', time: row.time_us, result: {}, error: null };
  return {
    ...{ entryId: row.entry_id, status: 'rejected', time: row.time_us, result: null },
    error: errorOf(row, language),
  };
}

export function rejectedOf(row: RejectedRow, language: string): RejectedEntry {
  return {
    ...{ entryId: row.entry_id, device: row.device, machine: row.machine, kind: row.kind },
    ...{ data: JSON.parse(row.data) as Record<string, unknown>, badge: row.badge, person: row.person },
    ...{ clientTime: row.client_us, time: row.time_us, receivedAt: row.received_us, error: errorOf(row, language) },
    ...{ status: row.status as RejectedEntry['status'], resolvedAt: row.resolved_us, resolvedBy: row.resolved_by },
    note: row.note,
  };
}

/**
 * A supervisor applies a rejected entry again, corrected where needed, at the time it was typed; or dismisses it. The
 * entry as it came stays in the audit chain.
 */
export async function resolveRejected(
  context: Context,
  id: string,
  input: { act: 'apply' | 'dismiss'; data?: Record<string, unknown>; machine?: string; note: string },
  caller: Caller,
): Promise<RejectedEntry> {
  const row = await context.read().selectFrom('ops_rejected').selectAll().where('entry_id', '=', id).executeTakeFirst();
  if (!row) throw operationsError('operations.unknownRejected', {}, { status: 404 });
  if (row.status !== 'open') throw operationsError('operations.rejectedDone', {}, { status: 409 });
  const leader = await doerOf(context, caller, null);
  const data = input.data ?? (JSON.parse(row.data) as Record<string, unknown>);
  const patch = {
    ...{ status: input.act === 'apply' ? 'applied' : 'dismissed', resolved_us: context.now() },
    ...{ resolved_by: leader.name, note: input.note },
  };
  /** Of two supervisors at once the second is told; what is applied is said to be so in the same transaction. */
  const settle = async (tx: Tx) => {
    const open = tx.db.updateTable('ops_rejected').set(patch).where('entry_id', '=', id).where('status', '=', 'open');
    if (Number((await open.executeTakeFirst()).numUpdatedRows) === 0)
      throw operationsError('operations.rejectedDone', {}, { status: 409 });
    await tx.emit({
      type: input.act === 'apply' ? 'kiosk.entryApplied' : 'kiosk.entryDismissed',
      subject: `machine/${row.machine}`,
      actor: leader.actor,
      data: { entryId: id, kind: row.kind, data, note: input.note },
    });
  };
  if (input.act === 'apply') {
    const doer = row.badge ? await doerOf(context, caller, row.badge).catch(() => leader) : leader;
    const entry = { entryId: `${row.entry_id}#again`, kind: row.kind, data };
    const when = { time: row.time_us, clientTime: row.client_us };
    const machine = input.machine ?? row.machine;
    await applyEntry(context, machine, entry, { ...doer, leads: leader.leads }, when, true, settle);
  } else await context.act(settle);
  context.tell([row.machine]);
  return rejectedOf({ ...row, ...patch }, caller.language);
}
