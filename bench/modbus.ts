import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { runConnection } from '@deungdae/connector-kit/loop.ts';
import { ModbusAddress, ModbusConfig } from '@deungdae/connector-modbus/config.ts';
import { connector } from '@deungdae/connector-modbus/connector.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { figure } from './support/plant.ts';

/**
 * Modbus TCP read as fast as one device answers, through the kit's loop and conditioning: requests and values a second,
 * beside the bare bound: the same frames over a bare socket, one at a time, with nothing decoded.
 */

const seconds = Number(process.env.DEUNGDAE_BENCH_SECONDS ?? 5);
const device = new Worker(new URL('./support/modbus-device.ts', import.meta.url));
const [port] = (await once(device, 'message')) as [number];

async function bareRequestsPerSecond(): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  const request = Buffer.from([0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 125]);
  let answers = 0;
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes < 259) return;
    bytes = 0;
    answers++;
    socket.write(request);
  });
  socket.write(request);
  const started = performance.now();
  await systemClock.sleep(seconds * 1_000);
  const rate = answers / ((performance.now() - started) / 1_000);
  socket.destroy();
  return rate;
}

/** `registers` uint16 signals, all due all the time. */
async function valuesPerSecond(registers: number, inFlight: number): Promise<number> {
  let values = 0;
  const running = runConnection({
    connectionId: 'bench',
    definition: connector,
    config: ModbusConfig.parse({ host: '127.0.0.1', port, interval: '1ms', inFlight }),
    signals: Array.from({ length: registers }, (_, i) => ({
      id: i + 1,
      path: `bench/r${i}`,
      kind: 'number' as const,
      address: ModbusAddress.parse({ table: 'holding', address: i }),
    })),
    stateDir: '',
    clock: systemClock,
    log: silentLogger,
    deliver: async (batch) => {
      values += batch.length;
    },
  });
  await systemClock.sleep(500);
  const from = values;
  const started = performance.now();
  await systemClock.sleep(seconds * 1_000);
  const rate = (values - from) / ((performance.now() - started) / 1_000);
  await running.close();
  return rate;
}

const bare = await bareRequestsPerSecond();
const one = await valuesPerSecond(1_250, 1);
const wide = await valuesPerSecond(12_500, 1);
const piped = await valuesPerSecond(12_500, 8);
figure('modbus', 'valuesPerSecond', one, { unit: '1/s', registers: 1_250, inFlight: 1 });
figure('modbus', 'requestsPerSecond', one / 125, { unit: '1/s', registersPerRequest: 125 });
figure('modbus', 'rawBoundRequestsPerSecond', bare, { unit: '1/s', note: 'bare socket, one in flight' });
figure('modbus', 'ratioToRawBound', one / 125 / bare);
figure('modbus', 'valuesPerSecondTenfold', wide, { unit: '1/s', registers: 12_500, inFlight: 1 });
figure('modbus', 'growth10x', one / wide, { note: 'cost a value with 10 times the registers; 1 is linear' });
figure('modbus', 'valuesPerSecondPipelined', piped, { unit: '1/s', registers: 12_500, inFlight: 8 });
await device.terminate();
