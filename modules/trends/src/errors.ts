import { defineErrors } from '@deungdae/kernel/errors.ts';

export const trendError = defineErrors({
  'trends.unknownSignal': {
    ko: '{id}번 신호는 이 공장에 없어요.',
    en: 'This plant has no signal {id}.',
    doKo: '설비 화면에서 신호를 다시 고르세요. 공장 파일이 바뀌었을 수 있어요.',
    doEn: 'Choose the signal again from the machine page; the plant file may have changed.',
  },
  'trends.windowWrong': {
    ko: '기간의 끝이 시작보다 앞이에요.',
    en: 'The window ends before it begins.',
    doKo: '시작과 끝을 바꿔 주세요.',
    doEn: 'Swap the start and the end.',
  },
  'trends.tooManySignals': {
    ko: '한 번에 {max}개까지 볼 수 있어요.',
    en: 'At most {max} signals at a time.',
    doKo: '신호를 몇 개 빼 주세요.',
    doEn: 'Take some signals out.',
  },
});
