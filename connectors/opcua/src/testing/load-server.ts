import { DataType, StatusCodes, Variant } from 'node-opcua';
import { startOpcUaServer } from './server.ts';

/**
 * A server under load, to be forked: N variables that all change H times a second. Its first argument is JSON; it sends
 * `{ endpoint }` when ready and answers `stats` with what it has set so far.
 */
interface Load {
  stateDir: string;
  port: number;
  variables: number;
  hz: number;
}

const load = JSON.parse(process.argv[2]!) as Load;
const intervalMs = 1000 / load.hz;
const running = await startOpcUaServer({
  stateDir: load.stateDir,
  port: load.port,
  namespaceUri: 'urn:deungdae:load',
  allowNone: true,
  minimumSamplingIntervalMs: Math.min(50, intervalMs),
});
const nodes = Array.from({ length: load.variables }, (_, i) => {
  const path = `Load/V${i}`;
  running.addVariable(path, 'Double', null, 0, { nodeId: `i=${1000 + i}` });
  return running.variable(path);
});

let round = 0;
let set = 0;
setInterval(() => {
  round++;
  const now = new Date();
  for (let i = 0; i < nodes.length; i++) {
    const value = new Variant({ dataType: DataType.Double, value: round + i / 1e6 });
    nodes[i]!.setValueFromSource(value, StatusCodes.Good, now);
  }
  set += nodes.length;
}, intervalMs);

process.on('message', () => {
  const cpu = process.cpuUsage();
  process.send!({ set, cpuMs: (cpu.user + cpu.system) / 1000, rssMb: process.memoryUsage().rss / 1e6 });
});
process.on('disconnect', () => process.exit(0));
process.send!({ endpoint: running.endpoint });
