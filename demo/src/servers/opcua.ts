import { X509Certificate } from 'node:crypto';
import {
  type RunningOpcUaServer,
  startOpcUaServer,
  type VariableType,
} from '@deungdae/connector-opcua/testing/server.ts';
import type { Change } from '../simulation/signals.ts';

const variables: Record<string, [VariableType, string | null]> = {
  state: ['String', null],
  mode: ['String', null],
  product: ['String', null],
  'fault-code': ['String', null],
  'fault-text': ['String', null],
  'shot-count': ['UInt32', null],
  'good-count': ['UInt32', null],
  'scrap-count': ['UInt32', null],
  'cycle-time': ['Double', 's'],
  'injection-pressure-max': ['Double', 'bar'],
  cushion: ['Double', 'mm'],
  'fill-time': ['Double', 's'],
  'part-weight': ['Double', 'g'],
  'barrel-temp-1': ['Double', 'Cel'],
  'barrel-temp-2': ['Double', 'Cel'],
  'barrel-temp-3': ['Double', 'Cel'],
  'mould-temp': ['Double', 'Cel'],
  'oil-temp': ['Double', 'Cel'],
  power: ['Double', 'kW'],
  energy: ['Double', 'kW.h'],
};

export const opcUaNamespace = 'urn:hanbit:moulding';

/** The moulding hall's OPC UA server: six machines, encrypted, PackML states by name. */
export async function startMouldingServer(options: {
  port: number;
  stateDir: string;
  machines: readonly string[];
}): Promise<{ server: RunningOpcUaServer /** PEM */; certificate: string; onChange: (change: Change) => void }> {
  const server = await startOpcUaServer({
    port: options.port,
    stateDir: options.stateDir,
    namespaceUri: opcUaNamespace,
    allowAnonymous: true,
    minimumSamplingIntervalMs: 20,
  });
  for (const machine of options.machines) {
    for (const [signal, [type, unit]] of Object.entries(variables)) {
      const path = `${machine}/${signal}`;
      const empty = type === 'String' ? '' : 0;
      server.addVariable(path, type, unit, empty);
      // Until the first cycle there is nothing to say; a zero would be a lie.
      server.set(path, empty, undefined, 'BadWaitingForInitialData');
    }
  }
  return {
    server,
    certificate: new X509Certificate(server.server.getCertificate()).toString(),
    onChange: ({ machine, signal, value, atMs }) => {
      if (options.machines.includes(machine) && signal in variables)
        server.set(`${machine}/${signal}`, value, atMs * 1000);
    },
  };
}
