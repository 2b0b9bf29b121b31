import type { BoundSignal } from '@deungdae/connector-kit/connector.ts';
import {
  AttributeIds,
  DataChangeFilter,
  DataChangeTrigger,
  DeadbandType,
  type MonitoredItemCreateRequestOptions,
  MonitoringMode,
  type NodeId,
  TimestampsToReturn,
} from 'node-opcua-client';
import type { Deadband, OpcUaAddress, OpcUaConfig } from './config.ts';
import { type NodeAddress, parseNodeAddress, resolveNode } from './node-address.ts';
import type { RawSession } from './raw-session.ts';
import type { Target } from './sample-value.ts';

/** One monitored item on the server; signals that look at the same value in the same way share it. */
export interface Item {
  readonly handle: number;
  readonly nodeText: string;
  readonly address: NodeAddress | null;
  readonly attributeId: number;
  readonly samplingMs: number;
  readonly queueSize: number;
  readonly deadband: Deadband | undefined;
  readonly targets: Target[];
  /** Time of the newest value, µs UTC; 0 before the first. */
  lastUs: number;
  /** The value that came last, as the server gave it: to tell a repeat of it. */
  readonly last: { timeUs: number; status: number; value: unknown };
  /** Set while the first value after a connect or a gap is awaited. */
  awaitsFirst: boolean;
  /** Subscription that holds it; 0 while none does. */
  subscription: number;
}

/** Client handles start here; smaller ones are the connector's own items. */
export const firstHandle = 16;

/** Items of a connection, by client handle − `firstHandle`. */
export function buildItems(signals: readonly BoundSignal<OpcUaAddress>[], config: OpcUaConfig): Item[] {
  const items: Item[] = [];
  const byKey = new Map<string, Item>();
  for (const signal of signals) {
    const { address } = signal;
    const samplingMs = address.samplingIntervalMs ?? config.samplingIntervalMs;
    const deadband = address.deadband ?? (isNumeric(signal) ? config.deadband : undefined);
    const key = JSON.stringify([address.node, address.attribute, samplingMs, deadband ?? null]);
    let item = byKey.get(key);
    if (!item) {
      item = {
        handle: firstHandle + items.length,
        nodeText: address.node,
        address: parseNodeAddress(address.node),
        attributeId: AttributeIds[address.attribute as keyof typeof AttributeIds] ?? 0,
        samplingMs,
        queueSize: config.queueSize ?? defaultQueueSize(samplingMs, config.publishingIntervalMs),
        deadband,
        targets: [],
        lastUs: 0,
        last: { timeUs: Number.NaN, status: 0, value: undefined },
        awaitsFirst: true,
        subscription: 0,
      };
      byKey.set(key, item);
      items.push(item);
    }
    item.targets.push(targetOf(signal));
  }
  return items;
}

function isNumeric(signal: BoundSignal<OpcUaAddress>): boolean {
  return (
    (signal.kind === 'number' || signal.kind === 'integer') &&
    signal.address.field === undefined &&
    signal.address.attribute === 'Value'
  );
}

/** Twice what one publishing interval can hold, so that one late message loses nothing; between 10 and 1,000. */
function defaultQueueSize(samplingMs: number, publishingMs: number): number {
  const perMessage = samplingMs > 0 ? publishingMs / samplingMs : 50;
  return Math.min(1000, Math.max(10, Math.ceil(perMessage) * 2));
}

function targetOf(signal: BoundSignal<OpcUaAddress>): Target {
  const { index, field } = signal.address;
  return {
    signal: signal.id,
    path: signal.path,
    kind: signal.kind,
    ...(index === undefined ? {} : { index }),
    ...(field === undefined ? {} : { field: field.split('.') }),
  };
}

export interface Refusal {
  item: Item;
  status: string;
}

export interface CreateReport {
  refused: Refusal[];
  /** Subscribed, but without their deadband. */
  withoutDeadband: Refusal[];
  /** Slower than asked, and the slowest of them, ms. */
  slowed: number;
  slowestMs: number;
  slowedFromMs: number;
}

/**
 * Creates the items in batches on one subscription. A refused node makes only itself bad; a refused deadband is tried
 * again without, and told.
 */
export async function createItems(
  session: RawSession,
  subscriptionId: number,
  items: readonly Item[],
  namespaces: readonly string[],
  batchSize: number,
): Promise<CreateReport> {
  const report: CreateReport = { refused: [], withoutDeadband: [], slowed: 0, slowestMs: 0, slowedFromMs: 0 };
  const known: { item: Item; node: NodeId }[] = [];
  for (const item of items) {
    const node = item.address ? resolveNode(item.address, namespaces) : null;
    if (!item.address) report.refused.push({ item, status: 'BadNodeIdInvalid' });
    else if (!node) report.refused.push({ item, status: 'namespace' });
    else if (item.attributeId === 0) report.refused.push({ item, status: 'BadAttributeIdInvalid' });
    else known.push({ item, node });
  }
  for (let i = 0; i < known.length; i += batchSize) {
    const batch = known.slice(i, i + batchSize);
    const filtered = await createBatch(session, subscriptionId, batch, true, report);
    if (filtered.length === 0) continue;
    await createBatch(session, subscriptionId, filtered, false, report);
    for (const { item, status } of filtered)
      if (item.subscription === subscriptionId) report.withoutDeadband.push({ item, status });
  }
  return report;
}

type Known = { item: Item; node: NodeId };
/** Statuses by which servers refuse a filter (Part 4 §7.22.1, Part 8 §7.2), and those that some give in their place. */
const filterRefused = /Filter|Deadband|NotSupported|Unsupported|InvalidArgument/;

async function createBatch(
  session: RawSession,
  subscriptionId: number,
  batch: readonly Known[],
  withDeadband: boolean,
  report: CreateReport,
): Promise<(Known & { status: string })[]> {
  const response = await session.createMonitoredItems({
    subscriptionId,
    timestampsToReturn: TimestampsToReturn.Both,
    itemsToCreate: batch.map(({ item, node }) => itemRequest(item, node, withDeadband)),
  } as Parameters<RawSession['createMonitoredItems']>[0]);
  const retry: (Known & { status: string })[] = [];
  batch.forEach(({ item, node }, i) => {
    const result = response.results?.[i];
    const status = result?.statusCode.name ?? 'BadUnexpectedError';
    if (!result || result.statusCode.value >>> 0 >= 0x8000_0000) {
      if (withDeadband && item.deadband && filterRefused.test(status)) retry.push({ item, node, status });
      else report.refused.push({ item, status });
      return;
    }
    item.subscription = subscriptionId;
    if (result.revisedSamplingInterval > Math.max(item.samplingMs * 1.5, item.samplingMs + 1)) {
      report.slowed++;
      report.slowedFromMs = item.samplingMs;
      report.slowestMs = Math.max(report.slowestMs, result.revisedSamplingInterval);
    }
  });
  return retry;
}

function itemRequest(item: Item, nodeId: NodeId, withDeadband: boolean): MonitoredItemCreateRequestOptions {
  const filter = withDeadband && item.deadband ? { filter: filterOf(item.deadband) } : {};
  return {
    itemToMonitor: { nodeId, attributeId: item.attributeId },
    monitoringMode: MonitoringMode.Reporting,
    requestedParameters: {
      clientHandle: item.handle,
      samplingInterval: item.samplingMs,
      queueSize: item.queueSize,
      discardOldest: true,
      ...filter,
    },
  };
}

function filterOf(deadband: Deadband): DataChangeFilter {
  const absolute = deadband.absolute !== undefined;
  return new DataChangeFilter({
    trigger: DataChangeTrigger.StatusValue,
    deadbandType: absolute ? DeadbandType.Absolute : DeadbandType.Percent,
    deadbandValue: absolute ? deadband.absolute! : deadband.percent!,
  });
}
