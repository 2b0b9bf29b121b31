import { connectorContract } from '@deungdae/connector-kit/contract-suite.ts';
import { freePort } from '@deungdae/testing/free-port.ts';
import { connector } from './connector.ts';
import { SerialPeer } from './testing/serial-peer.ts';

const path = (name: string) => `hanbit/gimcheon/press/press-01/${name}`;

connectorContract({
  name: 'modbus against modbus-serial',
  definition: connector,
  peer: async () =>
    new SerialPeer(await freePort(), (round, { registers, bits }) => {
      registers.writeUInt16BE(round * 7, 20);
      registers.writeFloatBE(round * 1.5, 24);
      registers.writeInt32BE(-round * 100_000, 80);
      registers.write(`R${round}`.padEnd(8, '\0'), 200, 'latin1');
      bits[3] = round % 2 === 1;
      return {
        [path('strokes')]: round * 7,
        [path('tonnage')]: round * 1.5,
        [path('position')]: -round * 100_000,
        [path('recipe')]: `R${round}`,
        [path('run')]: round % 2 === 1,
      };
    }),
  config: (port) => ({ host: '127.0.0.1', port, interval: '20ms', timeout: '300ms' }),
  signals: [
    { path: path('strokes'), kind: 'integer', address: { address: '40011' } },
    { path: path('tonnage'), kind: 'number', address: { table: 'holding', address: 12, type: 'float32' } },
    { path: path('position'), kind: 'number', address: { table: 'input', address: 40, type: 'int32' } },
    { path: path('recipe'), kind: 'text', address: { table: 'holding', address: 100, type: 'string', length: 4 } },
    { path: path('run'), kind: 'boolean', address: { table: 'coil', address: 3 } },
  ],
});
