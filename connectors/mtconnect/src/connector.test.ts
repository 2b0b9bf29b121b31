import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { systemClock } from '@deungdae/kernel/clock.ts';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { errorCatalogue } from '@deungdae/kernel/errors.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { freePort } from '@deungdae/testing/free-port.ts';
import { until } from '@deungdae/testing/until.ts';
import { Agent } from './agent/agent.ts';
import { AgentServer } from './agent/agent-server.ts';
import { connector } from './connector.ts';
import { formatTimeUs } from './shdr-time.ts';
import { AdapterPeer } from './test-peers/adapter-peer.ts';
import { millDevices } from './test-peers/mill.ts';
import { openReading } from './test-peers/reading.ts';

const at = Date.UTC(2026, 0, 2) * 1000;
const newAgent = (instanceId = 1, bufferSize = 256) =>
  new Agent({ devicesXml: millDevices, clock: systemClock, bufferSize, instanceId });
const settings = (port: number) => ({ agent: `http://127.0.0.1:${port}`, intervalMs: 5, heartbeatMs: 300 });

describe('agent', () => {
  test('every kind of data item arrives as what it is', async () => {
    const agent = newAgent();
    const server = new AgentServer(agent);
    await server.listen(0);
    const kinds = {
      Xpos: 'number',
      logic: 'condition',
      vars: 'json',
      offsets: 'json',
      Xwave: 'number',
      path_pos: 'vector',
      msg: 'text',
      mill_asset_chg: 'text',
      nothing: 'number',
    } as const;
    const reading = await openReading(settings(server.port), kinds);
    try {
      await reading.connect();
      agent.observe('Xpos', 1.5, at);
      agent.observe('Xpos', 'UNAVAILABLE', at + 1);
      agent.condition('logic', 'FAULT', { nativeCode: 'E1', text: 'a|b' }, at + 2);
      agent.condition('logic', 'WARNING', { nativeCode: 'W2', text: 'second' }, at + 3);
      agent.condition('logic', 'NORMAL', { nativeCode: 'E1' }, at + 4);
      agent.condition('logic', 'UNAVAILABLE', {}, at + 5);
      agent.observe('vars', 'a=1 b=two c=', at + 6);
      agent.observe('offsets', 'G54={X=1.5 Y=2}', at + 7);
      agent.timeSeries('Xwave', '1 2 3', 100, at + 40_000);
      agent.observe('path_pos', '1 2 3', at + 8);
      agent.observe('msg', 'Change inserts', at + 9, { nativeCode: 'M7' });
      agent.asset(
        agent.model.devices[0]!,
        { kind: 'update', assetId: 'T1', type: 'CuttingTool', document: '<CuttingTool/>' },
        at + 10,
      );
      await reading.sees('mill_asset_chg', 'T1');
      const of = (tag: string) => reading.seen.filter((s) => s.tag === tag && s.time >= at && s.time < at + 1e6);
      assert.deepEqual(
        of('Xpos').map((s) => [s.time - at, s.value, s.quality]),
        [
          [0, 1.5, 'good'],
          [1, null, 'gap'],
        ],
      );
      assert.deepEqual(
        of('logic').map((s) => s.value),
        ['FAULT|E1|||a\\|b', 'WARNING|W2|||second', 'NORMAL|E1|||', null],
      );
      assert.deepEqual(
        of('vars').map((s) => s.value),
        ['{"a":1,"b":"two"}'],
      );
      assert.deepEqual(
        of('offsets').map((s) => s.value),
        ['{"G54":{"X":1.5,"Y":2}}'],
      );
      assert.deepEqual(
        of('Xwave').map((s) => [s.time - at, s.value]),
        [
          [20_000, 1],
          [30_000, 2],
          [40_000, 3],
        ],
      );
      assert.deepEqual(
        of('path_pos').map((s) => s.value),
        ['1 2 3'],
      );
      assert.deepEqual(reading.notices, [{ code: 'mtconnect.noDataItem', params: { dataItem: 'nothing' } }]);
    } finally {
      await reading.close();
      await server.close();
    }
  });

  test('data sets are told as they stand, also from a backlog, after an overrun and a restart of the agent', async () => {
    const agent = newAgent(1, 64);
    const server = new AgentServer(agent);
    await server.listen(0);
    const dir = await mkdtemp(join(tmpdir(), 'deungdae-mtc-'));
    const kinds = { vars: 'json', offsets: 'json', logic: 'condition' } as const;
    let reading = await openReading(settings(server.port), kinds, dir);
    const told = (tag: string) =>
      reading.seen
        .filter((s) => s.tag === tag && s.time >= at && s.time < at + 1e6)
        .map((s) => [s.time - at, s.value, s.quality]);
    try {
      await reading.connect();
      agent.observe('vars', 'b=1 a=2', at);
      agent.observe('offsets', 'G55={Y=2 X=1.5} G54={X=0}', at);
      agent.observe('vars', 'a= c="x y"', at + 1);
      agent.observe('offsets', 'G55={X=7} G54=', at + 1);
      agent.observe('vars', ':MANUAL d=4', at + 2);
      agent.observe('vars', 'UNAVAILABLE', at + 3);
      agent.observe('vars', 'e=5', at + 4);
      agent.condition('logic', 'FAULT', { nativeCode: 'E1', text: 'x' }, at + 5);
      await reading.sees('logic', 'FAULT|E1|||x');
      assert.deepEqual(told('vars'), [
        [0, '{"a":2,"b":1}', 'good'],
        [1, '{"b":1,"c":"x y"}', 'good'],
        [2, '{"d":4}', 'good'],
        [3, null, 'gap'],
        [4, '{"e":5}', 'good'],
      ]);
      assert.deepEqual(told('offsets'), [
        [0, '{"G54":{"X":0},"G55":{"X":1.5,"Y":2}}', 'good'],
        [1, '{"G55":{"X":7}}', 'good'],
      ]);
      await reading.close(true);

      // Away for three changes: the first of them is told with what stood before it, not with what came after.
      agent.observe('vars', 'f=6', at + 10);
      agent.observe('vars', 'e=', at + 11);
      agent.observe('vars', 'g=7', at + 12);
      reading = await openReading(settings(server.port), kinds, dir);
      await reading.connect();
      await reading.sees('vars', '{"f":6,"g":7}');
      assert.deepEqual(told('vars').slice(0, 3), [
        [10, '{"e":5,"f":6}', 'good'],
        [11, '{"f":6}', 'good'],
        [12, '{"f":6,"g":7}', 'good'],
      ]);
      agent.observe('vars', 'h=8', at + 13);
      await reading.sees('vars', '{"f":6,"g":7,"h":8}');
      await reading.close(true);

      // Away for more than the buffer holds: the present set, after a gap.
      agent.observe('vars', 'i=9', at + 20);
      for (let n = 0; n < 100; n++) agent.observe('parts', n, at + 21 + n);
      reading = await openReading(settings(server.port), kinds, dir);
      await reading.connect();
      await reading.sees('vars', '{"f":6,"g":7,"h":8,"i":9}');
      agent.observe('vars', 'i=', at + 200);
      await reading.sees('vars', '{"f":6,"g":7,"h":8}');
      assert.ok(reading.seen.filter((s) => s.tag === 'vars').every((s) => s.quality !== 'uncertain'));
      await reading.close(true);

      const next = newAgent(2);
      next.observe('vars', 'z=1', at + 300);
      server.replace(next);
      reading = await openReading(settings(server.port), kinds, dir);
      await reading.connect();
      await reading.sees('vars', '{"z":1}');
      // Told from the backlog and by `current`, alike.
      const good = told('vars').filter(([, , quality]) => quality === 'good');
      assert.deepEqual([...new Set(good.map(String))], ['300,{"z":1},good']);
    } finally {
      await reading.close();
      await server.close();
      await rm(dir, { recursive: true, force: true });
    }
  });

  test('the backlog of a buffer that has overrun before the first contact: sets uncertain until they are known', async () => {
    const agent = newAgent(1, 32);
    agent.observe('vars', 'a=1', at);
    for (let n = 0; n < 60; n++) agent.observe('parts', n, at + 1 + n);
    agent.observe('vars', 'b=2', at + 100);
    const server = new AgentServer(agent);
    await server.listen(0);
    const reading = await openReading(settings(server.port), { vars: 'json' });
    try {
      await reading.connect();
      await reading.sees('vars', '{"a":1,"b":2}');
      agent.observe('vars', 'c=3', at + 101);
      await reading.sees('vars', '{"a":1,"b":2,"c":3}');
      assert.deepEqual(
        reading.seen.map((s) => [s.time - at, s.value, s.quality]),
        [
          [100, '{"b":2}', 'uncertain'],
          [100, '{"a":1,"b":2}', 'good'],
          [101, '{"a":1,"b":2,"c":3}', 'good'],
        ],
      );
    } finally {
      await reading.close();
      await server.close();
    }
  });

  test('the cursor outlives the process: nothing is lost, what was acknowledged is not asked again', async () => {
    const agent = newAgent();
    const server = new AgentServer(agent);
    await server.listen(0);
    const dir = await mkdtemp(join(tmpdir(), 'deungdae-mtc-'));
    try {
      const first = await openReading(settings(server.port), { parts: 'number' }, dir);
      await first.connect();
      agent.observe('parts', 1, at);
      await first.sees('parts', 1);
      await first.close(true);
      for (let n = 2; n <= 20; n++) agent.observe('parts', n, at + n);
      const second = await openReading(settings(server.port), { parts: 'number' }, dir);
      await second.connect();
      await second.sees('parts', 20);
      const own = second.seen.filter((s) => s.time < at + 1000).map((s) => s.value);
      assert.deepEqual(
        own.slice(0, 19),
        Array.from({ length: 19 }, (_, i) => i + 2),
      );
      await second.close(true);
    } finally {
      await server.close();
      await rm(dir, { recursive: true });
    }
  });

  test('what fell out of the buffer is a gap, then the present values', async () => {
    const agent = newAgent(1, 32);
    let server = new AgentServer(agent);
    const port = await freePort();
    await server.listen(port);
    const reading = await openReading(settings(port), { parts: 'number', logic: 'condition' });
    try {
      await reading.connect();
      agent.condition('logic', 'FAULT', { nativeCode: 'E1', text: 'x' }, at);
      agent.observe('parts', 1, at);
      await reading.sees('parts', 1);
      await server.close();
      await reading.ended();
      assert.match((reading.failure() as CodedError).code, /^mtconnect\.(closed|unreachable)$/);
      agent.condition('logic', 'NORMAL', { nativeCode: 'E1' }, at + 1);
      for (let n = 2; n <= 100; n++) agent.observe('parts', n, at + n);
      server = new AgentServer(agent);
      await server.listen(port);
      await reading.connect();
      await reading.sees('parts', 100);
      assert.deepEqual(
        reading.notices.map((n) => n.code),
        ['mtconnect.overrun'],
      );
      const after = reading.seen.slice(reading.seen.findIndex((s) => s.value === 1) + 1);
      const parts = after.filter((s) => s.tag === 'parts').map((s) => [s.value, s.quality]);
      assert.deepEqual(parts, [
        [null, 'gap'],
        [100, 'good'],
        [100, 'good'],
      ]);
      // The fault ended while nobody looked.
      assert.ok(after.some((s) => s.tag === 'logic' && s.value === 'NORMAL|E1|||'));
    } finally {
      await reading.close();
      await server.close();
    }
  });

  test('a restarted agent is read from its first observation, with a gap before', async () => {
    const server = new AgentServer(newAgent(1));
    await server.listen(0);
    const agent = newAgent(5);
    const first = newAgent(4);
    first.observe('parts', 7, at);
    server.replace(first);
    const reading = await openReading(settings(server.port), { parts: 'number' });
    try {
      await reading.connect();
      await reading.sees('parts', 7);
      for (const n of [1, 2, 3]) agent.observe('parts', n, at + 10 + n);
      server.replace(agent);
      await reading.ended();
      await reading.connect();
      await reading.sees('parts', 3);
      assert.deepEqual(reading.notices, [{ code: 'mtconnect.restarted', params: { from: '4', to: '5' } }]);
      const after = reading.seen
        .slice(reading.seen.findLastIndex((s) => s.value === 7) + 1)
        .filter((s) => s.time < at + 1000 || s.quality === 'gap');
      assert.equal(after[0]!.quality, 'gap');
      assert.deepEqual(
        after
          .filter((s) => s.quality === 'good')
          .map((s) => s.value)
          .slice(0, 3),
        [1, 2, 3],
      );
    } finally {
      await reading.close();
      await server.close();
    }
  });

  test('an agent that freezes is noticed by its missing heartbeat', async () => {
    const agent = newAgent();
    const server = new AgentServer(agent);
    await server.listen(0);
    const reading = await openReading(settings(server.port), { parts: 'number' });
    try {
      await reading.connect();
      agent.observe('parts', 1);
      await reading.sees('parts', 1);
      server.freeze(true);
      await until(() => reading.failure() !== null, 'the silence', 3_000);
      assert.equal((reading.failure() as CodedError).code, 'mtconnect.silent');
    } finally {
      await reading.close();
      await server.close();
    }
  });

  test('discovery proposes every data item with kind, unit and value', async () => {
    const agent = newAgent();
    agent.observe('Xpos', 3.25);
    const server = new AgentServer(agent);
    await server.listen(0);
    try {
      const context = {
        connectionId: 'c',
        clock: systemClock,
        log: silentLogger,
        stateDir: tmpdir(),
        notice: () => {},
      };
      const found = await Array.fromAsync(
        connector.discover!({
          config: connector.config.parse(settings(server.port)),
          context,
          abort: AbortSignal.timeout(5_000),
        }),
      );
      assert.equal(found.length, agent.model.devices[0]!.agentItems.length);
      assert.deepEqual(
        found.find((p) => p.id === 'xpos'),
        {
          id: 'xpos',
          name: 'Xpos',
          kind: 'number',
          unit: 'mm',
          devicePath: ['Mill', 'axes', 'X', 'Xpos'],
          address: { dataItem: 'xpos' },
          value: '3.25',
        },
      );
      assert.equal(new Set(found.map((p) => p.id)).size, found.length);
    } finally {
      await server.close();
    }
  });

  test('what is no agent gives a coded error, not a crash', async () => {
    const answers: [body: string, code: string][] = [
      ['<html><body>hello</body></html>', 'mtconnect.badDocument'],
      ['not xml at all', 'mtconnect.badDocument'],
      ['<!DOCTYPE x [<!ENTITY a "b">]><MTConnectDevices/>', 'mtconnect.badDocument'],
      [`${'<a>'.repeat(5_000)}`, 'mtconnect.badDocument'],
      ['', 'mtconnect.badDocument'],
      [
        '<MTConnectError><Errors><Error errorCode="UNSUPPORTED">no</Error></Errors></MTConnectError>',
        'mtconnect.agentError',
      ],
    ];
    let body = '';
    const server = createServer((_, response) => response.end(body));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      for (const [text, code] of answers) {
        body = text;
        const reading = await openReading(settings((server.address() as AddressInfo).port), { a: 'number' });
        await assert.rejects(reading.connect(), (error: CodedError) => error.code === code, text.slice(0, 40));
        await reading.close();
      }
    } finally {
      server.close();
    }
  });
});

describe('adapter', () => {
  test('heartbeat, tags with and without a device, conditions, torn lines told', async () => {
    const peer = new AdapterPeer(await freePort());
    peer.set('Xpos', formatTimeUs(at), '1.5');
    await peer.start();
    const reading = await openReading(
      { adapter: `127.0.0.1:${peer.port}`, heartbeatMs: 300 },
      { Xpos: 'number', logic: 'condition', program: 'text' },
    );
    try {
      await reading.connect();
      peer.send(
        `${formatTimeUs(at + 1)}|Mill:logic|fault|E1|||bad\n2017\n${formatTimeUs(at + 2)}|program|"A\\|B"|Xpos|2`,
      );
      peer.send(`.5\n${formatTimeUs(at + 3)}|nobody|1\n${formatTimeUs(at + 4)}|Xpos|UNAVAILABLE\n`);
      await reading.sees('Xpos', null);
      assert.deepEqual(
        reading.seen.map((s) => `${s.time - at} ${s.tag} ${s.value} ${s.quality}`),
        ['0 Xpos 1.5 good', '1 logic FAULT|E1|||bad good', '2 program A|B good', '2 Xpos 2.5 good', '4 Xpos null gap'],
      );
      assert.deepEqual(
        reading.notices.map((n) => n.code),
        ['mtconnect.rejected', 'mtconnect.unknownTag'],
      );
      const pings = peer.pings;
      await until(() => peer.pings > pings + 1, 'more pings', 3_000);
      assert.equal(reading.failure(), null);
    } finally {
      await reading.close();
      await peer.stop();
    }
  });

  test('data sets and tables of an adapter: as they stand, anew at every connection', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'deungdae-mtc-'));
    const devices = join(dir, 'Devices.xml');
    await writeFile(devices, millDevices);
    const peer = new AdapterPeer(await freePort());
    peer.set('vars', formatTimeUs(at), 'b=1 a="p q"');
    await peer.start();
    const reading = await openReading(
      { adapter: `127.0.0.1:${peer.port}`, devices, heartbeatMs: 300 },
      { vars: 'json', offsets: 'json', logic: 'condition' },
    );
    const told = (tag: string) =>
      reading.seen.filter((s) => s.tag === tag).map((s) => [s.time - at, s.value, s.quality]);
    try {
      await reading.connect();
      peer.send(`${formatTimeUs(at + 1)}|vars|a= c=3|offsets|G55={Y=2 X="one"} G54={X=0}\n`);
      peer.send(`${formatTimeUs(at + 2)}|offsets|G54=|logic|NORMAL||||\n`);
      peer.send(`${formatTimeUs(at + 3)}|vars|:MANUAL d=4\n`);
      peer.send(`${formatTimeUs(at + 4)}|vars|UNAVAILABLE\n${formatTimeUs(at + 5)}|vars|e=5\n`);
      await reading.sees('vars', '{"e":5}');
      assert.deepEqual(told('vars'), [
        [0, '{"a":"p q","b":1}', 'good'],
        [1, '{"b":1,"c":3}', 'good'],
        [3, '{"d":4}', 'good'],
        [4, null, 'gap'],
        [5, '{"e":5}', 'good'],
      ]);
      assert.deepEqual(told('offsets'), [
        [1, '{"G54":{"X":0},"G55":{"X":"one","Y":2}}', 'good'],
        [2, '{"G55":{"X":"one","Y":2}}', 'good'],
      ]);
      await peer.stop();
      await reading.ended();
      peer.set('vars', formatTimeUs(at + 6), 'f=6');
      await peer.start();
      await reading.connect();
      await reading.sees('vars', '{"f":6}');
    } finally {
      await reading.close();
      await peer.stop();
      await rm(dir, { recursive: true });
    }
  });

  test('an old adapter without PONG is read on, and that is told', async () => {
    const peer = new AdapterPeer(await freePort());
    peer.pongMs = null;
    peer.set('Xpos', formatTimeUs(at), '1');
    await peer.start();
    const reading = await openReading({ adapter: `127.0.0.1:${peer.port}`, heartbeatMs: 100 }, { Xpos: 'number' });
    try {
      await reading.connect();
      await until(() => reading.notices.some((n) => n.code === 'mtconnect.legacyAdapter'), 'the notice', 3_000);
      peer.set('Xpos', formatTimeUs(at + 1), '2');
      await reading.sees('Xpos', 2);
      assert.equal(reading.failure(), null);
    } finally {
      await reading.close();
      await peer.stop();
    }
  });

  test('an adapter that stops answering PING is a dead link', async () => {
    const peer = new AdapterPeer(await freePort());
    peer.pongMs = 100;
    peer.set('Xpos', '', '1');
    await peer.start();
    const reading = await openReading({ adapter: `127.0.0.1:${peer.port}`, heartbeatMs: 1_000 }, { Xpos: 'number' });
    try {
      await reading.connect();
      await reading.sees('Xpos', 1);
      await until(() => peer.pings > 1, 'a second ping', 2_000);
      peer.pongMs = null;
      await until(() => reading.failure() !== null, 'the silence', 3_000);
      assert.equal((reading.failure() as CodedError).code, 'mtconnect.silent');
    } finally {
      await reading.close();
      await peer.stop();
    }
  });
});

test('every error and notice speaks Korean and English about the same things', () => {
  const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();
  for (const [code, text] of errorCatalogue())
    if (code.startsWith('mtconnect.')) assert.deepEqual(holes(text.ko + text.doKo), holes(text.en + text.doEn), code);
});
