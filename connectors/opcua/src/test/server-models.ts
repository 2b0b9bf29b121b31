import type { RunningOpcUaServer } from '../testing/server.ts';

/** Instances of the companion specifications, as a machine builder would make them. */
export async function addMachines(server: RunningOpcUaServer): Promise<void> {
  const { addressSpace, namespace } = server;
  const objects = addressSpace.rootFolder.objects;
  const packml = addressSpace.getNamespaceIndex('http://opcfoundation.org/UA/PackML/');
  const packUnit = addressSpace.findObjectType('PackMLBaseObjectType', packml)!;
  packUnit.instantiate({ browseName: { name: 'Packer', namespaceIndex: namespace.index }, organizedBy: objects });
  const machineTool = addressSpace.getNamespaceIndex('http://opcfoundation.org/UA/MachineTool/');
  const toolType = addressSpace.findObjectType('MachineToolType', machineTool)!;
  toolType.instantiate({ browseName: { name: 'Mill', namespaceIndex: namespace.index }, organizedBy: objects });
}

/** A variable whose value is a structure that the client does not know before it reads the server's data types. */
export function addStructures(server: RunningOpcUaServer): void {
  const { addressSpace, namespace } = server;
  const autoId = addressSpace.getNamespaceIndex('http://opcfoundation.org/UA/AutoID/');
  const dataType = addressSpace.findDataType('LocalCoordinate', autoId)!;
  const value = addressSpace.constructExtensionObject(dataType, {
    x: 1.5,
    y: 2.5,
    z: 3.5,
    timestamp: new Date('2026-01-02T03:04:05.678Z'),
    dilutionOfPrecision: 0.25,
    usefulPrecision: 2,
  });
  const base = { organizedBy: addressSpace.rootFolder.objects, dataType: dataType.nodeId };
  namespace.addVariable({
    ...base,
    browseName: 'Place',
    nodeId: 's=Place',
    value: { dataType: 'ExtensionObject', value },
  });
  namespace.addVariable({
    ...base,
    browseName: 'Places',
    nodeId: 's=Places',
    valueRank: 1,
    value: { dataType: 'ExtensionObject', arrayType: 'Array', value: [value, value] },
  });
}
