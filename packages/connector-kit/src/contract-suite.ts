import { describe, test } from 'node:test';
import type { ConnectorContract, ContractPeer, ContractTest } from './contract.ts';
import { delivers, downstreamFails, downstreamStalls, noFalseAck } from './contract-delivery.ts';
import { closesAtAnyMoment, probes } from './contract-life.ts';
import { absentAtStart, awayFor72Hours, connectOverruns, halfOpenLink, peerRestarts } from './contract-outage.ts';
import { createStage, type Stage } from './contract-stage.ts';

export type { ConnectorContract, ContractPeer, ContractTest } from './contract.ts';

const tests: [ContractTest, <P extends ContractPeer>(stage: Stage<P>) => Promise<void>][] = [
  ['delivers', delivers],
  ['downstream fails', downstreamFails],
  ['downstream stalls', downstreamStalls],
  ['no false ack', noFalseAck],
  ['absent at start', absentAtStart],
  ['away for 72 hours', awayFor72Hours],
  ['half-open link', halfOpenLink],
  ['connect overruns', connectOverruns],
  ['peer restarts', peerRestarts],
  ['closes at any moment', closesAtAnyMoment],
  ['probe', probes],
];

const networkTests: readonly ContractTest[] = [
  'absent at start',
  'away for 72 hours',
  'half-open link',
  'connect overruns',
  'peer restarts',
];

/** Runs every test of the contract on one connector. Call it at the top of a test file. */
export function connectorContract<P extends ContractPeer>(contract: ConnectorContract<P>): void {
  const stage = createStage(contract);
  describe(`connector contract: ${contract.name}`, () => {
    for (const [name, run] of tests) {
      const noNetwork = contract.network === false && networkTests.includes(name);
      const reason =
        contract.skip ?? contract.waive?.[name] ?? (noNetwork ? 'there is no network to break' : undefined);
      test(name, reason ? { skip: reason } : { timeout: 60_000 }, () => run(stage));
    }
  });
}
