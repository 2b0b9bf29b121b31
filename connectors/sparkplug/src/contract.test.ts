import { connectorContract } from '@deungdae/connector-kit/contract-suite.ts';
import { type MosquittoPeer, noMosquitto, startMosquitto } from '@deungdae/connector-mqtt/mosquitto-peer.ts';
import { freePort } from '@deungdae/testing/free-port.ts';
import { connector as sparkplugConnector } from './connector.ts';
import { DataType } from './datatypes.ts';
import { createEdgeNode, type EdgeNodeClient } from './edge.ts';

/** A broker and an edge node with one device. */
class GroupPeer {
  readonly port: number;
  #broker: MosquittoPeer | null = null;
  #edge: EdgeNodeClient | null = null;

  constructor(port: number) {
    this.port = port;
  }

  async start(): Promise<void> {
    this.#broker = await startMosquitto({ port: this.port });
    this.#edge = createEdgeNode({
      url: this.#broker.url,
      group: 'hanbit',
      node: 'press-shop',
      metrics: [{ name: 'Load', datatype: DataType.Double, value: 0 }],
      devices: {
        press: [
          { name: 'Temp', datatype: DataType.Float, value: 0 },
          { name: 'Job', datatype: DataType.String, value: '' },
        ],
      },
    });
    await this.#edge.ready();
  }

  async stop(): Promise<void> {
    const [edge, broker] = [this.#edge, this.#broker];
    this.#edge = null;
    this.#broker = null;
    // The power goes for both at once: no death is told.
    await broker?.kill();
    await broker?.close();
    await edge?.close();
  }

  async change(round: number) {
    this.#edge!.publish(null, [{ name: 'Load', value: round }]);
    this.#edge!.publish('press', [
      { name: 'Temp', value: round * 1.5 },
      { name: 'Job', value: `A-${round}` },
    ]);
    return { 'p/load': round, 'p/temp': round * 1.5, 'p/job': `A-${round}` };
  }
}

const address = { group: 'hanbit', node: 'press-shop' };

connectorContract<GroupPeer>({
  name: 'sparkplug',
  definition: sparkplugConnector,
  peer: async () => new GroupPeer(await freePort()),
  config: (port) => ({
    url: `mqtt://127.0.0.1:${port}`,
    keepAliveS: 1,
    reorderTimeoutMs: 200,
    rebirth: { waitMs: 50, minMs: 100, maxMs: 1_000 },
  }),
  signals: [
    { path: 'p/load', kind: 'number', address: { ...address, metric: 'Load' } },
    { path: 'p/temp', kind: 'number', address: { ...address, device: 'press', metric: 'Temp' } },
    { path: 'p/job', kind: 'text', address: { ...address, device: 'press', metric: 'Job' } },
  ],
  everyChange: true,
  ...(noMosquitto ? { skip: noMosquitto } : {}),
});
