import type { ConnectorSource } from '@deungdae/connector-kit/load.ts';
import type { ConnectorSchemas } from '@deungdae/kernel/plant-file.ts';

const types = ['file', 'modbus', 'mqtt', 'mtconnect', 'opcua', 'sparkplug'] as const;

/** Where the workers find each connector's code. The main thread never loads a driver. */
export const connectorSources: ConnectorSource[] = types.map((type) => ({
  type,
  module: import.meta.resolve(`@deungdae/connector-${type}/connector.ts`),
}));

/** The connectors' schemas, from their `config.ts`: enough to check plant files and to draw forms. */
export function connectorSchemas(): Promise<ConnectorSchemas[]> {
  return Promise.all(
    types.map(async (type) => ({ type, ...(await import(`@deungdae/connector-${type}/config.ts`)).schemas })),
  );
}
