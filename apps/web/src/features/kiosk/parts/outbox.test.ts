import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KioskAnswer } from '@deungdae/contracts/kiosk.ts';
import { type Failure, type Lock, Outbox, pauseMs, SendFailure, type Transport } from './outbox.ts';
import { MemoryStore, type NewItem, type OutboxItem } from './outbox-store.ts';

const refusal = { code: 'operations.overLimit', message: 'too many', advice: 'count again', params: {} };
const always: Lock = async (work) => {
  await work();
  return true;
};
let next = 0;
const entry = (data: Record<string, unknown> = {}, more: Partial<NewItem> = {}): NewItem => ({
  ...{ entryId: `entry-${++next}`, machine: 'a/b/c', kind: 'confirm', via: 'sync', data, clientTime: next, files: [] },
  ...{ clientOffset: 0, badge: 'B1', person: 'Kim', ...more },
});

/** A server as the real one: each entry once, in order; the network may be cut before or after the work. */
class FakeServer implements Transport {
  applied: string[] = [];
  readonly rejected = new Set<string>();
  readonly known = new Map<string, KioskAnswer>();
  calls = 0;
  uploads = 0;
  cut: 'no' | 'before' | 'after' = 'no';
  fails: Failure | null = null;
  /** The whole call is refused when it holds this entry. */
  poison = '';

  async sync(_machine: string, items: readonly OutboxItem[]): Promise<readonly KioskAnswer[]> {
    this.calls++;
    if (this.fails) throw new SendFailure(this.fails);
    if (this.cut === 'before') throw new SendFailure({ kind: 'later' });
    if (items.some((i) => i.entryId === this.poison)) throw new SendFailure({ kind: 'refused', refusal });
    const answers = items.map((item) => this.#take(item));
    if (this.cut === 'after') throw new SendFailure({ kind: 'later' });
    return answers;
  }
  #take(item: OutboxItem): KioskAnswer {
    const earlier = this.known.get(item.entryId);
    if (earlier) return earlier.status === 'applied' ? { ...earlier, status: 'repeated' } : earlier;
    const bad = this.rejected.has(item.entryId);
    if (!bad) this.applied.push(item.entryId);
    const answer: KioskAnswer = {
      ...{ entryId: item.entryId, status: bad ? 'rejected' : 'applied', time: 1, result: null },
      error: bad ? refusal : null,
    };
    this.known.set(item.entryId, answer);
    return answer;
  }
  async route(item: OutboxItem): Promise<void> {
    if (this.cut === 'before') throw new SendFailure({ kind: 'later' });
    if (!this.known.has(item.entryId)) {
      this.applied.push(item.entryId);
      this.known.set(item.entryId, { entryId: item.entryId, status: 'applied', time: 1, result: null, error: null });
    }
    this.last = item.data;
    if (this.cut === 'after') throw new SendFailure({ kind: 'later' });
  }
  last: Record<string, unknown> = {};
  async upload(): Promise<string> {
    this.uploads++;
    return 'd'.repeat(40);
  }
}

describe('the outbox', () => {
  test('what was entered offline goes in order when the network is back, and nothing is left', async () => {
    const server = new FakeServer();
    const outbox = new Outbox(new MemoryStore(), server, always);
    server.cut = 'before';
    const ids: string[] = [];
    for (let i = 0; i < 250; i++) ids.push((await outbox.put(entry({ good: i }))).entryId);
    assert.equal(await outbox.flush(), 'later');
    assert.equal((await outbox.list()).length, 250);
    server.cut = 'no';
    assert.equal(await outbox.flush(), 'sent');
    assert.deepEqual(server.applied, ids);
    assert.deepEqual(await outbox.list(), []);
  });

  test('an answer that was lost: the same entries go again and count once', async () => {
    const server = new FakeServer();
    const outbox = new Outbox(new MemoryStore(), server, always);
    const { entryId } = await outbox.put(entry());
    server.cut = 'after';
    assert.equal(await outbox.flush(), 'later');
    assert.equal((await outbox.list()).length, 1, 'kept, for nobody has answered');
    server.cut = 'no';
    assert.equal(await outbox.flush(), 'sent');
    assert.deepEqual(server.applied, [entryId]);
  });

  test('a refused entry stays with its reason, and the ones after it go on', async () => {
    const server = new FakeServer();
    const outbox = new Outbox(new MemoryStore(), server, always);
    const [a, b, c] = [await outbox.put(entry()), await outbox.put(entry()), await outbox.put(entry())];
    server.rejected.add(b!.entryId);
    assert.equal(await outbox.flush(), 'sent');
    assert.deepEqual(server.applied, [a!.entryId, c!.entryId]);
    const [left] = await outbox.list();
    assert.deepEqual([left?.entryId, left?.status, left?.refusal], [b!.entryId, 'refused', refusal]);
    await outbox.forget(left!.seq);
    assert.deepEqual(await outbox.list(), []);
  });

  test('an entry that makes the whole call refused is found and set aside; the others go', async () => {
    const server = new FakeServer();
    const outbox = new Outbox(new MemoryStore(), server, always);
    const items = [await outbox.put(entry()), await outbox.put(entry()), await outbox.put(entry())];
    server.poison = items[1]!.entryId;
    assert.equal(await outbox.flush(), 'sent');
    assert.deepEqual(server.applied, [items[0]!.entryId, items[2]!.entryId]);
    assert.deepEqual(
      (await outbox.list()).map((i) => [i.entryId, i.status]),
      [[items[1]!.entryId, 'refused']],
    );
  });

  test('a session that ended keeps everything and asks for a sign-in', async () => {
    const server = new FakeServer();
    const outbox = new Outbox(new MemoryStore(), server, always);
    await outbox.put(entry());
    server.fails = { kind: 'signIn' };
    assert.equal(await outbox.flush(), 'signIn');
    assert.equal((await outbox.list())[0]?.status, 'waiting');
  });

  test('two tabs of one tablet send at once: nothing is doubled, and the order holds', async () => {
    const store = new MemoryStore();
    const server = new FakeServer();
    let held = false;
    const shared: Lock = async (work) => {
      if (held) return false;
      held = true;
      await work().finally(() => (held = false));
      return true;
    };
    const tabs = [new Outbox(store, server, shared), new Outbox(store, server, shared)] as const;
    const ids: string[] = [];
    for (let i = 0; i < 60; i++) ids.push((await tabs[i % 2 === 0 ? 0 : 1].put(entry())).entryId);
    const outcomes = await Promise.all([tabs[0].flush(), tabs[1].flush()]);
    assert.deepEqual(outcomes.sort(), ['busy', 'sent']);
    assert.deepEqual(server.applied, ids);
    // Without a lock (a browser that has none) the ids alone keep it right.
    for (let i = 0; i < 30; i++) ids.push((await tabs[0].put(entry())).entryId);
    await Promise.all([new Outbox(store, server, always).flush(), new Outbox(store, server, always).flush()]);
    assert.deepEqual([...server.applied].sort(), [...ids].sort());
    assert.equal(new Set(server.applied).size, ids.length);
  });

  test('the browser is killed between any two steps: a new one goes on, nothing lost or doubled', async () => {
    for (let killAt = 1; killAt <= 12; killAt++) {
      const store = new MemoryStore();
      const server = new FakeServer();
      let step = 0;
      const dying = new Proxy(store, {
        get(target, name) {
          const member = Reflect.get(target, name, target) as (...args: unknown[]) => unknown;
          return async (...args: unknown[]) => {
            if (++step >= killAt) throw new Error('killed');
            return member.apply(target, args);
          };
        },
      });
      const ids: string[] = [];
      const before = new Outbox(dying, server, always);
      try {
        for (let i = 0; i < 3; i++) ids.push((await before.put(entry())).entryId);
        await before.flush();
      } catch {}
      const after = new Outbox(store, server, always);
      assert.equal(await after.flush(), 'sent');
      assert.ok(
        ids.every((id) => server.applied.filter((a) => a === id).length === 1),
        `killed at step ${killAt}`,
      );
      assert.deepEqual(await after.list(), []);
    }
  });

  test('pictures are uploaded first and stand as documents in the entry; one that is refused does not cost it', async () => {
    const server = new FakeServer();
    const outbox = new Outbox(new MemoryStore(), server, always);
    const data = {
      symptom: 'burr',
      documents: ['@file:p1'],
      defects: [{ reason: 'x', picture: '@file:p1' }],
      day: null,
    };
    await outbox.put(entry(data, { via: 'route', kind: 'addKnowHow', files: ['p1'] }), [
      { id: 'p1', blob: new Blob(['jpeg']) },
    ]);
    assert.equal(await outbox.flush(), 'sent');
    const id = 'd'.repeat(40);
    assert.deepEqual(server.last, {
      symptom: 'burr',
      documents: [id],
      defects: [{ reason: 'x', picture: id }],
      day: null,
    });
    server.upload = async () => {
      throw new SendFailure({ kind: 'refused', refusal });
    };
    await outbox.put(entry(data, { via: 'route', kind: 'addKnowHow', files: ['p1'] }), [
      { id: 'p1', blob: new Blob(['too large']) },
    ]);
    assert.equal(await outbox.flush(), 'sent');
    assert.deepEqual(server.last, { symptom: 'burr', documents: [], defects: [{ reason: 'x' }], day: null });
  });

  test('entries of another machine and of other routes keep their place in the order', async () => {
    const server = new FakeServer();
    const outbox = new Outbox(new MemoryStore(), server, always);
    const ids: string[] = [];
    const some: Partial<NewItem>[] = [{}, { machine: 'x/y/z' }, {}, { via: 'route', kind: 'doCheck' }, {}];
    for (const more of some) ids.push((await outbox.put(entry({}, more))).entryId);
    assert.equal(await outbox.flush(), 'sent');
    assert.deepEqual(server.applied, ids);
  });

  test('a server that answers for nothing is asked again later, not at once for ever', async () => {
    const server = new FakeServer();
    server.sync = async () => [];
    const outbox = new Outbox(new MemoryStore(), server, always);
    await outbox.put(entry());
    assert.equal(await outbox.flush(), 'later');
    assert.deepEqual([0, 1, 3, 9].map(pauseMs), [1000, 2000, 8000, 30_000]);
  });
});
