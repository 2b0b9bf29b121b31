import { existsSync } from 'node:fs';
import { createServer, isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import {
  coerceNodeId,
  DataType,
  type DataTypeIds,
  type IAddressSpace,
  MessageSecurityMode,
  MonitoredItem,
  type Namespace,
  nodesets,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  type UAObject,
  type UAVariable,
  Variant,
  VariantArrayType,
} from 'node-opcua';
import { convertPEMtoDER } from 'node-opcua-crypto';
import { writeCertificate } from '../own-certificate.ts';
import { euInformationOf } from '../units.ts';

export interface OpcUaServerOptions {
  /** A free one when left out. */
  port?: number;
  host?: string;
  /** Folder for the server's keys; kept between starts, it keeps the certificate. */
  stateDir: string;
  /** Namespace of the variables. */
  namespaceUri?: string;
  /** Also offer an endpoint without security. The encrypted ones are always there. */
  allowNone?: boolean;
  /** User name → password. Without any, sessions are anonymous. */
  users?: Readonly<Record<string, string>>;
  allowAnonymous?: boolean;
  /** Certificates of users, PEM, that may log in by them; no other is accepted. */
  userCertificates?: readonly string[];
  /** Further nodesets by name in the library's catalogue, after the standard one: `di`, `packML`, `machineTool` … */
  nodesets?: readonly (keyof typeof nodesets)[];
  /** Namespaces registered before ours, so that its index moves. */
  namespacesBefore?: readonly string[];
  /** The library holds sampling at 50 ms or slower unless this is lower. */
  minimumSamplingIntervalMs?: number;
  /** An item with sampling interval 0 is told every change as it is set; without this the server folds changes of 100 ms. */
  everyChange?: boolean;
  maxSessions?: number;
  /** Names in a new certificate, where they should not be those of this host; its days of validity. */
  certificate?: { host?: string; validFromMs?: number; validDays?: number };
}

/** Built-in types by the short names used here. */
export type VariableType = Exclude<keyof typeof DataType, 'Null' | 'Variant' | 'DiagnosticInfo' | 'DataValue'>;

export interface VariableOptions {
  /** Node id after the namespace; `s=<path>` when left out. */
  nodeId?: string;
  /** Values as an array of the type. */
  array?: boolean;
  /** Low and high end of the range. */
  range?: readonly [number, number];
  /** Texts of the values 0, 1, 2 …; makes a multi-state variable. */
  enumStrings?: readonly string[];
  minimumSamplingIntervalMs?: number;
}

export interface RunningOpcUaServer {
  readonly endpoint: string;
  readonly port: number;
  readonly namespaceUri: string;
  readonly server: OPCUAServer;
  readonly addressSpace: IAddressSpace;
  readonly namespace: Namespace;
  /** Adds a variable under Objects; folders of the path are made. Returns the node for the plant file: `nsu=…;s=…`. */
  addVariable(
    path: string,
    type: VariableType,
    unit: string | null,
    initial: unknown,
    options?: VariableOptions,
  ): string;
  /** Sets a value. `timeUs` is the source time (now when left out); `status` any name of a status code. */
  set(path: string, value: unknown, timeUs?: number, status?: string): void;
  variable(path: string): UAVariable;
  stop(): Promise<void>;
}

/** A real OPC UA server for tests and for the demo plant. */
export async function startOpcUaServer(options: OpcUaServerOptions): Promise<RunningOpcUaServer> {
  const host = options.host ?? '127.0.0.1';
  const port = options.port || (await freePort(host));
  if (options.minimumSamplingIntervalMs !== undefined)
    (MonitoredItem as { minimumSamplingInterval: number }).minimumSamplingInterval = options.minimumSamplingIntervalMs;
  const server = await createOpcUaServer(options, host, port);
  const addressSpace = server.engine.addressSpace!;
  for (const uri of options.namespacesBefore ?? []) addressSpace.registerNamespace(uri);
  const namespaceUri = options.namespaceUri ?? 'urn:deungdae:opcua-server';
  const namespace = addressSpace.registerNamespace(namespaceUri);
  await server.start();
  const variables = new Map<string, { node: UAVariable; type: DataType; array: boolean }>();
  const known = (path: string) => {
    const entry = variables.get(path);
    if (!entry) throw new RangeError(`no variable ${path}`);
    return entry;
  };
  return {
    endpoint: `opc.tcp://${host}:${port}`,
    port,
    namespaceUri,
    server,
    addressSpace,
    namespace,
    addVariable(path, type, unit, initial, extra = {}) {
      const dataType = DataType[type];
      const array = extra.array ?? false;
      const node = makeVariable(namespace, path, dataType, unit, initial, array, extra);
      variables.set(path, { node, type: dataType, array });
      return `nsu=${namespaceUri};${node.nodeId.toString().replace(/^ns=\d+;/, '')}`;
    },
    set(path, value, timeUs, status) {
      const { node, type, array } = known(path);
      const code = status === undefined ? StatusCodes.Good : StatusCodes[status as keyof typeof StatusCodes];
      const time = timeUs === undefined ? new Date() : new Date(timeUs / 1000);
      node.setValueFromSource(variantOf(type, value, array), code as typeof StatusCodes.Good, time);
    },
    variable: (path) => known(path).node,
    async stop() {
      await server.shutdown(0);
      server.dispose();
    },
  };
}

async function createOpcUaServer(options: OpcUaServerOptions, host: string, port: number): Promise<OPCUAServer> {
  const own = new OPCUACertificateManager({
    rootFolder: join(options.stateDir, 'server-pki'),
    automaticallyAcceptUnknownCertificate: true,
  });
  const userOwn = new OPCUACertificateManager({ rootFolder: join(options.stateDir, 'user-pki') });
  await userOwn.initialize();
  for (const pem of options.userCertificates ?? []) await userOwn.trustCertificate(convertPEMtoDER(pem));
  const { users } = options;
  const folder = join(options.stateDir, 'server-pki', 'certificate');
  const applicationUri = `urn:${hostname()}:deungdae-server`;
  if (!existsSync(join(folder, 'certificate.pem'))) {
    const named = options.certificate?.host ?? host;
    const names = isIP(named) ? { dns: [hostname()], ip: [named] } : { dns: [named] };
    const { validFromMs, validDays } = options.certificate ?? {};
    const dates = {
      ...(validFromMs === undefined ? {} : { validFromMs }),
      ...(validDays === undefined ? {} : { validDays }),
    };
    await writeCertificate(folder, { name: 'Deungdae OPC UA server', applicationUri, ...names, ...dates }, Date.now());
  }
  const encrypted = [MessageSecurityMode.SignAndEncrypt, MessageSecurityMode.Sign];
  const securePolicies = [
    SecurityPolicy.Basic256Sha256,
    SecurityPolicy.Aes128_Sha256_RsaOaep,
    SecurityPolicy.Aes256_Sha256_RsaPss,
  ];
  const server = new OPCUAServer({
    port,
    host,
    hostname: host,
    nodeset_filename: ['standard' as const, ...(options.nodesets ?? [])].map((name) => nodesets[name]),
    serverCertificateManager: own,
    serverInfo: { applicationUri, applicationName: { text: 'Deungdae OPC UA server' }, productUri: 'urn:deungdae' },
    certificateFile: join(folder, 'certificate.pem'),
    privateKeyFile: join(folder, 'private-key.pem'),
    userCertificateManager: userOwn,
    securityModes: options.allowNone ? [MessageSecurityMode.None, ...encrypted] : encrypted,
    securityPolicies: options.allowNone ? [SecurityPolicy.None, ...securePolicies] : securePolicies,
    allowAnonymous: options.allowAnonymous ?? !users,
    userManager: { isValidUser: (name: string, password: string) => users?.[name] === password },
    serverCapabilities: {
      maxSessions: options.maxSessions ?? 20,
      maxMonitoredItemsPerCall: 10_000,
      ...(options.everyChange ? { minSupportedSampleRate: 0 } : {}),
    },
    maxConnectionsPerEndpoint: 40,
    buildInfo: { productName: 'Deungdae OPC UA server', manufacturerName: 'Deungdae', softwareVersion: '0.1.0' },
    skipOwnNamespace: true,
  } as ConstructorParameters<typeof OPCUAServer>[0]);
  await server.initialize();
  return server;
}

function makeVariable(
  namespace: Namespace,
  path: string,
  dataType: DataType,
  unit: string | null,
  initial: unknown,
  array: boolean,
  extra: VariableOptions,
): UAVariable {
  const names = path.split('/');
  const parent = folderOf(namespace, names.slice(0, -1));
  const value = variantOf(dataType, initial, array);
  const base = {
    organizedBy: parent,
    browseName: names.at(-1)!,
    nodeId: extra.nodeId ?? `s=${path}`,
    dataType: DataType[dataType] as keyof typeof DataTypeIds,
    valueRank: array ? 1 : -1,
    minimumSamplingInterval: extra.minimumSamplingIntervalMs ?? 0,
    value,
  };
  if (extra.enumStrings)
    return namespace.addMultiStateDiscrete({
      ...base,
      dataType: 'UInt32',
      enumStrings: [...extra.enumStrings],
      value: Number(initial),
    } as unknown as Parameters<Namespace['addMultiStateDiscrete']>[0]) as unknown as UAVariable;
  const numeric = dataType >= DataType.SByte && dataType <= DataType.Double;
  if (numeric && (unit !== null || extra.range)) {
    const [low, high] = extra.range ?? [-1e9, 1e9];
    const units = unit === null ? {} : { engineeringUnits: euInformationOf(unit) };
    return namespace.addAnalogDataItem({
      ...base,
      engineeringUnitsRange: { low, high },
      ...units,
    } as Parameters<Namespace['addAnalogDataItem']>[0]) as unknown as UAVariable;
  }
  return namespace.addVariable(base as Parameters<Namespace['addVariable']>[0]);
}

function folderOf(namespace: Namespace, names: readonly string[]): UAObject {
  let parent = namespace.addressSpace.rootFolder.objects as unknown as UAObject;
  names.forEach((name, i) => {
    const nodeId = `s=${names.slice(0, i + 1).join('/')}`;
    const found = namespace.addressSpace.findNode(coerceNodeId(`ns=${namespace.index};${nodeId}`)) as UAObject | null;
    parent =
      found ?? namespace.addObject({ organizedBy: parent, browseName: name, nodeId, typeDefinition: 'FolderType' });
  });
  return parent;
}

function variantOf(dataType: DataType, value: unknown, array: boolean): Variant {
  const arrayType = array ? VariantArrayType.Array : VariantArrayType.Scalar;
  const dated = dataType === DataType.DateTime && typeof value === 'string' ? new Date(value) : value;
  return new Variant({ dataType, arrayType, value: dated });
}

export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
