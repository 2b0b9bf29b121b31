import type { SampleValue } from '@deungdae/contracts/sample.ts';
import { until } from '@deungdae/testing/until.ts';
import type { ConnectorContract, ContractPeer } from './contract.ts';
import { assertNoHandlesSince, handles } from './contract-handles.ts';
import { type ContractRig, createRig, type RigOptions } from './contract-rig.ts';

/** Where a test of the contract plays: a fresh peer, a rig, and nothing left behind. */
export interface Stage<P extends ContractPeer> {
  readonly contract: ConnectorContract<P>;
  readonly recoverMs: number;
  readonly detectMs: number;
  /** A peer (started unless told otherwise) and a rig that reaches it at `port`; both gone after the test. */
  withRig(
    options: { started?: boolean; port?: (peer: P) => Promise<number>; rig?: RigOptions },
    body: (rig: ContractRig, peer: P) => Promise<void>,
  ): Promise<void>;
  /** Waits until the newest durable sample of every signal is the given one. */
  arrives(rig: ContractRig, values: Record<string, SampleValue>, ms?: number): Promise<void>;
}

export function createStage<P extends ContractPeer>(contract: ConnectorContract<P>): Stage<P> {
  const recoverMs = contract.recoverMs ?? 15_000;
  return {
    contract,
    recoverMs,
    detectMs: contract.detectMs ?? 5_000,
    async withRig(options, body) {
      const { definition, signals } = contract;
      const before = handles();
      const peer = await contract.peer();
      let rig: ContractRig | null = null;
      try {
        if (options.started !== false) await peer.start();
        const port = options.port ? await options.port(peer) : peer.port;
        rig = createRig({ definition, config: contract.config(port, peer), signals }, options.rig);
        await body(rig, peer);
      } finally {
        await rig?.dispose();
        await peer.stop();
      }
      await assertNoHandlesSince(before);
    },
    arrives: (rig, values, ms = recoverMs) =>
      until(
        () => rig.holds(values),
        'the values of the peer',
        ms,
        () => ({ want: values, ...rig.describe() }),
      ),
  };
}
