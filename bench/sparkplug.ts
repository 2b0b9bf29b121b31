import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor } from '@deungdae/connector-kit/supervisor.ts';
import { findMosquitto, type MosquittoPeer, startMosquitto } from '@deungdae/connector-mqtt/mosquitto-peer.ts';
import { connector as sparkplugConnector } from '@deungdae/connector-sparkplug/connector.ts';
import { openHistory } from '@deungdae/history/open.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import type { ConnectionModel, SignalModel } from '@deungdae/kernel/plant-model.ts';
import { createStream } from '@deungdae/stream/in-process.ts';
import { rawClient } from './mqtt-raw.ts';

/**
 * Sparkplug B over Mosquitto, 100 metrics a message: an edge node in a process of its own → broker → host → kit → stream
 * → durable history. Beside it the broker alone: the same messages to a subscriber that only counts.
 */

const perMessage = 100;
const window = 3_000;
const messages = Number(process.env.DEUNGDAE_BENCH_MESSAGES ?? 20_000);
const devices = 10;

function publisher(port: number, devices: number, messages: number): ChildProcess {
  const job = JSON.stringify({ port, devices, messages, window });
  return fork(new URL('./sparkplug-publisher.ts', import.meta.url), [job], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

/** Tells the publisher how many messages were taken, and resolves with the seconds until all were. */
async function drive(
  child: ChildProcess,
  total: number,
  taken: () => number,
  state: () => unknown = () => '',
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`the publisher ended: ${code}`)));
  });
  const started = performance.now();
  let last = -1;
  let still = 0;
  while (taken() < total) {
    if (child.connected) child.send(taken());
    await new Promise((resolve) => setTimeout(resolve, 5));
    still = taken() === last ? still + 1 : 0;
    last = taken();
    if (still > 4_000) throw new Error(`only ${last} of ${total} messages arrived: ${JSON.stringify(state())}`);
  }
  const seconds = (performance.now() - started) / 1000;
  child.disconnect();
  return seconds;
}

/** Messages a second that the broker carries to somebody who only counts them. */
async function bare(broker: MosquittoPeer, devices: number, messages: number): Promise<number> {
  let seen = -devices - 1;
  const counter = await rawClient(broker.port, 'counter', () => seen++);
  await counter.subscribe('spBv1.0/bench/#');
  const seconds = await drive(publisher(broker.port, devices, messages), messages, () => Math.max(0, seen));
  counter.close();
  return messages / seconds;
}

function signalsOf(devices: number): SignalModel[] {
  return Array.from({ length: devices * perMessage }, (_, i) => ({
    id: i + 1,
    name: `s${i}`,
    path: `bench/site/area/d${Math.floor(i / perMessage)}/m${i % perMessage}`,
    label: `s${i}`,
    equipment: `bench/site/area/d${Math.floor(i / perMessage)}`,
    kind: 'number',
    unit: null,
    limits: null,
    deadband: null,
    scale: null,
    enumeration: null,
    retention: 'normal',
    staleAfterMs: null,
    alarms: [],
    connection: 'spb',
    address: { group: 'bench', node: 'edge', device: `d${Math.floor(i / perMessage)}`, metric: `m${i % perMessage}` },
  }));
}

/** Samples a second through the whole path, and what was stored. */
async function whole(broker: MosquittoPeer, devices: number, messages: number) {
  const directory = mkdtempSync(join(tmpdir(), 'deungdae-bench-'));
  const { history } = await openHistory({
    directory: join(directory, 'history'),
    clock: systemClock,
    log: silentLogger,
  });
  const stream = createStream({ history, log: silentLogger });
  const supervisor = createSupervisor({
    stream,
    connectors: [{ type: 'sparkplug', definition: sparkplugConnector }],
    stateDir: join(directory, 'state'),
    clock: systemClock,
    log: silentLogger,
    workers: 0,
  });
  const connection: ConnectionModel = {
    id: 'spb',
    name: 'spb',
    type: 'sparkplug',
    enabled: true,
    config: sparkplugConnector.config.parse({ url: broker.url }) as Record<string, unknown>,
    signals: signalsOf(devices),
    fingerprint: '1',
  };
  await supervisor.apply([connection]);
  while (supervisor.health()[0]?.status !== 'connected') await systemClock.sleep(20);
  const births = devices * perMessage;
  const taken = () => Math.max(0, Math.floor((stream.stats().ingested - births) / perMessage));
  const cpu = process.cpuUsage();
  const seconds = await drive(publisher(broker.port, devices, messages), messages, taken, () => supervisor.health()[0]);
  const used = process.cpuUsage(cpu);
  const health = supervisor.health()[0]!;
  await supervisor.close();
  await stream.drain();
  const { samples } = await history.stats();
  await history.close();
  rmSync(directory, { recursive: true });
  return {
    perSecond: (messages * perMessage) / seconds,
    stored: samples,
    expected: births + messages * perMessage,
    cpuPerSample: (used.user + used.system) / (messages * perMessage),
    notices: health.notices.map((n) => n.code),
  };
}

const line = (figure: string, value: number, extra: object = {}) =>
  console.log(JSON.stringify({ bench: 'sparkplug', figure, value: Math.round(value * 1000) / 1000, ...extra }));

if (findMosquitto() === null) {
  console.log(JSON.stringify({ bench: 'sparkplug', skipped: 'mosquitto is not installed' }));
} else {
  const broker = await startMosquitto({
    lines: ['allow_anonymous true', 'max_queued_messages 0', 'set_tcp_nodelay true'],
  });
  try {
    await whole(broker, devices, Math.ceil(messages / 10));
    const bound = await bare(broker, devices, messages);
    const once = await whole(broker, devices, messages);
    const tenfold = await whole(broker, devices * 10, messages * 10);
    const described = {
      unit: '1/s',
      perMessage,
      devices,
      samples: once.expected,
      stored: once.stored,
      notices: once.notices,
    };
    line('samplesPerSecond', once.perSecond, { floor: 200_000, ...described });
    line('bareBrokerSamplesPerSecond', bound * perMessage, { unit: '1/s', note: 'a subscriber that only counts' });
    line('ratioToBareBroker', once.perSecond / (bound * perMessage));
    line('cpuMicrosecondsPerSample', once.cpuPerSample, { note: 'host process: MQTT, decode, kit, stream, history' });
    line('samplesPerSecondAt10x', tenfold.perSecond, {
      unit: '1/s',
      devices: devices * 10,
      samples: tenfold.expected,
      stored: tenfold.stored,
      notices: tenfold.notices,
    });
    line('growth10x', once.perSecond / tenfold.perSecond, {
      note: 'cost a sample at 10 times devices and samples; 1 is linear',
    });
    line('cpuGrowth10x', tenfold.cpuPerSample / once.cpuPerSample, {
      note: 'processor time a sample: not disturbed by others',
    });
    line('rssMb', process.memoryUsage().rss / 1e6, { unit: 'MB' });
  } finally {
    await broker.close();
  }
}
