import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alarmMigrations, openAlarms } from '@deungdae/alarms/module.ts';
import { createSupervisor } from '@deungdae/connector-kit/supervisor.ts';
import type { SampleBatch } from '@deungdae/contracts/sample.ts';
import { equipmentMigrations, openEquipment } from '@deungdae/equipment/module.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { readPlantText } from '@deungdae/kernel/plant-file.ts';
import { resolvePlant } from '@deungdae/kernel/plant-resolve.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { createStream } from '@deungdae/stream/in-process.ts';
import { figure } from './support/plant.ts';
import { PlantSourceAddress, PlantSourceConfig } from './support/plant-connector.ts';

/**
 * A whole plant at 1 Hz behind the protocols: plant file → connectors in their workers → kit → stream → history on disk →
 * equipment and alarms → ledger. 100 signals a machine, one of ten with an alarm limit, a state rule and two counters
 * each. Growth is the cost of a sample at 100,000 signals beside that at 10,000.
 */
const seconds = Number(process.env.DEUNGDAE_BENCH_SECONDS ?? 60);
const sizes = (process.env.DEUNGDAE_BENCH_SIZES ?? '10000,100000').split(',').map(Number);
const warmUpS = 10;
const perMachine = 100;
const source = { type: 'source', module: new URL('./support/plant-connector.ts', import.meta.url).href };
const schemas = [{ type: 'source', config: PlantSourceConfig, address: PlantSourceAddress }];

/** Ten machines on each connection, as behind a gateway or an edge node. */
function plantText(signals: number, readings: number): string {
  const machines = signals / perMachine;
  const lines = ['deungdae: 1', 'enterprise: { id: bench }', 'connections:'];
  for (let c = 0; c < machines / 10; c++)
    lines.push(`  - { id: plc-${c}, type: source, intervalMs: 1000, readings: ${readings} }`);
  lines.push('types:', '  - id: machine', '    state: { preset: runningBit, signal: run }');
  lines.push('    counters: [{ counts: good, signal: good }, { counts: scrap, signal: scrap }]');
  lines.push('    cycleTimes: [{ seconds: 9 }]', '    signals:');
  lines.push('      - { id: run, kind: boolean, source: { as: state } }');
  for (const id of ['good', 'scrap']) lines.push(`      - { id: ${id}, kind: integer, source: { as: counter } }`);
  for (let s = 3; s < perMachine; s++) {
    const alarm = s % 10 === 5 ? ', alarms: [{ id: high, type: high, limit: 30, deadband: 1 }]' : '';
    lines.push(`      - { id: s${s}, source: { as: value }${alarm} }`);
  }
  lines.push('sites:', '  - id: site', '    timeZone: Asia/Seoul', '    areas:', '      - id: area');
  lines.push('        equipment:');
  for (let m = 0; m < machines; m++)
    lines.push(`          - { id: m-${m}, type: machine, connection: plc-${Math.floor(m / 10)} }`);
  return `${lines.join('\n')}\n`;
}

async function openPlant(directory: string, text: string) {
  const clock = systemClock;
  const log = silentLogger;
  const { history, catalogue } = await openHistory({ directory: join(directory, 'history'), clock, log });
  const ledger = await openLedger({
    file: join(directory, 'ledger.sqlite'),
    ...{ clock, log },
    modules: [
      { module: 'equipment', migrations: equipmentMigrations },
      { module: 'alarms', migrations: alarmMigrations },
    ],
  });
  const read = readPlantText(text, { fileName: 'plant.yaml', connectors: schemas, language: 'en' });
  if (!read.plant) throw new Error(JSON.stringify(read.problems.slice(0, 3)));
  const plant = await resolvePlant(read.plant, text, catalogue);
  const latencies: number[] = [];
  const timed = {
    append: async (batch: SampleBatch) => {
      const before = performance.now();
      await history.append(batch);
      latencies.push(performance.now() - before);
    },
  };
  const stream = createStream({ history: timed, log });
  const equipment = await openEquipment({ ledger, history, stream, clock, log, plant });
  const alarms = await openAlarms({
    ...{ ledger, history, stream, clock, log, plant },
    stateOf: (path) => equipment.stateOf(path),
  });
  equipment.onState((path, state, time) => alarms.onMachineState(path, state, time));
  const supervisor = createSupervisor({
    ...{ stream, clock, log },
    connectors: [source],
    stateDir: join(directory, 'connections'),
  });
  return { history, ledger, plant, stream, equipment, alarms, supervisor, latencies };
}

async function measure(signals: number) {
  const directory = mkdtempSync(join(tmpdir(), 'deungdae-bench-'));
  const readings = warmUpS + seconds + 2;
  const opened = performance.now();
  const p = await openPlant(directory, plantText(signals, readings));
  const openMs = performance.now() - opened;
  let changedCards = 0;
  p.equipment.subscribe((changed) => {
    changedCards += changed.length;
  });
  await p.supervisor.apply([...p.plant.connections.values()]);
  await systemClock.sleep(warmUpS * 1000);
  p.latencies.length = 0;
  const from = p.stream.stats().ingested;
  const cpu = process.cpuUsage();
  const started = performance.now();
  let rssMb = 0;
  for (let i = 0; i < seconds; i++) {
    await systemClock.sleep(1000);
    rssMb = Math.max(rssMb, process.memoryUsage.rss() / 1e6);
  }
  const wallS = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  const perSecond = (p.stream.stats().ingested - from) / wallS;
  const latencies = p.latencies.slice().sort((a, b) => a - b);
  await systemClock.sleep(4000);
  await p.supervisor.close();
  await p.stream.drain();
  await p.equipment.settled();
  await p.alarms.settled();
  const { samples } = await p.history.stats();
  const { journalWritten, lateSamples } = p.alarms.stats();
  await p.alarms.close();
  await p.equipment.close();
  await p.ledger.close();
  await p.history.close();
  rmSync(directory, { recursive: true, force: true });
  return {
    cores: (used.user + used.system) / 1e6 / wallS,
    ...{ rssMb, perSecond, openMs, journalWritten, lateSamples, changedCards },
    appendP50: latencies[Math.floor(latencies.length / 2)]!,
    appendP99: latencies[Math.floor(latencies.length * 0.99)]!,
    missing: signals * readings - samples,
  };
}

const runs: { signals: number; cores: number }[] = [];
for (const signals of sizes) {
  const m = await measure(signals);
  runs.push({ signals, cores: m.cores });
  const about = { signals, machines: signals / perMachine, seconds };
  figure('plant-100k', 'samplesPerSecond', m.perSecond, { unit: '1/s', ...about });
  figure('plant-100k', 'cores', m.cores, { unit: 'cores', floor: 1, ...about });
  figure('plant-100k', 'rssMb', m.rssMb, { unit: 'MB', floor: 1000, ...about });
  figure('plant-100k', 'appendP50Ms', m.appendP50, { unit: 'ms', ...about });
  figure('plant-100k', 'appendP99Ms', m.appendP99, { unit: 'ms', ...about });
  figure('plant-100k', 'openMs', m.openMs, { unit: 'ms', ...about, note: 'stores, plant file and modules' });
  figure('plant-100k', 'samplesMissing', m.missing, { ...about, note: 'produced minus durable' });
  figure('plant-100k', 'alarmEntries', m.journalWritten, about);
  if (m.missing !== 0 || m.lateSamples !== 0) {
    console.error(`${m.missing} samples missing, ${m.lateSamples} taken for late`);
    process.exitCode = 1;
  }
}
const [small, large] = [runs[0]!, runs.at(-1)!];
if (small !== large)
  figure('plant-100k', 'growth10x', large.cores / small.cores / (large.signals / small.signals), {
    note: 'cost of a sample in the large plant to that in the small one; 1 is linear',
  });
