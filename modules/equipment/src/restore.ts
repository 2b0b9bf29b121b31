import type { EquipmentModel } from '@deungdae/kernel/plant-model.ts';
import { compileLogic, Evaluator } from './evaluator.ts';
import { type Interval, Machine } from './machine.ts';
import { type HistoryReader, primedEvaluator, slotValue, stateSamples } from './samples.ts';
import type { EquipmentStore } from './store.ts';

/** After a restart this much is derived again, for samples that came late just before it, µs. */
const overlapUs = 600_000_000;

/**
 * Takes a machine up where the ledger left it (`knownTo`, µs; -Infinity when it never was there) and brings it up to
 * `until` from the history.
 */
export async function restoreMachine(
  model: EquipmentModel,
  knownTo: number,
  until: number,
  store: EquipmentStore,
  history: HistoryReader,
): Promise<{ machine: Machine; signals: number[] }> {
  const logic = compileLogic(model.state!);
  const byName = new Map(model.signals.map((s) => [s.name, s.id]));
  const signals = logic.slots.map((name) => byName.get(name) ?? -1);
  const fresh = !Number.isFinite(knownTo);
  const from = fresh ? 0 : knownTo - overlapUs;
  const primed = fresh ? new Evaluator(logic) : await primedEvaluator(logic, signals, history, from);
  const stored = fresh ? [] : await store.lastIntervals(model.path, 1000);
  if (!fresh && primed.changedAt.some((t) => t !== Number.NEGATIVE_INFINITY)) {
    primed.time = from;
    primed.decide(from, () => {}, true);
  }
  const machine = new Machine(logic, primed);
  const kept = stored.filter((i) => i.from <= from);
  const base = kept.at(-1);
  if (base) base.to = null;
  machine.restoreTail(kept);
  if (stored.length > kept.length) machine.changedFrom = Math.min(machine.changedFrom, base?.from ?? from);
  const samples = await stateSamples(signals, history, from, until);
  for (let i = 0; i < samples.times.length; i++) machine.take(samples.times[i]!, samples.slots[i]!, samples.values[i]!);
  machine.advance(Math.max(knownTo, machine.knownTo));
  machine.fresh.length = 0;
  return { machine, signals };
}

/** New rules hold from now on; what the old ones said of the past stays. */
export function machineWithNewLogic(
  model: EquipmentModel,
  tail: readonly Interval[],
  now: number,
  history: HistoryReader,
): { machine: Machine; signals: number[] } {
  const logic = compileLogic(model.state!);
  const byName = new Map(model.signals.map((s) => [s.name, s.id]));
  const signals = logic.slots.map((name) => byName.get(name) ?? -1);
  const primed = new Evaluator(logic);
  const latest = new Map(history.latest(signals.filter((s) => s >= 0)).map((s) => [s.signal, s]));
  signals.forEach((signal, slot) => {
    const sample = latest.get(signal);
    if (!sample) return;
    primed.prime(slot, slotValue(sample), sample.time);
  });
  primed.time = now;
  primed.decide(now, () => {}, true);
  const machine = new Machine(logic, primed);
  machine.restoreTail(tail);
  return { machine, signals };
}
