import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Quality, type SampleBatch, samplesOf } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { type Logger, silentLogger } from '@deungdae/kernel/log.ts';
import type { ConnectionModel } from '@deungdae/kernel/plant-model.ts';
import { freePort } from '@deungdae/testing/free-port.ts';
import { until } from '@deungdae/testing/until.ts';
import { LineDevice } from './example/line-device.ts';
import { createSupervisor, type Supervisor, type SupervisorOptions } from './supervisor.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'deungdae-supervisor-'));
after(() => rmSync(stateDir, { recursive: true, force: true }));

const connectors = [
  { type: 'line', module: new URL('./example/line-connector.ts', import.meta.url).href },
  { type: 'wild', module: new URL('./fixtures/wild-connector.ts', import.meta.url).href },
];

let nextSignal = 1;
function connection(id: string, type: string, config: Record<string, unknown>, names = ['a', 'b']): ConnectionModel {
  const signals = names.map((name) => ({
    id: nextSignal++,
    name,
    path: `plant/line/machine/${name}`,
    label: name,
    equipment: 'plant/line/machine',
    kind: 'number' as const,
    unit: null,
    limits: null,
    deadband: null,
    scale: null,
    enumeration: null,
    retention: 'normal' as const,
    staleAfterMs: null,
    alarms: [],
    connection: id,
    address: { name },
  }));
  return { id, name: id, type, enabled: true, config, signals, fingerprint: JSON.stringify([type, config, names]) };
}

class Store {
  counts = new Map<number, number>();
  gaps = new Map<number, number>();
  last = new Map<number, number>();
  failing = false;
  async ingest(batch: SampleBatch): Promise<void> {
    if (this.failing) throw new Error('disk full');
    for (const s of samplesOf(batch)) {
      const into = s.quality === Quality.gap ? this.gaps : this.counts;
      into.set(s.signal, (into.get(s.signal) ?? 0) + 1);
      if (typeof s.value === 'number') this.last.set(s.signal, s.value);
    }
  }
}

async function withSupervisor(
  options: Partial<SupervisorOptions>,
  body: (s: Supervisor, store: Store) => Promise<void>,
): Promise<void> {
  const store = new Store();
  const supervisor = createSupervisor({
    stream: store,
    connectors,
    stateDir,
    clock: systemClock,
    log: silentLogger,
    workers: 2,
    ...options,
    limits: { backoffMinMs: 100, backoffMaxMs: 400, drainMs: 300, graceMs: 500, ...options.limits },
  });
  try {
    await body(supervisor, store);
  } finally {
    await supervisor.close();
  }
}
const statusOf = (s: Supervisor, id: string) => s.health('en').find((h) => h.id === id)?.status;

for (const workers of [0, 2])
  test(`a device's values arrive, acked only when stored, with ${workers} workers`, async () => {
    const device = new LineDevice(await freePort(), ['a', 'b']);
    await device.start();
    try {
      await withSupervisor({ workers }, async (s, store) => {
        const model = connection('press', 'line', { host: '127.0.0.1', port: device.port, silenceMs: 1000 });
        await s.apply([model]);
        await until(
          () => statusOf(s, 'press') === 'connected',
          'the connection',
          5000,
          () => s.health(),
        );
        store.failing = true;
        const values = await device.change(3);
        await until(
          () => statusOf(s, 'press') === 'degraded',
          'the trouble to be told',
          5000,
          () => s.health(),
        );
        const sick = s.health('ko')[0]!;
        assert.equal(sick.lastError?.code, 'kit.notStored');
        assert.match(sick.lastError.message, /저장하지 못하고/);
        assert.equal(device.unacknowledged, 2);
        store.failing = false;
        await until(() => store.last.get(model.signals[1]!.id) === values['plant/line/machine/b'], 'the value', 15_000);
        await until(() => device.unacknowledged === 0, 'the ack', 2000);
        await until(() => statusOf(s, 'press') === 'connected', 'health to recover', 2000);
        await until(() => s.health('en')[0]!.samplesTotal === 2, 'the count of samples', 3000);
      });
    } finally {
      await device.stop();
    }
  });

for (const [behaviour, limits] of [
  ['crash', {}],
  ['hang', { heartbeatMs: 200, hungAfterMs: 1_000 }],
  ['deaf', { connectTimeoutMs: 200, graceMs: 100 }],
  ['leak', { heartbeatMs: 100, workerHeapMb: 40 }],
] as const)
  test(`a connector that does "${behaviour}" is restarted with a gap; the others do not notice`, async () => {
    await withSupervisor({ limits: { connectionsPerWorker: 1, ...limits } }, async (s, store) => {
      const good = connection('good', 'wild', { behaviour: 'steady' });
      const wild = connection('wild', 'wild', { behaviour, afterMs: 150 });
      await s.apply([good, wild]);
      const wildSignal = wild.signals[0]!.id;
      await until(
        () => (store.gaps.get(wildSignal) ?? 0) >= 2,
        'two restarts',
        20_000,
        () => s.health('en'),
      );
      assert.equal(store.gaps.get(good.signals[0]!.id), undefined, 'the good one has no gap');
      assert.equal(statusOf(s, 'good'), 'connected');
      const health = s.health('en').find((h) => h.id === 'wild')!;
      const expected = behaviour === 'deaf' ? ['kit.workerLost', 'kit.connectTimeout'] : ['kit.workerLost'];
      assert.ok(expected.includes(health.lastError?.code ?? ''), health.lastError?.code);
      const before = store.counts.get(good.signals[0]!.id)!;
      await until(() => store.counts.get(good.signals[0]!.id)! > before + 5, 'the good one to go on', 2000);
    });
  });

test('a connection that kills its worker again and again ends up alone', async () => {
  await withSupervisor({ workers: 1 }, async (s, store) => {
    const good = [1, 2, 3].map((i) => connection(`good-${i}`, 'wild', { behaviour: 'steady' }));
    const wild = connection('wild', 'wild', { behaviour: 'crash', afterMs: 50 });
    await s.apply([...good, wild]);
    const gapsOf = (c: ConnectionModel) => store.gaps.get(c.signals[0]!.id) ?? 0;
    await until(() => gapsOf(wild) >= 6, 'six crashes', 20_000);
    const before = good.map(gapsOf);
    await until(() => gapsOf(wild) >= 8, 'two crashes more', 20_000);
    assert.deepEqual(good.map(gapsOf), before, 'the others are no longer taken along');
    assert.ok(good.every((c) => statusOf(s, c.id) === 'connected'));
  });
});

test('a connection that is taken away leaves a gap; so does a close, when asked', async () => {
  await withSupervisor({ gapOnClose: true }, async (s, store) => {
    const [a, b] = ['a', 'b'].map((id) => connection(id, 'wild', { behaviour: 'steady' })) as [
      ConnectionModel,
      ConnectionModel,
    ];
    await s.apply([a, b]);
    await until(() => store.counts.has(a.signals[0]!.id) && store.counts.has(b.signals[0]!.id), 'samples', 5000);
    await s.apply([a]);
    assert.equal(store.gaps.get(b.signals[0]!.id), 1);
    assert.equal(store.gaps.get(a.signals[0]!.id), undefined);
    await s.close();
    assert.equal(store.gaps.get(a.signals[0]!.id), 1);
  });
});

test('apply keeps equal connections alive, restarts changed ones, closes removed and disabled ones', async () => {
  await withSupervisor({}, async (s, store) => {
    const a = connection('a', 'wild', { behaviour: 'steady' });
    const b = connection('b', 'wild', { behaviour: 'steady' });
    const c = connection('c', 'wild', { behaviour: 'steady' });
    await s.apply([a, b, c]);
    await until(
      () => s.health().every((h) => h.status === 'connected'),
      'all three',
      5000,
      () => s.health('en'),
    );
    await until(() => (store.last.get(a.signals[0]!.id) ?? 0) > 20, 'some samples', 5000);
    const changed = { ...b, fingerprint: 'other' };
    await s.apply([{ ...a }, changed, { ...c, enabled: false }]);
    const at = store.last.get(a.signals[0]!.id)!;
    assert.deepEqual(
      s
        .health()
        .map((h) => h.status)
        .sort(),
      ['connected', 'connecting', 'disabled'],
    );
    await until(() => store.last.get(a.signals[0]!.id)! > at, 'a goes on counting', 2000);
    await until(() => statusOf(s, 'b') === 'connected', 'b again', 2000);
    await until(() => store.last.get(b.signals[0]!.id)! < at, 'b to begin anew', 2000);
    const stopped = store.counts.get(c.signals[0]!.id);
    await s.apply([a]);
    await new Promise((r) => setTimeout(r, 100));
    assert.equal(store.counts.get(c.signals[0]!.id), stopped);
    assert.deepEqual(
      s.health().map((h) => h.id),
      ['a'],
    );
  });
});

test('a secret never appears in errors, health or log lines', async () => {
  const lines: string[] = [];
  const line = (fields: object, message: string) => void lines.push(JSON.stringify([fields, message]));
  const log: Logger = { debug: line, info: line, warn: line, error: line, child: () => log };
  await withSupervisor({ log }, async (s) => {
    await s.apply([connection('w', 'wild', { behaviour: 'badError', password: 'hunter2!' })]);
    await until(() => statusOf(s, 'w') === 'lost', 'the refusal', 5000);
    await until(() => lines.length > 0, 'a log line', 2000);
    const told = JSON.stringify(s.health('en')) + lines.join('\n');
    assert.match(told, /login as admin with \*\*\* refused/);
    assert.doesNotMatch(told, /hunter2/);
  });
});

test('probe and discovery: of a connection, of typed settings, of bad settings, of what does not exist', async () => {
  const device = new LineDevice(await freePort(), ['a', 'b']);
  await device.start();
  try {
    await withSupervisor({}, async (s) => {
      const config = { host: '127.0.0.1', port: device.port, silenceMs: 1000 };
      await s.apply([connection('press', 'line', config)]);
      const live = await s.probe('press');
      assert.equal(live.ok, true);
      assert.match(live.device, /line device/);
      const typed = await s.probeConfig('line', config, [{ path: 'x', kind: 'number', address: { name: 'a' } }]);
      assert.deepEqual(typed.signals, [{ path: 'x', value: null, error: null }]);
      const refused = await s.probeConfig('line', { ...config, port: await freePort() }, [], 'en');
      assert.equal(refused.error?.code, 'line.unreachable');
      assert.match(refused.error.advice, /Check the power/);
      const bad = await s.probeConfig('line', { ...config, hots: 1 }, [], 'en');
      assert.equal(bad.error?.code, 'kit.badConfig');
      const unknown = await s.probeConfig('telepathy', {}, [], 'en');
      assert.equal(unknown.error?.code, 'kit.unknownType');
      await assert.rejects(s.probe('nowhere'), { code: 'kit.noConnection' });
      const found = [];
      for await (const p of s.discover({ type: 'line', config })) found.push(p.id);
      assert.deepEqual(found, ['a', 'b']);
      const first = [];
      for await (const p of s.discover({ connectionId: 'press' }, { limit: 1 })) first.push(p.id);
      assert.deepEqual(first, ['a']);
      await assert.rejects(async () => {
        for await (const _ of s.discover({ type: 'wild', config: { behaviour: 'steady' } }));
      }, /kit.noDiscovery/);
    });
  } finally {
    await device.stop();
  }
});

test('a hundred connections share the threads that are allowed', async () => {
  await withSupervisor({}, async (s, store) => {
    const before = process.getActiveResourcesInfo().filter((r) => r === 'MessagePort').length;
    const all = Array.from({ length: 100 }, (_, i) => connection(`c-${i}`, 'wild', { behaviour: 'steady' }));
    await s.apply(all);
    await until(() => s.health().every((h) => h.status === 'connected'), 'all hundred', 10_000);
    const threads = process.getActiveResourcesInfo().filter((r) => r === 'MessagePort').length - before;
    assert.ok(threads <= 2 * 3, `${threads} ports for two workers`);
    await until(() => all.every((c) => (store.counts.get(c.signals[0]!.id) ?? 0) > 3), 'samples of all', 10_000);
  });
});
