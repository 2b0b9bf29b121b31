import type { MachineState } from '@deungdae/contracts/equipment.ts';
import type { AlarmRule, Calendar, Counter, Plant, SignalKind, StateRule } from '@deungdae/contracts/plant.ts';
import type { LocalText } from '@deungdae/contracts/text.ts';

/**
 * The plant as the running system uses it: types filled in, presets written out as rules, paths built, ids given.
 * Made by `resolvePlant` from a valid plant file; never changed afterwards, only replaced.
 */
export interface PlantModel {
  /** Hash of the file's text. */
  readonly revision: string;
  readonly plant: Plant;
  readonly nodes: readonly PlantNode[];
  readonly equipment: ReadonlyMap<string, EquipmentModel>;
  /** By signal id. */
  readonly signals: ReadonlyMap<number, SignalModel>;
  readonly signalByPath: ReadonlyMap<string, SignalModel>;
  readonly connections: ReadonlyMap<string, ConnectionModel>;
}

export interface PlantNode {
  readonly path: string;
  readonly name: LocalText;
  readonly level: 'enterprise' | 'site' | 'area' | 'line' | 'cell' | 'equipment';
  readonly parent: string | null;
}

export interface EquipmentModel {
  readonly path: string;
  readonly name: LocalText;
  /** Path of its area, and of its line when it has one. */
  readonly area: string;
  readonly line: string | null;
  readonly site: string;
  readonly timeZone: string;
  /** OEE the site aims at, 0 to 1. */
  readonly oeeTarget: number | null;
  /** Nearest calendar up the tree; null when none is given: then all time is planned operation time. */
  readonly calendar: Calendar | null;
  readonly signals: readonly SignalModel[];
  readonly state: StateLogic | null;
  readonly counters: readonly (Omit<Counter, 'signal'> & { signal: SignalModel })[];
  /** Planned run time per piece (PRU), seconds, by product code; '*' is any. */
  readonly cycleTimes: ReadonlyMap<string, number>;
  readonly productSignal: SignalModel | null;
  readonly minorStopBelowMs: number;
}

/** Rules tried in order; the first that holds wins. `signal` of a condition is the id within the equipment. */
export interface StateLogic {
  readonly rules: readonly StateRule[];
  readonly otherwise: MachineState;
  /** The ids (within the equipment) that decide: when one of them is a gap, the state is `noData`. */
  readonly decisive: readonly string[];
}

export interface SignalModel {
  readonly id: number;
  /** Id within the equipment. */
  readonly name: string;
  readonly path: string;
  readonly label: LocalText;
  readonly equipment: string;
  readonly kind: SignalKind;
  readonly unit: string | null;
  readonly limits: { min?: number; max?: number } | null;
  readonly deadband: number | null;
  readonly scale: { factor: number; offset: number } | null;
  readonly enumeration: Record<string, LocalText> | null;
  readonly retention: 'short' | 'normal' | 'long' | 'forever';
  readonly staleAfterMs: number | null;
  readonly alarms: readonly AlarmRule[];
  readonly connection: string | null;
  /** The connector's own address, validated by it; null for signals without a source. */
  readonly address: Record<string, unknown> | null;
}

export interface ConnectionModel {
  readonly id: string;
  readonly name: LocalText;
  readonly type: string;
  readonly enabled: boolean;
  /** Validated by the connector's schema. */
  readonly config: Record<string, unknown>;
  readonly signals: readonly SignalModel[];
  /** Changes when the settings or any binding change: an equal one keeps its live connection on a hot reload. */
  readonly fingerprint: string;
}
