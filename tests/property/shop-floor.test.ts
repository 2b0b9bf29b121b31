import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { checkLedgerFile } from '@deungdae/ledger/backup.ts';
import { copyLedger } from '@deungdae/ledger/copy.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { emptyPlace, testEngine } from '@deungdae/ledger/testing/test-ledger.ts';
import { seededRandom } from '@deungdae/testing/random.ts';
import { actAtRandom } from './acts.ts';
import { Beliefs, begin, Client } from './client.ts';
import { broken, type Snapshot, shippedWhileBlocked, snapshot, type Tables } from './invariants.ts';
import { openShopFloor, type ShopFloor } from './shop-floor.ts';

/**
 * Random acts of several clients at once against the modules as the server composes them: stock balances, nothing ships
 * on hold, genealogy is acyclic and complete, counts reconcile, an entry counts once, the audit chain verifies.
 * DEUNGDAE_PROPERTY_RUNS sequences of DEUNGDAE_PROPERTY_ROUNDS rounds; DEUNGDAE_PROPERTY_SEED starts at another seed
 * (a failure names its own). DEUNGDAE_TEST_LEDGER chooses the engine.
 */
const runs = Number(process.env.DEUNGDAE_PROPERTY_RUNS ?? 1);
const rounds = Number(process.env.DEUNGDAE_PROPERTY_ROUNDS ?? 60);
/** Where the whole story of a sequence that failed is kept; nowhere unless named. */
const keep = process.env.DEUNGDAE_PROPERTY_KEEP ?? '';
const firstSeed = Number(process.env.DEUNGDAE_PROPERTY_SEED ?? 1);
const clients = 5;
const checkEvery = Number(process.env.DEUNGDAE_PROPERTY_CHECK ?? 5);
const backupEvery = 40;
/** Steps that a failure prints. */
const shownSteps = Number(process.env.DEUNGDAE_PROPERTY_SHOWN ?? 60);

/** Lots that something freed after `event`: only events can tell. */
async function freedSince(floor: ShopFloor, seen: number): Promise<Set<number>> {
  const freed = new Set<number>();
  for (const type of ['lot.accepted', 'lot.released'])
    for (const event of await floor.ledger.events({ limit: 200, type }))
      if (event.time >= seen && event.subject.startsWith('lot/'))
        freed.add(Number.parseInt(event.subject.slice('lot/lot-'.length), 36));
  return freed;
}

/** What a backup holds that was begun while `meanwhile` goes on, put back on the engine under test, its chain walked. */
async function restored(floor: ShopFloor, meanwhile: () => Promise<unknown>) {
  const folder = await mkdtemp(join(tmpdir(), 'deungdae-property-'));
  const file = join(folder, 'backup.sqlite');
  const settings = { modules: floor.modules, clock: floor.clock, log: silentLogger };
  try {
    await Promise.all([floor.ledger.backup(file), meanwhile()]);
    const verdict = await checkLedgerFile(file, floor.clock);
    assert.equal(verdict.ok, true, JSON.stringify(verdict));
    const place = testEngine() === 'sqlite' ? { file } : await emptyPlace('postgresql');
    if ('url' in place) await copyLedger({ ...settings, from: { file }, to: place });
    const ledger = await openLedger({ ...settings, ...place });
    try {
      const { ok, events } = await ledger.verify();
      assert.deepEqual({ ok, events }, { ok: true, events: verdict.events });
      return { events, state: await snapshot(ledger.read<Tables>()) };
    } finally {
      await ledger.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rows have no order of their own. */
const inOrder = (state: Snapshot) =>
  Object.entries(state).map(([name, rows]) => [name, [...rows].map((row) => JSON.stringify(row)).sort()]);

function beliefsBroken(s: Snapshot, beliefs: Beliefs): string[] {
  const problems: string[] = [];
  const sums = { received: new Map<string, number>(), scrapped: new Map<string, number>() };
  // What was taken back later was done once all the same.
  for (const m of s.movements) {
    if (m.reverses !== null || m.reference?.startsWith('nonconformity/')) continue;
    const of = m.kind === 'receipt' ? sums.received : m.kind === 'scrap' ? sums.scrapped : null;
    of?.set(m.item, (of.get(m.item) ?? 0) + m.quantity);
  }
  const results = { good: new Map<string, number>(), scrap: new Map<string, number>() };
  for (const r of s.results)
    for (const key of ['good', 'scrap'] as const)
      results[key].set(r.run_id, (results[key].get(r.run_id) ?? 0) + r[key]);
  for (const [name, recorded] of Object.entries({ ...sums, ...results }) as [
    keyof typeof sums | 'good' | 'scrap',
    Map<string, number>,
  ][])
    for (const key of new Set([...recorded.keys(), ...beliefs[name].keys()]))
      if ((recorded.get(key) ?? 0) !== (beliefs[name].get(key) ?? 0))
        problems.push(`${name} ${key}: recorded ${recorded.get(key) ?? 0}, answered ${beliefs[name].get(key) ?? 0}`);
  return problems;
}

async function runSequence(seed: number): Promise<Map<string, number>> {
  const floor = await openShopFloor();
  const log: string[] = [];
  const tally = new Map<string, number>();
  const beliefs = new Beliefs();
  const shared = { floor, beliefs, log, tally };
  const all = Array.from({ length: clients }, (_, i) => new Client(`c${i + 1}`, seededRandom(seed * 1000 + i), shared));
  const pace = seededRandom(seed);
  const db = () => floor.ledger.read<Tables>();
  const fail = async (problems: readonly string[]): Promise<never> => {
    if (keep) {
      await mkdir(keep, { recursive: true });
      const state = JSON.stringify(await snapshot(db()), (_, v) => (v instanceof Map ? [...v.values()] : v), 1);
      const name = join(keep, `${testEngine()}-${seed}-${Date.now()}`);
      await writeFile(`${name}.log`, [...problems, '', ...log].join('\n'));
      await writeFile(`${name}.json`, state);
    }
    assert.fail(
      [
        `seed ${seed} (DEUNGDAE_PROPERTY_SEED), ${log.length} steps:`,
        ...problems.slice(0, 12),
        '',
        ...(shownSteps > 0 ? log.slice(-shownSteps) : []),
      ].join('\n'),
    );
  };
  await begin(all[0]!);
  let before = await snapshot(db());
  let checkedAt = floor.clock.nowUs();
  try {
    for (let round = 1; round <= rounds; round++) {
      await floor.clock.advance(1000 * pace.int(1, pace.next() < 0.05 ? 30_000 : 900));
      log.push(`-- round ${round}, ${new Date(floor.clock.nowUs() / 1000).toISOString()}`);
      const acting = Promise.allSettled(all.map(actAtRandom));
      if (round % backupEvery === 0) {
        const copy = await restored(floor, () => acting);
        const problems = broken(copy.state);
        if (problems.length > 0) await fail(['a backup made while acts went on:', ...problems]);
      }
      const done = await acting;
      const failed = done.flatMap((d) =>
        d.status === 'rejected' ? [String((d.reason as Error).stack ?? d.reason)] : [],
      );
      if (failed.length > 0) await fail(failed);
      if (round % checkEvery !== 0 && round !== rounds) continue;
      const now = await snapshot(db());
      const since = before.movements.at(-1)?.key ?? 0;
      const freed = await freedSince(floor, checkedAt);
      const problems = [
        ...broken(now),
        ...beliefsBroken(now, beliefs),
        ...shippedWhileBlocked(before, now, freed, since),
      ];
      if (problems.length > 0) await fail(problems);
      before = now;
      checkedAt = floor.clock.nowUs();
    }
    const chain = await floor.ledger.verify();
    if (!chain.ok) await fail([`audit chain broken at ${chain.firstBroken}`]);
    // In the end nothing goes on, and a copy is the same.
    const copy = await restored(floor, async () => undefined);
    if (copy.events !== chain.events) await fail([`the backup holds ${copy.events} of ${chain.events} events`]);
    assert.deepEqual(inOrder(copy.state), inOrder(await snapshot(db())), 'a restored backup is the ledger as it was');
  } finally {
    await floor.end();
  }
  return tally;
}

/** Acts without which the invariants were never tried. */
const needed = ['kiosk.confirm', 'sendShipment', 'packLots', 'correctResult'];

describe(`random sequences of business acts, ${clients} clients at once, on ${testEngine()}`, () => {
  const done = new Map<string, number>();
  for (let seed = firstSeed; seed < firstSeed + runs; seed++)
    test(`seed ${seed}`, async (t) => {
      const tally = await runSequence(seed);
      const of = (act: string) => tally.get(`${act} done`) ?? 0;
      const acts = [...tally.values()].reduce((a, b) => a + b, 0);
      const refused = acts - [...tally].reduce((sum, [key, n]) => sum + (key.endsWith(' done') ? n : 0), 0);
      t.diagnostic(
        JSON.stringify({ engine: testEngine(), seed, rounds, acts, refused, confirmed: of('kiosk.confirm') }),
      );
      if (process.env.DEUNGDAE_PROPERTY_TALLY)
        t.diagnostic(
          [...tally]
            .sort()
            .map((e) => e.join(' '))
            .join('\n'),
        );
      for (const act of needed) done.set(act, (done.get(act) ?? 0) + of(act));
      if (rounds >= 100) assert.ok(of('kiosk.confirm') > 0, 'a sequence in which nothing works proves nothing');
    });
  test('every kind of act came through in one sequence or another', { skip: rounds < 100 }, () => {
    for (const act of needed) assert.ok((done.get(act) ?? 0) > 0, act);
  });
});
