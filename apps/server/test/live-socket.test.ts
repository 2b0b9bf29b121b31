import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { LiveFrame } from '@deungdae/contracts/live.ts';
import { batchOf, Quality } from '@deungdae/contracts/sample.ts';
import { until } from '@deungdae/testing/until.ts';
import { WebSocket } from 'ws';
import { password, Rig } from './rig.ts';

describe('the live socket', () => {
  let rig: Rig;
  before(async () => {
    rig = await Rig.open();
    await rig.people();
    await rig.connect();
  });
  after(() => rig.close());

  const dial = (headers: Record<string, string>) =>
    new WebSocket(`${rig.url.replace('http', 'ws')}/api/live`, { headers });
  const opened = async (as: string) => {
    const socket = dial({ cookie: as });
    const frames: LiveFrame[] = [];
    socket.on('message', (data) => frames.push(LiveFrame.parse(JSON.parse(String(data)))));
    await once(socket, 'open');
    return { socket, frames };
  };
  const write = (name: string, value: number | string) =>
    rig.plant.stream.ingest(
      batchOf([{ signal: rig.signal(name), time: Date.now() * 1000, value, quality: Quality.good }]),
    );

  test('strangers and other sites get no socket', async () => {
    const refused = async (headers: Record<string, string>) => {
      const socket = dial(headers);
      socket.on('error', () => {});
      const [, response] = await once(socket, 'unexpected-response');
      socket.terminate();
      return response.statusCode;
    };
    assert.equal(await refused({}), 401);
    assert.equal(await refused({ cookie: 'deungdae_session=guess' }), 401);
    assert.equal(await refused({ cookie: rig.as.operator!, origin: 'https://evil.example' }), 403);
    assert.equal(await refused({ cookie: rig.as.operator!, origin: 'null' }), 403);
    assert.equal(rig.plant.live.viewers, 0);
  });

  test('what is said with the first breath is heard: a snapshot, then the change, soon', async () => {
    const temp = rig.signal('temp');
    const socket = dial({ cookie: rig.as.operator!, origin: rig.url });
    const frames: LiveFrame[] = [];
    socket.on('message', (data) => frames.push(LiveFrame.parse(JSON.parse(String(data)))));
    socket.on('open', () => socket.send(JSON.stringify({ floor: true, alarms: true, signals: [temp] })));
    await until(() => frames.length > 0, 'the snapshot');
    assert.equal(frames[0]!.machines?.length, 1);
    assert.equal(frames[0]!.values?.[0]?.value, 29);
    const started = performance.now();
    await write('temp', 41);
    await until(() => frames.some((f) => f.values?.[0]?.value === 41), 'the change');
    assert.ok(performance.now() - started < 1_000);
    socket.close();
    await until(() => rig.plant.live.viewers === 0, 'the hub forgets it');
  });

  test('a client that does not read costs a bounded number of bytes; the newest value arrives when it does', async () => {
    const { socket, frames } = await opened(rig.as.operator!);
    const note = rig.signal('note');
    socket.send(JSON.stringify({ signals: [note] }));
    await until(() => frames.length > 0, 'the snapshot');
    socket.pause();
    const size = 1_000_000;
    let most = 0;
    const waiting = () => {
      const clients = [
        ...(rig.plant.http as unknown as { websocketServer: { clients: Set<WebSocket> } }).websocketServer.clients,
      ];
      most = Math.max(most, ...clients.map((client) => client.bufferedAmount));
      return most;
    };
    // Large texts, so that the system's own buffers fill up soon.
    let sent = 0;
    const { history, live } = rig.plant;
    const latest = history.latest.bind(history);
    history.latest = (ids) =>
      latest(ids).map((s) => (s.signal === note ? { ...s, value: `${sent} ${'x'.repeat(size)}` } : s));
    const stop = performance.now() + 20_000;
    // Until frames wait in the server, and for a while beyond.
    for (let full = 0; full < 12 && performance.now() < stop; ) {
      sent++;
      live.valuesChanged([note]);
      await new Promise((resolve) => setTimeout(resolve, 85));
      if (waiting() > 256 * 1024) full++;
    }
    assert.ok(most > 256 * 1024, 'the server did have to hold back');
    assert.ok(most < 256 * 1024 + 2 * size, `${most} bytes waited`);
    socket.resume();
    const newest = `${sent} `;
    await until(() => frames.some((f) => String(f.values?.[0]?.value).startsWith(newest)), 'the newest value', 10_000);
    assert.ok(frames.length < sent, 'older ones were left out');
    history.latest = latest;
    socket.terminate();
  });

  test('a socket ends when its person signs out or is switched off; the others stay', async () => {
    const admin = rig.as.administrator;
    const user = { displayName: '', role: 'operator', language: 'ko', password };
    const [leaves, stays] = await Promise.all(
      ['leaves', 'stays'].map(async (name) => {
        const made = await rig.call('/users', { method: 'POST', as: admin, body: { ...user, name } });
        const session = await rig.signIn(name);
        const { socket } = await opened(session);
        return { id: made.body.id as string, session, socket, closed: once(socket, 'close') };
      }),
    );
    const other = await opened(rig.as.operator!);
    await rig.call('/session', { method: 'DELETE', as: leaves!.session });
    await rig.call(`/users/${stays!.id}`, { method: 'PATCH', as: admin, body: { active: false } });
    for (const { closed } of [leaves!, stays!]) assert.equal((await closed)[0], 4401);
    assert.equal(other.socket.readyState, WebSocket.OPEN);
    other.socket.terminate();
  });
});
