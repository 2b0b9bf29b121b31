import type { Clock } from '@deungdae/kernel/clock.ts';
import { parseDataSet } from '../data-set.ts';
import { ItemIndex, shapeOf } from '../device-model.ts';
import { type AssetOperation, type ShdrItem, ShdrParser } from '../shdr.ts';
import type { AgentDevice, AgentItem, AgentModel } from './agent-model.ts';
import { agentModel } from './agent-model.ts';
import { AssetStore } from './asset-store.ts';
import type { HeaderInfo } from './documents.ts';
import { type Observation, ObservationStore } from './observation-store.ts';

export interface AgentOptions {
  /** Text of a Devices.xml. Its schema version is that of every document served. */
  devicesXml: string;
  clock: Clock;
  /** Observations kept. */
  bufferSize?: number;
  assetBufferSize?: number;
  /** Of this run; another after every restart. The time in seconds when left out. */
  instanceId?: number;
  sender?: string;
}

/** The inside of an MTConnect agent: device model, observations, assets. `agent-server.ts` puts it on HTTP. */
export class Agent {
  readonly model: AgentModel;
  readonly instanceId: number;
  readonly store: ObservationStore;
  readonly assets: AssetStore;
  readonly #clock: Clock;
  readonly #sender: string;
  readonly #startedUs: number;
  readonly #index: ItemIndex;
  readonly #targets = new Map<string, AgentItem>();
  readonly #listeners = new Set<() => void>();

  constructor(options: AgentOptions) {
    this.model = agentModel(options.devicesXml);
    this.#clock = options.clock;
    this.#sender = options.sender ?? 'deungdae';
    this.#startedUs = options.clock.nowUs();
    this.instanceId = options.instanceId ?? Math.floor(this.#startedUs / 1e6);
    this.store = new ObservationStore(options.bufferSize ?? 131_072);
    this.assets = new AssetStore(options.assetBufferSize ?? 1_024);
    this.#index = new ItemIndex(this.model.devices);
    for (const device of this.model.devices)
      for (const target of device.agentItems) {
        this.#targets.set(target.item.id, target);
        this.#add(this.#initial(target));
      }
  }

  get headerInfo(): HeaderInfo {
    return {
      sender: this.#sender,
      instanceId: this.instanceId,
      bufferSize: this.store.size,
      assetBufferSize: this.assets.size,
      assetCount: this.assets.count,
      nowUs: this.#clock.nowUs(),
      modelTimeUs: this.#startedUs,
    };
  }

  /** Called after every new observation. Returns how to stop that. */
  onObservation(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  deviceOf(nameOrUuid: string): AgentDevice | undefined {
    return this.model.devices.find((d) => d.name === nameOrUuid || d.uuid === nameOrUuid || d.id === nameOrUuid);
  }

  /** The item that a key stands for: id, name, source, or `device:key`. */
  target(key: string): AgentItem | undefined {
    const item = this.#index.find(key);
    return item && this.#targets.get(item.id);
  }

  /**
   * A value of a SAMPLE or EVENT; for DATA_SET and TABLE its SHDR text (`a=1 b=2`). The same value again is no new
   * observation, unless the item is discrete. Returns false for an unknown key.
   */
  observe(
    key: string,
    value: string | number,
    timeUs = this.#clock.nowUs(),
    extra: { durationS?: number; nativeCode?: string } = {},
  ): boolean {
    const target = this.target(key);
    if (!target) return false;
    const text = String(value);
    const { representation } = target.item;
    if (text === 'UNAVAILABLE') this.#put({ target, timeUs, text: null });
    else if (representation === 'DATA_SET' || representation === 'TABLE') {
      const set = parseDataSet(text, { table: representation === 'TABLE' });
      this.#put({
        target,
        timeUs,
        text: '',
        entries: set.entries,
        ...(set.reset === null ? {} : { reset: set.reset }),
      });
    } else this.#put({ target, timeUs, text, ...extra });
    return true;
  }

  /** A condition at a level; NORMAL without a code clears all of the item, with one that one. */
  condition(
    key: string,
    level: 'NORMAL' | 'WARNING' | 'FAULT' | 'UNAVAILABLE',
    detail: { nativeCode?: string; nativeSeverity?: string; qualifier?: string; text?: string } = {},
    timeUs = this.#clock.nowUs(),
  ): boolean {
    const target = this.target(key);
    if (!target) return false;
    const { nativeCode = '', nativeSeverity = '', qualifier = '', text = '' } = detail;
    this.#put({ target, timeUs, level, nativeCode, nativeSeverity, qualifier, text });
    return true;
  }

  timeSeries(key: string, values: string, rateHz: number | null, timeUs = this.#clock.nowUs()): boolean {
    const target = this.target(key);
    if (!target) return false;
    const count = values.trim().split(/\s+/).length;
    this.#put({ target, timeUs, text: values.trim(), count, ...(rateHz ? { rateHz } : {}) });
    return true;
  }

  asset(device: AgentDevice, operation: AssetOperation, timeUs = this.#clock.nowUs()): void {
    for (const change of this.assets.apply(operation, device.uuid, timeUs)) {
      const type = change.removed ? 'ASSET_REMOVED' : 'ASSET_CHANGED';
      const target = device.agentItems.find((t) => t.item.type === type);
      if (target) this.#put({ target, timeUs, text: change.assetId, assetType: change.type });
    }
  }

  /** The source of a device is gone: everything it said is unknown now. */
  unavailable(device: AgentDevice, timeUs = this.#clock.nowUs()): void {
    for (const target of device.agentItems) {
      if (target.item.constant !== null || target.item.type.startsWith('ASSET_')) continue;
      if (target.item.category === 'CONDITION') this.#put({ target, timeUs, text: null, level: 'UNAVAILABLE' });
      else this.#put({ target, timeUs, text: null });
    }
  }

  /** A parser that feeds SHDR text of one adapter into this agent. */
  shdrInput(
    device: AgentDevice,
    tell: { reject?(line: number, reason: string): void } = {},
  ): ShdrParser<ShdrItem & { key: string }> {
    return new ShdrParser<ShdrItem & { key: string }>(
      {
        resolve: (key) => {
          const target = this.target(`${device.name}:${key}`) ?? this.target(key);
          return target ? { key: target.item.id, shape: shapeOf(target.item) } : null;
        },
        value: (i, timeUs, text, durationS) =>
          this.observe(i.key, text, timeUs, Number.isNaN(durationS) ? {} : { durationS }),
        condition: (i, timeUs, level, nativeCode, nativeSeverity, qualifier, text) =>
          this.condition(i.key, level as 'NORMAL', { nativeCode, nativeSeverity, qualifier, text }, timeUs),
        message: (i, timeUs, nativeCode, text) => this.observe(i.key, text, timeUs, { nativeCode }),
        timeSeries: (i, timeUs, _count, rateHz, values) =>
          this.timeSeries(i.key, values, rateHz > 0 ? rateHz : null, timeUs),
        asset: (timeUs, operation) => this.asset(device, operation, timeUs),
        reject: (line, reason) => tell.reject?.(line, reason),
      },
      { arrivalUs: () => this.#clock.nowUs() },
    );
  }

  #initial(target: AgentItem): Omit<Observation, 'sequence'> {
    const timeUs = this.#startedUs;
    if (target.item.category === 'CONDITION') return { target, timeUs, text: null, level: 'UNAVAILABLE' };
    const text = target.item.constant ?? target.item.initialValue;
    return { target, timeUs, text };
  }

  #put(o: Omit<Observation, 'sequence'>): void {
    if (!this.#isNew(o)) return;
    this.#add(o);
  }

  #add(o: Omit<Observation, 'sequence'>): void {
    this.store.add(o);
    for (const listener of this.#listeners) listener();
  }

  #isNew(o: Omit<Observation, 'sequence'>): boolean {
    if (o.level !== undefined) {
      const active = this.store.latest.conditions.get(o.target) ?? [];
      return !active.some(
        (c) => c.level === o.level && c.nativeCode === o.nativeCode && c.text === o.text && c.qualifier === o.qualifier,
      );
    }
    if (o.entries || o.target.item.representation === 'DISCRETE' || o.target.item.type === 'MESSAGE') return true;
    if (o.target.item.type.startsWith('ASSET_') || o.target.item.representation === 'TIME_SERIES')
      return o.text !== null;
    return this.store.latest.values.get(o.target)?.text !== o.text;
  }
}
