import { type AlarmRule, durationMs } from '@deungdae/contracts/plant.ts';
import type { EquipmentModel, PlantModel, SignalModel } from '@deungdae/kernel/plant-model.ts';

export const RuleType = { high: 0, low: 1, rate: 2, equals: 3, stale: 4, condition: 5 } as const;

export interface CompiledRule {
  /** Position in `RuleSet.rules`. */
  readonly index: number;
  /** `<signal path>#<rule id>` */
  readonly key: string;
  readonly rule: AlarmRule;
  readonly signal: SignalModel;
  readonly equipment: EquipmentModel | null;
  readonly type: number;
  readonly limit: number;
  readonly deadband: number;
  /** µs */
  readonly onUs: number;
  readonly offUs: number;
  readonly afterUs: number;
  readonly texts: ReadonlySet<string>;
  readonly numbers: ReadonlySet<number>;
}

/** All alarm rules, found by signal id without hashing. Rules of one signal stand side by side. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  /** Signal id → slot, -1 without rules. Ids beyond the end have none. */
  readonly slotOf: Int32Array;
  /** By slot. */
  readonly signals: readonly SignalModel[];
  readonly firstRule: Int32Array;
  readonly ruleCount: Int32Array;
  readonly byKey: ReadonlyMap<string, CompiledRule>;
}

const highestSignalId = 20_000_000;

/** Pure. Rules that lack what their type needs are left out; the plant check reports them before. */
export function compileRules(plant: PlantModel): RuleSet {
  const signals = [...plant.signals.values()].filter((s) => s.alarms.length > 0 && s.id <= highestSignalId);
  const top = signals.reduce((max, s) => Math.max(max, s.id), -1);
  const slotOf = new Int32Array(top + 1).fill(-1);
  const firstRule = new Int32Array(signals.length);
  const ruleCount = new Int32Array(signals.length);
  const rules: CompiledRule[] = [];
  signals.forEach((signal, slot) => {
    slotOf[signal.id] = slot;
    firstRule[slot] = rules.length;
    for (const rule of signal.alarms)
      if (isComplete(rule))
        rules.push(compile(rule, signal, plant.equipment.get(signal.equipment) ?? null, rules.length));
    ruleCount[slot] = rules.length - firstRule[slot]!;
  });
  return { rules, slotOf, signals, firstRule, ruleCount, byKey: new Map(rules.map((r) => [r.key, r])) };
}

function isComplete(rule: AlarmRule): boolean {
  if (rule.type === 'high' || rule.type === 'low' || rule.type === 'rate') return rule.limit !== undefined;
  if (rule.type === 'equals') return (rule.values?.length ?? 0) > 0;
  return true;
}

const defaultStaleUs = 60_000_000;

function compile(rule: AlarmRule, signal: SignalModel, equipment: EquipmentModel | null, index: number): CompiledRule {
  const values = rule.values ?? [];
  const after = rule.after ? durationMs(rule.after) * 1000 : (signal.staleAfterMs ?? 0) * 1000;
  return {
    index,
    key: `${signal.path}#${rule.id}`,
    rule,
    signal,
    equipment,
    type: RuleType[rule.type],
    limit: rule.limit ?? 0,
    deadband: rule.deadband,
    onUs: durationMs(rule.onDelay) * 1000,
    offUs: durationMs(rule.offDelay) * 1000,
    afterUs: after || defaultStaleUs,
    texts: new Set(values.map((v) => String(v).toLowerCase())),
    numbers: new Set(
      values
        .filter((v) => v !== '')
        .map(Number)
        .filter(Number.isFinite),
    ),
  };
}

/** Whether a value is beyond the limit; an alarm that stands must come back by the deadband first. Pure. */
export function isBeyond(rule: CompiledRule, value: number, text: string | null, standing: boolean): boolean {
  switch (rule.type) {
    case RuleType.high:
    case RuleType.rate:
      return standing ? value > rule.limit - rule.deadband : value > rule.limit;
    case RuleType.low:
      return standing ? value < rule.limit + rule.deadband : value < rule.limit;
    case RuleType.equals:
      return text === null ? rule.numbers.has(value) : rule.texts.has(text.toLowerCase());
    default:
      return false;
  }
}
