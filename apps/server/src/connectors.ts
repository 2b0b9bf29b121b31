import { FileAddress, FileConfig } from '@deungdae/connector-file/config.ts';
import type { ConnectorSource } from '@deungdae/connector-kit/load.ts';
import { ModbusAddress, ModbusConfig } from '@deungdae/connector-modbus/config.ts';
import { MqttAddress, MqttConfig } from '@deungdae/connector-mqtt/config.ts';
import { MtconnectAddress, MtconnectConfig } from '@deungdae/connector-mtconnect/config.ts';
import { OpcUaAddress, OpcUaConfig } from '@deungdae/connector-opcua/config.ts';
import { SparkplugAddress, SparkplugConfig } from '@deungdae/connector-sparkplug/config.ts';
import type { ConnectorSchemas } from '@deungdae/kernel/plant-file.ts';

/** The connectors' schemas: enough to check plant files and to draw forms. The drivers are loaded by the workers only. */
export const connectorSchemas: readonly ConnectorSchemas[] = [
  { type: 'file', config: FileConfig, address: FileAddress },
  { type: 'modbus', config: ModbusConfig, address: ModbusAddress },
  { type: 'mqtt', config: MqttConfig, address: MqttAddress },
  { type: 'mtconnect', config: MtconnectConfig, address: MtconnectAddress },
  { type: 'opcua', config: OpcUaConfig, address: OpcUaAddress },
  { type: 'sparkplug', config: SparkplugConfig, address: SparkplugAddress },
];

/** Where the workers find each connector's code. */
export const connectorSources: readonly ConnectorSource[] = connectorSchemas.map(({ type }) => ({
  type,
  module: import.meta.resolve(`@deungdae/connector-${type}/connector.ts`),
}));
