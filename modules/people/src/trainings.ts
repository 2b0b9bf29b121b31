import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Training } from '@deungdae/contracts/person.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { uuidv7 } from '@deungdae/kernel/ids.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import type { MasterDataModule } from '@deungdae/masterdata/module.ts';
import { grant, needPerson } from './people.ts';
import type { PeopleTables } from './schema.ts';

/** Training records: kept as they were signed; who passed gets the skills named. */
export function trainingHandlers(deps: { ledger: Ledger; clock: Clock; masterdata: MasterDataModule }): Handlers {
  const { ledger, clock } = deps;
  return {
    async trainings({ query }) {
      const db = ledger.read<PeopleTables>();
      let rows = db
        .selectFrom('people_trainings')
        .select('people_trainings.data as data')
        .orderBy('held_at', 'desc')
        .limit(query.limit);
      if (query.person !== undefined)
        rows = rows
          .innerJoin('people_attendance', 'people_attendance.training', 'people_trainings.id')
          .where('people_attendance.person', '=', query.person);
      return (await rows.execute()).map((row) => JSON.parse(row.data) as Training);
    },

    recordTraining: ({ body }, caller) =>
      ledger.transaction<PeopleTables, Training>(async (db, emit) => {
        const training: Training = { id: uuidv7(Math.floor(clock.nowUs() / 1000)), ...body };
        await db
          .insertInto('people_trainings')
          .values({ id: training.id, held_at: body.heldAt, data: JSON.stringify(training) })
          .execute();
        for (const { person, passed } of body.attendees) {
          await needPerson(db, person);
          await db
            .insertInto('people_attendance')
            .values({ training: training.id, person, passed: Number(passed) })
            .execute();
          if (!passed) continue;
          for (const { skill, level } of body.grants)
            await grant(deps, db, {
              ...{ person, skill, level, now: clock.nowUs(), by: caller.userId },
              training: training.id,
            });
        }
        await emit({
          type: 'training.recorded',
          subject: `training/${training.id}`,
          actor: actorOf(caller),
          data: { ...training },
        });
        return training;
      }),
  };
}
