import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Quality, type Sample, samplesOf } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { freePort } from '@deungdae/testing/free-port.ts';
import { until } from '@deungdae/testing/until.ts';
import { ModbusAddress, ModbusConfig } from './config.ts';
import { connector } from './connector.ts';
import { type Request, ScriptedDevice } from './testing/scripted-device.ts';
import { SerialPeer } from './testing/serial-peer.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'deungdae-modbus-'));
after(() => rmSync(stateDir, { recursive: true, force: true }));

interface Running {
  samples: Sample[];
  notices: string[];
  failure: () => { code?: string } | null;
  latest(signal: number): Sample | undefined;
}

/** Reads until the body is done. Signals are numbered from 1 in the order given. */
async function reading(
  port: number,
  addresses: object[],
  settings: object,
  body: (r: Running) => Promise<void>,
): Promise<void> {
  const samples: Sample[] = [];
  const notices: string[] = [];
  let failure: { code?: string } | null = null;
  const c = connector.create({
    config: ModbusConfig.parse({ host: '127.0.0.1', port, interval: '20ms', timeout: '600ms', ...settings }),
    signals: addresses.map((a, i) => ({
      id: i + 1,
      path: `p/${i + 1}`,
      kind: 'number',
      address: ModbusAddress.parse(a),
    })),
    context: {
      connectionId: 'm',
      clock: systemClock,
      log: silentLogger,
      stateDir,
      notice: (n) => notices.push(n.code),
    },
  });
  const abort = new AbortController();
  try {
    await c.connect(abort.signal);
    const loop = (async () => {
      for (;;) samples.push(...samplesOf((await c.read(abort.signal)).batch));
    })().catch((error) => {
      failure = error;
    });
    const latest = (signal: number) => samples.findLast((s) => s.signal === signal);
    await body({ samples, notices, failure: () => failure, latest });
    abort.abort();
    await loop;
  } finally {
    await c.close();
  }
}

async function scripted(onRequest: (r: Request) => void, body: (d: ScriptedDevice) => Promise<void>) {
  const device = await new ScriptedDevice(onRequest).start();
  try {
    await body(device);
  } finally {
    await device.stop();
  }
}
const holding = (address: number, more = {}) => ({ table: 'holding', address, ...more });
const zeros = (r: Request) => Array.from({ length: r.count }, (_, i) => r.start + i);

test('a bad address makes one signal bad and never disturbs the others; the hole is learnt', async () => {
  const peer = new SerialPeer(await freePort(), () => ({}));
  for (let i = 0; i < 10; i++) peer.registers.writeUInt16BE(100 + i, i * 2);
  peer.holes.add(4);
  await peer.start();
  try {
    await reading(
      peer.port,
      [0, 3, 4, 5, 9].map((a) => holding(a)),
      {},
      async (r) => {
        await until(() => r.latest(5)?.value === 109 && r.latest(3) !== undefined, 'all signals', 3000);
        assert.equal(r.latest(3)!.quality, Quality.bad);
        assert.deepEqual(
          [1, 2, 4, 5].map((s) => r.latest(s)!.value),
          [100, 103, 105, 109],
        );
        await until(() => r.samples.filter((s) => s.signal === 1).length > 5, 'more rounds', 3000);
        assert.equal(r.samples.filter((s) => s.signal === 3).length, 1, 'badness is told once');
        assert.ok(r.samples.every((s) => s.quality !== Quality.gap));
        assert.deepEqual(
          r.notices.filter((n) => n === 'modbus.illegalAddress'),
          ['modbus.illegalAddress'],
        );
      },
    );
  } finally {
    await peer.stop();
  }
});

test('a learnt hole is still known after the link was lost', async () => {
  const peer = new SerialPeer(await freePort(), () => ({}));
  peer.holes.add(4);
  await peer.start();
  const context = { connectionId: 'm', clock: systemClock, log: silentLogger, stateDir, notice: () => {} };
  const c = connector.create({
    config: ModbusConfig.parse({ host: '127.0.0.1', port: peer.port, interval: '20ms', timeout: '300ms' }),
    signals: [0, 4, 8].map((a) => ({
      id: a,
      path: `p/${a}`,
      kind: 'number',
      address: ModbusAddress.parse(holding(a)),
    })),
    context,
  });
  const { signal } = new AbortController();
  try {
    const first: number[] = [];
    await c.connect(signal);
    while (!first.includes(8)) first.push(...(await c.read(signal)).batch.signals);
    await c.close();
    const before = peer.refused;
    await c.connect(signal);
    for (let i = 0; i < 3; i++) await c.read(signal);
    assert.ok(peer.refused - before <= 2, `${peer.refused - before} refusals in the second session`);
    assert.ok(before >= 2, 'the first session ran into the hole');
  } finally {
    await c.close();
    await peer.stop();
  }
});

test('an answer that comes after its time-out is never given to the next request', async () => {
  let held: Request | null = null;
  let greeted = false;
  const answer = (r: Request) => {
    // The first request to 50 is the greeting.
    if (r.start === 50 && !held && greeted) {
      held = r;
      setTimeout(() => r.answer([6666]), 290);
    } else r.answer(zeros(r));
    greeted = true;
  };
  await scripted(answer, (device) =>
    reading(device.port, [holding(0), holding(50)], { timeout: '250ms' }, async (r) => {
      await until(
        () => r.latest(2)?.value === 50,
        'the second signal',
        4000,
        () => r.notices,
      );
      await until(() => r.samples.length > 60, 'many samples', 4000);
      assert.ok(held, 'the answer was held back');
      assert.ok(r.samples.every((s) => s.value === (s.signal === 1 ? 0 : 50) || s.quality === Quality.gap));
      assert.equal(device.connections, 1, 'the link stays');
    }),
  );
});

for (const [what, wrong] of [
  ['transaction', (r: Request) => r.answer([6666], { transaction: r.transaction ^ 0x55 })],
  ['unit', (r: Request) => r.answer([6666], { unit: r.unit + 1 })],
  ['function', (r: Request) => r.answer([6666], { fn: 4 })],
] as const)
  test(`an answer with another ${what} is discarded`, async () => {
    await scripted(
      (r) => {
        wrong(r);
        r.answer(zeros(r));
      },
      (device) =>
        reading(device.port, [holding(7)], {}, async (r) => {
          await until(() => r.samples.length > 5, 'samples', 3000);
          assert.ok(r.samples.every((s) => s.value === 7));
        }),
    );
  });

test('a gateway that answers every request with id 0 is served by setting; a late answer ends that link', async () => {
  let silentOnce = true;
  await scripted(
    (r) => {
      if (r.start === 9 && silentOnce) {
        silentOnce = false;
        return;
      }
      r.answer(zeros(r), { transaction: 0 });
    },
    async (device) => {
      await reading(device.port, [holding(3)], { ignoreTransactionId: true }, async (r) => {
        await until(() => r.latest(1)?.value === 3, 'a sample', 3000);
      });
      await assert.rejects(
        reading(device.port, [holding(9)], { ignoreTransactionId: true, timeout: '200ms' }, async () => {}),
        /modbus/,
      );
    },
  );
});

test('one silent unit does not starve the others: its signals are a gap, and it comes back by itself', async () => {
  let silent = false;
  await scripted(
    (r) => {
      if (!(silent && r.unit === 2)) r.answer(zeros(r));
    },
    (device) =>
      reading(
        device.port,
        [holding(1, { unit: 1 }), holding(2, { unit: 2 }), holding(3, { unit: 3 })],
        { timeout: '150ms' },
        async (r) => {
          await until(() => r.latest(2)?.value === 2, 'unit 2', 3000);
          silent = true;
          await until(() => r.latest(2)?.quality === Quality.gap, 'the gap', 3000);
          const from = r.samples.length;
          await new Promise((resolve) => setTimeout(resolve, 800));
          const others = r.samples.slice(from).filter((s) => s.signal !== 2).length;
          assert.ok(others > 30, `${others} samples of the other units in 0.8 s`);
          assert.ok(r.notices.includes('modbus.unitSilent'));
          assert.equal(r.failure(), null);
          silent = false;
          await until(() => r.latest(2)?.quality === Quality.good, 'unit 2 again', 4000);
          assert.equal(device.connections, 1);
        },
      ),
  );
});

test('when nobody answers any more the link is lost, with a code', async () => {
  let silent = false;
  await scripted(
    (r) => {
      if (!silent) r.answer(zeros(r));
    },
    (device) =>
      reading(device.port, [holding(1, { unit: 1 }), holding(2, { unit: 2 })], { timeout: '150ms' }, async (r) => {
        await until(() => r.samples.length > 4, 'samples', 3000);
        silent = true;
        await until(() => r.failure() !== null, 'the loss', 3000);
        assert.equal(r.failure()?.code, 'modbus.silent');
      }),
  );
});

test('exceptions become coded bad quality: busy, failure, gateway; the next good answer clears them', async () => {
  let code = 0;
  await scripted(
    (r) => {
      if (code && r.unit === 2) r.exception(code);
      else r.answer(zeros(r));
    },
    (device) =>
      reading(device.port, [holding(1), holding(2, { unit: 2 })], {}, async (r) => {
        for (const [exception, expected] of [
          [4, 'modbus.deviceFailure'],
          [6, 'modbus.busy'],
          [11, 'modbus.gateway'],
          [9, 'modbus.exception'],
        ] as const) {
          code = exception;
          await until(() => r.latest(2)?.quality === Quality.bad, expected, 3000);
          assert.equal(r.notices.at(-1), expected);
          code = 0;
          await until(() => r.latest(2)?.quality === Quality.good, 'good again', 3000);
        }
        assert.equal(r.latest(1)!.quality, Quality.good);
      }),
  );
});

test('one request at a time unless told otherwise; with more in flight answers may come in any order', async () => {
  for (const inFlight of [1, 3]) {
    let open = 0;
    let most = 0;
    const later: (() => void)[] = [];
    const answer = (r: Request) => {
      open++;
      most = Math.max(most, open);
      later.push(() => {
        open--;
        r.answer(zeros(r));
      });
      setTimeout(() => later.pop()?.(), 5);
    };
    await scripted(answer, (device) =>
      reading(
        device.port,
        [0, 100, 200, 300].map((a) => holding(a)),
        { inFlight },
        async (r) => {
          await until(() => r.samples.length >= 12, 'samples', 3000);
          assert.ok(r.samples.every((s) => s.value === (s.signal - 1) * 100));
        },
      ),
    );
    assert.equal(most, inFlight);
  }
});

test('poll groups keep their own interval', async () => {
  await scripted(
    (r) => r.answer(zeros(r)),
    (device) =>
      reading(device.port, [holding(0), holding(1, { interval: '200ms' })], {}, async (r) => {
        await new Promise((resolve) => setTimeout(resolve, 900));
        const count = (signal: number) => r.samples.filter((s) => s.signal === signal).length;
        assert.ok(count(2) >= 3 && count(2) <= 6, `${count(2)} slow samples`);
        assert.ok(count(1) >= 15 && count(1) <= 46, `${count(1)} fast samples`);
      }),
  );
});

test('rubbish instead of Modbus ends the link with a code', async () => {
  await scripted(
    (r) => r.raw(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
    (device) =>
      assert.rejects(
        reading(device.port, [holding(0)], {}, async () => {}),
        { code: 'modbus.badFrame' },
      ),
  );
});

test('discovery proposes what is there, with a live value, and leaves out what is not', async () => {
  const peer = new SerialPeer(await freePort(), () => ({}), 40);
  peer.registers.writeUInt16BE(321, 10);
  peer.registers.writeFloatBE(231.25, 20);
  peer.holes.add(30);
  peer.bits[2] = true;
  await peer.start();
  try {
    const config = ModbusConfig.parse({
      host: '127.0.0.1',
      port: peer.port,
      timeout: '500ms',
      discover: { tables: ['holding', 'coil'], to: 99 },
    });
    const context = { connectionId: 'm', clock: systemClock, log: silentLogger, stateDir, notice: () => {} };
    const found = [];
    for await (const p of connector.discover!({ config, context, abort: new AbortController().signal })) found.push(p);
    const registers = found.filter((p) => p.address.table === 'holding');
    assert.deepEqual(
      registers.map((p) => [p.address.address, p.address.type, p.value]),
      [
        [5, 'uint16', '321'],
        [10, 'float32', '231.25'],
      ],
    );
    assert.ok(found.some((p) => p.address.table === 'coil' && p.address.address === 2 && p.value === '1'));
    for (const p of found) ModbusAddress.parse(p.address);
  } finally {
    await peer.stop();
  }
});
