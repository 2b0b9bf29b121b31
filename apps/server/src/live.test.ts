import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import type { Alarm, Role } from '@deungdae/contracts/api-entities.ts';
import type { LiveFrame } from '@deungdae/contracts/live.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import type { WebSocket } from 'ws';
import { LiveHub } from './live.ts';

/** A socket whose other end takes nothing while `stuck`. */
class FakeSocket extends EventEmitter {
  readyState = 1;
  bufferedAmount = 0;
  stuck = false;
  frames: LiveFrame[] = [];
  ended: number | 'cut' | null = null;
  answersClose = true;

  send(text: string): void {
    this.frames.push(JSON.parse(text) as LiveFrame);
    if (this.stuck) this.bufferedAmount += text.length;
  }
  close(code: number): void {
    this.ended ??= code;
    this.readyState = 2;
    if (this.answersClose) this.emit('close');
  }
  terminate(): void {
    this.ended = 'cut';
    this.readyState = 3;
    this.emit('close');
  }
  asks(request: object): void {
    this.emit('message', Buffer.from(JSON.stringify(request)));
  }
}

const caller = (role: Role): Caller => ({ userId: 'u', name: 'u', role, language: 'ko', via: 'session' });
const alarm = (id: string) => ({ id }) as Alarm;

function rig(options: { bytes?: number } = {}) {
  const clock = new FakeClock();
  let value = 0;
  const hub = new LiveHub(
    {
      cards: () => [],
      card: () => null,
      alarms: () => [alarm('standing')],
      connections: () => [],
      values: (ids) =>
        ids.map((id) => ({
          id,
          time: value,
          value: options.bytes ? 'x'.repeat(options.bytes) : value,
          quality: 'good' as const,
          stale: false,
        })),
      plantRevision: () => 'r1',
    },
    clock,
  );
  const attach = (role: Role = 'operator', recheck: () => Promise<Caller | null> = async () => caller(role)) => {
    const socket = new FakeSocket();
    hub.attach(socket as unknown as WebSocket, caller(role), recheck);
    return socket;
  };
  const change = (signals = [1]) => {
    value++;
    hub.valuesChanged(signals);
  };
  return { clock, hub, attach, change };
}

describe('live hub', () => {
  test('a snapshot, then only what changed, the newest value once a period', async () => {
    const { clock, attach, change } = rig();
    const socket = attach();
    socket.asks({ signals: [1, 2], alarms: true });
    assert.deepEqual(Object.keys(socket.frames[0]!).sort(), ['alarms', 'at', 'plantRevision', 'values']);
    for (let i = 0; i < 50; i++) change();
    await clock.advance(100);
    assert.equal(socket.frames.length, 2);
    assert.deepEqual(
      socket.frames[1]!.values?.map((v) => [v.id, v.value]),
      [[1, 50]],
    );
    assert.deepEqual(Object.keys(socket.frames[1]!).sort(), ['at', 'values']);
    await clock.advance(5_200);
    assert.deepEqual(Object.keys(socket.frames.at(-1)!), ['at'], 'a sign of life');
  });

  test('who asks without end gets no more frames than the period allows', async () => {
    const { clock, attach } = rig();
    const socket = attach();
    for (let i = 0; i < 1000; i++) socket.asks({ signals: [1] });
    assert.equal(socket.frames.length, 1);
    await clock.advance(100);
    assert.equal(socket.frames.length, 2);
  });

  test('a stuck screen holds a bounded number of bytes, gets the newest afterwards, and is let go after a minute', async () => {
    const { clock, hub, attach, change } = rig({ bytes: 100_000 });
    const [stuck, well] = [attach(), attach()];
    for (const socket of [stuck, well]) socket.asks({ signals: [1], alarms: true });
    stuck.stuck = true;
    for (let i = 0; i < 400; i++) {
      change();
      hub.alarmsChanged([alarm(`a${i}`)]);
      await clock.advance(100);
    }
    assert.ok(stuck.bufferedAmount < 400_000, `${stuck.bufferedAmount} bytes wait`);
    assert.ok(well.frames.length > 300, 'others do not notice');
    const before = stuck.frames.length;
    stuck.stuck = false;
    stuck.bufferedAmount = 0;
    await clock.advance(100);
    assert.equal(stuck.frames.length, before + 1);
    assert.equal(stuck.frames.at(-1)!.values?.[0]?.time, 400);
    assert.ok(stuck.frames.at(-1)!.alarms!.length > 300, 'no alarm is left out');
    stuck.bufferedAmount = 1_000_000;
    await clock.advance(61_000);
    assert.equal(stuck.ended, 'cut');
    assert.equal(hub.viewers, 1);
  });

  test('a flood of alarms for a stuck screen ends in a snapshot', async () => {
    const { clock, hub, attach } = rig();
    const socket = attach();
    socket.asks({ alarms: true });
    socket.bufferedAmount = 1_000_000;
    for (let i = 0; i < 5_000; i++) hub.alarmsChanged([alarm(`a${i}`)]);
    socket.bufferedAmount = 0;
    await clock.advance(100);
    assert.ok(socket.frames.at(-1)!.plantRevision);
    assert.ok(socket.frames.at(-1)!.alarms!.length <= 2_000);
  });

  test('a socket ends within seconds of its session, and when the role changes; not when the store is slow', async () => {
    const { clock, hub, attach } = rig();
    let who: Caller | null = caller('engineer');
    const [ends, changes, slow] = [
      attach('engineer', async () => who),
      attach('engineer', async () => (who ? who : caller('operator'))),
      attach('engineer', async () => {
        throw new Error('busy');
      }),
    ];
    await clock.advance(20_000);
    assert.deepEqual([ends.ended, changes.ended], [null, null]);
    who = null;
    await clock.advance(6_000);
    assert.deepEqual([ends.ended, changes.ended, slow.ended], [4401, 4401, null]);
    assert.equal(hub.viewers, 1);
  });

  test('connections are shown to those who may see them', () => {
    const { attach } = rig();
    for (const [role, seen] of [
      ['partner', false],
      ['operator', false],
      ['supervisor', true],
      ['auditor', true],
    ] as const) {
      const socket = attach(role);
      socket.asks({ connections: true });
      assert.equal('connections' in socket.frames[0]!, seen, role);
    }
  });

  test('what is not understood closes; the five-hundred-and-first screen is turned away; a stop cuts who does not answer', async () => {
    const { clock, hub, attach } = rig();
    for (const wrong of [{ signals: ['x'] }, { more: 1 }, { signals: Array.from({ length: 2001 }, (_, i) => i) }]) {
      const socket = attach();
      socket.asks(wrong);
      assert.equal(socket.ended, 4400);
    }
    const sockets = Array.from({ length: 500 }, () => attach());
    assert.equal(attach().ended, 1013);
    sockets[0]!.answersClose = false;
    hub.close();
    assert.equal(sockets[1]!.ended, 1001);
    await clock.advance(1_100);
    assert.equal(sockets[0]!.ended, 'cut');
    assert.equal(attach().ended, 1001);
  });
});
