import type { Millionths } from '@deungdae/contracts/quantity.ts';

/** What decisions about a step need of it; quantities in millionths. */
export interface StepFigures {
  id: string;
  number: number;
  name: string;
  machines: readonly string[];
  machine: string | null;
  mode: 'inHouse' | 'outsourced' | 'either';
  optional: boolean;
  status: 'waiting' | 'ready' | 'running' | 'paused' | 'outsourced' | 'finished' | 'skipped';
  planned: Millionths;
  good: Millionths;
  scrap: Millionths;
  rework: Millionths;
  atPartner: Millionths;
}

export type StepOrder = 'fixed' | 'free';

/** The step whose good pieces this one works on; null for the first, and when the steps come in any order. */
export function feederOf<S extends StepFigures>(steps: readonly S[], step: S, order: StepOrder): S | null {
  if (order === 'free') return null;
  const earlier = steps.filter((s) => s.number < step.number && s.status !== 'skipped');
  return earlier.at(-1) ?? null;
}

/** Pieces that have gone through a step's hands: good, scrapped, set aside for rework, or away at an outsourcer. */
export function taken(step: StepFigures): Millionths {
  return step.good + step.scrap + step.rework + step.atPartner;
}

/** Pieces that can be worked on now: what came to the step, less what went through it. Never below zero. */
export function available(steps: readonly StepFigures[], step: StepFigures, order: StepOrder): Millionths {
  const feeder = feederOf(steps, step, order);
  return Math.max(0, (feeder ? feeder.good : step.planned) - taken(step));
}

/** Why a step may not be started, as a code with its parameters; null when it may. */
export function startBlock(
  steps: readonly StepFigures[],
  step: StepFigures,
  order: StepOrder,
): { code: 'operations.wrongSequence' | 'operations.outsourcedStep'; params: Record<string, string> } | null {
  if (step.mode === 'outsourced') return { code: 'operations.outsourcedStep', params: { step: label(step) } };
  const feeder = feederOf(steps, step, order);
  if (feeder && feeder.good <= 0)
    return { code: 'operations.wrongSequence', params: { step: label(step), before: label(feeder) } };
  return null;
}

export function label(step: Pick<StepFigures, 'number' | 'name'>): string {
  return `${step.number} ${step.name}`;
}

export function mayRunAt(step: StepFigures, machine: string): boolean {
  if (step.machines.length === 0) return step.machine === null || step.machine === machine;
  return step.machines.includes(machine);
}

const over: ReadonlySet<StepFigures['status']> = new Set(['finished', 'skipped']);

/**
 * Steps that a scan at a machine can mean: not over, allowed there, in house. The one that is paused there or planned
 * there comes first; then those that may start, in the order of their numbers.
 */
export function candidates<S extends StepFigures>(steps: readonly S[], machine: string, order: StepOrder): S[] {
  const open = steps.filter((s) => !over.has(s.status) && s.mode !== 'outsourced' && mayRunAt(s, machine));
  const startable = open.filter((s) => startBlock(steps, s, order) === null && available(steps, s, order) > 0);
  const planned = startable.filter((s) => s.machine === machine);
  return planned.length > 0 ? planned : startable;
}

/** Most pieces that may still be confirmed at a step: what came to it, and the share over the plan for the first. */
export function roomLeft(
  steps: readonly StepFigures[],
  step: StepFigures,
  order: StepOrder,
  overShare: number,
): Millionths {
  const feeder = feederOf(steps, step, order);
  const limit = feeder ? feeder.good : Math.round(step.planned * (1 + overShare));
  return Math.max(0, limit - taken(step));
}

/** Whether a step has nothing more to do: its pieces are through and what feeds it is over. */
export function isDone(steps: readonly StepFigures[], step: StepFigures, order: StepOrder): boolean {
  if (step.atPartner > 0 || step.rework > 0) return false;
  const feeder = feederOf(steps, step, order);
  if (feeder) return over.has(feeder.status) && available(steps, step, order) === 0;
  return step.good + step.scrap >= step.planned;
}

/** Good pieces of the order: of the last step, or of the least step where they come in any order. */
export function orderGood(steps: readonly StepFigures[], order: StepOrder): Millionths {
  const counted = steps.filter((s) => s.status !== 'skipped');
  if (counted.length === 0) return 0;
  if (order === 'free') return Math.min(...counted.map((s) => s.good));
  return counted.at(-1)!.good;
}

export function orderScrap(steps: readonly StepFigures[]): Millionths {
  return steps.reduce((sum, s) => sum + s.scrap, 0);
}
