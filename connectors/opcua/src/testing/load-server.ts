import { DataType, StatusCodes } from 'node-opcua';
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
  everyChange: true,
});
const nodes = Array.from({ length: load.variables }, (_, i) => {
  const path = `Load/V${i}`;
  running.addVariable(path, 'Double', null, 0, { nodeId: `i=${1000 + i}` });
  return running.variable(path);
});

/**
 * Each variable takes a new value at each round; a round is set in ten parts, as by a server that scans its devices in
 * turn. A part that is late is set at the next tick, and none twice: what cannot be kept up with shows as a lower `set`.
 */
const parts = 10;
const size = Math.ceil(nodes.length / parts);
let set = 0;
let part = 0;
const started = performance.now();
setInterval(() => {
  const due = Math.floor((performance.now() - started) / (intervalMs / parts));
  part = Math.max(part, due - parts);
  for (; part < due; part++) setPart(part % parts, Math.floor(part / parts));
}, intervalMs / parts);

function setPart(index: number, round: number): void {
  const now = new Date();
  for (let i = index * size; i < Math.min((index + 1) * size, nodes.length); i++) {
    nodes[i]!.setValueFromSource({ dataType: DataType.Double, value: round + i / 1e6 }, StatusCodes.Good, now);
    set++;
  }
}

process.on('message', () => {
  const cpu = process.cpuUsage();
  process.send!({ set, cpuMs: (cpu.user + cpu.system) / 1000, rssMb: process.memoryUsage().rss / 1e6 });
});
process.on('disconnect', () => process.exit(0));
process.send!({ endpoint: running.endpoint });
