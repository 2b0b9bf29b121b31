import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger as log } from '@deungdae/kernel/log.ts';
import type { LedgerTx } from './ledger.ts';
import { forgetEntries, once, onceMigrations } from './once.ts';
import { openLedger } from './open.ts';

test('an entry is done once, its result comes again, and a failed one leaves nothing', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'once-'));
  const ledger = await openLedger({ file: join(folder, 'l.db'), clock: systemClock, log, modules: [onceMigrations] });
  t.after(async () => {
    await ledger.close();
    await rm(folder, { recursive: true, force: true });
  });
  let done = 0;
  const act = (id: string, kind = 'a') =>
    ledger.transaction<never, { n: number }>((db, emit) =>
      once({ db, emit } as LedgerTx, id, async () => ({ n: ++done }), { kind, timeUs: 10 }),
    );
  assert.deepEqual(await act('e1'), { n: 1 });
  assert.deepEqual(await act('e1'), { n: 1 });
  const both = await Promise.all([act('e2'), act('e2')]);
  assert.deepEqual(both, [{ n: 2 }, { n: 2 }]);
  await assert.rejects(act('e1', 'other'), (e) => e instanceof CodedError && e.code === 'ledger.entryReused');
  const fail = ledger.transaction<never, number>((db, emit) =>
    once({ db, emit } as LedgerTx, 'e3', async () => {
      throw new RangeError('no');
    }),
  );
  await assert.rejects(fail, RangeError);
  assert.deepEqual(await act('e3'), { n: 3 });
  const forgotten = await ledger.transaction<never, number>((db, emit) => forgetEntries({ db, emit } as LedgerTx, 11));
  assert.equal(forgotten, 3);
  assert.deepEqual(await act('e1'), { n: 4 });
});
