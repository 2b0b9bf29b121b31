import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { type LedgerPlace, openLedger } from '../src/open.ts';
import { killMigrations } from './kill-tables.ts';

/** Writes until it is killed; tells on stdout, a line for each, what it was told is stored. */
const [, , place = '{}', run = '0'] = process.argv;
const where = JSON.parse(place) as LedgerPlace;
const ledger = await openLedger({ ...where, clock: systemClock, log: silentLogger, modules: [killMigrations] });
const actor = { kind: 'system', id: `run-${run}` } as const;

async function client(name: number): Promise<void> {
  for (let i = 0; ; i++) {
    const id = `${run}-${name}-${i}`;
    await ledger.transaction<{ kept: { id: string; part: number } }, void>(async (db, emit) => {
      await db.insertInto('kept').values({ id, part: 1 }).execute();
      await emit({ type: 'kept.added', subject: id, actor, data: { i } });
      if (i % 5 === 4) await wait(0);
      await db.insertInto('kept').values({ id, part: 2 }).execute();
    });
    process.stdout.write(`${id}\n`);
  }
}
process.stdout.write('ready\n');
await Promise.all(Array.from({ length: 6 }, (_, name) => client(name)));
