import type { Proposal } from '@deungdae/connector-kit/connector.ts';
import { uniqueId } from '@deungdae/connector-mqtt/discover.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import { isArrayType } from './arrays.ts';
import type { SparkplugConfig } from './config.ts';
import { DataType, type Metric, type Template } from './datatypes.ts';
import { decodePayload } from './decode.ts';
import { openListener } from './probe.ts';
import { rebirthCommand, rebirthMetric } from './rebirth.ts';
import { parseTopic, type SparkplugTopic, topicOf } from './topics.ts';

const limits = { nodes: 500, proposals: 10_000 };
const ownMetrics = new Set(['bdSeq', rebirthMetric, 'Node Control/Reboot', 'Node Control/Next Server']);

/**
 * Collects the births of a group for some seconds and proposes every metric. Births are not retained, so each node that
 * is heard without one is asked once to be born again; nodes that say nothing at all in that time are not found.
 */
export async function* discoverGroup(
  config: SparkplugConfig,
  clock: Clock,
  abort: AbortSignal,
): AsyncIterable<Proposal> {
  const waiting: Proposal[] = [];
  const ids = new Set<string>();
  const born = new Set<string>();
  const asked = new Set<string>();
  const toAsk: SparkplugTopic[] = [];
  const session = await openListener(
    config,
    (topic, payload) => {
      const at = parseTopic(topic);
      if (!at || at.verb === 'NCMD' || at.verb === 'DCMD') return;
      const key = `${at.group}/${at.node}`;
      if (at.verb === 'NBIRTH' || at.verb === 'DBIRTH') {
        const unit = `${key}/${at.device ?? ''}`;
        if (!born.has(unit) && ids.size < limits.proposals) waiting.push(...birthProposals(at, payload, ids));
        born.add(unit);
      }
      if (at.verb === 'NDEATH' || born.has(`${key}/`) || asked.has(key) || asked.size >= limits.nodes) return;
      asked.add(key);
      toAsk.push({ ...at, verb: 'NCMD', device: null });
    },
    abort,
  );
  try {
    await session.subscribe([`spBv1.0/${config.discover.group}/#`], 0);
    const end = clock.monotonicMs() + config.discover.seconds * 1000;
    while (clock.monotonicMs() < end && session.error === null) {
      // A few at a time: a group of hundreds must not be born all at once.
      for (const at of config.rebirth.enabled ? toAsk.splice(0, 5) : [])
        await session.publish(topicOf(at), rebirthCommand(Math.floor(clock.nowUs() / 1000)), { qos: 0, retain: false });
      yield* waiting.splice(0);
      await clock.sleep(100, abort);
    }
    yield* waiting.splice(0);
    if (session.error) throw session.error;
  } finally {
    await session.close();
  }
}

/** Pure: what one birth offers. `ids` are those given already. */
export function birthProposals(at: SparkplugTopic, payload: Uint8Array, ids: Set<string>): Proposal[] {
  let metrics: Metric[];
  try {
    metrics = decodePayload(payload).metrics;
  } catch {
    return [];
  }
  const proposals: Proposal[] = [];
  for (const metric of metrics) addProposals(at, metric, metric.name ?? '', ids, proposals);
  return proposals;
}

function addProposals(at: SparkplugTopic, metric: Metric, name: string, ids: Set<string>, proposals: Proposal[]): void {
  if (name === '' || ownMetrics.has(name)) return;
  if (metric.datatype === DataType.Template) {
    const template = metric.value as Template | undefined;
    if (!template || template.isDefinition) return;
    for (const member of template.metrics) addProposals(at, member, `${name}/${member.name ?? ''}`, ids, proposals);
    return;
  }
  const device = at.device === null ? {} : { device: at.device };
  const unit = unitOf(metric);
  proposals.push({
    id: uniqueId(at.device === null ? name : `${at.device}-${name}`, ids),
    name: name.split('/').at(-1) ?? name,
    kind: kindOf(metric.datatype ?? 0),
    ...(unit ? { unit } : {}),
    devicePath: [at.group, at.node, ...(at.device === null ? [] : [at.device]), ...name.split('/')],
    address: { group: at.group, node: at.node, ...device, metric: name },
    ...(metric.value === undefined ? {} : { value: brief(metric.value) }),
  });
}

function kindOf(datatype: number): SignalKind {
  if (datatype === DataType.Boolean) return 'boolean';
  if (datatype === DataType.Float || datatype === DataType.Double) return 'number';
  if ((datatype >= DataType.Int8 && datatype <= DataType.UInt64) || datatype === DataType.DateTime) return 'integer';
  if (isArrayType(datatype)) return 'vector';
  return datatype === DataType.DataSet ? 'json' : 'text';
}

/** The engineering unit as the common edge software names it. */
function unitOf(metric: Metric): string | undefined {
  const at = metric.properties?.keys.findIndex((key) => /^eng(ineering)?[ _]?unit(s)?$|^unit(s)?$/i.test(key)) ?? -1;
  const value = at < 0 ? undefined : metric.properties?.values[at]?.value;
  return typeof value === 'string' && value.length > 0 ? value.slice(0, 32) : undefined;
}

function brief(value: NonNullable<Metric['value']>): string {
  if (typeof value !== 'object') return String(value).slice(0, 200);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return JSON.stringify(value, (_k, v: unknown) => (typeof v === 'bigint' ? v.toString() : v)).slice(0, 200);
}
