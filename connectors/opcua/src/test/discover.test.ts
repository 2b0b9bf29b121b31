import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Proposal } from '@deungdae/connector-kit/connector.ts';
import { connector as opcua } from '../connector.ts';
import { connectorRig } from './rig.ts';
import { ServerPeer } from './server-peer.ts';

let peer: ServerPeer;
before(async () => {
  peer = await ServerPeer.at({
    nodesets: ['di', 'isa95JobControl', 'machinery', 'machineryJobs', 'ia', 'machineTool', 'packML'],
    machines: true,
    variables: [
      { path: 'Press/Barrel/TempZone1', type: 'Double', unit: 'Cel', initial: 210.5, options: { range: [0, 400] } },
      { path: 'Press/Mode', type: 'UInt32', initial: 1, options: { enumStrings: ['Off', 'Auto'] } },
      { path: 'Press/Count', type: 'UInt32', initial: 12 },
    ],
  });
  await peer.makeCertificate();
  await peer.start();
});
after(() => peer.dispose());

async function discovered(discovery: Record<string, unknown> = {}) {
  const rig = connectorRig(peer, [], { discovery });
  const proposals: Proposal[] = [];
  try {
    const { config, context, abort } = rig;
    for await (const proposal of opcua.discover!({ config, context, abort })) proposals.push(proposal);
  } finally {
    await rig.dispose();
  }
  return { proposals, notices: rig.notices };
}

test('proposes variables with units, enumerations and values, and knows the states of PackML and MachineTool', async () => {
  const { proposals } = await discovered();
  const at = (path: string) => proposals.find((p) => p.devicePath.join('/') === path);
  assert.deepEqual(at('Press/Barrel/TempZone1'), {
    id: 'barrel-temp-zone1',
    name: 'TempZone1',
    kind: 'number',
    unit: 'Cel',
    devicePath: ['Press', 'Barrel', 'TempZone1'],
    address: { node: 'nsu=urn:deungdae:opcua-test;s=Press/Barrel/TempZone1' },
    value: '210.5',
  });
  assert.deepEqual(at('Press/Mode')?.enumeration, { 0: 'Off', 1: 'Auto' });
  assert.equal(at('Press/Mode')?.kind, 'enum');
  assert.equal(at('Press/Count')?.kind, 'integer');
  const roles = new Set(proposals.map((p) => p.role).filter(Boolean));
  assert.ok(roles.has('packmlState'), [...roles].join());
  assert.ok(roles.has('machineToolMode') || roles.has('machineToolProduction'), [...roles].join());
  assert.ok(
    proposals.every((p) => opcua.address.safeParse(p.address).success),
    'every address fits the plant file',
  );
  assert.ok(!proposals.some((p) => p.devicePath[0] === 'Server'));
});

test('stops at its limit and says so; a part of the machine can be browsed alone', async () => {
  const few = await discovered({ maxNodes: 30 });
  assert.equal(few.notices.filter((n) => n.code === 'opcua.discoverLimit').length, 1);
  const part = await discovered({ start: 'nsu=urn:deungdae:opcua-test;s=Press' });
  assert.deepEqual(part.proposals.map((p) => p.name).sort(), ['Count', 'Mode', 'TempZone1']);
});

test('the connector reads the state of a PackML machine by the address that discovery proposed', async () => {
  const { proposals } = await discovered();
  const state = proposals.find((p) => p.role === 'packmlState')!;
  const rig = connectorRig(peer, [{ path: 'state', kind: 'text', address: state.address }]);
  try {
    const report = await rig.connector.probe(rig.abort);
    assert.equal(report.signals[0]?.path, 'state');
    assert.equal(report.signals[0]?.error, undefined);
    await rig.connect();
    while (!rig.last('state')) await new Promise((resolve) => setTimeout(resolve, 10));
  } finally {
    await rig.dispose();
  }
});
