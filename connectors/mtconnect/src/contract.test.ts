import { connectorContract } from '@deungdae/connector-kit/contract-suite.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { freePort } from '@deungdae/testing/free-port.ts';
import { Agent } from './agent/agent.ts';
import { AgentServer } from './agent/agent-server.ts';
import { connector } from './connector.ts';
import { formatTimeUs } from './shdr-time.ts';
import { AdapterPeer } from './test-peers/adapter-peer.ts';
import { millDevices } from './test-peers/mill.ts';

const items = ['Xpos', 'program', 'parts'];
const pathOf = (item: string) => `plant/mill/${item.toLowerCase()}`;
const valuesOf = (round: number): Record<string, string | number> => ({
  Xpos: round * 1.25,
  program: `P${round}.NC`,
  parts: round,
});
const signals = items.map((item) => ({
  path: pathOf(item),
  kind: item === 'program' ? ('text' as const) : ('number' as const),
  address: { dataItem: item },
}));

/** Our own agent, its memory kept while it is switched off: an agent behind a switch that loses its power. */
class AgentPeer {
  readonly port: number;
  readonly #agent = new Agent({ devicesXml: millDevices, clock: systemClock, bufferSize: 1024, instanceId: 7 });
  #server: AgentServer | null = null;

  constructor(port: number) {
    this.port = port;
    this.#set(0);
  }

  async start(): Promise<void> {
    this.#server = new AgentServer(this.#agent);
    await this.#server.listen(this.port);
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
  }

  async change(round: number) {
    return this.#set(round);
  }

  #set(round: number) {
    const values = valuesOf(round);
    for (const item of items) this.#agent.observe(item, values[item]!);
    return Object.fromEntries(items.map((item) => [pathOf(item), values[item]!]));
  }
}

connectorContract<AgentPeer>({
  name: 'mtconnect agent',
  definition: connector,
  peer: async () => new AgentPeer(await freePort()),
  config: (port) => ({ agent: `http://127.0.0.1:${port}`, intervalMs: 10, heartbeatMs: 400 }),
  signals,
  everyChange: true,
  redelivers: true,
});

class ShdrPeer extends AdapterPeer {
  async change(round: number) {
    const values = valuesOf(round);
    for (const item of items) this.set(item, formatTimeUs(systemClock.nowUs()), String(values[item]));
    return Object.fromEntries(items.map((item) => [pathOf(item), values[item]!]));
  }
}

connectorContract<ShdrPeer>({
  name: 'mtconnect adapter',
  definition: connector,
  peer: async () => new ShdrPeer(await freePort()),
  config: (port) => ({ adapter: `127.0.0.1:${port}`, heartbeatMs: 400 }),
  signals,
  everyChange: true,
});
