import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { checkLedgerFile } from './backup.ts';
import { copyLedger } from './copy.ts';
import type { ModuleMigrations } from './ledger.ts';
import { openLedger } from './open.ts';
import { postgresqlAbsence } from './testing/private-postgresql.ts';
import { emptyPlace, openTestLedger } from './testing/test-ledger.ts';

interface Tables {
  box: { id: string; parent: string | null; weight: number | null; label: string; seal: Uint8Array | null };
  kind: { id: string };
}
/** A table that refers to itself, one that comes later in the alphabet, a seed, and every kind of value. */
const modules: ModuleMigrations[] = [
  {
    module: 'boxes',
    migrations: [
      {
        id: '0001-boxes',
        async up(db) {
          await db.schema
            .createTable('kind')
            .addColumn('id', 'varchar(8)', (c) => c.primaryKey())
            .execute();
          await db.insertInto('kind').values({ id: 'seed' }).execute();
          await db.schema
            .createTable('box')
            .addColumn('id', 'varchar(40)', (c) => c.primaryKey())
            .addColumn('parent', 'varchar(40)', (c) => c.references('box.id'))
            .addColumn('weight', 'double precision')
            .addColumn('label', 'text', (c) => c.notNull().references('kind.id'))
            .addColumn('seal', 'blob')
            .execute();
        },
      },
    ],
  },
];
const actor = { kind: 'person', id: 'kim' } as const;
const clock = systemClock;
const log = silentLogger;
const code = (expected: string) => (error: unknown) => error instanceof CodedError && error.code === expected;
const absence = postgresqlAbsence();
if (absence) console.log(`# skipped: ${absence}`);

async function filled(engine: 'sqlite' | 'postgresql', boxes = 2500) {
  const opened = await openTestLedger({ engine, modules, headKey: 'key' });
  await opened.ledger.transaction<Tables, void>(async (db, emit) => {
    await db.insertInto('kind').values({ id: '상자' }).execute();
    for (let from = 0; from < boxes; from += 500) {
      const rows = Array.from({ length: Math.min(500, boxes - from) }, (_, i) => ({
        id: `box-${String(from + i).padStart(5, '0')}`,
        parent: from + i === 0 ? null : `box-${String(Math.floor((from + i) / 2)).padStart(5, '0')}`,
        weight: i % 3 === 0 ? null : 0.1 + from + i,
        label: '상자',
        seal: i % 5 === 0 ? Uint8Array.of(0, i % 256, 255) : null,
      }));
      await db.insertInto('box').values(rows).execute();
      await emit({ type: 'box.made', subject: 'boxes', actor, data: { from, note: '가득\n"참"' } });
    }
  });
  return opened;
}
type Opened = Awaited<ReturnType<typeof filled>>['ledger'];
const contents = async (ledger: Opened) => ({
  boxes: (await ledger.read<Tables>().selectFrom('box').selectAll().orderBy('id').execute()).map((b) => ({
    ...b,
    seal: b.seal && [...b.seal],
  })),
  kinds: await ledger.read<Tables>().selectFrom('kind').selectAll().orderBy('id').execute(),
  events: await ledger.events({ limit: 1000 }),
  head: await ledger.head(),
});

describe('a ledger moves', { skip: absence ?? false }, () => {
  for (const [from, to] of [
    ['sqlite', 'postgresql'],
    ['postgresql', 'sqlite'],
    ['postgresql', 'postgresql'],
  ] as const) {
    test(`from ${from} to ${to} with every row, value and event`, async () => {
      const source = await filled(from);
      const place = await emptyPlace(to);
      const copied = await copyLedger({ from: source.place, to: place, modules, clock, log, headKey: 'key' });
      assert.equal(copied.events, 5);
      const target = await openLedger({ ...place, modules, clock, log, headKey: 'key' });
      assert.deepEqual(await contents(target), await contents(source.ledger));
      assert.equal((await target.verify()).ok, true);
      // The copy is alive: rules hold, and its chain goes on.
      await assert.rejects(
        target.transaction<Tables, unknown>((db) => db.deleteFrom('kind').where('id', '=', '상자').execute()),
        code('ledger.constraint'),
      );
      await target.transaction((_, emit) => emit({ type: 'x.done', subject: 's', actor, data: {} }));
      assert.equal((await target.verify()).events, 6);
      await target.close();
      const again = copyLedger({ from: source.place, to: place, modules, clock, log, headKey: 'key' });
      await assert.rejects(again, code('ledger.targetNotEmpty'));
      await source.end();
      if ('file' in place) await rm(place.file, { force: true });
    });
  }

  test('a damaged chain is not carried over unnoticed, and the target stays without events', async () => {
    const source = await filled('sqlite', 500);
    const { DatabaseSync } = await import('node:sqlite');
    const raw = new DatabaseSync((source.place as { file: string }).file);
    raw.exec("UPDATE events SET subject = 'forged'");
    raw.close();
    const place = await emptyPlace('postgresql');
    const copying = copyLedger({ from: source.place, to: place, modules, clock, log, headKey: 'key' });
    await assert.rejects(copying, code('ledger.copyDiffers'));
    await source.end();
  });

  test('a backup of PostgreSQL made while writing goes on is of one moment, whole, and can be put back', async () => {
    const source = await filled('postgresql');
    let going = true;
    let written = 0;
    const writing = (async () => {
      while (going) {
        await source.ledger.transaction<Tables, void>(async (db, emit) => {
          await db
            .insertInto('box')
            .values({ id: `late-${written}`, parent: null, weight: null, label: '상자', seal: null })
            .execute();
          await emit({ type: 'box.made', subject: 'late', actor, data: { written } });
        });
        written++;
      }
    })();
    const copy = `${((await emptyPlace('sqlite')) as { file: string }).file}.backup`;
    try {
      await source.ledger.backup(copy);
    } finally {
      going = false;
      await writing;
    }
    assert.ok(written > 0);
    const verdict = await checkLedgerFile(copy, clock, 'key');
    assert.equal(verdict.ok, true, JSON.stringify(verdict));
    await assert.rejects(source.ledger.backup(copy), code('ledger.backupExists'));
    const place = await emptyPlace('postgresql');
    await copyLedger({ from: { file: copy }, to: place, modules, clock, log, headKey: 'key' });
    const restored = await openLedger({ ...place, modules, clock, log, headKey: 'key' });
    const late = await restored.events({ limit: 10_000, subject: 'late' });
    const boxes = await restored.read<Tables>().selectFrom('box').select('id').where('id', 'like', 'late-%').execute();
    assert.equal(late.length, boxes.length, 'rows and events of one moment');
    assert.equal((await restored.verify()).events, verdict.events);
    await restored.close();
    await source.end();
    await rm(copy, { force: true });
  });
});
