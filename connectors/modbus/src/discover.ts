import type { Proposal } from '@deungdae/connector-kit/connector.ts';
import { CodedError } from '@deungdae/kernel/errors.ts';
import type { ModbusClient } from './client.ts';
import type { ModbusConfig } from './config.ts';
import { readFunction } from './frame.ts';
import { limitsOf } from './plan.ts';
import { isBitTable, type Table } from './table.ts';

/** Requests of one discovery: probing must not become a load on the device. */
const mostRequests = 2_000;
/** A refused range this small is not cut further. */
const smallestRange = 4;

/**
 * Reads the configured ranges and proposes what holds something: registers that are not zero (as a 32-bit float when two
 * of them read as a plausible one), and bits of ranges that exist. Registers that are zero now are left out: Modbus cannot
 * tell them from registers without meaning.
 */
export async function* discover(
  client: ModbusClient,
  config: ModbusConfig,
  abort: AbortSignal,
): AsyncGenerator<Proposal> {
  const { tables, from, to } = config.discover;
  const units = config.discover.units ?? [config.unit];
  const budget = { left: mostRequests };
  for (const unit of units)
    for (const table of tables) {
      const values = new Map<number, number>();
      const step = limitsOf(config, unit).most(table);
      for (let start = from; start <= to; start += step) {
        abort.throwIfAborted();
        const count = Math.min(step, to - start + 1);
        const answered = await readRange(client, { unit, table, start, count }, values, budget);
        if (!answered) break;
      }
      yield* isBitTable(table) ? proposeBits(unit, table, values) : proposeRegisters(unit, table, values);
    }
}

/** Reads what exists of the range by halving. False when the unit does not answer, or the table does not exist. */
async function readRange(
  client: ModbusClient,
  range: { unit: number; table: Table; start: number; count: number },
  values: Map<number, number>,
  budget: { left: number },
): Promise<boolean> {
  const { unit, table, start, count } = range;
  if (budget.left-- <= 0) return false;
  let answer: Awaited<ReturnType<ModbusClient['read']>>;
  try {
    answer = await client.read(unit, readFunction[table], start, count);
  } catch (error) {
    if (error instanceof CodedError && error.code === 'modbus.timeout') return false;
    throw error;
  }
  if ('data' in answer) {
    for (let i = 0; i < count; i++)
      values.set(
        start + i,
        isBitTable(table) ? (answer.data[i >> 3]! >> (i & 7)) & 1 : answer.data.readUInt16BE(i * 2),
      );
    return true;
  }
  if ('problem' in answer || (answer.exception !== 2 && answer.exception !== 3)) return false;
  if (count <= smallestRange) return true;
  const half = Math.ceil(count / 2);
  return (
    (await readRange(client, { unit, table, start, count: half }, values, budget)) &&
    (await readRange(client, { unit, table, start: start + half, count: count - half }, values, budget))
  );
}

function* proposeBits(unit: number, table: Table, values: ReadonlyMap<number, number>): Generator<Proposal> {
  for (const [offset, value] of values)
    yield {
      ...named(unit, table, offset),
      kind: 'boolean',
      address: { unit, table, base: 0, address: offset },
      value: String(value),
    };
}

function* proposeRegisters(unit: number, table: Table, values: ReadonlyMap<number, number>): Generator<Proposal> {
  const taken = new Set<number>();
  for (const [offset, value] of values) {
    if (taken.has(offset)) continue;
    const float = plausibleFloat(value, values.get(offset + 1));
    if (!float && value === 0) continue;
    const address = { unit, table, base: 0, address: offset };
    if (float) {
      taken.add(offset + 1);
      const full = { ...address, type: 'float32', order: float.order };
      yield { ...named(unit, table, offset), kind: 'number', address: full, value: String(float.value) };
    } else
      yield {
        ...named(unit, table, offset),
        kind: 'integer',
        address: { ...address, type: 'uint16' },
        value: String(value),
      };
  }
}

const scratch = Buffer.alloc(4);

/** Two registers that make a number as machines have them, with a mantissa that uses both. */
function plausibleFloat(high: number, low: number | undefined): { order: 'ABCD' | 'CDAB'; value: number } | null {
  // A zero word before is another register's; a zero word after is the empty mantissa of a round number.
  if (low === undefined || high === 0) return null;
  for (const [order, a, b] of [
    ['ABCD', high, low],
    ['CDAB', low, high],
  ] as const) {
    scratch.writeUInt16BE(a, 0);
    scratch.writeUInt16BE(b, 2);
    const value = scratch.readFloatBE(0);
    // Below 0x3800 the upper half is a small integer, not an exponent.
    if (low === 0 && order === 'CDAB') continue;
    if (a >= 0x3800 && (a & 0x7fff) < 0x4b80 && Math.abs(value) >= 1e-4 && Math.abs(value) < 1e7)
      return { order, value };
  }
  return null;
}

function named(unit: number, table: Table, offset: number) {
  const id = `u${unit}-${table}-${offset}`;
  return { id, name: `${table} ${offset}`, devicePath: [`unit ${unit}`, table, String(offset)] };
}
