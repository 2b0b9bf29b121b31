import { sparkplugError } from './errors.ts';

/** Protobuf wire format: what a Sparkplug payload needs of it, no more. */
export const Wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Reads within [pos, end); throws `sparkplug.malformed` on anything that leads outside. */
export class WireReader {
  pos = 0;
  end = 0;
  /** The two halves of the last varint. */
  lo = 0;
  hi = 0;
  bytes: Buffer;
  #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = asBuffer(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.end = bytes.byteLength;
  }

  reset(bytes: Uint8Array): void {
    this.bytes = asBuffer(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.pos = 0;
    this.end = bytes.byteLength;
  }

  /** An unsigned varint as a number (exact up to 2^53); `lo` and `hi` keep all 64 bits. */
  varint(): number {
    const b = this.bytes[this.pos]!;
    if (b < 128 && this.pos < this.end) {
      this.pos++;
      this.lo = b;
      this.hi = 0;
      return b;
    }
    return this.#wide();
  }

  #wide(): number {
    const bytes = this.bytes;
    let pos = this.pos;
    let lo = 0;
    let b = 128;
    for (let shift = 0; shift < 28 && b >= 128; shift += 7) {
      b = bytes[pos++]!;
      lo |= (b & 127) << shift;
    }
    let hi = 0;
    if (b >= 128) {
      b = bytes[pos++]!;
      lo |= (b & 15) << 28;
      hi = (b & 127) >> 4;
      for (let shift = 3; shift < 32 && b >= 128; shift += 7) {
        b = bytes[pos++]!;
        hi |= (b & 127) << shift;
      }
    }
    // Beyond the end a byte is undefined: all comparisons with it are false.
    if (pos > this.end || !(b < 128)) this.fail(pos > this.end ? 'truncated varint' : 'varint too long');
    this.pos = pos;
    this.lo = lo;
    this.hi = hi;
    return hi === 0 ? lo >>> 0 : (hi >>> 0) * 4294967296 + (lo >>> 0);
  }

  float(): number {
    const at = this.#take(4);
    return this.#view.getFloat32(at, true);
  }

  double(): number {
    const at = this.#take(8);
    return this.#view.getFloat64(at, true);
  }

  /** Length of a length-delimited field; what follows is checked to lie inside. */
  length(): number {
    const n = this.varint();
    if (n > this.end - this.pos) this.fail('length beyond the end');
    return n;
  }

  text(): string {
    const n = this.length();
    const from = this.pos;
    this.pos += n;
    return this.bytes.toString('utf8', from, this.pos);
  }

  /** A copy, so that it does not keep the whole message alive. */
  blob(): Uint8Array {
    const n = this.length();
    const from = this.pos;
    this.pos += n;
    return new Uint8Array(this.bytes.subarray(from, this.pos));
  }

  /** Runs `read` inside a nested message. */
  nested<T>(read: (reader: WireReader) => T): T {
    const n = this.length();
    const outer = this.end;
    this.end = this.pos + n;
    const result = read(this);
    if (this.pos !== this.end) this.fail('nested message overrun');
    this.end = outer;
    return result;
  }

  /** Skips a field that is not known, as protobuf asks. */
  skip(wire: number): void {
    if (wire === Wire.varint) this.varint();
    else if (wire === Wire.fixed64) this.#take(8);
    else if (wire === Wire.bytes) this.#skipBytes();
    else if (wire === Wire.fixed32) this.#take(4);
    else this.fail(`wire type ${wire}`);
  }

  #skipBytes(): void {
    // In two steps: `this.pos += this.length()` would read `pos` before `length` moves it.
    const n = this.length();
    this.pos += n;
  }

  fail(detail: string): never {
    throw sparkplugError('sparkplug.malformed', { detail, at: this.pos });
  }

  #take(n: number): number {
    const at = this.pos;
    if (at + n > this.end) this.fail('truncated number');
    this.pos = at + n;
    return at;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Writes protobuf fields into a buffer that grows. */
export class WireWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #n = 0;

  /** A field's key. */
  key(field: number, wire: number): void {
    this.varint(field * 8 + wire);
  }

  varint(value: number): void {
    this.#room(10);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#n++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#n++] = rest;
  }

  /** Any 64-bit integer; a negative one goes as its two's complement. */
  varint64(value: number | bigint): void {
    if (typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      this.varint(value);
      return;
    }
    this.#room(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      this.#bytes[this.#n++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.#bytes[this.#n++] = Number(rest);
  }

  uint(field: number, value: number | bigint | undefined): void {
    if (value === undefined) return;
    this.key(field, Wire.varint);
    this.varint64(value);
  }

  bool(field: number, value: boolean | undefined): void {
    if (value === undefined) return;
    this.key(field, Wire.varint);
    this.varint(value ? 1 : 0);
  }

  float(field: number, value: number): void {
    this.key(field, Wire.fixed32);
    this.#room(4);
    this.#n = this.#bytes.writeFloatLE(value, this.#n);
  }

  double(field: number, value: number): void {
    this.key(field, Wire.fixed64);
    this.#room(8);
    this.#n = this.#bytes.writeDoubleLE(value, this.#n);
  }

  text(field: number, value: string | undefined): void {
    if (value === undefined) return;
    const n = Buffer.byteLength(value);
    this.key(field, Wire.bytes);
    this.varint(n);
    this.#room(n);
    this.#n += this.#bytes.write(value, this.#n);
  }

  blob(field: number, value: Uint8Array | undefined): void {
    if (value === undefined) return;
    this.key(field, Wire.bytes);
    this.varint(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#n);
    this.#n += value.length;
  }

  /** A nested message, written by `write`; its length is put before it afterwards. */
  nested(field: number, write: () => void): void {
    this.key(field, Wire.bytes);
    const start = this.#n;
    this.#room(1);
    this.#n++;
    write();
    const length = this.#n - start - 1;
    const prefix = varintSize(length);
    if (prefix > 1) {
      this.#room(prefix);
      this.#bytes.copyWithin(start + prefix, start + 1, this.#n);
    }
    this.#n = start;
    this.varint(length);
    this.#n += length;
  }

  /** A copy of what was written; the writer starts anew. */
  finish(): Buffer {
    const made = Buffer.from(this.#bytes.subarray(0, this.#n));
    this.#n = 0;
    return made;
  }

  #room(n: number): void {
    if (this.#n + n <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#n + n));
    this.#bytes.copy(larger, 0, 0, this.#n);
    this.#bytes = larger;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++;
  return size;
}
