import {
  type OpcUaServerOptions,
  type RunningOpcUaServer,
  startOpcUaServer,
  type VariableOptions,
  type VariableType,
} from '../testing/server.ts';
import { addMachines, addStructures } from './server-models.ts';

/**
 * The server of the tests, in a process of its own so that it can be killed. Takes its set-up as JSON in the first
 * argument and orders over IPC.
 */
export interface ServerSetup extends OpcUaServerOptions {
  variables: { path: string; type: VariableType; unit?: string; initial: unknown; options?: VariableOptions }[];
  /** Machines of the PackML and MachineTool companion specifications; their nodesets must be loaded. */
  machines?: boolean;
  /** Structured values of the AutoID specification; its nodeset must be loaded. */
  structures?: boolean;
}

export interface Order {
  id: number;
  op: 'set' | 'stop' | 'add' | 'sessions';
  args: unknown[];
}

const setup = JSON.parse(process.argv[2]!) as ServerSetup;
const running = await startOpcUaServer(setup);
for (const v of setup.variables) running.addVariable(v.path, v.type, v.unit ?? null, v.initial, v.options);
if (setup.machines) await addMachines(running);
if (setup.structures) addStructures(running);
process.on('message', (order: Order) => void obey(running, order));
process.on('disconnect', () => process.exit(0));
process.send!({ endpoint: running.endpoint, port: running.port });

async function obey(server: RunningOpcUaServer, order: Order): Promise<void> {
  let result: unknown = null;
  const { args } = order;
  if (order.op === 'set') server.set(...(args as Parameters<RunningOpcUaServer['set']>));
  else if (order.op === 'add') result = server.addVariable(...(args as Parameters<RunningOpcUaServer['addVariable']>));
  else if (order.op === 'sessions') result = server.server.engine.currentSessionCount;
  else await server.stop();
  process.send?.({ id: order.id, result });
  if (order.op === 'stop') process.exit(0);
}
