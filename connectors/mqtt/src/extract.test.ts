import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BoundSignal } from '@deungdae/connector-kit/connector.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { BatchBuilder, samplesOf } from '@deungdae/contracts/sample.ts';
import { seededRandom } from '@deungdae/testing/random.ts';
import { MqttAddress } from './config.ts';
import { Extractor } from './extract.ts';
import { fieldAt, parseFieldPath } from './field-path.ts';
import { filtersFor } from './filters.ts';
import { parseTimeUs } from './payload-time.ts';
import { covers, parseTopicPattern } from './topic-pattern.ts';

const signal = (id: number, address: unknown, kind: SignalKind = 'number'): BoundSignal<MqttAddress> => ({
  id,
  path: `s${id}`,
  kind,
  address: MqttAddress.parse(address),
});

function take(signals: BoundSignal<MqttAddress>[], topic: string, payload: string) {
  const extractor = new Extractor(signals);
  const builder = new BatchBuilder();
  const complaints: string[] = [];
  const arrival = { us: 1_000, retained: false };
  const ok = extractor.extract(extractor.planOf(topic), Buffer.from(payload), arrival, builder, (code, path) =>
    complaints.push(`${code} ${path}`),
  );
  const samples = [...samplesOf(builder.take())].map((s) => [s.signal, s.value, s.quality, s.time]);
  return { ok, samples, complaints };
}

describe('topics', () => {
  it('reads patterns with wildcards and captures, and refuses the rest', () => {
    assert.equal(parseTopicPattern('plant/{machine}/+/#')?.filter, 'plant/+/+/#');
    for (const bad of ['', 'a/#/b', 'a+/b', 'a/b#', 'a/{x', 'a/{1}/b', 'x\0'])
      assert.equal(parseTopicPattern(bad), null, JSON.stringify(bad));
  });

  it('subscribes to each topic once, without those that another filter covers', () => {
    assert.deepEqual(filtersFor(['a/b', 'a/+', 'a/{m}', 'x/#', 'x', 'x/y/z', 'x/+/z', 'q']), ['a/+', 'x/#', 'q']);
    assert.deepEqual(filtersFor(['#', '$SYS/x', 'a']), ['#', '$SYS/x']);
    assert.ok(covers(['a', '#'], ['a']) && !covers(['a', '+'], ['a', '#']) && !covers(['+'], ['$x']));
  });

  it('agrees with a plain comparison of levels on random filters and topics', () => {
    const random = seededRandom(11);
    const level = () => random.pick(['a', 'b', '', '$x']);
    for (let round = 0; round < 3000; round++) {
      const filter = Array.from({ length: random.int(1, 4) }, () => random.pick([level(), '+']));
      if (random.next() < 0.3) filter.push('#');
      const topic = Array.from({ length: random.int(1, 4) }, level);
      if (filter.join('/') === '' || topic.join('/') === '') continue;
      const { samples } = take([signal(1, { topic: filter.join('/') })], topic.join('/'), '5');
      assert.equal(samples.length, matches(filter, topic) ? 1 : 0, `${filter.join('/')} ${topic.join('/')}`);
    }
  });
});

/** MQTT 5.0 §4.7, written the slow way. */
function matches(filter: string[], topic: string[]): boolean {
  if (/^[+#]$/.test(filter[0]!) && topic[0]!.startsWith('$')) return false;
  const [f, ...moreFilter] = filter;
  if (f === undefined) return topic.length === 0;
  if (f === '#') return true;
  const [t, ...moreTopic] = topic;
  if (t === undefined || (f !== '+' && f !== t)) return false;
  return matchesRest(moreFilter, moreTopic);
}
function matchesRest(filter: string[], topic: string[]): boolean {
  if (filter[0] === '#') return true;
  if (filter.length === 0 || topic.length === 0) return filter.length === topic.length;
  return (filter[0] === '+' || filter[0] === topic[0]) && matchesRest(filter.slice(1), topic.slice(1));
}

describe('payloads', () => {
  it('finds fields by pointer and by dotted path', () => {
    const value = { a: [{ b: 1 }], 'x/y': 2, 'p.q': 3 };
    assert.equal(fieldAt(value, parseFieldPath('a[0].b')!), 1);
    assert.equal(fieldAt(value, parseFieldPath('/x~1y')!), 2);
    assert.equal(fieldAt(value, parseFieldPath('/p.q')!), 3);
    assert.equal(fieldAt(value, parseFieldPath('constructor')!), undefined);
    assert.equal(fieldAt(null, ['a']), undefined);
    assert.equal(parseFieldPath('a..b'), null);
    assert.equal(parseFieldPath('/a~2'), null);
  });

  it('reads times to the microsecond, and refuses what is none', () => {
    assert.equal(parseTimeUs('2026-01-05T09:00:00.123456+09:00', undefined), Date.UTC(2026, 0, 5) * 1000 + 123_456);
    assert.equal(parseTimeUs('2026-01-05 00:00:00', 'iso'), Date.UTC(2026, 0, 5) * 1000);
    assert.equal(parseTimeUs(1_700_000_000.5, 's'), 1_700_000_000_500_000);
    assert.equal(parseTimeUs('1700000000000', 'ms'), 1_700_000_000_000_000);
    assert.equal(parseTimeUs(1_700_000_000_000_000_000, 'ns'), 1_700_000_000_000_000);
    for (const bad of ['', 'soon', '2026-13-01T00:00:00Z', null, -1, 1e30, Number.NaN, {}])
      assert.ok(Number.isNaN(parseTimeUs(bad, typeof bad === 'string' ? 'iso' : 'ms')), String(bad));
  });

  it('takes an array of tagged values apart (each and match)', () => {
    const tag = (id: number, name: string) =>
      signal(id, {
        topic: 'kep',
        each: '/values',
        match: { field: '/id', equals: name },
        field: '/v',
        time: { field: '/t' },
        quality: { field: '/q' },
      });
    const payload = JSON.stringify({
      values: [{ id: 'A', v: 1, q: true, t: 5 }, { id: 'B', v: 2, q: false, t: 6 }, { id: 'Z', v: 9 }, 7, null],
    });
    assert.deepEqual(take([tag(1, 'A'), tag(2, 'B'), tag(3, 'C')], 'kep', payload).samples, [
      [1, 1, 0, 5_000],
      [2, 2, 2, 6_000],
    ]);
  });

  it('converts by the kind of the signal, and calls the rest a wrong type', () => {
    const of = (kind: SignalKind, json: string) => take([signal(1, { topic: 't', payload: 'json' }, kind)], 't', json);
    const value = (kind: SignalKind, json: string) => of(kind, json).samples[0]?.[1];
    assert.equal(value('number', '"1e3"'), 1000);
    assert.equal(value('boolean', '"ON"'), 1);
    assert.equal(value('boolean', 'false'), 0);
    assert.equal(value('text', '{"a":1}'), '{"a":1}');
    assert.equal(value('vector', '[1,2]'), '[1,2]');
    assert.equal(value('enum', '"RUN"'), 'RUN');
    for (const [kind, json] of [
      ['number', '"abc"'],
      ['number', '[]'],
      ['boolean', '7'],
      ['vector', '3'],
      ['number', '1e999'],
    ] as const) {
      const { samples, complaints } = of(kind, json);
      assert.deepEqual([samples[0]?.[1], samples[0]?.[2]], [null, 2], json);
      assert.deepEqual(complaints, ['mqtt.wrongType s1'], json);
    }
    assert.deepEqual(of('number', 'null').complaints, []);
  });

  it('never throws on random bytes (fuzz)', () => {
    const random = seededRandom(3);
    const signals = [
      signal(1, { topic: '#', field: '/a/0', time: { field: 'a.t' }, values: { x: 1 } }),
      signal(2, { topic: '#', each: '/a', match: { field: 'id', equals: 'x' }, field: 'v' }),
      signal(3, { topic: '#' }),
    ];
    const rounds = Number(process.env.DEUNGDAE_FUZZ ?? 3000);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"a"',
      ':',
      ',',
      '1',
      'null',
      '"t"',
      '"id"',
      '"x"',
      '\\',
      '\u0000',
      '1e999',
      '"2026-01-01T00:00:00Z"',
    ];
    for (let i = 0; i < rounds; i++)
      take(
        signals,
        random.pick(['a', 'a/b', '/', '$SYS']),
        Array.from({ length: random.int(0, 12) }, () => random.pick(pieces)).join(''),
      );
  });

  it('finds the signals of a message among 100,000 quickly', () => {
    const signals = Array.from({ length: 100_000 }, (_, i): BoundSignal<MqttAddress> => {
      const machine = Math.floor(i / 100);
      const address = { topic: `plant/line-${machine % 50}/machine-${machine}/data`, field: `f${i % 100}` };
      return { id: i + 1, path: `s${i}`, kind: 'number', address };
    });
    const extractor = new Extractor(signals);
    const topics = Array.from({ length: 1000 }, (_, m) => `plant/line-${m % 50}/machine-${m}/data`);
    const payload = Buffer.from(
      JSON.stringify(Object.fromEntries(Array.from({ length: 100 }, (_, f) => [`f${f}`, f]))),
    );
    const builder = new BatchBuilder(131_072);
    let samples = 0;
    const pass = () => {
      for (const topic of topics)
        extractor.extract(extractor.planOf(topic), payload, { us: 1, retained: false }, builder, () => {});
      samples += builder.take().length;
    };
    pass();
    samples = 0;
    const started = performance.now();
    for (let i = 0; i < 5; i++) pass();
    const perMessageUs = ((performance.now() - started) * 1000) / 5000;
    console.log(`${perMessageUs.toFixed(1)} µs a message of ${payload.length} bytes, ${samples / 5000} samples each`);
    assert.ok(samples > 0);
    assert.ok(perMessageUs < 500, `${perMessageUs}`);
  });
});
