import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { until } from '@deungdae/testing/until.ts';
import { MultipartParser } from '../multipart.ts';
import { parseStreams, type StreamsDocument } from '../streams.ts';
import { millDevices } from '../test-peers/mill.ts';
import { assertValid, noSchemas, schemas } from '../test-peers/schemas.ts';
import { Agent } from './agent.ts';
import { AgentServer } from './agent-server.ts';

const at = Date.UTC(2026, 0, 2) * 1000;
/** A document without its header: that holds the time of the answer. */
const body = (xml: string) => xml.slice(xml.indexOf('/>') + 2);

/** An agent that has seen everything an agent can see. */
function busyAgent(bufferSize = 256): Agent {
  const agent = new Agent({ devicesXml: millDevices, clock: systemClock, bufferSize, instanceId: 42 });
  const device = agent.model.devices[0]!;
  agent.observe('avail', 'AVAILABLE', at);
  agent.observe('execution', 'ACTIVE', at + 1);
  agent.observe('mode', 'AUTOMATIC', at + 2);
  agent.observe('estop', 'ARMED', at + 2);
  agent.observe('Xpos', 12.5, at + 3);
  agent.observe('program', 'A<B>&"C".NC', at + 4);
  agent.observe('parts', 7, at + 4);
  agent.observe('path_pos', '1 2 3', at + 5);
  agent.observe('msg', 'Change the tool', at + 5, { nativeCode: 'T1' });
  agent.observe('vars', 'a=1 b=two c={x}', at + 6);
  agent.observe('vars', 'a=2 b=', at + 7);
  agent.observe('offsets', 'G54={X=1.5 Y=2.5} G55={X=3}', at + 8);
  agent.timeSeries('Xwave', '1 2 3 4', 100, at + 9);
  agent.condition('logic', 'FAULT', { nativeCode: 'E1', text: 'First' }, at + 10);
  agent.condition('logic', 'WARNING', { nativeCode: 'W2', qualifier: 'HIGH', text: 'Second' }, at + 11);
  agent.condition('Xcond', 'NORMAL', {}, at + 12);
  const document =
    '<CuttingTool serialNumber="1" toolId="T" assetId="T.1"><CuttingToolLifeCycle><CutterStatus><Status>NEW</Status></CutterStatus></CuttingToolLifeCycle></CuttingTool>';
  agent.asset(device, { kind: 'update', assetId: 'T.1', type: 'CuttingTool', document }, at + 13);
  agent.asset(
    device,
    { kind: 'update', assetId: 'T.2', type: 'CuttingTool', document: document.replaceAll('T.1', 'T.2') },
    at + 14,
  );
  agent.asset(device, { kind: 'remove', assetId: 'T.2', type: '' }, at + 15);
  return agent;
}

async function serve(agent: Agent) {
  const server = new AgentServer(agent);
  await server.listen(0);
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const streams = async (path: string) => parseStreams((await get(path)).text) as StreamsDocument;
  return { server, get, streams };
}

describe('agent', () => {
  let agent: Agent;
  let served: Awaited<ReturnType<typeof serve>>;
  before(async () => {
    agent = busyAgent();
    served = await serve(agent);
  });
  after(() => served.server.close());

  test('current tells the newest of every item, all active conditions and merged data sets', async () => {
    const { observations, header } = await served.streams('/current');
    const of = (id: string) => observations.filter((o) => o.dataItemId === id);
    assert.equal(of('xpos')[0]!.text, '12.5');
    assert.equal(of('xpos')[0]!.timeUs, at + 3);
    assert.equal(of('program')[0]!.text, 'A<B>&"C".NC');
    assert.deepEqual(
      of('logic').map((o) => `${o.name} ${o.attributes.nativeCode} ${o.text}`),
      ['Fault E1 First', 'Warning W2 Second'],
    );
    assert.deepEqual({ ...of('vars')[0]!.entries }, { a: 2, c: 'x' });
    assert.equal(of('mill_asset_chg')[0]!.text, 'T.2');
    assert.equal(of('mill_asset_rem')[0]!.attributes.assetType, 'CuttingTool');
    assert.equal(header.instanceId, '42');
    assert.equal(header.nextSequence, header.lastSequence + 1);
  });

  test('a reset empties a data set before its entries; a removed one is not in current', async () => {
    const own = busyAgent();
    own.observe('vars', ':MANUAL d=1 e=', at + 20);
    const state = own.store.latest.values.get(own.target('vars')!)!;
    assert.deepEqual({ ...state.entries }, { d: 1 });
    own.observe('vars', 'f=2', at + 21);
    assert.deepEqual({ ...own.store.latest.values.get(own.target('vars')!)!.entries }, { d: 1, f: 2 });
  });

  test('current?at= is the state of that moment', async () => {
    const all = await served.streams('/sample?count=200');
    const first = all.observations.find((o) => o.dataItemId === 'logic' && o.name === 'Fault')!;
    const then = await served.streams(`/current?at=${first.sequence}`);
    assert.deepEqual(
      then.observations.filter((o) => o.dataItemId === 'logic').map((o) => o.name),
      ['Fault'],
    );
    assert.deepEqual(
      then.observations.filter((o) => o.dataItemId === 'Xcond'.toLowerCase()).map((o) => o.name),
      ['Unavailable'],
    );
  });

  test('sample pages through all sequences without a hole', async () => {
    const seen: number[] = [];
    for (let from = 1; ; ) {
      const page = await served.streams(`/sample?from=${from}&count=5`);
      if (page.observations.length === 0) break;
      seen.push(...page.observations.map((o) => o.sequence));
      from = page.header.nextSequence;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: agent.store.lastSequence }, (_, i) => i + 1),
    );
  });

  test('a path chooses items', async () => {
    const ids = async (path: string) =>
      [
        ...new Set(
          (await served.streams(`/current?path=${encodeURIComponent(path)}`)).observations.map((o) => o.dataItemId),
        ),
      ].sort();
    assert.deepEqual(await ids('//DataItem[@type="POSITION"]'), ['xcond', 'xpos']);
    assert.deepEqual(await ids("//DataItem[@type='POSITION' and @category='SAMPLE']"), ['xpos']);
    assert.deepEqual(await ids('//Linear | //DataItem[@id="avail" or @id="exec"]'), [
      'avail',
      'exec',
      'xcond',
      'xpos',
      'xwave',
    ]);
    assert.deepEqual(await ids('/MTConnectDevices/Devices/Device[@name="Mill"]//Path'), [
      'exec',
      'mode',
      'offsets',
      'parts',
      'pos',
      'program',
      'vars',
    ]);
    assert.match((await served.get('/current?path=//Data[')).text, /INVALID_XPATH|InvalidXPath/);
  });

  test('wrong requests get an error document that says why', async () => {
    for (const [path, status, name] of [
      ['/sample?from=99999', 404, 'OutOfRange'],
      ['/current?at=99999', 404, 'OutOfRange'],
      ['/sample?count=x', 400, 'InvalidRequest'],
      ['/Nobody/current', 404, 'NoDevice'],
      ['/asset/none', 404, 'AssetNotFound'],
      ['/current/more', 400, 'InvalidURI'],
    ] as const) {
      const answer = await served.get(path);
      assert.equal(answer.status, status, path);
      assert.match(answer.text, new RegExp(`<${name}>`), path);
      assert.equal(parseStreams(answer.text).kind, 'error');
    }
    const put = await fetch(`http://127.0.0.1:${served.server.port}/probe`, { method: 'PUT' });
    assert.equal(put.status, 405);
  });

  test('assets are kept, patched and removed', async () => {
    assert.match((await served.get('/asset/T.1')).text, /assetId="T.1".*deviceUuid="mill-1"/s);
    const list = (await served.get('/assets?type=CuttingTool')).text;
    assert.equal(list.match(/<CuttingTool /g)!.length, 1);
    const own = busyAgent();
    own.asset(own.model.devices[0]!, {
      kind: 'patch',
      assetId: 'T.1',
      type: 'CuttingTool',
      changes: [['Status', 'USED']],
    });
    assert.equal(own.assets.find('T.1')!.children[0]!.children[0]!.children[0]!.text, 'USED');
    own.asset(own.model.devices[0]!, { kind: 'removeAll', assetId: '', type: 'CuttingTool' });
    assert.equal(own.assets.count, 0);
  });

  test('the same value again is no new observation', () => {
    const own = busyAgent();
    const before = own.store.lastSequence;
    own.observe('Xpos', 12.5);
    own.condition('logic', 'FAULT', { nativeCode: 'E1', text: 'First' });
    assert.equal(own.store.lastSequence, before);
    own.observe('Xpos', 12.6);
    assert.equal(own.store.lastSequence, before + 1);
  });

  test('an overrun buffer forgets the oldest and keeps its state', async () => {
    const own = busyAgent(16);
    for (let i = 0; i < 100; i++) own.observe('Xpos', i + 0.5);
    assert.equal(own.store.lastSequence - own.store.firstSequence + 1, 16);
    const state = own.store.stateAt(own.store.firstSequence);
    assert.deepEqual(
      [...state.conditions.values()]
        .flat()
        .map((c) => c.nativeCode)
        .filter(Boolean)
        .sort(),
      ['E1', 'W2'],
    );
  });

  test('a stream brings new observations and heartbeats', async () => {
    const own = busyAgent();
    const { server } = await serve(own);
    const abort = new AbortController();
    try {
      const url = `http://127.0.0.1:${server.port}/sample?interval=5&heartbeat=60&from=${own.store.nextSequence}`;
      const response = await fetch(url, { signal: abort.signal });
      const parser = new MultipartParser(/boundary=(.*)$/.exec(response.headers.get('content-type')!)![1]!, 1e6);
      const parts: StreamsDocument[] = [];
      (async () => {
        for await (const chunk of response.body!) {
          parser.push(Buffer.from(chunk));
          for (let part = parser.next(); part; part = parser.next())
            parts.push(parseStreams(part.toString()) as StreamsDocument);
        }
      })().catch(() => {});
      await until(() => parts.length >= 2, 'two heartbeats', 3_000);
      assert.ok(parts.every((p) => p.observations.length === 0));
      own.observe('Xpos', 99);
      await until(() => parts.some((p) => p.observations.some((o) => o.text === '99')), 'the change', 1_000);
    } finally {
      abort.abort();
      await server.close();
    }
  });
});

describe('agent documents are valid', { skip: noSchemas }, () => {
  test('of our own model, every kind of document, schema 2.7 (shared data: mtconnect)', async () => {
    const { server, get } = await serve(busyAgent());
    try {
      for (const [path, kind] of [
        ['/probe', 'Devices'],
        ['/Mill/probe', 'Devices'],
        ['/current', 'Streams'],
        ['/sample?count=200', 'Streams'],
        ['/assets', 'Assets'],
        ['/sample?from=99999', 'Error'],
        ['/asset/none', 'Error'],
        ['/current?path=[', 'Error'],
        ['/nobody/probe', 'Error'],
        ['/current?count=x', 'Error'],
      ] as const)
        await assertValid((await get(path)).text, kind);
    } finally {
      await server.close();
    }
  });

  for (const version of ['2.0', '2.3'])
    test(`of our own model, schema ${version} (shared data: mtconnect)`, async () => {
      const agent = new Agent({
        devicesXml: millDevices.replaceAll('2.7', version),
        clock: systemClock,
        bufferSize: 64,
        instanceId: 1,
      });
      agent.observe('execution', 'ACTIVE');
      agent.observe('msg', 'Text', at, { nativeCode: 'M1' });
      agent.condition('logic', 'FAULT', { nativeCode: 'E1', text: 'x' });
      agent.observe('vars', 'a=1 b="x < y" c=3');
      agent.observe('vars', 'a=2 b=');
      agent.observe('offsets', 'G54={X=1.5 Y=2.5} G55={X=3}');
      agent.observe('offsets', 'G54={X=9} G55=');
      agent.observe('vars', ':MANUAL d=4');
      const { server, get } = await serve(agent);
      try {
        await assertValid((await get('/probe')).text, 'Devices', version);
        await assertValid((await get('/sample?count=100')).text, 'Streams', version);
        const current = (await get('/current')).text;
        await assertValid(current, 'Streams', version);
        await assert.rejects(assertValid(current.replace('>ACTIVE<', '>DANCING<'), 'Streams', version), /DANCING/);
        await assertValid((await get('/sample?from=99999')).text, 'Error', version);
      } finally {
        await server.close();
      }
    });

  test('of the okuma log: 118 assets, 30 and 4 removals, all pages (shared data: mtconnect)', async () => {
    const devicesXml = readFileSync(join(schemas, 'okuma-Devices.xml'), 'utf8');
    const agent = new Agent({ devicesXml, clock: systemClock, bufferSize: 200_000, instanceId: 3 });
    const okuma = agent.deviceOf('OKUMA')!;
    const rejected: number[] = [];
    const input = agent.shdrInput(okuma, { reject: (line) => rejected.push(line) });
    input.push(readFileSync(join(schemas, 'okuma.txt'), 'utf8'));
    input.end();
    assert.deepEqual(rejected, []);
    const { server, get, streams } = await serve(agent);
    try {
      await assertValid((await get('/probe')).text, 'Devices');
      await assertValid((await get('/current')).text, 'Streams');
      await assertValid((await get('/OKUMA/sample?count=20000')).text, 'Streams');
      const all = await streams('/OKUMA/sample?count=100000');
      assert.ok(all.observations.length > 10_000);
      assert.equal(all.observations.filter((o) => o.name === 'AssetChanged' && o.text !== 'UNAVAILABLE').length, 118);
      assert.ok(agent.assets.count > 0);
      assert.equal(body((await get('/assets?count=1000')).text).match(/<CuttingTool /g)!.length, agent.assets.count);
    } finally {
      await server.close();
    }
  });
});
