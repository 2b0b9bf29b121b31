import { systemClock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { once } from '../src/once.ts';
import { openLedger } from '../src/open.ts';
import { type ShelfTables, shelfModules } from './two-servers-tables.ts';

/**
 * One server among several on one database: clients that read, decide and write the same few rows, and do each entry
 * twice. Tells on stdout what came of it, one JSON line.
 */
const [, , url = '', name = '', acts = '0'] = process.argv;
const again: string[] = [];
const log = { ...silentLogger, warn: (fields: object) => again.push(JSON.stringify(fields)) } as typeof silentLogger;
const ledger = await openLedger({ url, clock: systemClock, log, modules: shelfModules });
const codes: Record<string, number> = {};
let done = 0;

async function act(client: number, i: number): Promise<void> {
  const [from, to] = i % 2 === 0 ? ['a', 'b'] : ['b', 'a'];
  const entryId = `${name}-${client}-${i}`;
  const actor = { kind: 'system', id: name } as const;
  try {
    await ledger.transaction<ShelfTables, void>((db, emit) =>
      once({ db, emit }, entryId, async () => {
        const shelf = await db.selectFrom('shelf').selectAll().where('id', '=', from!).executeTakeFirstOrThrow();
        await db
          .updateTable('shelf')
          .set({ amount: shelf.amount - 1 })
          .where('id', '=', from!)
          .execute();
        const other = await db.selectFrom('shelf').selectAll().where('id', '=', to!).executeTakeFirstOrThrow();
        await db
          .updateTable('shelf')
          .set({ amount: other.amount + 1 })
          .where('id', '=', to!)
          .execute();
        await emit({ type: 'piece.moved', subject: `shelf/${to}`, actor, data: { entryId } });
      }),
    );
    done++;
  } catch (error) {
    const code = error instanceof CodedError ? error.code : String(error);
    codes[code] = (codes[code] ?? 0) + 1;
  }
}

process.stdout.write('ready\n');
await Promise.all(
  Array.from({ length: 8 }, async (_, client) => {
    for (let i = 0; i < Number(acts); i++) await Promise.all([act(client, i), act(client, i)]);
  }),
);
process.stdout.write(`${JSON.stringify({ done, codes, again: again.length })}\n`);
await ledger.close();
