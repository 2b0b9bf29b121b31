import type { ConnectorContext, Proposal } from '@deungdae/connector-kit/connector.ts';
import { BatchBuilder, sampleAt } from '@deungdae/contracts/sample.ts';
import type { ClientSession, DataValue, NodeId } from 'node-opcua-client';
import { browseChildren, type Found } from './browser.ts';
import type { OpcUaConfig } from './config.ts';
import { DataTypes, enumerationFrom } from './data-types.ts';
import { opcuaError } from './errors.ts';
import { parseNodeAddress, portableNode, resolveNode } from './node-address.ts';
import { addValue } from './sample-value.ts';
import { readServerLimits, type ServerLimits } from './server-limits.ts';
import { openSession } from './session.ts';
import { ucumOf } from './units.ts';

/**
 * Browses down from the start, level by level, and proposes each variable it meets. Bounded by nodes, depth and time;
 * where it stops early it says so. Reads only.
 */
export async function* discover(options: {
  config: OpcUaConfig;
  context: ConnectorContext;
  abort: AbortSignal;
}): AsyncGenerator<Proposal> {
  const { config, context, abort } = options;
  const { start, maxNodes, maxSeconds, maxDepth } = config.discovery;
  const open = await openSession(config, context, abort);
  try {
    const { session } = open;
    const namespaces = await session.readNamespaceArray();
    const limits = await readServerLimits(session, config.maxItemsPerCall);
    const types = new DataTypes(session);
    const address = parseNodeAddress(start);
    const root = address && resolveNode(address, namespaces);
    if (!root) throw opcuaError('opcua.badAddress', { signal: 'discovery.start', node: start });
    const seen = new Set<string>([root.toString()]);
    const endMs = context.clock.monotonicMs() + maxSeconds * 1000;
    let level: Found[] = [rootOf(root)];
    for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
      const below = await browseChildren(session, level, limits.nodesPerBrowse, abort);
      yield* proposalsOf(session, level, namespaces, types, limits);
      // A node may hang at several places; the first way to it is the shortest.
      level = below.filter((n) => !n.isProperty && !seen.has(n.nodeId.toString()) && seen.add(n.nodeId.toString()));
      if (seen.size >= maxNodes || context.clock.monotonicMs() > endMs) {
        const limit = seen.size >= maxNodes ? `${maxNodes} nodes` : `${maxSeconds} s`;
        context.notice({ code: 'opcua.discoverLimit', params: { nodes: seen.size, limit } });
        return;
      }
    }
  } finally {
    await open.close();
  }
}

function rootOf(nodeId: NodeId): Found {
  return { nodeId, path: [], isVariable: false, typeDefinition: null, isProperty: false, parent: null, children: [] };
}

async function* proposalsOf(
  session: ClientSession,
  level: readonly Found[],
  namespaces: readonly string[],
  types: DataTypes,
  limits: ServerLimits,
): AsyncGenerator<Proposal> {
  const variables = level.filter((n) => n.isVariable);
  const perCall = Math.max(1, Math.floor(limits.nodesPerRead / 8));
  for (let i = 0; i < variables.length; i += perCall) {
    const part = variables.slice(i, i + perCall);
    const details = await readDetails(session, part);
    for (const [k, node] of part.entries()) yield await proposalOf(node, details[k]!, namespaces, types);
  }
}

interface Details {
  value: DataValue;
  dataType: NodeId | null;
  isArray: boolean;
  properties: Map<string, unknown>;
}

const told = ['EngineeringUnits', 'EnumStrings', 'EnumValues'];

/** Value, data type, rank and the telling properties of many variables in one call. */
async function readDetails(session: ClientSession, variables: readonly Found[]): Promise<Details[]> {
  const wanted: { nodeId: NodeId; attributeId: number }[] = [];
  const properties = variables.map((v) => v.children.filter((c) => c.isProperty && told.includes(nameOf(c))));
  for (const [i, v] of variables.entries()) {
    for (const attributeId of [13, 14, 15]) wanted.push({ nodeId: v.nodeId, attributeId });
    for (const p of properties[i]!) wanted.push({ nodeId: p.nodeId, attributeId: 13 });
  }
  const answers = await session.read(wanted, 0);
  let at = 0;
  return properties.map((list) => {
    const [value, dataType, rank] = answers.slice(at, at + 3) as [DataValue, DataValue, DataValue];
    at += 3;
    const found = new Map<string, unknown>(list.map((p) => [nameOf(p), answers[at++]?.value?.value]));
    const isArray = typeof rank.value?.value === 'number' && rank.value.value >= 0;
    return { value, dataType: (dataType.value?.value as NodeId | null) ?? null, isArray, properties: found };
  });
}

async function proposalOf(
  node: Found,
  details: Details,
  namespaces: readonly string[],
  types: DataTypes,
): Promise<Proposal> {
  const fromNode = enumerationFrom(details.properties.get('EnumStrings') ?? details.properties.get('EnumValues'));
  const byType = details.dataType ? await types.kindOf(details.dataType, details.isArray) : 'text';
  const kind = fromNode && !details.isArray ? 'enum' : byType;
  const enumeration =
    fromNode ?? (kind === 'enum' && details.dataType ? await types.enumerationOf(details.dataType) : undefined);
  const eu = details.properties.get('EngineeringUnits') as
    | { unitId?: number; displayName?: { text?: string } }
    | undefined;
  const unit = ucumOf(eu?.unitId, eu?.displayName?.text);
  const role = await roleOf(node, details.dataType, namespaces, types);
  const names = node.path.map((p) => p.name);
  const value = valueText(details.value, kind);
  return {
    id: idOf(names),
    name: names.at(-1) ?? '',
    kind,
    ...(unit === undefined ? {} : { unit }),
    devicePath: names,
    address: { node: portableNode(node.nodeId, namespaces) },
    ...(value === undefined ? {} : { value }),
    ...(enumeration === undefined ? {} : { enumeration }),
    ...(role === undefined ? {} : { role }),
  };
}

const packml = 'http://opcfoundation.org/UA/PackML/';
const machinery = 'http://opcfoundation.org/UA/Machinery/';
const machineTool = 'http://opcfoundation.org/UA/MachineTool/';

/** The meaning of a state variable, by the type of the state machine it stands in, or by its own data type. */
async function roleOf(
  node: Found,
  dataType: NodeId | null,
  namespaces: readonly string[],
  types: DataTypes,
): Promise<string | undefined> {
  const machine = node.parent?.typeDefinition;
  if (nameOf(node) === 'CurrentState' && machine && machine.namespace > 0) {
    const uri = namespaces[machine.namespace];
    const name = await types.nameOf(machine);
    if (uri === packml) return name === 'PackMLMachineStateMachineType' ? 'packmlState' : 'packmlSubState';
    if (uri === machinery && name.startsWith('MachineryItemState')) return 'machineryState';
    if (uri === machinery && name.startsWith('MachineryOperationMode')) return 'machineryMode';
    if (uri === machineTool) return 'machineToolProduction';
  }
  if (dataType && dataType.namespace > 0 && namespaces[dataType.namespace] === machineTool) {
    const name = await types.nameOf(dataType);
    if (name === 'ChannelState') return 'machineToolChannelState';
    if (name === 'ChannelMode' || name === 'MachineOperationMode') return 'machineToolMode';
  }
  return undefined;
}

function nameOf(node: Found): string {
  return node.path.at(-1)?.name ?? '';
}

/** Lower-case letters, digits and hyphens from the last two names of the path. */
export function idOf(names: readonly string[]): string {
  const text = names
    .slice(-2)
    .join('-')
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return text || 'signal';
}

function valueText(data: DataValue, kind: Proposal['kind']): string | undefined {
  const builder = new BatchBuilder(1);
  addValue({ builder, problem: () => {} }, { signal: 0, path: '', kind }, data, 0);
  const { value } = sampleAt(builder.take(), 0);
  return value === null ? undefined : String(value).slice(0, 200);
}
