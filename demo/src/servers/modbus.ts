import { ServerTCP } from 'modbus-serial';
import type { Change, Value } from '../simulation/signals.ts';

type Encoding = 'u16' | 'i16' | 'u32' | 'f32' | 'f32-swapped';

interface Point {
  signal: string;
  at: number;
  as: Encoding;
  /** Register value = value × factor. */
  factor?: number;
}

/** Register map of each kind of device behind the gateway; the plant file binds the same addresses. */
const press: Point[] = [
  { signal: 'strokes', at: 0, as: 'u16' },
  { signal: 'rejects', at: 1, as: 'u16' },
  { signal: 'fault-code', at: 2, as: 'u16' },
  { signal: 'oil-temp', at: 10, as: 'i16', factor: 10 },
  { signal: 'motor-current', at: 11, as: 'u16', factor: 10 },
  { signal: 'tonnage', at: 12, as: 'u16', factor: 10 },
  { signal: 'energy', at: 20, as: 'f32-swapped' },
];
const furnace: Point[] = [
  ...[1, 2, 3, 4].map((zone) => ({ signal: `zone-temp-${zone}`, at: zone - 1, as: 'i16' as const, factor: 10 })),
  { signal: 'carbon-potential', at: 4, as: 'u16', factor: 1000 },
  { signal: 'power', at: 5, as: 'u16', factor: 10 },
  { signal: 'belt-speed', at: 6, as: 'u16', factor: 10 },
  { signal: 'rejects', at: 7, as: 'u16' },
  { signal: 'trays', at: 8, as: 'u32' },
  { signal: 'energy', at: 10, as: 'f32' },
];
const compressor: Point[] = [
  { signal: 'pressure', at: 0, as: 'u16', factor: 100 },
  { signal: 'oil-temp', at: 1, as: 'i16', factor: 10 },
  { signal: 'filter-dp', at: 2, as: 'u16', factor: 100 },
  { signal: 'power', at: 3, as: 'u16', factor: 10 },
  { signal: 'run-hours', at: 4, as: 'f32' },
];
const meter: Point[] = [
  { signal: 'power', at: 0, as: 'f32' },
  { signal: 'power-factor', at: 2, as: 'f32' },
  { signal: 'energy', at: 4, as: 'f32' },
];
const bits: Record<string, number> = { run: 0, setup: 1, 'belt-running': 0, fault: 1, loaded: 0 };

const units: Record<string, { unit: number; points: Point[] }> = {
  'press-01': { unit: 1, points: press },
  'press-02': { unit: 2, points: press },
  'press-03': { unit: 3, points: press },
  'furnace-01': { unit: 11, points: furnace },
  'comp-01': { unit: 21, points: compressor },
  'meter-main': { unit: 31, points: meter },
};

/** A Modbus TCP gateway with the presses, the furnace, the compressor and the main meter behind it. */
export async function startModbusGateway(options: {
  port: number;
}): Promise<{ onChange: (change: Change) => void; stop: () => Promise<void> }> {
  const registers = new Map<number, Buffer>();
  const inputs = new Map<number, boolean[]>();
  for (const { unit } of Object.values(units)) {
    registers.set(unit, Buffer.alloc(256));
    inputs.set(unit, []);
  }
  const word = (address: number, unit: number) => {
    const bank = registers.get(unit);
    // Modbus exception 2 (illegal data address) for what the device does not have; 11 (gateway) for a missing unit.
    if (!bank) throw { modbusErrorCode: 11 };
    if (address * 2 + 2 > bank.length) throw { modbusErrorCode: 2 };
    return bank.readUInt16BE(address * 2);
  };
  const server = new ServerTCP(
    {
      getInputRegister: word,
      getHoldingRegister: word,
      getDiscreteInput: (address: number, unit: number) => inputs.get(unit)?.[address] ?? false,
    },
    { host: '127.0.0.1', port: options.port, debug: false, unitID: 255 },
  );
  await new Promise<void>((resolve, reject) => {
    server.on('initialized', () => resolve());
    server.on('serverError', (error) => reject(error));
  });
  return {
    onChange: ({ machine, signal, value }) => {
      const device = units[machine];
      if (!device) return;
      if (typeof value === 'boolean' && signal in bits) inputs.get(device.unit)![bits[signal]!] = value;
      const point = device.points.find((p) => p.signal === signal);
      if (point) write(registers.get(device.unit)!, point, value);
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function write(bank: Buffer, { at, as, factor = 1 }: Point, value: Value): void {
  const number = Number(value) * factor;
  if (as === 'u16') bank.writeUInt16BE(Math.max(0, Math.round(number)) % 65_536, at * 2);
  else if (as === 'i16') bank.writeInt16BE(Math.max(-32_768, Math.min(32_767, Math.round(number))), at * 2);
  else if (as === 'u32') bank.writeUInt32BE(Math.round(number) >>> 0, at * 2);
  else {
    bank.writeFloatBE(number, at * 2);
    if (as === 'f32-swapped')
      bank
        .subarray(at * 2, at * 2 + 4)
        .swap32()
        .swap16();
  }
}
