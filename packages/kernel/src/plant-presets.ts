import type { StateRule, StateSource } from '@deungdae/contracts/plant.ts';
import type { StateLogic } from './plant-model.ts';

type Source = NonNullable<StateSourceInput>;
type StateSourceInput = ReturnType<(typeof StateSource)['parse']>;

/** Writes a preset of the plant file out as rules; rules of the file's own stay as they are. */
export function expandState(source: Source): StateLogic {
  if (!('preset' in source)) {
    const names = source.rules.flatMap((rule) => rule.when.map((c) => c.signal));
    return { rules: source.rules, otherwise: source.otherwise, decisive: [...new Set(names)] };
  }
  switch (source.preset) {
    case 'mtconnect':
      return mtconnect(source);
    case 'packml':
      return packml(source);
    case 'runningBit':
      return runningBit(source);
    case 'power':
      return {
        rules: [
          rule('running', 'running', { signal: source.signal, above: source.runAbove }),
          rule('idle', 'idle', { signal: source.signal, above: source.idleAbove }),
        ],
        otherwise: 'off',
        decisive: [source.signal],
      };
    case 'counter':
      return {
        rules: [rule('counter stopped', 'unplannedStop', { signal: source.signal, unchangedFor: source.stoppedAfter })],
        otherwise: 'running',
        decisive: [source.signal],
      };
  }
}

type Condition = StateRule['when'][number];

function rule(name: string, state: StateRule['state'], ...when: Condition[]): StateRule {
  return { name, state, when };
}

/**
 * EXECUTION decides; ACTIVE is running in any mode. READY and the like are set-up while the mode is a manual one.
 * The Hurco adapter's PROGRAM_COMPLETED and the standard's own values stand side by side.
 */
function mtconnect(source: Extract<Source, { preset: 'mtconnect' }>): StateLogic {
  const { execution, mode, availability } = source;
  const is = (...values: string[]): Condition => ({ signal: execution, is: values });
  const resting = ['READY', 'PROGRAM_COMPLETED', 'PROGRAM_STOPPED', 'OPTIONAL_STOP', 'WAIT'];
  const rules: StateRule[] = [rule('UNAVAILABLE', 'noData', is('UNAVAILABLE'))];
  if (availability) rules.push(rule('agent unavailable', 'noData', { signal: availability, is: ['UNAVAILABLE'] }));
  rules.push(rule('ACTIVE', 'running', is('ACTIVE')));
  for (const value of ['INTERRUPTED', 'FEED_HOLD', 'STOPPED']) rules.push(rule(value, 'unplannedStop', is(value)));
  if (mode) {
    const manual = ['MANUAL', 'MANUAL_DATA_INPUT', 'SEMI_AUTOMATIC', 'EDIT'];
    rules.push(rule('manual mode', 'setup', is(...resting), { signal: mode, is: manual }));
  }
  for (const value of resting) rules.push(rule(value, 'idle', is(value)));
  return { rules, otherwise: 'noData', decisive: availability ? [execution, availability] : [execution] };
}

/** States of OPC 30060 §11.9 by number and name: not the numbers of the PackTags. */
const packmlStates: [name: string, state: StateRule['state']][] = [
  ['Stopped', 'unplannedStop'],
  ['Resetting', 'idle'],
  ['Idle', 'idle'],
  ['Starting', 'idle'],
  ['Execute', 'running'],
  ['Completing', 'idle'],
  ['Complete', 'idle'],
  ['Aborting', 'unplannedStop'],
  ['Aborted', 'unplannedStop'],
  ['Stopping', 'unplannedStop'],
  ['Clearing', 'unplannedStop'],
  ['Suspending', 'idle'],
  ['Suspended', 'idle'],
  ['Unsuspending', 'idle'],
  ['Holding', 'unplannedStop'],
  ['Held', 'unplannedStop'],
  ['Unholding', 'unplannedStop'],
];

/** Set-up and maintenance are not states but unit modes (kpi.md §6); they override whatever the state says. */
function packml(source: Extract<Source, { preset: 'packml' }>): StateLogic {
  const rules: StateRule[] = [];
  if (source.unitMode) {
    rules.push(rule('maintenance mode', 'plannedStop', { signal: source.unitMode, is: ['Maintenance', 2] }));
    const setup: Condition = { signal: source.unitMode, is: ['Manual', 'Setup', 'Set-up', 'Changeover', 3] };
    rules.push(rule('manual mode', 'setup', setup));
  }
  packmlStates.forEach(([name, state], number) => {
    rules.push(rule(name, state, { signal: source.signal, is: [name, number] }));
  });
  return { rules, otherwise: 'noData', decisive: [source.signal] };
}

function runningBit(source: Extract<Source, { preset: 'runningBit' }>): StateLogic {
  const on = [true, 1, 'on', 'true', 'run', 'running'];
  const rules: StateRule[] = [];
  if (source.faultSignal) rules.push(rule('fault', 'unplannedStop', { signal: source.faultSignal, is: on }));
  rules.push(rule('running', 'running', { signal: source.signal, is: on }));
  return { rules, otherwise: 'idle', decisive: [source.signal] };
}
