import { connectorContract } from '@deungdae/connector-kit/contract-suite.ts';
import { freePort } from '@deungdae/testing/free-port.ts';
import { connectAsync, type MqttClient } from 'mqtt';
import { connector as mqttConnector } from './connector.ts';
import { type MosquittoPeer, noMosquitto, startMosquitto } from './mosquitto-peer.ts';

/** A broker and a device that publishes to it with QoS 1. */
class BrokerPeer {
  readonly port: number;
  #broker: MosquittoPeer | null = null;
  #device: MqttClient | null = null;

  constructor(port: number) {
    this.port = port;
  }

  async start(): Promise<void> {
    this.#broker = await startMosquitto({ port: this.port });
    this.#device = await connectAsync(this.#broker.url, { reconnectPeriod: 0 });
  }

  async stop(): Promise<void> {
    const [device, broker] = [this.#device, this.#broker];
    this.#device = null;
    this.#broker = null;
    await device?.endAsync();
    await broker?.close();
  }

  async change(round: number) {
    await this.#device!.publishAsync('plant/press/temp', String(round), { qos: 1 });
    const body = JSON.stringify({ rpm: round * 1.5, on: round % 2 === 1, job: `A-${round}` });
    await this.#device!.publishAsync('plant/press/data', body, { qos: 1 });
    return { 'p/temp': round, 'p/rpm': round * 1.5, 'p/job': `A-${round}` };
  }
}

// The suite takes 20 s; what differs in 3.1.1 is held by connector.test.ts as well.
for (const version of process.env.DEUNGDAE_ALL_VERSIONS ? ([4, 5] as const) : ([5] as const)) {
  connectorContract<BrokerPeer>({
    name: `mqtt (version ${version})`,
    definition: mqttConnector,
    peer: async () => new BrokerPeer(await freePort()),
    config: (port) => ({ url: `mqtt://127.0.0.1:${port}`, version, keepAliveS: 1 }),
    signals: [
      { path: 'p/temp', kind: 'number', address: { topic: 'plant/press/temp' } },
      { path: 'p/rpm', kind: 'number', address: { topic: 'plant/{machine}/data', field: '/rpm' } },
      { path: 'p/job', kind: 'text', address: { topic: 'plant/+/data', field: 'job' } },
    ],
    everyChange: true,
    redelivers: true,
    ...(noMosquitto ? { skip: noMosquitto } : {}),
  });
}
