import type { BoundSignal } from '@deungdae/connector-kit/connector.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import type { SparkplugAddress } from './config.ts';

/** A signal that takes the values of one metric. */
export interface Target {
  readonly signal: number;
  readonly path: string;
  readonly kind: SignalKind;
  /** For "test connection"; undefined while no value came. */
  last: number | string | undefined;
}

/** Signals by metric name, of the node itself (key null) and of each device. */
export class NodeBindings {
  readonly #byDevice = new Map<string | null, Map<string, Target[]>>();

  add(device: string | null, metric: string, target: Target): void {
    let metrics = this.#byDevice.get(device);
    if (!metrics) {
      metrics = new Map();
      this.#byDevice.set(device, metrics);
    }
    const targets = metrics.get(metric);
    if (targets) targets.push(target);
    else metrics.set(metric, [target]);
  }

  of(device: string | null): ReadonlyMap<string, Target[]> {
    return this.#byDevice.get(device) ?? none;
  }

  devices(): IterableIterator<string | null> {
    return this.#byDevice.keys();
  }
}

const none: ReadonlyMap<string, Target[]> = new Map();

/** By `group/node`: ids hold no slash, so the key is unambiguous. */
export function bindSignals(signals: readonly BoundSignal<SparkplugAddress>[]): Map<string, NodeBindings> {
  const nodes = new Map<string, NodeBindings>();
  for (const { id, path, kind, address } of signals) {
    const key = `${address.group}/${address.node}`;
    let bindings = nodes.get(key);
    if (!bindings) {
      bindings = new NodeBindings();
      nodes.set(key, bindings);
    }
    bindings.add(address.device ?? null, address.metric, { signal: id, path, kind, last: undefined });
  }
  return nodes;
}

/** Nodes of one group beyond which the whole group is subscribed to. */
const maxNodeFilters = 64;

/** `group/node` keys to topic filters: one a node, or one a group that has many bound nodes. */
export function filtersOf(nodes: Iterable<string>): string[] {
  const groups = new Map<string, string[]>();
  for (const key of nodes) {
    const [group, node] = key.split('/') as [string, string];
    groups.set(group, [...(groups.get(group) ?? []), node]);
  }
  return [...groups].flatMap(([group, names]) =>
    names.length > maxNodeFilters ? [`spBv1.0/${group}/#`] : names.map((node) => `spBv1.0/${group}/+/${node}/#`),
  );
}
