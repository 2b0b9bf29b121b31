import type { ProbeReport } from '@deungdae/connector-kit/connector.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { ModbusClient } from './client.ts';
import type { ModbusConfig } from './config.ts';
import { exceptionError, modbusError } from './errors.ts';
import { readFunction } from './frame.ts';
import type { Item } from './plan.ts';

/** Signals tried in one probe; a person reads the list. */
const mostSignals = 500;

/** Reads every signal once, alone, so that each has its own answer; asks the device for its name last. */
export async function probeDevice(
  client: ModbusClient,
  config: ModbusConfig,
  items: readonly Item[],
  abort: AbortSignal,
): Promise<ProbeReport> {
  const started = performance.now();
  let roundTripMs: number | null = null;
  let lastError: unknown = null;
  const silent = new Set<number>();
  const signals: ProbeReport['signals'] = [];
  for (const item of items.slice(0, mostSignals)) {
    abort.throwIfAborted();
    if (silent.has(item.unit)) {
      signals.push({ path: item.path, error: { code: 'modbus.unitSilent', params: { unit: item.unit } } });
      continue;
    }
    const asked = performance.now();
    try {
      signals.push(await probeItem(client, item));
      roundTripMs ??= performance.now() - asked;
    } catch (error) {
      if (!(error instanceof CodedError) || error.code !== 'modbus.timeout') throw error;
      lastError = error;
      silent.add(item.unit);
      signals.push({ path: item.path, error: { code: error.code, params: error.params } });
    }
  }
  const unit = items.find((i) => !silent.has(i.unit))?.unit ?? config.unit;
  const asked = performance.now();
  const name = roundTripMs === null && items.length > 0 ? null : await identify(client, unit, items.length === 0);
  if (roundTripMs === null && lastError) throw lastError;
  return {
    device: name ?? `Modbus TCP ${config.host}:${config.port}`,
    roundTripMs: roundTripMs ?? performance.now() - (items.length === 0 ? asked : started),
    signals,
  };
}

async function probeItem(client: ModbusClient, item: Item): Promise<ProbeReport['signals'][number]> {
  const { path, unit, table, start, count } = item;
  const answer = await client.read(unit, readFunction[table], start, count);
  if ('exception' in answer) {
    const error = exceptionError(answer.exception, { unit, table, address: start });
    return { path, error: { code: error.code, params: error.params } };
  }
  if ('problem' in answer) {
    const error = modbusError('modbus.badAnswer', { unit, detail: answer.problem });
    return { path, error: { code: error.code, params: error.params } };
  }
  const value = item.decode ? item.decode(answer.data, 0) : answer.data[0]! & 1;
  return { path, value: String(value) };
}

/** Optional in the standard: no answer only matters when nothing else has shown that somebody is there. */
async function identify(client: ModbusClient, unit: number, mustAnswer: boolean): Promise<string | null> {
  try {
    const texts = await client.identify(unit);
    return texts && texts.length > 0 ? texts.filter((t) => t !== '').join(' ') || null : null;
  } catch (error) {
    if (mustAnswer || client.failure) throw error;
    return null;
  }
}
