import type { AlarmPriority } from '@deungdae/contracts/alarm.ts';
import type { MachineState } from '@deungdae/contracts/equipment.ts';

/** Worst first: what a person must look at before the rest. */
export const statesByUrgency: readonly MachineState[] = [
  'unplannedStop',
  'noData',
  'setup',
  'idle',
  'plannedStop',
  'running',
  'off',
];

export const prioritiesByUrgency: readonly AlarmPriority[] = ['critical', 'high', 'medium', 'low'];
