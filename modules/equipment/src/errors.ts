import { defineErrors } from '@deungdae/kernel/errors.ts';

export const equipmentError = defineErrors({
  'equipment.unknownPath': {
    ko: '"{path}"에 해당하는 설비가 없습니다.',
    en: 'There is no equipment at "{path}".',
    doKo: '설비 목록에서 다시 고르십시오. 설비 파일이 바뀌었을 수 있습니다.',
    doEn: 'Choose again from the list; the plant file may have changed.',
  },
  'equipment.badWindow': {
    ko: '기간이 잘못되었습니다: 끝이 시작보다 뒤여야 하고 {days}일을 넘을 수 없습니다.',
    en: 'Wrong period: the end must be after the start, and at most {days} days later.',
    doKo: '기간을 줄이십시오.',
    doEn: 'Choose a shorter period.',
  },
  'equipment.unknownDowntime': {
    ko: '이 정지 기록을 찾을 수 없습니다.',
    en: 'This stop cannot be found.',
    doKo: '목록을 새로 고치십시오. 늦게 온 데이터로 기록이 바뀌었을 수 있습니다.',
    doEn: 'Reload the list; late data may have changed it.',
  },
  'equipment.unknownReason': {
    ko: '설비 파일에 없는 정지 사유입니다: {reason}',
    en: 'The plant file has no downtime reason "{reason}".',
    doKo: '목록에 있는 사유를 고르십시오.',
    doEn: 'Choose a reason of the list.',
  },
  'equipment.splitOutside': {
    ko: '나누는 시각이 정지 구간 안에 있지 않습니다.',
    en: 'The time to split at does not lie inside the stop.',
    doKo: '시작과 끝 사이의 시각을 고르십시오.',
    doEn: 'Choose a time between its start and end.',
  },
  'equipment.futureStop': {
    ko: '아직 오지 않은 시각은 기록할 수 없습니다.',
    en: 'A time that has not come yet cannot be recorded.',
    doKo: '끝 시각을 지금 이전으로 하십시오.',
    doEn: 'Let it end now or earlier.',
  },
  'equipment.tooMuchData': {
    ko: '이 기간의 데이터가 너무 많습니다(신호 {signal}, {limit}건 초과).',
    en: 'There is too much data in this period (signal {signal}, more than {limit} samples).',
    doKo: '기간을 줄이십시오.',
    doEn: 'Choose a shorter period.',
  },
});
