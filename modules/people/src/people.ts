import type { Handlers } from '@deungdae/contracts/api.ts';
import type { PersonRecord, PersonSkill } from '@deungdae/contracts/person.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Kysely, Ledger, Transaction } from '@deungdae/ledger/ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import { peopleError } from './errors.ts';
import type { PeopleTables } from './schema.ts';

type Db = Kysely<PeopleTables> | Transaction<PeopleTables>;
type Row = PeopleTables['people'];

const dayUs = 86_400_000_000;
/** More people than this are found by badge or id only. */
const mostPeople = 5000;

const skillOf = (row: PeopleTables['people_skills']): PersonSkill => ({
  skill: row.skill,
  level: row.level,
  grantedAt: row.granted_at,
  expiresAt: row.expires_at,
  grantedBy: row.granted_by,
  training: row.training,
});

export async function withSkills(db: Db, rows: readonly Row[]): Promise<PersonRecord[]> {
  const skills = new Map<string, PersonSkill[]>();
  for (let i = 0; i < rows.length; i += 500) {
    const ids = rows.slice(i, i + 500).map((row) => row.id);
    const found = await db
      .selectFrom('people_skills')
      .selectAll()
      .where('person', 'in', ids)
      .orderBy('skill')
      .execute();
    for (const row of found) skills.set(row.person, [...(skills.get(row.person) ?? []), skillOf(row)]);
  }
  return rows.map((row) => ({
    id: row.id,
    badge: row.badge,
    name: row.name,
    language: row.language,
    team: row.team,
    userId: row.user_id,
    active: row.active === 1,
    skills: skills.get(row.id) ?? [],
  }));
}

export async function needPerson(db: Db, id: string): Promise<Row> {
  const row = await db.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw peopleError('people.notFound', {}, { status: 404 });
  return row;
}

/** Badges and accounts belong to one active person; someone who left keeps theirs on record. */
async function checkFree(db: Db, wanted: { badge?: string; userId?: string | null }, self: string | null) {
  const others = async (column: 'badge' | 'user_id', value: string) =>
    (await db.selectFrom('people').selectAll().where(column, '=', value).where('active', '=', 1).execute()).find(
      (row) => row.id !== self,
    );
  if (wanted.badge !== undefined) {
    const holder = await others('badge', wanted.badge);
    if (holder) throw peopleError('people.badgeTaken', { badge: wanted.badge, name: holder.name }, { status: 409 });
  }
  if (wanted.userId) {
    const holder = await others('user_id', wanted.userId);
    if (holder) throw peopleError('people.userTaken', { name: holder.name }, { status: 409 });
  }
}

/** Grants a skill in the caller's transaction; the expiry comes from the skill's master data when not given. */
export async function grant(
  deps: { masterdata: MasterDataModule },
  db: Transaction<PeopleTables>,
  input: { person: string; skill: string; level: number; now: number; by: string } & {
    training: string | null;
    expiresAt?: number | null | undefined;
  },
): Promise<void> {
  const skill = await deps.masterdata.need('skill', input.skill, input.now);
  const months = skill.data.validMonths;
  const expires =
    input.expiresAt !== undefined ? input.expiresAt : months ? input.now + Math.round(months * 30.4375) * dayUs : null;
  const row = {
    person: input.person,
    skill: input.skill,
    level: input.level,
    granted_at: input.now,
    expires_at: expires,
    granted_by: input.by,
    training: input.training,
  };
  const { person: _person, skill: _skill, ...values } = row;
  await db
    .insertInto('people_skills')
    .values(row)
    .onConflict((c) => c.columns(['person', 'skill']).doUpdateSet(values))
    .execute();
}

export function personHandlers(deps: { ledger: Ledger; clock: Clock; masterdata: MasterDataModule }): Handlers {
  const { ledger, clock } = deps;
  const one = async (db: Db, id: string) => (await withSkills(db, [await needPerson(db, id)]))[0]!;
  return {
    async people({ query }) {
      const db = ledger.read<PeopleTables>();
      let rows = db.selectFrom('people').selectAll().orderBy('name').limit(Math.min(query.limit, mostPeople));
      if (query.inactive !== 'true') rows = rows.where('active', '=', 1);
      return withSkills(db, await rows.execute());
    },

    createPerson: ({ body }, caller) =>
      ledger.transaction<PeopleTables, PersonRecord>(async (db, emit) => {
        await checkFree(db, body, null);
        const id = uuidv7(Math.floor(clock.nowUs() / 1000));
        const { userId, ...fields } = body;
        await db
          .insertInto('people')
          .values({ id, ...fields, user_id: userId, active: 1 })
          .execute();
        await emit({ type: 'person.added', subject: `person/${id}`, actor: actorOf(caller), data: { ...body } });
        return one(db, id);
      }),

    updatePerson: ({ params, body }, caller) =>
      ledger.transaction<PeopleTables, PersonRecord>(async (db, emit) => {
        const row = await needPerson(db, params.id);
        const active = body.active ?? row.active === 1;
        const userId = body.userId === undefined ? row.user_id : body.userId;
        if (active) await checkFree(db, { badge: body.badge ?? row.badge, userId }, row.id);
        const { active: _active, userId: _user, ...fields } = body;
        const next = { ...fields, active: Number(active), user_id: userId };
        await db.updateTable('people').set(next).where('id', '=', row.id).execute();
        await emit({
          type: 'person.changed',
          subject: `person/${row.id}`,
          actor: actorOf(caller),
          data: { before: { ...row }, after: { ...next } },
        });
        return one(db, row.id);
      }),

    grantSkill: ({ params, body }, caller) =>
      ledger.transaction<PeopleTables, PersonRecord>(async (db, emit) => {
        await needPerson(db, params.id);
        const now = clock.nowUs();
        await grant(deps, db, { person: params.id, ...body, now, by: caller.userId, training: null });
        await emit({
          type: 'skill.granted',
          subject: `person/${params.id}`,
          actor: actorOf(caller),
          data: { ...body },
        });
        return one(db, params.id);
      }),

    withdrawSkill: ({ params }, caller) =>
      ledger.transaction<PeopleTables, PersonRecord>(async (db, emit) => {
        const row = await needPerson(db, params.id);
        const gone = await db
          .deleteFrom('people_skills')
          .where('person', '=', params.id)
          .where('skill', '=', params.skill)
          .executeTakeFirst();
        if (Number(gone.numDeletedRows) === 0)
          throw peopleError('people.skillMissing', { name: row.name, skill: params.skill }, { status: 404 });
        const data = { skill: params.skill };
        await emit({ type: 'skill.withdrawn', subject: `person/${row.id}`, actor: actorOf(caller), data });
        return one(db, row.id);
      }),

    expiringSkills: ({ query }) => expiringSkills(deps, query.days),
  };
}

/** Skills of active people that have expired or will within `days`, the first first. */
export async function expiringSkills({ ledger, clock }: { ledger: Ledger; clock: Clock }, days: number) {
  const rows = await ledger
    .read<PeopleTables>()
    .selectFrom('people_skills')
    .innerJoin('people', 'people.id', 'people_skills.person')
    .selectAll('people_skills')
    .select('people.name as name')
    .where('people.active', '=', 1)
    .where('expires_at', 'is not', null)
    .where('expires_at', '<=', clock.nowUs() + days * dayUs)
    .orderBy('expires_at')
    .limit(mostPeople)
    .execute();
  return rows.map((row) => ({ ...skillOf(row), person: row.person, name: row.name }));
}
