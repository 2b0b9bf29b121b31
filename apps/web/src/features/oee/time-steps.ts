import type { OeeReport } from '@deungdae/contracts/api-entities.ts';

type Report = OeeReport;
export type StepKey =
  | 'calendar'
  | 'unplannedCalendar'
  | 'plannedDown'
  | 'noData'
  | 'pbt'
  | 'adot'
  | 'adet'
  | 'asut'
  | 'apt'
  | 'speed'
  | 'plannedRun'
  | 'quality'
  | 'good';

export interface Step {
  key: StepKey;
  /** A level is what is left; a loss is what was taken from it. */
  kind: 'level' | 'loss';
  ms: number;
  /** Where the bar begins and ends, ms from the left. */
  from: number;
  to: number;
}

/**
 * The ISO 22400 time model as bars: calendar − not planned − planned down − no data = PBT; − no order − delays −
 * set-up = APT; − speed = planned run time of the pieces; − quality = good time. Losses and the last level add up to the
 * first one to the millisecond. A performance above 100 % makes the speed step grow instead of shrink.
 */
export function timeSteps(report: Report): Step[] {
  const { time, plannedRunMs, goodRunMs } = report;
  const steps: Step[] = [];
  let left = time.calendarMs;
  const level = (key: StepKey) => steps.push({ key, kind: 'level', ms: left, from: 0, to: left });
  const loss = (key: StepKey, ms: number) => {
    if (ms === 0) return;
    steps.push({ key, kind: 'loss', ms, from: Math.min(left, left - ms), to: Math.max(left, left - ms) });
    left -= ms;
  };
  level('calendar');
  loss('unplannedCalendar', time.calendarMs - time.potMs);
  loss('plannedDown', time.plannedDownMs);
  loss('noData', time.noDataMs);
  level('pbt');
  loss('adot', time.adotMs);
  loss('adet', time.adetMs);
  loss('asut', time.asutMs);
  level('apt');
  if (plannedRunMs !== null) {
    loss('speed', left - plannedRunMs);
    if (goodRunMs === null) level('plannedRun');
    else {
      loss('quality', plannedRunMs - goodRunMs);
      level('good');
    }
  }
  return steps;
}
