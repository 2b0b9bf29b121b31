import assert from 'node:assert/strict';
import { CodedError } from '@deungdae/kernel/errors.ts';
import { seededRandom } from '@deungdae/testing/random.ts';
import type { ContractPeer } from './contract.ts';
import { assertNoHandlesSince, handles } from './contract-handles.ts';
import type { Stage } from './contract-stage.ts';

/** `close` leaves nothing behind, whenever it comes and however often. */
export function closesAtAnyMoment<P extends ContractPeer>(stage: Stage<P>): Promise<void> {
  const { recoverMs } = stage;
  return stage.withRig({}, async (rig, peer) => {
    const random = seededRandom(7);
    const before = handles();
    for (let i = 0; i < 20; i++) {
      rig.open();
      await new Promise((resolve) => setTimeout(resolve, random.next() ** 3 * 150));
      const started = performance.now();
      await rig.close();
      const ms = performance.now() - started;
      assert.ok(ms < 4_000, `close took ${Math.round(ms)} ms`);
    }
    await assertNoHandlesSince(before);
    const connector = rig.create();
    await connector.close();
    await connector.close();
    rig.open();
    await rig.connected(recoverMs);
    await stage.arrives(rig, await peer.change(9));
  });
}

/** "Test connection" names the device and every signal, and disturbs nothing. */
export function probes<P extends ContractPeer>(stage: Stage<P>): Promise<void> {
  const { contract, recoverMs } = stage;
  return stage.withRig({}, async (rig, peer) => {
    const before = handles();
    const alone = rig.create();
    const report = await alone.probe(AbortSignal.timeout(recoverMs));
    await alone.close();
    assert.ok(report.device.length > 0, 'the device is named');
    assert.ok(report.roundTripMs >= 0);
    assert.deepEqual(
      report.signals.map((s) => s.path).sort(),
      contract.signals.map((s) => s.path).sort(),
      'an entry for every signal',
    );
    await assertNoHandlesSince(before);
    rig.open();
    await rig.connected(recoverMs);
    await stage.arrives(rig, await peer.change(1));
    await rig.live()!.probe(AbortSignal.timeout(recoverMs));
    await stage.arrives(rig, await peer.change(2));
    assert.equal(rig.sink.gaps, 0, 'probing does not disturb reading');
    assert.equal(rig.state().reconnects, 0);
    await rig.close();
    if (contract.network === false) return;
    await peer.stop();
    const lonely = rig.create();
    await assert.rejects(lonely.probe(AbortSignal.timeout(recoverMs)), CodedError, 'a coded error without a device');
    await lonely.close();
  });
}
