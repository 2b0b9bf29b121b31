import { defineErrors } from '@deungdae/kernel/errors.ts';

export const alarmError = defineErrors({
  'alarm.unknown': {
    ko: '알람 {id}을(를) 찾을 수 없습니다.',
    en: 'There is no alarm {id}.',
    doKo: '목록을 새로 고치세요. 규칙이 플랜트 파일에서 없어졌을 수 있습니다.',
    doEn: 'Reload the list; its rule may have been removed from the plant file.',
  },
  'alarm.notPossible': {
    ko: '알람이 {state} 상태라서 이 작업을 할 수 없습니다.',
    en: 'The alarm is {state}, so this cannot be done.',
    doKo: '목록을 새로 고쳐 지금 상태를 확인하세요.',
    doEn: 'Reload the list and look at its present state.',
  },
  'alarm.window': {
    ko: '기간이 잘못되었거나 {days}일보다 깁니다.',
    en: 'The window is empty or longer than {days} days.',
    doKo: '시작이 끝보다 앞서도록, 더 짧은 기간을 고르세요.',
    doEn: 'Choose a shorter window whose start is before its end.',
  },
  'alarm.tooMany': {
    ko: '이 기간의 알람 기록이 {limit}건을 넘습니다.',
    en: 'The window holds more than {limit} alarm records.',
    doKo: '더 짧은 기간을 고르세요.',
    doEn: 'Choose a shorter window.',
  },
  'alarm.cursor': {
    ko: '다음 쪽 표시 {before}을(를) 알 수 없습니다.',
    en: 'The page mark {before} is unknown.',
    doKo: '처음부터 다시 조회하세요.',
    doEn: 'Start again from the first page.',
  },
});
