import { once } from 'node:events';
import { createWriteStream, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { type DemoPorts, pastFileName } from './ports.ts';
import { startModbusGateway } from './servers/modbus.ts';
import { startAgent } from './servers/mtconnect.ts';
import { startMouldingServer } from './servers/opcua.ts';
import { startAssemblyLine } from './servers/sparkplug.ts';
import { Hanbit } from './simulation/hanbit.ts';
import { minuteOfDay } from './simulation/shifts.ts';
import type { Change } from './simulation/signals.ts';
import type { OnTruth } from './simulation/truth.ts';
import type { Hurry } from './start-demo.ts';

export interface MachinesOptions {
  stateDir: string;
  seed: number;
  /** Hours of life before the first start, lived thousands of times faster than real time. */
  pastHours: number;
  ports: DemoPorts;
  onTruth: OnTruth;
  hurry?: Hurry;
}

/** How often the machines live on; a change reaches its server within this. */
const turnMs = 50;
const stepMs = 1000;
/** Slow physics of the past move in coarser steps. What the machines would have said is written to a file. */
const pastStepMs = 60_000;
const saveMs = 10_000;

/**
 * Machines and the servers that speak for them. `onServerKey` is told as soon as the OPC UA server has its certificate:
 * the plant file needs no more, so the page can be up while the machines still live through their past.
 */
export async function startMachines(options: MachinesOptions & { onServerKey: (certificate: string) => void }) {
  const { stateDir, ports } = options;
  const sinks: ((change: Change) => void)[] = [];
  const saved = savedCounters(stateDir);
  const { speed, aheadMs } = paceOf(options.hurry);
  const plant = new Hanbit({
    seed: options.seed,
    startMs: aheadMs + (saved ? Date.now() : Date.now() - options.pastHours * 3_600_000),
    ...(saved ? { initial: saved } : {}),
    onTruth: options.onTruth,
    onChange: (change) => {
      for (const sink of sinks) sink(change);
    },
  });
  const injection = [...plant.units.keys()].filter((id) => id.startsWith('imm-'));
  const opcua = await startMouldingServer({
    port: ports.opcUa,
    stateDir: join(stateDir, 'opcua'),
    machines: injection,
  });
  options.onServerKey(opcua.certificate);
  if (!saved) await livePast(plant, sinks, join(stateDir, pastFileName), aheadMs);
  const [modbus, agent, line] = await Promise.all([
    startModbusGateway({ port: ports.modbus }),
    startAgent({ port: ports.mtconnect, clock: systemClock }),
    startAssemblyLine({ port: ports.mqtt, values: plant.values() }),
  ]);
  const nowMs = Date.now();
  const livedMs = nowMs + aheadMs;
  plant.advance(livedMs, stepMs);
  const servers = [opcua.onChange, modbus.onChange, agent.onChange, line.onChange];
  const say = (change: Change) => {
    for (const server of servers) server(change);
  };
  for (const value of plant.values()) say({ ...value, atMs: nowMs });
  sinks.push((change) => say({ ...change, atMs: nowMs + (change.atMs - livedMs) / speed }));

  const started = performance.now();
  const turn = setInterval(
    () => plant.advance(livedMs + (performance.now() - started) * speed, Math.max(stepMs, turnMs * speed)),
    turnMs,
  );
  const save = setInterval(() => saveCounters(stateDir, plant), saveMs);
  return {
    stopByHand: (machine: string) => plant.units.get(machine)?.stopByHand(),
    resumeByHand: (machine: string) => plant.units.get(machine)?.resumeByHand(),
    close: async () => {
      clearInterval(turn);
      clearInterval(save);
      saveCounters(stateDir, plant);
      await Promise.allSettled([opcua.server.stop(), modbus.stop(), agent.stop(), line.stop()]);
    },
  };
}

/** How fast the machines live, and how far their people's clock is ahead of the real one. */
function paceOf(hurry: Hurry | undefined): { speed: number; aheadMs: number } {
  if (!hurry) return { speed: 1, aheadMs: 0 };
  return { speed: hurry.speed, aheadMs: (hurry.fromMinute - minuteOfDay(Date.now())) * 60_000 };
}

/**
 * Lives until now and writes what was said on the way, one JSON line each: machine, signal, value, atMs. Of numbers only
 * the last in each step is kept: a press strikes forty times in it.
 */
async function livePast(
  plant: Hanbit,
  sinks: ((change: Change) => void)[],
  file: string,
  aheadMs: number,
): Promise<void> {
  const out = createWriteStream(`${file}.part`);
  let room = true;
  const write = (change: Change) => {
    room = out.write(`${JSON.stringify({ ...change, atMs: change.atMs - aheadMs })}\n`);
  };
  const numbers = new Map<string, Change>();
  for (const value of plant.values()) write({ ...value, atMs: plant.nowMs });
  sinks.push((change) => {
    if (typeof change.value === 'number') numbers.set(`${change.machine}/${change.signal}`, change);
    else write(change);
  });
  const end = Date.now() + aheadMs;
  while (plant.nowMs < end) {
    plant.advance(Math.min(end, plant.nowMs + pastStepMs), pastStepMs);
    for (const change of numbers.values()) write(change);
    numbers.clear();
    if (!room) await once(out, 'drain');
  }
  sinks.length = 0;
  out.end();
  await once(out, 'finish');
  renameSync(`${file}.part`, file);
}

function savedCounters(stateDir: string): Record<string, Record<string, number>> | null {
  try {
    return JSON.parse(readFileSync(join(stateDir, 'counters.json'), 'utf8'));
  } catch {
    return null;
  }
}

function saveCounters(stateDir: string, plant: Hanbit): void {
  const file = join(stateDir, 'counters.json');
  writeFileSync(`${file}.part`, JSON.stringify(plant.counters()));
  renameSync(`${file}.part`, file);
}
