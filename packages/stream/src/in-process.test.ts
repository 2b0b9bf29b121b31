import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf, Quality, type SampleBatch } from '@deungdae/contracts/sample.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { createStream } from './in-process.ts';

const batch = (signal: number, samples = 1) =>
  batchOf(Array.from({ length: samples }, (_, i) => ({ signal, time: i, value: i, quality: Quality.good })));

function heldHistory() {
  const calls: { batch: SampleBatch; resolve: () => void; reject: (e: Error) => void }[] = [];
  return {
    calls,
    append: (b: SampleBatch) => new Promise<void>((resolve, reject) => calls.push({ batch: b, resolve, reject })),
  };
}
const settle = () => new Promise((r) => setImmediate(r));

test('modules see a batch only when it is durable, in the order of arrival', async () => {
  const history = heldHistory();
  const stream = createStream({ history, log: silentLogger });
  const seen: number[] = [];
  stream.subscribe('test', (b) => seen.push(b.signals[0]!));
  const first = stream.ingest(batch(1));
  const second = stream.ingest(batch(2));
  history.calls[1]!.resolve();
  await second;
  assert.deepEqual(seen, [], 'the second waits for the first');
  history.calls[0]!.resolve();
  await first;
  assert.deepEqual(seen, [1, 2]);
  assert.equal(stream.stats().ingested, 2);
});

test('a failed append rejects, is not shown, and does not hold up the next', async () => {
  const history = heldHistory();
  const stream = createStream({ history, log: silentLogger });
  const seen: number[] = [];
  stream.subscribe('test', (b) => seen.push(b.signals[0]!));
  const first = stream.ingest(batch(1));
  const second = stream.ingest(batch(2));
  history.calls[0]!.reject(new Error('disk full'));
  await assert.rejects(first, /disk full/);
  history.calls[1]!.resolve();
  await second;
  assert.deepEqual(seen, [2]);
  assert.equal(stream.stats().ingested, 1);
});

test('ingest waits at the limit of samples and of batches, and goes on in order', async () => {
  for (const limits of [{ pendingSamples: 20 }, { pendingBatches: 2 }]) {
    const history = heldHistory();
    const stream = createStream({ history, log: silentLogger, limits });
    const done = Array.from({ length: 5 }, (_, i) => stream.ingest(batch(i, 10)));
    await settle();
    assert.equal(history.calls.length, 2, 'two batches of ten fit');
    assert.equal(stream.stats().pendingSamples, 20);
    for (let i = 0; i < 5; i++) {
      await settle();
      assert.equal(history.calls[i]!.batch.signals[0], i);
      history.calls[i]!.resolve();
    }
    await Promise.all(done);
    assert.equal(stream.stats().pendingSamples, 0);
  }
});

test('a batch larger than the limit passes alone instead of waiting for ever', async () => {
  const stream = createStream({
    history: { append: () => Promise.resolve() },
    log: silentLogger,
    limits: { pendingSamples: 5 },
  });
  await stream.ingest(batch(1, 50));
  assert.equal(stream.stats().ingested, 50);
});

test('a subscriber that throws does not stop the others; drain waits for all; unsubscribe ends', async () => {
  const history = heldHistory();
  const stream = createStream({ history, log: silentLogger });
  let count = 0;
  stream.subscribe('bad', () => {
    throw new Error('bad module');
  });
  const stop = stream.subscribe('good', () => count++);
  void stream.ingest(batch(1));
  let drained = false;
  const drain = stream.drain().then(() => {
    drained = true;
  });
  await settle();
  assert.equal(drained, false);
  history.calls[0]!.resolve();
  await drain;
  assert.equal(count, 1);
  stop();
  const again = stream.ingest(batch(1));
  history.calls[1]!.resolve();
  await again;
  assert.equal(count, 1);
});
