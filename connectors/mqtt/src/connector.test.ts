import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { BoundSignal, Connector, Notice } from '@deungdae/connector-kit/connector.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { Quality, type Sample, samplesOf } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { createTcpProxy } from '@deungdae/testing/tcp-proxy.ts';
import { until } from '@deungdae/testing/until.ts';
import { connectAsync, type MqttClient } from 'mqtt';
import { MqttAddress, MqttConfig } from './config.ts';
import { connector as mqttConnector } from './connector.ts';
import { type MosquittoPeer, noMosquitto, startMosquitto } from './mosquitto-peer.ts';

let nextId = 1;
function signal(address: unknown, kind: SignalKind = 'number'): BoundSignal<MqttAddress> {
  const id = nextId++;
  return { id, path: `plant/signal-${id}`, kind, address: MqttAddress.parse(address) };
}

interface Rig {
  connector: Connector;
  notices: Notice[];
  samples: Sample[];
  readings: { ack(): void }[];
  error: Promise<unknown>;
  stop(): Promise<void>;
}

describe('MQTT connector against Mosquitto', { skip: noMosquitto }, () => {
  let broker: MosquittoPeer;
  let stateDir: string;
  const abort = new AbortController();

  before(async () => {
    broker = await startMosquitto();
    stateDir = await mkdtemp(join(tmpdir(), 'deungdae-mqtt-'));
  });
  after(async () => {
    abort.abort();
    await broker.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  function make(signals: BoundSignal<MqttAddress>[], config: object = {}, state = stateDir) {
    const notices: Notice[] = [];
    const connector = mqttConnector.create({
      config: MqttConfig.parse({ url: broker.url, ...config }),
      signals,
      context: {
        connectionId: 'c',
        clock: systemClock,
        log: silentLogger,
        stateDir: state,
        notice: (n) => notices.push(n),
      },
    });
    return { connector, notices };
  }

  /** Connects and reads until the session ends. */
  async function run(made: { connector: Connector; notices: Notice[] }, acking = true): Promise<Rig> {
    const stop = new AbortController();
    await made.connector.connect(stop.signal);
    const rig: Rig = { ...made, samples: [], readings: [], error: Promise.resolve(), stop: async () => {} };
    rig.error = (async () => {
      try {
        for (;;) {
          const reading = await made.connector.read(stop.signal);
          rig.samples.push(...samplesOf(reading.batch));
          if (acking) await reading.ack?.();
          else rig.readings.push({ ack: () => void reading.ack?.() });
        }
      } catch (error) {
        return error;
      }
    })();
    rig.stop = async () => {
      stop.abort(new Error('stop'));
      await rig.error;
      await made.connector.close();
    };
    return rig;
  }

  async function publisher(use: (client: MqttClient) => Promise<unknown>): Promise<void> {
    const client = await connectAsync(broker.url, { reconnectPeriod: 0 });
    await use(client);
    await client.endAsync();
  }

  for (const version of [4, 5] as const) {
    it(`turns messages into samples (MQTT ${version})`, async () => {
      const plain = signal({ topic: `v${version}/press-01/temp` });
      const json = signal({
        topic: `v${version}/{machine}/data`,
        field: '/{machine}/rpm',
        time: { field: 'ts', format: 'ms' },
      });
      const state = signal({ topic: `v${version}/+/data`, field: 'state', values: { RUN: 1, STOP: 0 } }, 'enum');
      const rig = await run(make([plain, json, state], { version, clientId: `turns${version}` }));
      await publisher(async (client) => {
        await client.publishAsync(`v${version}/press-01/temp`, ' 21.5 ', { qos: 1 });
        const body = { ts: 1_700_000_000_123, 'press-01': { rpm: 1500 }, state: 'RUN' };
        await client.publishAsync(`v${version}/press-01/data`, JSON.stringify(body), { qos: 1 });
        await client.publishAsync(`v${version}/other/unbound`, 'x', { qos: 1 });
      });
      await until(() => rig.samples.length === 3, 'three samples');
      const of = (s: { id: number }) => rig.samples.find((x) => x.signal === s.id)!;
      assert.equal(of(plain).value, 21.5);
      assert.ok(Math.abs(of(plain).time / 1000 - Date.now()) < 5000);
      assert.deepEqual({ ...of(json) }, { signal: json.id, time: 1_700_000_000_123_000, value: 1500, quality: 0 });
      assert.equal(of(state).value, 1);
      await rig.stop();
    });

    it(`acknowledges only when told, and gets the rest again (MQTT ${version})`, async () => {
      const topic = `durable${version}/x`;
      const s = signal({ topic, field: 'v', time: { field: 't', format: 'us' } });
      const config = { version, clientId: `durable${version}` };
      const first = await run(make([s], config), false);
      await publisher(async (client) => {
        for (let v = 1; v <= 5; v++) {
          await client.publishAsync(topic, JSON.stringify({ v, t: v }), { qos: 1 });
          await until(() => first.samples.length === v, `sample ${v}`);
        }
      });
      assert.equal(first.readings.length, 5);
      first.readings[0]!.ack();
      first.readings[1]!.ack();
      await first.stop();
      // Away: more comes, and the broker restarts.
      await publisher((client) => client.publishAsync(topic, JSON.stringify({ v: 6, t: 6 }), { qos: 1 }));
      await broker.stop();
      await broker.start();
      const second = await run(make([s], config));
      await until(() => second.samples.length >= 4, 'the unacknowledged ones');
      await systemClock.sleep(100);
      assert.deepEqual(
        second.samples.map((x) => x.value),
        [3, 4, 5, 6],
      );
      await second.stop();
      const third = await run(make([s], config));
      await systemClock.sleep(150);
      assert.equal(third.samples.length, 0);
      await third.stop();
    });
  }

  it('keeps the time of arrival of a message that is delivered again', async () => {
    const s = signal({ topic: 'again/x' });
    const made = make([s], { clientId: 'again' });
    const first = await run(made, false);
    await publisher((client) => client.publishAsync('again/x', '7', { qos: 1 }));
    await until(() => first.samples.length === 1, 'first delivery');
    await first.stop();
    const second = await run(made);
    await until(() => second.samples.length === 1, 'second delivery');
    assert.deepEqual(second.samples, first.samples);
    await second.stop();
  });

  it('holds at most maxInflight unacknowledged messages while the disk is slow, and loses none', async () => {
    const s = signal({ topic: 'slow/x', field: 'v', time: { field: 'v', format: 'us' } });
    const rig = await run(make([s], { clientId: 'slow', maxInflight: 10 }), false);
    await publisher(async (client) => {
      await Promise.all(Array.from({ length: 200 }, (_, v) => client.publishAsync('slow/x', `{"v":${v}}`, { qos: 1 })));
    });
    await until(() => rig.samples.length === 10, 'ten');
    await systemClock.sleep(200);
    assert.equal(rig.samples.length, 10);
    await until(() => {
      for (const r of rig.readings.splice(0)) r.ack();
      return rig.samples.length === 200;
    }, 'all');
    assert.deepEqual(
      rig.samples.map((x) => x.value),
      Array.from({ length: 200 }, (_, v) => v),
    );
    await rig.stop();
  });

  it('keeps the session and every QoS 1 message while nobody reads for some keep-alive periods', async () => {
    const s = signal({ topic: 'flood/x', field: 'v', time: { field: 'v', format: 'us' } });
    const config = { clientId: 'flood', maxInflight: 65_535, keepAliveS: 1 };
    const made = make([s], config);
    await made.connector.connect(abort.signal);
    await publisher(async (client) => {
      for (let from = 0; from < 900; from += 300)
        await Promise.all(
          Array.from({ length: 300 }, (_, i) => client.publishAsync('flood/x', `{"v":${from + i}}`, { qos: 1 })),
        );
    });
    // Two and a half keep-alive periods without a read.
    await systemClock.sleep(2500);
    const values: unknown[] = [];
    while (values.length < 900) {
      const reading = await made.connector.read(AbortSignal.timeout(3000));
      values.push(...[...samplesOf(reading.batch)].map((x) => x.value));
      await reading.ack?.();
    }
    assert.equal(new Set(values).size, 900);
    await made.connector.close();
  });

  it('tells of a half-open link by the keep-alive, and recovers', async () => {
    const proxy = await createTcpProxy({ port: broker.port });
    const s = signal({ topic: 'half/x' });
    const made = make([s], { url: `mqtt://127.0.0.1:${proxy.port}`, clientId: 'half', keepAliveS: 1 });
    const rig = await run(made);
    proxy.swallow();
    const started = performance.now();
    const error = (await rig.error) as { code: string };
    assert.equal(error.code, 'mqtt.silent');
    assert.ok(performance.now() - started < 4000);
    await publisher((client) => client.publishAsync('half/x', '1', { qos: 1 }));
    proxy.pass();
    const again = await run(made);
    await until(() => again.samples.length === 1, 'what came meanwhile');
    await again.stop();
    await proxy.close();
  });

  it('says that the broker went away, and that it is not there', async () => {
    const own = await startMosquitto();
    const made = make([signal({ topic: 'x' })], { url: own.url, clientId: 'away' });
    const rig = await run(made);
    await own.stop();
    assert.match(((await rig.error) as { code: string }).code, /^mqtt\.(lost|serverUnavailable)$/);
    await assert.rejects(made.connector.connect(abort.signal), { code: 'mqtt.unreachable' });
    await own.start();
    const again = await run(made);
    await again.stop();
    await own.close();
  });

  it('marks a retained value without a time of its own as uncertain', async () => {
    await publisher((client) => client.publishAsync('kept/x', '5', { qos: 1, retain: true }));
    const rig = await run(make([signal({ topic: 'kept/x' })], { clientId: 'kept' }));
    await until(() => rig.samples.length === 1, 'the retained one');
    assert.equal(rig.samples[0]!.quality, Quality.uncertain);
    await rig.stop();
  });

  it('counts and tells of what it cannot use, and reads on', async () => {
    const s = signal({ topic: 'bad/x', field: 'v', time: { field: 't' } });
    const rig = await run(make([s], { clientId: 'bad', maxPayloadBytes: 64 }));
    await publisher(async (client) => {
      for (const text of [
        '{"v":',
        `{"v":"${'x'.repeat(100)}"}`,
        '{"v":"text","t":1}',
        '{"v":2,"t":"yesterday"}',
        '',
        '{"v":NaN}',
      ])
        await client.publishAsync('bad/x', text, { qos: 1 });
      await client.publishAsync('bad/x', '{"v":3,"t":5}', { qos: 1 });
    });
    await until(() => rig.samples.length === 3, 'three');
    assert.deepEqual(
      rig.samples.map((x) => [x.value, x.quality]),
      [
        [null, Quality.bad],
        [2, Quality.uncertain],
        [3, Quality.good],
      ],
    );
    assert.deepEqual([...new Set(rig.notices.map((n) => n.code))].sort(), [
      'mqtt.badJson',
      'mqtt.badTime',
      'mqtt.payloadTooLarge',
      'mqtt.wrongType',
    ]);
    await rig.stop();
  });

  it('names the cause when the broker refuses', async () => {
    const guarded = await startMosquitto({ lines: ['allow_anonymous false'] });
    for (const version of [4, 5] as const) {
      const made = make([signal({ topic: 'x' })], { url: guarded.url, version, username: 'u', password: 'wrong' });
      await assert.rejects(made.connector.connect(abort.signal), (error: { code: string }) =>
        ['mqtt.notAuthorized', 'mqtt.badCredentials'].includes(error.code),
      );
    }
    await guarded.close();
  });

  it('probes and discovers without touching the running session', async () => {
    await publisher((client) =>
      client.publishAsync('find/press/data', '{"ts":"2026-01-05T00:00:00Z","rpm":5,"on":true}', {
        qos: 1,
        retain: true,
      }),
    );
    const s = signal({ topic: 'find/press/data', field: 'rpm' });
    const config = MqttConfig.parse({
      url: broker.url,
      clientId: 'find',
      discover: { topics: ['find/#'], seconds: 0.5 },
    });
    const rig = await run(make([s, signal({ topic: 'find/none' })], config));
    const report = await rig.connector.probe(abort.signal);
    assert.match(report.device, /mosquitto/);
    assert.equal(report.signals[0]!.value, '5');
    assert.equal(report.signals[1]!.error?.code, 'mqtt.noMessage');
    const found = [];
    const context = { connectionId: 'c', clock: systemClock, log: silentLogger, stateDir, notice: () => {} };
    for await (const p of mqttConnector.discover!({ config, context, abort: abort.signal })) found.push(p);
    assert.deepEqual(
      found.map((p) => [p.id, p.kind, p.address]),
      [
        ['data-rpm', 'number', { topic: 'find/press/data', field: '/rpm', time: { field: '/ts', format: 'iso' } }],
        ['data-on', 'boolean', { topic: 'find/press/data', field: '/on', time: { field: '/ts', format: 'iso' } }],
      ],
    );
    for (const p of found) assert.doesNotThrow(() => MqttAddress.parse(p.address));
    let alive = true;
    void rig.error.then(() => {
      alive = false;
    });
    await systemClock.sleep(20);
    assert.ok(alive);
    await rig.stop();
  });
});
