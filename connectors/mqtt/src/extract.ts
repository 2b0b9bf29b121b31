import type { BoundSignal } from '@deungdae/connector-kit/connector.ts';
import type { BatchBuilder } from '@deungdae/contracts/sample.ts';
import { addSample, type Binding, bindingOf, bindingWith, type Complaint } from './binding.ts';
import type { MqttAddress } from './config.ts';
import { type FieldPath, fieldAt } from './field-path.ts';
import { parseTopicPattern } from './topic-pattern.ts';
import { TopicTrie, type TrieEntry } from './topic-trie.ts';

/** All that the signals want of the messages of one topic. */
export interface TopicPlan {
  readonly plain: Binding[];
  readonly json: Binding[];
  readonly groups: Group[];
  readonly size: number;
  /** Some binding uses the time of arrival. */
  readonly usesArrival: boolean;
}

/** Bindings that share `each` and `match.field`; the right ones are found by the value of that field. */
interface Group {
  readonly each: FieldPath | null;
  readonly matchField: FieldPath | null;
  readonly byValue: Map<string, Binding[]>;
  /** Those without a `match`. */
  readonly always: Binding[];
}

/** Remembered plans hold at most this many bindings together; beyond it they are forgotten and made again. */
const rememberedBindings = 2_000_000;

export class Extractor {
  readonly #trie = new TopicTrie<Binding>();
  readonly #plans = new Map<string, TopicPlan>();
  readonly #shared = new Map<TrieEntry<Binding>, TopicPlan>();
  #remembered = 0;

  constructor(signals: readonly BoundSignal<MqttAddress>[]) {
    for (const signal of signals) {
      const pattern = parseTopicPattern(signal.address.topic);
      if (pattern) this.#trie.add(pattern, bindingOf(signal));
    }
  }

  planOf(topic: string): TopicPlan {
    const known = this.#plans.get(topic);
    if (known) return known;
    const plan = this.#makePlan(topic);
    if (this.#remembered > rememberedBindings) {
      this.#plans.clear();
      this.#remembered = 0;
    }
    this.#plans.set(topic, plan);
    this.#remembered += plan.size + 10;
    return plan;
  }

  #makePlan(topic: string): TopicPlan {
    const entries = this.#trie.match(topic);
    const only = entries.length === 1 ? entries[0]! : null;
    if (only?.pattern.captures.every((c) => c === null)) {
      let plan = this.#shared.get(only);
      if (!plan) {
        plan = planFor(only.items);
        this.#shared.set(only, plan);
      }
      return plan;
    }
    const levels = topic.split('/');
    return planFor(entries.flatMap((entry) => bindingsFor(entry, levels)));
  }

  /**
   * Adds the samples of one message. Returns false when the payload is not the JSON that a signal needs. Never throws.
   */
  extract(
    plan: TopicPlan,
    payload: Buffer,
    arrival: { us: number; retained: boolean },
    builder: BatchBuilder,
    complain: Complaint,
  ): boolean {
    if (plan.plain.length > 0) {
      const text = payload.toString('utf8');
      for (const binding of plan.plain) addSample(builder, binding, text, arrival, complain);
    }
    if (plan.json.length === 0 && plan.groups.length === 0) return true;
    let value: unknown;
    try {
      value = JSON.parse(payload.toString('utf8'));
    } catch {
      return false;
    }
    for (const binding of plan.json) addSample(builder, binding, value, arrival, complain);
    for (const group of plan.groups) addGroup(group, value, arrival, builder, complain);
    return true;
  }
}

function addGroup(
  group: Group,
  value: unknown,
  arrival: { us: number; retained: boolean },
  builder: BatchBuilder,
  complain: Complaint,
): void {
  const at = group.each ? fieldAt(value, group.each) : value;
  const items = group.each ? (Array.isArray(at) ? at : []) : [at];
  for (const item of items) {
    for (const binding of group.always) addSample(builder, binding, item, arrival, complain);
    if (!group.matchField) continue;
    const key = fieldAt(item, group.matchField);
    const found = group.byValue.get(String(key));
    if (found) for (const binding of found) addSample(builder, binding, item, arrival, complain);
  }
}

function bindingsFor(entry: TrieEntry<Binding>, levels: readonly string[]): Binding[] {
  const captured = new Map<string, string>();
  for (const [i, name] of entry.pattern.captures.entries()) if (name !== null) captured.set(name, levels[i] ?? '');
  return captured.size === 0 ? entry.items : entry.items.map((binding) => bindingWith(binding, captured));
}

function planFor(bindings: readonly Binding[]): TopicPlan {
  const plain: Binding[] = [];
  const json: Binding[] = [];
  const groups = new Map<string, Group>();
  for (const binding of bindings) {
    if (!binding.json) plain.push(binding);
    else if (!binding.each && !binding.match) json.push(binding);
    else addToGroup(groups, binding);
  }
  const usesArrival = bindings.some((b) => b.time === null);
  return { plain, json, groups: [...groups.values()], size: bindings.length, usesArrival };
}

function addToGroup(groups: Map<string, Group>, binding: Binding): void {
  const key = JSON.stringify([binding.each, binding.match?.field ?? null]);
  let group = groups.get(key);
  if (!group) {
    group = { each: binding.each, matchField: binding.match?.field ?? null, byValue: new Map(), always: [] };
    groups.set(key, group);
  }
  if (!binding.match) {
    group.always.push(binding);
    return;
  }
  const list = group.byValue.get(binding.match.equals);
  if (list) list.push(binding);
  else group.byValue.set(binding.match.equals, [binding]);
}
