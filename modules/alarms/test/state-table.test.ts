import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AlarmState } from '@deungdae/contracts/alarm.ts';
import { type AlarmEvent, type AlarmStatus, alarmEvents, nextState, step } from '../src/domain/state-table.ts';

/** Written out by hand from the table of ISA-18.2; `-` is "no such pair". Columns as in `alarmEvents`. */
const N = 'normal';
const U = 'unacknowledged';
const A = 'acknowledged';
const R = 'returnedUnacknowledged';
const S = 'shelved';
const D = 'suppressedByDesign';
const O = 'outOfService';
// biome-ignore format: a table
const expected: Record<AlarmState, [inactive: string[], active: string[]]> = {
  // condition clear acknowledge shelve unshelve suppress unsuppress removeFromService returnToService
  normal:                 [[U, '-', '-', S, '-', D, '-', O, '-'], [U, '-', '-', S, '-', D, '-', O, '-']],
  unacknowledged:         [['-', R, A, S, '-', D, '-', O, '-'], ['-', R, A, S, '-', D, '-', O, '-']],
  acknowledged:           [['-', N, '-', S, '-', D, '-', O, '-'], ['-', N, '-', S, '-', D, '-', O, '-']],
  returnedUnacknowledged: [[U, '-', N, S, '-', D, '-', O, '-'], [U, '-', N, S, '-', D, '-', O, '-']],
  shelved:                [['-', '-', '-', S, N, D, '-', O, '-'], ['-', '-', '-', S, U, D, '-', O, '-']],
  suppressedByDesign:     [['-', '-', '-', S, '-', D, N, O, '-'], ['-', '-', '-', S, '-', D, U, O, '-']],
  outOfService:           [['-', '-', '-', S, '-', D, '-', O, N], ['-', '-', '-', S, '-', D, '-', O, U]],
};

describe('the state table', () => {
  for (const state of AlarmState.options)
    for (const [i, event] of alarmEvents.entries())
      test(`${state} + ${event}`, () => {
        assert.equal(nextState(state, event, false) ?? '-', expected[state][0][i]);
        assert.equal(nextState(state, event, true) ?? '-', expected[state][1][i]);
      });
});

const start: AlarmStatus = {
  state: 'normal',
  active: false,
  holds: { shelved: false, suppressed: false, outOfService: false },
};
function trace(...events: AlarmEvent[]): { state: AlarmState; alarms: number } {
  let status = start;
  let alarms = 0;
  for (const event of events) {
    const next = step(status, event);
    if (next && event === 'condition' && next.state === 'unacknowledged') alarms++;
    status = next ?? status;
  }
  return { state: status.state, alarms };
}

describe('traces of kpi.md', () => {
  const traces: [AlarmEvent[], AlarmState, number][] = [
    [['condition', 'clear', 'acknowledge'], 'normal', 1],
    [['condition', 'acknowledge', 'clear', 'condition'], 'unacknowledged', 2],
    [['condition', 'shelve', 'clear', 'unshelve'], 'normal', 1],
    [['condition', 'shelve', 'unshelve'], 'unacknowledged', 1],
    [['condition', 'acknowledge', 'acknowledge'], 'acknowledged', 1],
    [['shelve', 'condition', 'clear', 'unshelve'], 'normal', 0],
    // Held for two reasons: the end of one does not end the other.
    [['condition', 'removeFromService', 'suppress', 'unsuppress'], 'outOfService', 1],
    [['condition', 'removeFromService', 'suppress', 'unsuppress', 'returnToService'], 'unacknowledged', 1],
    [['condition', 'shelve', 'suppress', 'unshelve', 'unsuppress'], 'unacknowledged', 1],
  ];
  for (const [events, state, alarms] of traces)
    test(events.join(', '), () => assert.deepEqual(trace(...events), { state, alarms }));
});
