import type { ConnectorDefinition } from '@deungdae/connector-kit/connector.ts';

/** Every connector of this build: its type in the plant file, and the module that workers load. */
export const connectorModules: Record<string, string> = Object.fromEntries(
  ['file', 'modbus', 'mqtt', 'mtconnect', 'opcua', 'sparkplug'].map((type) => [type, import.meta.resolve(`@deungdae/connector-${type}/connector.ts`)]),
);

/**
 * The connectors' schemas, for checking plant files and for the forms. Only `schema.ts` is loaded here: the drivers
 * themselves are loaded by the workers that run them.
 */
export async function connectorSchemas(): Promise<Pick<ConnectorDefinition, 'type' | 'config' | 'address'>[]> {
  return Promise.all(Object.values(connectorModules).map(async (url) => (await import(url)).connector as ConnectorDefinition));
}
