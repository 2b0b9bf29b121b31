import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@deungdae/testing/random.ts';
import { encodeIdentify, encodeRead, FrameReader, parseIdentify, parseRead } from './frame.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test('golden: read 50 holding registers of unit 1 (trace in node-red-contrib-modbus issue 6)', () => {
  assert.equal(encodeRead(1, 1, 3, 0, 50).toString('hex'), '000100000006010300000032');
  const answer = Buffer.concat([hex('00 01 00 00 00 67 01 03 64'), Buffer.alloc(100, 7)]);
  const [frame] = new FrameReader().push(answer);
  assert.deepEqual([frame!.transaction, frame!.unit, frame!.pdu.length], [1, 1, 102]);
  assert.deepEqual(parseRead(frame!.pdu, 3, 50), { data: Buffer.alloc(100, 7) });
});

test('golden: examples of the Application Protocol V1.1b3, §6.1, §6.3, §6.4 and §7', () => {
  assert.equal(encodeRead(0, 255, 1, 0x13, 0x13).subarray(7).toString('hex'), '0100130013');
  assert.deepEqual(parseRead(hex('01 03 CD 6B 05'), 1, 19), { data: hex('CD6B05') });
  assert.deepEqual(parseRead(hex('03 06 02 2B 00 00 00 64'), 3, 3), { data: hex('022B00000064') });
  assert.deepEqual(parseRead(hex('04 02 00 0A'), 4, 1), { data: hex('000A') });
  assert.deepEqual(parseRead(hex('81 02'), 1, 1), { exception: 2 });
});

test('golden: device identification, §6.21', () => {
  assert.equal(encodeIdentify(7, 9).toString('hex'), '000700000005092b0e0100');
  const objects = ['Company', 'Product', 'V2.11'].flatMap((t, i) => [i, t.length, ...Buffer.from(t)]);
  assert.deepEqual(parseIdentify(Buffer.from([0x2b, 0x0e, 1, 1, 0, 0, 3, ...objects])), [
    'Company',
    'Product',
    'V2.11',
  ]);
  assert.equal(parseIdentify(Buffer.from([0x2b, 0x0e, 1, 1, 0, 0, 3, 0, 200, 65])), null, 'a length beyond the end');
});

test('an answer that does not fit its request is told, never read', () => {
  for (const [pdu, what] of [
    ['04 02 00 0A', /function 4/],
    ['03 04 00 0A 00 0B', /4 bytes instead of 2/],
    ['03 02 00', /1 bytes of the announced 2/],
    ['83', /without code/],
  ] as const) {
    const answer = parseRead(hex(pdu), 3, 1);
    assert.ok('problem' in answer && what.test(answer.problem), `${pdu}: ${JSON.stringify(answer)}`);
  }
});

test('property: however the stream is cut, the same frames come out', () => {
  const random = seededRandom(1);
  for (let run = 0; run < 300; run++) {
    const frames = Array.from({ length: random.int(1, 8) }, (_, i) => {
      const pdu = random.bytes(random.int(2, 253));
      const head = Buffer.alloc(7);
      head.writeUInt16BE(i, 0);
      head.writeUInt16BE(pdu.length + 1, 4);
      head[6] = random.int(0, 255);
      return Buffer.concat([head, pdu]);
    });
    const stream = Buffer.concat(frames);
    const reader = new FrameReader();
    const found: string[] = [];
    for (let at = 0; at < stream.length; ) {
      const size = random.int(1, random.pick([2, 20, 600]));
      for (const f of reader.push(stream.subarray(at, at + size)))
        found.push(`${f.transaction} ${f.unit} ${f.pdu.toString('hex')}`);
      at += size;
    }
    assert.equal(reader.problem, null);
    assert.deepEqual(
      found,
      frames.map((f, i) => `${i} ${f[6]} ${f.subarray(7).toString('hex')}`),
    );
  }
});

const fuzzRuns = Number(process.env.FUZZ_RUNS ?? 3_000);

test(`fuzz: ${fuzzRuns} random, mutated, truncated and oversized streams never throw and keep little`, () => {
  const random = seededRandom(2);
  for (let run = 0; run < fuzzRuns; run++) {
    const reader = new FrameReader();
    const valid = Buffer.concat([hex('00 01 00 00 00 07 01 03 04'), Buffer.from(random.bytes(4))]);
    const bytes =
      random.next() < 0.5 ? Buffer.from(random.bytes(random.int(0, 600))) : Buffer.concat([valid, valid, valid]);
    for (let i = random.int(0, 4); i > 0 && bytes.length > 0; i--)
      bytes[random.int(0, bytes.length - 1)] = random.int(0, 255);
    const cut = bytes.subarray(0, random.int(0, bytes.length));
    let total = 0;
    for (const part of [cut, bytes.subarray(cut.length)])
      for (const frame of reader.push(part)) {
        total += frame.pdu.length + 7;
        for (const fn of [1, 3]) parseRead(frame.pdu, fn, random.int(1, 125));
        parseIdentify(frame.pdu);
        assert.ok(frame.pdu.length <= 253);
      }
    assert.ok(total <= bytes.length, 'nothing is made up');
  }
});

test('a header that cannot be one ends the reading at once, whatever length it claims', () => {
  for (const [bytes, problem] of [
    ['00 01 00 05 00 06 01', 'protocol id 5'],
    ['00 01 00 00 ff ff 01', 'length 65535'],
    ['00 01 00 00 00 00 01', 'length 0'],
  ] as const) {
    const reader = new FrameReader();
    assert.deepEqual(reader.push(hex(bytes)), []);
    assert.equal(reader.problem, problem);
    assert.deepEqual(reader.push(Buffer.alloc(100_000)), []);
  }
});
