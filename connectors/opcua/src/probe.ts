import type { BoundSignal, ConnectorContext, ProbeReport } from '@deungdae/connector-kit/connector.ts';
import {
  type BatchBuilder,
  BatchBuilder as Builder,
  Quality,
  qualityNames,
  sampleAt,
} from '@deungdae/contracts/sample.ts';
import { type ClientSession, type DataValue, promoteOpaqueStructure } from 'node-opcua-client';
import type { OpcUaAddress, OpcUaConfig } from './config.ts';
import { opcuaError } from './errors.ts';
import { buildItems, type Item } from './item-table.ts';
import { resolveNode } from './node-address.ts';
import { addValue, type Target } from './sample-value.ts';
import { readServerLimits } from './server-limits.ts';
import { openSession } from './session.ts';

/** "Test connection": a session of its own, the server's name, and one read of each signal. Writes nothing. */
export async function probeServer(
  config: OpcUaConfig,
  signals: readonly BoundSignal<OpcUaAddress>[],
  context: ConnectorContext,
  abort: AbortSignal,
): Promise<ProbeReport> {
  const open = await openSession(config, context, abort);
  try {
    const { session } = open;
    const startMs = context.clock.monotonicMs();
    const namespaces = await session.readNamespaceArray();
    const roundTripMs = context.clock.monotonicMs() - startMs;
    const limits = await readServerLimits(session, config.maxItemsPerCall);
    const items = buildItems(signals, config);
    const found = new Map<string, ProbeReport['signals'][number]>();
    for (let i = 0; i < items.length; i += limits.nodesPerRead) {
      abort.throwIfAborted();
      await probeItems(session, items.slice(i, i + limits.nodesPerRead), namespaces, found);
    }
    return { device: await deviceName(session), roundTripMs, signals: signals.map((s) => found.get(s.path)!) };
  } finally {
    await open.close();
  }
}

async function probeItems(
  session: ClientSession,
  items: readonly Item[],
  namespaces: readonly string[],
  found: Map<string, ProbeReport['signals'][number]>,
): Promise<void> {
  const readable = items.flatMap((item) => {
    const nodeId = item.address ? resolveNode(item.address, namespaces) : null;
    if (nodeId && item.attributeId > 0) return [{ item, nodeId }];
    const uri = item.address?.uri;
    for (const { path } of item.targets) {
      const error =
        uri && !nodeId
          ? opcuaError('opcua.namespaceUnknown', { signal: path, uri })
          : opcuaError('opcua.badAddress', { signal: path, node: item.nodeText });
      found.set(path, { path, error: { code: error.code, params: error.params } });
    }
    return [];
  });
  const values = await session.read(
    readable.map(({ item, nodeId }) => ({ nodeId, attributeId: item.attributeId })),
    0,
  );
  await promoteOpaqueStructure(session, values).catch(() => undefined);
  values.forEach((value, i) => {
    const { item } = readable[i]!;
    for (const target of item.targets) found.set(target.path, describe(target, item, value));
  });
}

function describe(target: Target, item: Item, data: DataValue): ProbeReport['signals'][number] {
  const { path } = target;
  const status = data.statusCode?.name ?? 'Good';
  const builder: BatchBuilder = new Builder(1);
  let error: ProbeReport['signals'][number]['error'];
  if ((data.statusCode?.value ?? 0) >>> 0 >= 0x8000_0000)
    return { path, error: { code: 'opcua.nodeRefused', params: { signal: path, node: item.nodeText, status } } };
  const sink = {
    builder,
    problem: (_: Target, code: string, detail: string) => {
      error = { code, params: { signal: path, value: detail, part: detail, length: detail } };
    },
  };
  addValue(sink, target, data, 0);
  if (error) return { path, error };
  const sample = sampleAt(builder.take(), 0);
  const value = sample.value === null ? '–' : String(sample.value);
  return { path, value: sample.quality === Quality.good ? value : `${value} (${qualityNames[sample.quality]})` };
}

/** BuildInfo product, manufacturer and version; the server's URI where it tells no more. */
async function deviceName(session: ClientSession): Promise<string> {
  // ServerStatus.BuildInfo: ProductName, ManufacturerName, SoftwareVersion.
  const values = await session.read(
    [2261, 2263, 2264].map((i) => ({ nodeId: `i=${i}`, attributeId: 13 })),
    0,
  );
  const parts = values.map((v) => (typeof v.value?.value === 'string' ? v.value.value.trim() : '')).filter(Boolean);
  return parts.join(' · ') || 'OPC UA';
}
