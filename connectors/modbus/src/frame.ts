import type { Table } from './table.ts';

/**
 * Modbus TCP frames. MBAP header: transaction 2, protocol 2 (0), length 2 (unit + PDU), unit 1; big-endian. The PDU has at
 * most 253 bytes, the whole frame 260 (Modbus Messaging on TCP/IP V1.0b §3.1).
 */
export const readFunction: Record<Table, number> = { coil: 1, discrete: 2, holding: 3, input: 4 };
export const maxFrameBytes = 260;
const headerBytes = 7;

export interface Frame {
  transaction: number;
  unit: number;
  /** Function code and data. */
  pdu: Buffer;
}

/** A read request: function 1–4, `count` bits or registers from `start`. */
export function encodeRead(transaction: number, unit: number, fn: number, start: number, count: number): Buffer {
  const frame = Buffer.alloc(12);
  frame.writeUInt16BE(transaction, 0);
  frame.writeUInt16BE(6, 4);
  frame[6] = unit;
  frame[7] = fn;
  frame.writeUInt16BE(start, 8);
  frame.writeUInt16BE(count, 10);
  return frame;
}

/** Read Device Identification, basic objects from 0 (function 2B, MEI type 0E). */
export function encodeIdentify(transaction: number, unit: number): Buffer {
  const frame = Buffer.from([0, 0, 0, 0, 0, 5, unit, 0x2b, 0x0e, 1, 0]);
  frame.writeUInt16BE(transaction, 0);
  return frame;
}

/**
 * Cuts frames out of the byte stream, however it is cut itself. Keeps less than one frame. A wrong header cannot be
 * resynchronised: `problem` is set, and everything after is ignored.
 */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  problem: string | null = null;

  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    if (this.problem) return frames;
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (data.length >= headerBytes) {
      const protocol = data.readUInt16BE(2);
      const length = data.readUInt16BE(4);
      if (protocol !== 0) this.problem = `protocol id ${protocol}`;
      // Unit, function and one byte at least; 253 bytes of PDU at most.
      else if (length < 3 || length > maxFrameBytes - 6) this.problem = `length ${length}`;
      if (this.problem) {
        this.#rest = Buffer.alloc(0);
        return frames;
      }
      if (data.length < 6 + length) break;
      const pdu = Buffer.from(data.subarray(headerBytes, 6 + length));
      frames.push({ transaction: data.readUInt16BE(0), unit: data[6]!, pdu });
      data = data.subarray(6 + length);
    }
    this.#rest = Buffer.from(data);
    return frames;
  }
}

export type Answer = { data: Buffer } | { exception: number } | { problem: string };

/** What a PDU says to a read of `count` bits or registers with function `fn`. */
export function parseRead(pdu: Buffer, fn: number, count: number): Answer {
  if (pdu[0] === (fn | 0x80)) return pdu.length >= 2 ? { exception: pdu[1]! } : { problem: 'exception without code' };
  if (pdu[0] !== fn) return { problem: `function ${pdu[0]} instead of ${fn}` };
  const expected = fn <= 2 ? Math.ceil(count / 8) : count * 2;
  if (pdu[1] !== expected) return { problem: `${pdu[1]} bytes instead of ${expected}` };
  // Some gateways pad the frame; what was announced must be there.
  if (pdu.length < 2 + expected) return { problem: `${pdu.length - 2} bytes of the announced ${expected}` };
  return { data: pdu.subarray(2, 2 + expected) };
}

/** The texts of a Read Device Identification answer, or null when it is none. */
export function parseIdentify(pdu: Buffer): string[] | null {
  if (pdu.length < 7 || pdu[0] !== 0x2b || pdu[1] !== 0x0e) return null;
  const texts: string[] = [];
  let at = 7;
  for (let i = 0; i < pdu[6]!; i++) {
    const length = pdu[at + 1];
    if (length === undefined || at + 2 + length > pdu.length) return null;
    texts.push(
      pdu
        .toString('latin1', at + 2, at + 2 + length)
        .replace(/[^\x20-\x7e]/g, ' ')
        .trim(),
    );
    at += 2 + length;
  }
  return texts;
}
