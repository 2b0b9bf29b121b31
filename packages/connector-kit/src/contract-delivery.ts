import assert from 'node:assert/strict';
import { turn } from '@deungdae/testing/clock.ts';
import { until } from '@deungdae/testing/until.ts';
import type { ContractPeer } from './contract.ts';
import type { Stage } from './contract-stage.ts';

/** Values arrive as the device has them, without a gap and without an early ack. */
export function delivers<P extends ContractPeer>(stage: Stage<P>): Promise<void> {
  const { recoverMs } = stage;
  return stage.withRig({}, async (rig, peer) => {
    rig.open();
    await rig.connected(recoverMs);
    for (let round = 1; round <= 5; round++) await stage.arrives(rig, await peer.change(round));
    assert.equal(rig.sink.gaps, 0, 'no gap while the link is up');
    assert.equal(rig.falseAcks(), 0, 'no ack before the samples are durable');
  });
}

/** The disk refuses: nothing is acked, the same samples are written when it works again. */
export function downstreamFails<P extends ContractPeer>(stage: Stage<P>): Promise<void> {
  const { contract, recoverMs } = stage;
  return stage.withRig({}, async (rig, peer) => {
    rig.open();
    await rig.connected(recoverMs);
    await stage.arrives(rig, await peer.change(1));
    rig.sink.mode = 'fail';
    const rounds = [];
    for (let round = 2; round <= 6; round++) {
      rounds.push(await peer.change(round));
      await turn();
    }
    await until(() => rig.sink.failures >= 2, 'the failed write to be tried again', recoverMs);
    assert.ok(rig.degraded(), 'health tells that samples cannot be stored');
    rig.sink.mode = 'ok';
    await stage.arrives(rig, rounds.at(-1)!);
    if (contract.everyChange)
      for (const values of rounds) assert.ok(rig.everHeld(values), `lost ${JSON.stringify(values)}`);
    assert.equal(rig.falseAcks(), 0);
  });
}

/** The disk stands still: reading stops at the limit, and nothing of what the source keeps is lost. */
export function downstreamStalls<P extends ContractPeer>(stage: Stage<P>): Promise<void> {
  const { contract, recoverMs } = stage;
  return stage.withRig({ rig: { limits: { connectionSamples: 200 } } }, async (rig, peer) => {
    rig.open();
    await rig.connected(recoverMs);
    await stage.arrives(rig, await peer.change(1));
    rig.sink.mode = 'stall';
    const rounds = [];
    for (let round = 2; round <= 40; round++) {
      rounds.push(await peer.change(round));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.ok(
      rig.underWay() <= 200 + rig.largestBatch(),
      `${rig.underWay()} samples were read while the disk stood still`,
    );
    rig.sink.mode = 'ok';
    await stage.arrives(rig, rounds.at(-1)!);
    if (contract.everyChange)
      for (const values of rounds) assert.ok(rig.everHeld(values), `lost ${JSON.stringify(values)}`);
    assert.equal(rig.falseAcks(), 0);
  });
}

/** A crash with samples under way: none of them was acked, so a source that can repeat them does. */
export function noFalseAck<P extends ContractPeer>(stage: Stage<P>): Promise<void> {
  const { contract, recoverMs } = stage;
  return stage.withRig({}, async (rig, peer) => {
    rig.open();
    await rig.connected(recoverMs);
    await stage.arrives(rig, await peer.change(1));
    rig.sink.mode = 'stall';
    const rounds = [await peer.change(2), await peer.change(3)];
    await until(() => rig.underWay() > 0, 'samples under way', recoverMs);
    await new Promise((resolve) => setTimeout(resolve, 200));
    // As in a crash: what was under way never becomes durable.
    await rig.close();
    assert.equal(rig.falseAcks(), 0);
    rig.sink.forget();
    rig.open();
    await stage.arrives(rig, rounds.at(-1)!);
    if (contract.redelivers)
      for (const values of rounds) assert.ok(rig.everHeld(values), `lost ${JSON.stringify(values)}`);
  });
}
