import { durationMs } from '@deungdae/contracts/plant.ts';
import type { ModbusAddress, ModbusConfig } from './config.ts';
import { modbusError } from './errors.ts';
import { parseLocation } from './location.ts';
import { isBitTable, type Table } from './table.ts';
import { createDecoder, type Decoder, registersOf } from './value.ts';

/** One signal on the wire: `count` bits or registers of `table` from `start`. */
export interface Item {
  signal: number;
  path: string;
  unit: number;
  table: Table;
  start: number;
  count: number;
  intervalMs: number;
  /** Null for a bit of a bit table. */
  decode: Decoder | null;
  /** 64-bit integers beyond 2^53 lose digits in a JS number. */
  wide: boolean;
}

/** Items of one unit, table and interval that one request reads. */
export interface Block {
  unit: number;
  table: Table;
  intervalMs: number;
  start: number;
  count: number;
  items: Item[];
}

export interface UnitLimits {
  /** Most bits or registers in a request. */
  most: (table: Table) => number;
  /** Unused bits or registers that may be read along. */
  gap: (table: Table) => number;
  isHole: (table: Table, from: number, to: number) => boolean;
}

export function toItem(
  signal: { id: number; path: string; kind: string; address: ModbusAddress },
  config: ModbusConfig,
): Item {
  const { address: a, path } = signal;
  const location = parseLocation(a, config.base);
  if ('problem' in location) throw modbusError('modbus.badAddress', { path, detail: location.problem });
  const isBit = isBitTable(location.table);
  const type = a.type ?? (signal.kind === 'text' ? 'string' : 'uint16');
  if (type === 'string' && a.length === undefined && !isBit)
    throw modbusError('modbus.badAddress', { path, detail: 'a text signal needs type: string and length' });
  const count = isBit ? 1 : registersOf(type, a.length);
  const unit = a.unit ?? config.unit;
  const most = limitsOf(config, unit).most(location.table);
  if (count > most)
    throw modbusError('modbus.badAddress', { path, detail: `${count} registers, the unit gives ${most}` });
  return {
    signal: signal.id,
    path,
    unit,
    table: location.table,
    start: location.offset,
    count,
    intervalMs: Math.max(1, durationMs(a.interval ?? config.interval)),
    decode: isBit ? null : createDecoder({ ...a, type }),
    wide: type === 'int64' || type === 'uint64',
  };
}

export function limitsOf(config: ModbusConfig, unit: number): UnitLimits {
  const own = config.units[String(unit)] ?? {};
  const maxRegisters = own.maxRegisters ?? config.maxRegisters ?? 125;
  const maxBits = own.maxBits ?? config.maxBits ?? 2_000;
  const maxGap = own.maxGap ?? config.maxGap ?? 8;
  const holes = [...(config.holes ?? []), ...(own.holes ?? [])];
  return {
    most: (table) => (isBitTable(table) ? maxBits : maxRegisters),
    gap: (table) => (isBitTable(table) ? maxGap * 16 : maxGap),
    isHole: (table, from, to) => holes.some((h) => h.table === table && h.from <= to && h.to >= from),
  };
}

/** Merges items that lie near each other into as few requests as the limits allow. */
export function planBlocks(items: readonly Item[], limits: (unit: number) => UnitLimits): Block[] {
  const groups = Map.groupBy(items, (i) => `${i.unit} ${i.table} ${i.intervalMs}`);
  return [...groups.values()].flatMap((group) => {
    const sorted = [...group].sort((a, b) => a.start - b.start || b.count - a.count);
    const { most, gap, isHole } = limits(sorted[0]!.unit);
    const blocks: Block[] = [];
    for (const item of sorted) {
      const block = blocks.at(-1);
      const end = block ? block.start + block.count : 0;
      const fits =
        block &&
        item.start - end <= gap(item.table) &&
        item.start + item.count - block.start <= most(item.table) &&
        !(item.start > end && isHole(item.table, end, item.start - 1));
      if (fits) {
        block.items.push(item);
        block.count = Math.max(block.count, item.start + item.count - block.start);
      } else blocks.push(blockOf([item]));
    }
    return blocks;
  });
}

export function blockOf(items: Item[]): Block {
  const { unit, table, intervalMs, start } = items[0]!;
  const end = Math.max(...items.map((i) => i.start + i.count));
  return { unit, table, intervalMs, start, count: end - start, items };
}

/**
 * Two halves of a block that a device refused (exception 02 or 03): cut at the widest unused gap, for there is most likely
 * the hole; else in the middle. Null when one signal is left: then that signal is the bad one.
 */
export function splitBlock(block: Block): [Block, Block] | null {
  const { items } = block;
  const first = items[0]!;
  if (items.every((i) => i.start === first.start && i.count === first.count)) return null;
  let cut = 0;
  let widest = 0;
  let end = first.start + first.count;
  for (let i = 1; i < items.length; i++) {
    const gap = items[i]!.start - end;
    if (gap > widest) {
      widest = gap;
      cut = i;
    }
    end = Math.max(end, items[i]!.start + items[i]!.count);
  }
  if (cut === 0) cut = Math.ceil(items.length / 2);
  return [blockOf(items.slice(0, cut)), blockOf(items.slice(cut))];
}
