import { defineConnector } from '@deungdae/connector-kit/connector.ts';
import { OpcUaAddress, OpcUaConfig } from './config.ts';
import { discover } from './discover.ts';
import { OpcUaConnector } from './opcua-connector.ts';

/** OPC UA client (IEC 62541): subscriptions over an encrypted session, read-only. */
export const connector = defineConnector<OpcUaConfig, OpcUaAddress>({
  type: 'opcua',
  config: OpcUaConfig,
  address: OpcUaAddress,
  create: (options) => new OpcUaConnector(options),
  discover,
});
