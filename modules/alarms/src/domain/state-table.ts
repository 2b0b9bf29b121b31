import type { AlarmState } from '@deungdae/contracts/alarm.ts';

/** What can happen to an alarm. `condition` and `clear` come from the process, `suppress` from the machine's state. */
export const alarmEvents = [
  'condition',
  'clear',
  'acknowledge',
  'shelve',
  'unshelve',
  'suppress',
  'unsuppress',
  'removeFromService',
  'returnToService',
] as const;
export type AlarmEvent = (typeof alarmEvents)[number];

/** `warranted`: unacknowledged when the condition holds now, else normal. */
type Target = AlarmState | 'warranted';
type Row = Partial<Record<AlarmEvent, Target>>;

const fromAny: Row = {
  shelve: 'shelved',
  suppress: 'suppressedByDesign',
  removeFromService: 'outOfService',
};

/** ISA-18.2, as in kpi.md §8. A pair that is not here changes nothing. */
const stateTable: Record<AlarmState, Row> = {
  normal: { ...fromAny, condition: 'unacknowledged' },
  unacknowledged: { ...fromAny, acknowledge: 'acknowledged', clear: 'returnedUnacknowledged' },
  acknowledged: { ...fromAny, clear: 'normal' },
  returnedUnacknowledged: { ...fromAny, acknowledge: 'normal', condition: 'unacknowledged' },
  shelved: { ...fromAny, unshelve: 'warranted' },
  suppressedByDesign: { ...fromAny, unsuppress: 'warranted' },
  outOfService: { ...fromAny, returnToService: 'warranted' },
};

/** Null when the table has no such pair. `active`: whether the condition holds. */
export function nextState(state: AlarmState, event: AlarmEvent, active: boolean): AlarmState | null {
  const target = stateTable[state][event];
  if (target === undefined) return null;
  return target === 'warranted' ? (active ? 'unacknowledged' : 'normal') : target;
}

/** Why an alarm is kept from the operator. Each is ended on its own, in whatever order. */
export interface Holds {
  shelved: boolean;
  suppressed: boolean;
  outOfService: boolean;
}
export interface AlarmStatus {
  state: AlarmState;
  active: boolean;
  holds: Holds;
}

const holdOf: Partial<Record<AlarmEvent, [keyof Holds, boolean]>> = {
  shelve: ['shelved', true],
  unshelve: ['shelved', false],
  suppress: ['suppressed', true],
  unsuppress: ['suppressed', false],
  removeFromService: ['outOfService', true],
  returnToService: ['outOfService', false],
};

/**
 * The table with what it leaves open: the process goes on being watched while an alarm is held (`active` follows it,
 * the state does not), and an alarm held for two reasons stays held by the second when the first ends. Null when
 * nothing changes.
 */
export function step(status: AlarmStatus, event: AlarmEvent): AlarmStatus | null {
  const active = event === 'condition' ? true : event === 'clear' ? false : status.active;
  const hold = holdOf[event];
  const holds = hold ? { ...status.holds, [hold[0]]: hold[1] } : status.holds;
  if (hold && !hold[1] && !status.holds[hold[0]]) return null;
  let state = nextState(status.state, event, active);
  if (state !== null && hold && !hold[1]) state = heldState(holds) ?? state;
  const changed = active !== status.active || hold !== undefined;
  if (state === null && !changed) return null;
  return { state: state ?? status.state, active, holds };
}

function heldState(holds: Holds): AlarmState | null {
  if (holds.outOfService) return 'outOfService';
  if (holds.suppressed) return 'suppressedByDesign';
  return holds.shelved ? 'shelved' : null;
}
