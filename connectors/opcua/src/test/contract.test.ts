import { rmSync } from 'node:fs';
import { after } from 'node:test';
import { connectorContract } from '@deungdae/connector-kit/contract-suite.ts';
import { freePort } from '@deungdae/testing/free-port.ts';
import { connector as opcua } from '../connector.ts';
import { ServerPeer } from './server-peer.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Encrypted, with a user: the way a plant runs it. */
class ContractServer extends ServerPeer {
  async change(round: number) {
    await this.set('Speed', round * 1.5);
    await this.set('Count', round);
    await this.set('Program', `O${1000 + round}`);
    return { speed: round * 1.5, count: round, program: `O${1000 + round}` };
  }
}

const variables = [
  { path: 'Speed', type: 'Double' as const, unit: 'mm/s', initial: 0 },
  { path: 'Count', type: 'UInt32' as const, initial: 0 },
  { path: 'Program', type: 'String' as const, initial: 'O1000' },
];

connectorContract<ContractServer>({
  name: 'opcua',
  definition: opcua,
  async peer() {
    const peer = new ContractServer({ users: { deungdae: 'secret' }, variables });
    peer.port = await freePort();
    await peer.makeCertificate();
    folders.push(peer.stateDir);
    return peer;
  },
  config: (port, peer) => ({
    endpoint: `opc.tcp://127.0.0.1:${port}`,
    security: { trust: [peer.thumbprint] },
    user: { name: 'deungdae', password: 'secret' },
    samplingIntervalMs: 20,
    publishingIntervalMs: 50,
    heartbeatMs: 500,
    connectTimeoutMs: 1000,
    resumeMs: 1000,
  }),
  // Each attempt is a real connect; this many keep the test short.
  awayAttempts: 1500,
  // Under simulated time a late attempt waits for its back-off; a busy machine needs more than one.
  recoverMs: 25_000,
  signals: [
    { path: 'speed', kind: 'number', address: { node: 'nsu=urn:deungdae:opcua-test;s=Speed' } },
    { path: 'count', kind: 'integer', address: { node: 'nsu=urn:deungdae:opcua-test;s=Count' } },
    { path: 'program', kind: 'text', address: { node: 'nsu=urn:deungdae:opcua-test;s=Program' } },
  ],
});
