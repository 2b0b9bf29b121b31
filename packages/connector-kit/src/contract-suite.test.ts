import { freePort } from '@deungdae/testing/free-port.ts';
import { connectorContract } from './contract-suite.ts';
import { connector } from './example/line-connector.ts';
import { LineDevice } from './example/line-device.ts';

const names = ['a', 'b', 'c'];

connectorContract({
  name: 'line example',
  definition: connector,
  peer: async () => new LineDevice(await freePort(), names),
  config: (port) => ({ host: '127.0.0.1', port, silenceMs: 400 }),
  signals: names.map((name) => ({ path: `plant/line/machine/${name}`, kind: 'number', address: { name } })),
  everyChange: true,
  redelivers: true,
});
