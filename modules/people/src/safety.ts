import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { SafetyRecord } from '@deungdae/contracts/person.ts';
import { actorOf, nameOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger, Transaction } from '@deungdae/ledger/ledger.ts';
import { once } from '@deungdae/ledger/once.ts';
import { peopleError } from './errors.ts';
import type { PeopleTables } from './schema.ts';

const dayUs = 86_400_000_000;
const yearUs = 365 * dayUs;
/** Records looked through for reminders. */
const mostRecords = 5000;
const prefixes = { nearMiss: 'NM', riskAssessment: 'RA', toolboxMeeting: 'TBM' } as const;

type Db = Transaction<PeopleTables>;

/** `NM-2026-0007`: numbered by kind and year, without holes. */
async function nextNumber(db: Db, kind: SafetyRecord['kind'], time: number): Promise<string> {
  const head = `${prefixes[kind]}-${new Date(time / 1000).getUTCFullYear()}-`;
  const last = await db
    .selectFrom('safety_records')
    .select('number')
    .where('number', '>=', head)
    .where('number', '<', `${head}~`)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const next = last ? Number(last.number.slice(head.length)) + 1 : 1;
  return `${head}${String(next).padStart(4, '0')}`;
}

/** Risk assessments due for their yearly review within `days`, and open records with a measure past its day. */
export async function safetyReminders({ ledger, clock }: { ledger: Ledger; clock: Clock }, days: number) {
  const now = clock.nowUs();
  const read = async (column: 'kind' | 'status', value: string) => {
    const rows = await ledger
      .read<PeopleTables>()
      .selectFrom('safety_records')
      .select('data')
      .where(column, '=', value)
      .orderBy('time')
      .limit(mostRecords)
      .execute();
    return rows.map((row) => JSON.parse(row.data) as SafetyRecord);
  };
  const near = now + days * dayUs;
  const reviews = (await read('kind', 'riskAssessment')).filter((r) => r.reviewDue !== null && r.reviewDue <= near);
  const late = (await read('status', 'open')).filter((r) =>
    r.measures.some((m) => m.doneAt === null && m.due !== null && m.due < now),
  );
  return { reviews: reviews.sort((a, b) => a.reviewDue! - b.reviewDue!), measures: late };
}

/** Near misses, risk assessments, toolbox meetings: recorded in half a minute, open until their measures are done. */
export function safetyHandlers({ ledger, clock }: { ledger: Ledger; clock: Clock }): Handlers {
  const change = (
    id: string,
    caller: Caller,
    type: string,
    edit: (record: SafetyRecord) => Record<string, unknown>,
    also: { closed?: boolean } = {},
  ) =>
    ledger.transaction<PeopleTables, SafetyRecord>(async (db, emit) => {
      const row = await db.selectFrom('safety_records').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) throw peopleError('people.recordNotFound', {}, { status: 404 });
      const record = JSON.parse(row.data) as SafetyRecord;
      if (record.status === 'closed' && !also.closed)
        throw peopleError('people.recordClosed', { number: record.number }, { status: 409 });
      const data = edit(record);
      await db
        .updateTable('safety_records')
        .set({ status: record.status, data: JSON.stringify(record) })
        .where('id', '=', id)
        .execute();
      await emit({ type, subject: `safety/${record.number}`, actor: actorOf(caller), data });
      return record;
    });

  return {
    async safetyRecords({ query }) {
      let rows = ledger
        .read<PeopleTables>()
        .selectFrom('safety_records')
        .select('data')
        .orderBy('time', 'desc')
        .limit(query.limit);
      if (query.kind) rows = rows.where('kind', '=', query.kind);
      if (query.status) rows = rows.where('status', '=', query.status);
      return (await rows.execute()).map((row) => JSON.parse(row.data) as SafetyRecord);
    },

    reportSafety: ({ body }, caller) =>
      ledger.transaction<PeopleTables, SafetyRecord>((db, emit) =>
        once(
          { db, emit },
          body.entryId,
          async () => {
            const { entryId: _entry, badge, measures, time = clock.nowUs(), ...fields } = body;
            const reporter =
              badge === undefined
                ? undefined
                : await db
                    .selectFrom('people')
                    .select('id')
                    .where('badge', '=', badge)
                    .where('active', '=', 1)
                    .executeTakeFirst();
            if (badge !== undefined && !reporter) throw peopleError('people.notFound', {}, { status: 404 });
            const record: SafetyRecord = {
              id: uuidv7(Math.floor(clock.nowUs() / 1000)),
              number: await nextNumber(db, body.kind, time),
              ...fields,
              time,
              // Who has an account but no badge is named: ids of accounts say nothing to who reads this later.
              reporter: reporter?.id ?? nameOf(caller),
              measures: measures.map((measure) => ({
                id: uuidv7(Math.floor(clock.nowUs() / 1000)),
                ...measure,
                doneAt: null,
                proof: null,
              })),
              // A toolbox meeting is over when it is recorded, unless something is to be done.
              status: body.kind === 'toolboxMeeting' && measures.length === 0 ? 'closed' : 'open',
              reviewDue: body.kind === 'riskAssessment' ? time + yearUs : null,
            };
            const { id, number, kind, status } = record;
            await db
              .insertInto('safety_records')
              .values({ id, number, kind, time, status, data: JSON.stringify(record) })
              .execute();
            await emit({
              type: `safety.${kind}Recorded`,
              subject: `safety/${number}`,
              actor: actorOf(caller),
              data: { ...record },
            });
            return record;
          },
          { kind: 'safety', timeUs: clock.nowUs() },
        ),
      ),

    addSafetyMeasure: ({ params, body }, caller) =>
      change(params.id, caller, 'safety.measureAdded', (record) => {
        record.measures.push({ id: uuidv7(Math.floor(clock.nowUs() / 1000)), ...body, doneAt: null, proof: null });
        return { ...body };
      }),

    finishSafetyMeasure: ({ params, body }, caller) =>
      change(params.id, caller, 'safety.measureDone', (record) => {
        const measure = record.measures.find((m) => m.id === params.measure);
        if (!measure) throw peopleError('people.recordNotFound', {}, { status: 404 });
        measure.doneAt ??= clock.nowUs();
        measure.proof = body.proof ?? measure.proof;
        return { measure: measure.text, proof: measure.proof };
      }),

    reviewSafety: ({ params, body }, caller) =>
      change(
        params.id,
        caller,
        'safety.reviewed',
        (record) => {
          if (record.reviewDue === null)
            throw peopleError('people.notReviewed', { number: record.number }, { status: 409 });
          record.reviewDue = clock.nowUs() + yearUs;
          return { note: body.note, reviewDue: record.reviewDue };
        },
        { closed: true },
      ),

    closeSafety: ({ params }, caller) =>
      change(params.id, caller, 'safety.closed', (record) => {
        const count = record.measures.filter((m) => m.doneAt === null).length;
        if (count > 0) throw peopleError('people.measureOpen', { count }, { status: 409 });
        record.status = 'closed';
        return {};
      }),
  };
}
