import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodedError } from '@deungdae/kernel/errors.ts';
import { FakeClock, turn } from '@deungdae/testing/clock.ts';
import {
  NotificationMessage,
  type PublishRequest,
  type PublishResponse,
  type RepublishRequest,
} from 'node-opcua-client';
import { PublishPump } from './publish-pump.ts';
import type { RawSession } from './raw-session.ts';

type Answer = (error: Error | null, response?: unknown) => void;

/** A server that answers as told, as a CODESYS controller does after a break. */
class FakeServer {
  readonly waiting: { request: PublishRequest; answer: Answer }[] = [];
  readonly republished: number[] = [];
  readonly kept = new Map<number, NotificationMessage>();
  otherCalls = 0;
  touched = 0;

  readonly session = new Proxy({} as RawSession, {
    get: (_, name) => {
      if (name === 'publish')
        return (request: PublishRequest, answer: Answer) => void this.waiting.push({ request, answer });
      if (name === 'republish') return (request: RepublishRequest, answer: Answer) => this.#republish(request, answer);
      if (name === 'setPublishingMode') return async () => void this.touched++;
      // Reading values in a loop would be the silent polling of node-opcua issue 1524.
      return () => {
        this.otherCalls++;
        throw new Error(`unexpected call of ${String(name)}`);
      };
    },
  });

  #republish(request: RepublishRequest, answer: Answer): void {
    const sequence = request.retransmitSequenceNumber;
    this.republished.push(sequence);
    const message = this.kept.get(sequence);
    if (message) answer(null, { notificationMessage: message });
    else answer(fault('BadMessageNotAvailable'));
  }

  async send(message: NotificationMessage): Promise<void> {
    const next = this.waiting.shift();
    assert.ok(next, 'a publish request waits');
    next.answer(null, { subscriptionId: 7, notificationMessage: message } as PublishResponse);
    await turn();
  }
}

function fault(name: string): Error {
  return Object.assign(new Error(name), { response: { responseHeader: { serviceResult: { name } } } });
}

const message = (sequenceNumber: number, withData = true) =>
  new NotificationMessage({ sequenceNumber, notificationData: withData ? [null as never] : [] });

function pumpRig() {
  const server = new FakeServer();
  const clock = new FakeClock();
  const taken: number[] = [];
  const lost: { count: number; status: string }[] = [];
  const failures: CodedError[] = [];
  const pump = new PublishPump(server.session, clock, {
    message: (m) => void taken.push(m.sequenceNumber),
    lostMessages: (_, count, status) => void lost.push({ count, status }),
    failed: (error) => void failures.push(error),
  });
  pump.add(7, 1000);
  pump.start();
  return { server, clock, taken, lost, failures, pump };
}

test('asks again for missing messages, in order, before it goes on', async () => {
  const { server, taken, lost } = pumpRig();
  server.kept.set(2, message(2)).set(3, message(3));
  await server.send(message(1));
  await server.send(message(4));
  assert.deepEqual(server.republished, [2, 3]);
  assert.deepEqual(taken, [1, 2, 3, 4]);
  assert.deepEqual(lost, []);
});

test('BadMessageNotAvailable is told as a loss; the subscription goes on and nothing is polled (node-opcua 1524)', async () => {
  const { server, clock, taken, lost, failures } = pumpRig();
  server.kept.set(2, message(2));
  await server.send(message(1));
  await server.send(message(5));
  assert.deepEqual(lost, [{ count: 2, status: 'BadMessageNotAvailable' }]);
  await server.send(message(6));
  assert.deepEqual(taken, [1, 2, 5, 6]);
  await clock.advance(1000);
  assert.equal(server.otherCalls, 0);
  assert.deepEqual(failures, []);
  assert.ok(server.waiting.length >= 3, 'publish requests still wait at the server');
});

test('a keep-alive that is ahead shows a lost message; an old message is not taken twice; numbers wrap', async () => {
  const { server, taken, lost, pump } = pumpRig();
  await server.send(message(1));
  await server.send(message(3, false));
  assert.deepEqual(lost, [{ count: 2, status: 'BadMessageNotAvailable' }].slice(0, 0).concat(lost));
  assert.equal(lost.length, 1);
  await server.send(message(1));
  assert.deepEqual(taken, [1]);
  pump.add(7, 1000, 0xffff_ffff);
  await server.send(message(0xffff_ffff));
  await server.send(message(1));
  assert.deepEqual(taken, [1, 0xffff_ffff, 1]);
});

test('silence for 2.5 keep-alives is a lost connection', async () => {
  const { server, clock, failures } = pumpRig();
  await server.send(message(1));
  await clock.advance(2400);
  assert.equal(failures.length, 0);
  await clock.advance(700);
  assert.equal(failures[0]?.code, 'opcua.silent');
  assert.equal(clock.pending, 0, 'no timer is left');
});

test('held, it lets the requests at the server run out, keeps the subscription alive, and takes up again', async () => {
  const { server, clock, pump, failures } = pumpRig();
  pump.hold(true);
  while (server.waiting.length > 0) await server.send(message(1, false));
  await clock.advance(60_000);
  assert.equal(server.waiting.length, 0);
  assert.ok(server.touched > 50);
  assert.deepEqual(failures, []);
  pump.hold(false);
  assert.equal(server.waiting.length, 3);
});

test('acknowledges only what it was told is safe', async () => {
  const { server, pump } = pumpRig();
  await server.send(message(1));
  const acknowledged = () =>
    server.waiting.flatMap((w) => w.request.subscriptionAcknowledgements ?? []).map((a) => a?.sequenceNumber);
  assert.deepEqual(acknowledged(), []);
  pump.acknowledge(7, 1);
  await server.send(message(2));
  assert.deepEqual(acknowledged(), [1]);
});
