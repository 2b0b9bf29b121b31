import { z } from 'zod';
import { parseLocation } from './location.ts';
import { isBitTable, Table } from './table.ts';
import { registersOf, valueTypes } from './value.ts';

const Duration = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|min|h)$/, 'a number and a unit: 500ms, 1s, 5min')
  .meta({ description: 'A length of time such as 500ms, 1s or 5min.' });

const UnitId = z.number().int().min(0).max(255);
const Offset = z.number().int().min(0).max(65_535);

const UnitLimits = {
  maxRegisters: z.number().int().min(1).max(125).optional().meta({ description: 'Most registers in one request.' }),
  maxBits: z.number().int().min(1).max(2000).optional().meta({ description: 'Most coils or inputs in one request.' }),
  maxGap: z
    .number()
    .int()
    .min(0)
    .max(124)
    .optional()
    .meta({ description: 'Unused registers that may be read along to save a request.' }),
  holes: z
    .array(z.strictObject({ table: Table, from: Offset, to: Offset }))
    .max(1_000)
    .optional()
    .meta({ description: 'Addresses (from 0) that must never be touched. Others are learnt from exception 02.' }),
};

export const ModbusConfig = z.strictObject({
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65_535).default(502),
  unit: UnitId.default(1).meta({ description: 'Unit id of signals that name none.' }),
  interval: Duration.default('1s').meta({ description: 'How often signals are read that name no interval.' }),
  timeout: Duration.default('1s').meta({ description: 'How long an answer may take.' }),
  base: z
    .union([z.literal(0), z.literal(1)])
    .default(0)
    .meta({ description: 'Whether plain addresses count from 0 or from 1. 40001 and the like always count from 1.' }),
  ...UnitLimits,
  units: z
    .record(z.string().regex(/^\d{1,3}$/), z.strictObject(UnitLimits))
    .default({})
    .meta({ description: 'Limits of single units, by unit id.' }),
  inFlight: z
    .number()
    .int()
    .min(1)
    .max(16)
    .default(1)
    .meta({ description: 'Requests under way at once. Many devices and nearly all gateways stand only one.' }),
  pauseMs: z.number().int().min(0).max(10_000).default(0).meta({ description: 'Pause between two requests, ms.' }),
  ignoreTransactionId: z.boolean().default(false).meta({
    description:
      'For gateways that answer every request with id 0. One request at a time; a late answer ends the link.',
  }),
  discover: z
    .strictObject({
      units: z.array(UnitId).max(247).optional(),
      tables: z.array(Table).default(['holding', 'input', 'coil', 'discrete']),
      from: Offset.default(0),
      to: Offset.default(999),
    })
    .prefault({})
    .meta({ description: 'What discovery reads: units, tables and addresses (from 0).' }),
});
export type ModbusConfig = z.infer<typeof ModbusConfig>;

export const ModbusAddress = z
  .strictObject({
    unit: UnitId.optional().meta({ description: 'Unit id; that of the connection when left out.' }),
    table: Table.optional().meta({ description: 'With a plain address: coil, discrete, input or holding.' }),
    address: z
      .union([z.number().int().min(0).max(465_536), z.string().regex(/^\d{1,6}$/, 'digits, such as "40001"')])
      .meta({
        description: 'With `table`: its number. Without: 00001, 10001, 30001 or 40001 notation, 5 or 6 digits.',
      }),
    base: z
      .union([z.literal(0), z.literal(1)])
      .optional()
      .meta({ description: 'Overrides that of the connection.' }),
    type: z.enum(valueTypes).optional().meta({ description: 'uint16 for registers and bool for bits when left out.' }),
    order: z
      .enum(['ABCD', 'CDAB', 'BADC', 'DCBA'])
      .default('ABCD')
      .meta({ description: 'Order of the bytes: ABCD big-endian, CDAB words swapped, BADC bytes swapped, DCBA both.' }),
    bit: z.number().int().min(0).max(15).optional().meta({ description: 'One bit of a register; 0 is the lowest.' }),
    bits: z
      .number()
      .int()
      .min(1)
      .max(16)
      .optional()
      .meta({ description: 'Width of the bit field that starts at `bit`.' }),
    length: z.number().int().min(1).max(125).optional().meta({ description: 'Registers of a string.' }),
    encoding: z.enum(['ascii', 'utf-8', 'euc-kr']).default('ascii').meta({ description: 'Of a string.' }),
    interval: Duration.optional().meta({ description: 'How often it is read.' }),
  })
  .superRefine((a, issues) => {
    const problem = addressProblem(a);
    if (problem) issues.addIssue({ code: 'custom', path: [problem.field], message: problem.message });
  });
export type ModbusAddress = z.infer<typeof ModbusAddress>;

function addressProblem(a: {
  table?: Table | undefined;
  address: number | string;
  base?: 0 | 1 | undefined;
  type?: (typeof valueTypes)[number] | undefined;
  bit?: number | undefined;
  bits?: number | undefined;
  length?: number | undefined;
}): { field: string; message: string } | null {
  const location = parseLocation(a, 0);
  if ('problem' in location) return { field: 'address', message: location.problem };
  const isBit = isBitTable(location.table);
  if (isBit && a.type !== undefined && a.type !== 'bool')
    return { field: 'type', message: `a ${location.table} is a bool` };
  if (isBit && a.bit !== undefined) return { field: 'bit', message: `a ${location.table} has no bits` };
  if (a.bits !== undefined && a.bit === undefined) return { field: 'bits', message: 'needs bit' };
  if ((a.bit ?? 0) + (a.bits ?? 1) > 16) return { field: 'bits', message: 'the field leaves the register' };
  if (a.type === 'string' && a.length === undefined)
    return { field: 'length', message: 'a string needs its length in registers' };
  if (a.type !== 'string' && a.length !== undefined) return { field: 'length', message: 'only a string has a length' };
  const registers = isBit ? 1 : registersOf(a.type ?? 'uint16', a.length);
  if (location.offset + registers > 65_536) return { field: 'address', message: 'the value leaves the address range' };
  return null;
}
