import { DataType, DataValue, StatusCodes } from 'node-opcua';
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

/** All variables take a new value at each round; the server asks for it when a monitored item is due. */
let round = 0;
let now = new Date();
nodes.forEach((node, i) => {
  const value = () =>
    new DataValue({
      value: { dataType: DataType.Double, value: round + i / 1e6 },
      statusCode: StatusCodes.Good,
      sourceTimestamp: now,
      serverTimestamp: now,
    });
  node.bindVariable({ timestamped_get: value }, true);
});
let set = 0;
setInterval(() => {
  round++;
  now = new Date();
  set += nodes.length;
}, intervalMs);

process.on('message', () => {
  const cpu = process.cpuUsage();
  process.send!({ set, cpuMs: (cpu.user + cpu.system) / 1000, rssMb: process.memoryUsage().rss / 1e6 });
});
process.on('disconnect', () => process.exit(0));
process.send!({ endpoint: running.endpoint });
