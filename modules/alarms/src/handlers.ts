import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import { actorOf, nameOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { type AlarmPoint, byUrgency, type Happening, happen, type JournalRow, toAlarm } from './domain/point.ts';
import type { AlarmEngine } from './engine.ts';
import { alarmError } from './errors.ts';
import type { JournalWriter } from './journal-writer.ts';
import { reportKpis } from './reports.ts';
import { type AlarmTables, insertJournal, journalTime, queryJournal, toStored, upsertPoints } from './store.ts';

/** Alarms that one answer holds, the most urgent first. */
const maxListed = 5000;

interface Sources {
  engine: AlarmEngine;
  writer: JournalWriter;
  ledger: Ledger;
  clock: Clock;
}

/** The open alarms, the most urgent first, of one path and what is below it. */
export function listAlarms(engine: AlarmEngine, equipment?: string): ReturnType<typeof toAlarm>[] {
  const open: AlarmPoint[] = [];
  for (const point of engine.points.values())
    if (
      point.state !== 'normal' &&
      (equipment === undefined || point.equipment === equipment || point.equipment.startsWith(`${equipment}/`))
    )
      open.push(point);
  return open.sort(byUrgency).slice(0, maxListed).map(toAlarm);
}

export function alarmHandlers(sources: Sources): Handlers {
  const { engine, ledger, clock } = sources;
  const act = (ids: readonly string[], caller: Caller, deed: Deed) => carryOut(sources, ids, caller, deed);
  return {
    alarms: ({ query }) => listAlarms(engine, query.equipment),
    alarmJournal: async ({ query }) => {
      const db = ledger.read<AlarmTables>();
      let before: { time: number; id: string } | undefined;
      if (query.before !== undefined) {
        const time = await journalTime(db, query.before);
        if (time === null) throw alarmError('alarm.cursor', { before: query.before }, { status: 400 });
        before = { time, id: query.before };
      }
      const { from, to, equipment, limit } = query;
      const rows = await queryJournal(db, { from, to, equipment, before, limit });
      return rows.map(({ activeUs: _unused, ...entry }) => entry);
    },
    alarmKpis: ({ query }, caller) => reportKpis(sources, query.from, query.to, caller.language),
    acknowledgeAlarms: ({ body }, caller) =>
      act(body.ids, caller, {
        type: 'alarm.acknowledged',
        strict: false,
        happening: { event: 'acknowledge', note: body.note },
        data: { note: body.note },
      }),
    shelveAlarm: async ({ params, body }, caller) => {
      const until = clock.nowUs() + body.minutes * 60_000_000;
      const happening = { event: 'shelve', note: body.reason, until } as const;
      const data = { minutes: body.minutes, until, reason: body.reason };
      return (await act([params.id], caller, { type: 'alarm.shelved', strict: true, happening, data }))[0]!;
    },
    unshelveAlarm: async ({ params }, caller) => {
      const happening = { event: 'unshelve' } as const;
      return (await act([params.id], caller, { type: 'alarm.unshelved', strict: true, happening, data: {} }))[0]!;
    },
    outOfService: async ({ params, body }, caller) => {
      const event = body.inService ? 'returnToService' : 'removeFromService';
      const type = body.inService ? 'alarm.returnedToService' : 'alarm.removedFromService';
      const happening = { event, note: body.reason } as const;
      const data = { reason: body.reason };
      return (await act([params.id], caller, { type, strict: true, happening, data }))[0]!;
    },
  };
}

interface Deed {
  type: string;
  /** Whether a pair that the state table lacks is an error, or changes nothing. */
  strict: boolean;
  happening: Omit<Happening, 'time' | 'by'>;
  data: Record<string, unknown>;
}

/**
 * What a person does to alarms: journal, alarm and audit event in one transaction, and only when that is on disk the
 * live alarm changes and the answer goes out.
 */
async function carryOut(sources: Sources, ids: readonly string[], caller: Caller, deed: Deed) {
  const { engine, writer, clock } = sources;
  const points = [...new Set(ids)].map((id) => {
    const point = engine.points.get(id);
    if (!point) throw alarmError('alarm.unknown', { id }, { status: 404 });
    return point;
  });
  const happening: Happening = { ...deed.happening, time: clock.nowUs(), by: nameOf(caller) };
  await writer.exclusive(async () => {
    const copies: AlarmPoint[] = [];
    const rows: JournalRow[] = [];
    for (const point of points) {
      const copy = structuredClone(point);
      const row = happen(copy, happening);
      if (row === null) {
        if (deed.strict) throw alarmError('alarm.notPossible', { state: point.state }, { status: 409 });
        continue;
      }
      copies.push(copy);
      rows.push(row);
    }
    if (rows.length === 0) return;
    await writer.withWaiting(async (db, emit) => {
      await insertJournal(db, rows);
      await upsertPoints(db, copies.map(toStored));
      for (const copy of copies)
        await emit({
          type: deed.type,
          subject: copy.rule,
          actor: actorOf(caller),
          data: { alarm: copy.id, equipment: copy.equipment, message: copy.message, ...deed.data },
        });
    });
    for (const copy of copies) engine.happen(engine.points.get(copy.id) ?? copy, happening, { journal: false });
  });
  engine.announce();
  return points.map(toAlarm);
}
