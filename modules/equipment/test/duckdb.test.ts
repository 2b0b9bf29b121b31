import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { batchOf, type SampleValue } from '@deungdae/contracts/sample.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { readPlantText } from '@deungdae/kernel/plant-file.ts';
import { resolvePlant } from '@deungdae/kernel/plant-resolve.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { emptyPlace, testEngine } from '@deungdae/ledger/testing/test-ledger.ts';
import { createStream } from '@deungdae/stream/in-process.ts';
import { equipmentMigrations, openEquipment } from '../src/module.ts';
import { us } from './bench.ts';

const text = `deungdae: 1
enterprise: { id: f }
calendars:
  - id: n
    shifts: [{ id: night, start: "22:00", end: "06:00", days: [sat], breaks: [{ start: "01:30", end: "03:30" }] }]
sites:
  - id: s
    timeZone: Europe/Berlin
    calendar: n
    areas:
      - id: a
        equipment:
          - id: m
            state: { preset: runningBit, signal: run }
            counters: [{ counts: total, signal: parts, wrapsAt: 256, perIncrement: 2 }, { counts: scrap, signal: bad }]
            cycleTimes: [{ seconds: 30 }]
            signals: [{ id: run, kind: boolean }, { id: parts, kind: integer }, { id: bad, kind: integer }]
`;

test('the night in which Berlin puts its clocks forward, on the real history, ledger and stream', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'deungdae-equipment-'));
  const log = silentLogger;
  const { history, catalogue } = await openHistory({ directory: join(folder, 'history'), clock: systemClock, log });
  const modules = [{ module: 'equipment', migrations: equipmentMigrations }];
  const ledger = await openLedger({ ...(await emptyPlace(testEngine())), clock: systemClock, log, modules });
  const plant = await resolvePlant(readPlantText(text, { connectors: [] }).plant!, text, {
    idsOf: (paths) => catalogue.idsOf(paths),
  });
  const stream = createStream({ history, log });
  const open = () => openEquipment({ ledger, history, stream, clock: systemClock, log, plant });
  let equipment = await open();
  t.after(async () => {
    await equipment.close();
    await ledger.close();
    await history.close();
    await rm(folder, { recursive: true, force: true });
  });
  const send = (name: string, at: string, value: SampleValue) =>
    stream.ingest(
      batchOf([{ signal: plant.signalByPath.get(`f/s/a/m/${name}`)!.id, time: us(at), value, quality: 0 }]),
    );
  await send('run', '2025-03-29T22:00+01:00', true);
  await send('parts', '2025-03-29T22:00+01:00', 250);
  await send('bad', '2025-03-29T22:00+01:00', 0);
  await send('parts', '2025-03-29T23:00+01:00', 20);
  await send('bad', '2025-03-30T00:00+01:00', 2);
  await send('run', '2025-03-30T01:30+01:00', false);
  await send('run', '2025-03-30T03:30+02:00', true);
  await send('run', '2025-03-30T07:00+02:00', false);
  await stream.drain();
  await equipment.settled();

  const check = async () => {
    const { parts } = await equipment.oee('f', us('2025-03-29T00:00+01:00'), us('2025-03-31T00:00+02:00'), 'shift');
    assert.equal(parts.length, 1);
    const { time, counts, oee } = parts[0]!;
    const hours = [time.calendarMs, time.potMs, time.plannedDownMs, time.aptMs, time.pbtMs].map((x) => x / 3_600_000);
    assert.deepEqual(hours, [7, 7, 1, 6, 6], 'an eight-hour shift has seven, its two-hour break one');
    assert.deepEqual(
      counts,
      { produced: 52, good: 50, scrap: 2, rework: null },
      'the counter wrapped, two pieces a step',
    );
    assert.deepEqual([oee.numerator, oee.denominator], [50 * 30_000, 6 * 3_600_000]);
  };
  await check();
  const total = await equipment.timeInState('f/s/a/m', us('2025-03-29T22:00+01:00'), us('2025-03-30T06:00+02:00'));
  assert.deepEqual([total.running, total.idle], [6 * 3_600_000_000, 3_600_000_000]);
  await equipment.close();
  equipment = await open();
  await check();
});
