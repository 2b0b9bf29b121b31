import { connectorContract } from '@deungdae/connector-kit/contract-suite.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { freePort } from '@deungdae/testing/free-port.ts';
import { Agent } from './agent/agent.ts';
import { AgentServer } from './agent/agent-server.ts';
import { connector } from './connector.ts';
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

/**
 * Our own agent, its memory kept while it cannot be reached: a switch between has no power. Its clock jumps 100 h at
 * every return, because the suite's own clock passes 72 h in a moment and observations carry the time of the agent.
 */
class AgentPeer {
  readonly port: number;
  #aheadUs = 0;
  readonly #agent = new Agent({
    devicesXml: millDevices,
    clock: { ...systemClock, nowUs: () => systemClock.nowUs() + this.#aheadUs },
    bufferSize: 512,
    instanceId: 7,
  });
  #server: AgentServer | null = null;

  constructor(port: number) {
    this.port = port;
    this.#set(0);
    // The UNAVAILABLE of the agent's own start is long gone from its buffer.
    for (let i = 0; i < 520; i++) this.#agent.observe('mode', i % 2 ? 'MANUAL' : 'AUTOMATIC');
  }

  async start(): Promise<void> {
    this.#server = new AgentServer(this.#agent);
    await this.#server.listen(this.port);
  }

  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = null;
    this.#aheadUs += 360_000_000_000;
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

/** Its lines carry no time, as those of simple adapters do. */
class ShdrPeer extends AdapterPeer {
  async change(round: number) {
    const values = valuesOf(round);
    for (const item of items) this.set(item, '', String(values[item]));
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
