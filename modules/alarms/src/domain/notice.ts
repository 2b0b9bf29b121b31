import type { AlarmPriority } from '@deungdae/contracts/alarm.ts';
import type { LocalText } from '@deungdae/contracts/text.ts';
import { type AlarmPoint, alarmId } from './point.ts';

/** An alarm that another module judged, such as a control chart's: no rule of the plant file stands behind it. */
export interface AlarmNotice {
  /** Who raises it and about what, e.g. `quality/chart/<id>`; one key is one alarm however often it comes. */
  key: string;
  /** Path of the machine, and of the signal where there is one. */
  equipment: string;
  signal: string;
  name: LocalText;
  message: string;
  action: LocalText | null;
  priority: AlarmPriority;
  value: number | string | null;
}

/** Marks rules of notices, which the plant file cannot contain. */
const mark = '@';

export function isNotice(point: Pick<AlarmPoint, 'rule'>): boolean {
  return point.rule.startsWith(mark);
}

export function noticeId(key: string): string {
  return alarmId(`${mark}${key}`, '');
}

export function noticePoint(notice: AlarmNotice): AlarmPoint {
  return {
    id: noticeId(notice.key),
    rule: `${mark}${notice.key}`,
    code: '',
    ...{ equipment: notice.equipment, signal: notice.signal, name: notice.name, message: notice.message },
    ...{ action: notice.action, priority: notice.priority, value: notice.value },
    state: 'normal',
    active: false,
    holds: { shelved: false, suppressed: false, outOfService: false },
    ...{ raisedAt: null, clearedAt: null, acknowledgedAt: null, acknowledgedBy: null },
    ...{ shelvedUntil: null, shelvedBy: null, shelveReason: null },
    ...{ occurrences: 0, shiftFrom: 0, flood: null, activeUs: 0, knownSince: null, gapSince: null },
  };
}
