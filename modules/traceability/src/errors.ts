import { defineErrors } from '@deungdae/kernel/errors.ts';

export const traceError = defineErrors({
  'trace.unknownLot': {
    ko: '{code}은(는) 이 공장의 로트나 박스가 아닙니다.',
    en: '{code} is no lot or box of this plant.',
    doKo: '라벨을 다시 스캔하거나 번호를 확인하세요.',
    doEn: 'Scan the label again or check the number.',
  },
  'trace.epcisInvalid': {
    ko: 'EPCIS 이벤트가 규격에 맞지 않습니다: {detail}',
    en: 'The EPCIS event does not follow the standard: {detail}',
    doKo: '보낸 쪽에서 이 항목을 고쳐 다시 보내야 합니다.',
    doEn: 'The sender has to correct this field and send it again.',
  },
  'trace.epcisTooMany': {
    ko: '문서의 이벤트가 {limit}건을 넘습니다.',
    en: 'The document holds more than {limit} events.',
    doKo: '나누어 보내세요.',
    doEn: 'Send it in parts.',
  },
  'trace.epcisQuery': {
    ko: '조회 조건 {name}의 값 {value}을(를) 쓸 수 없습니다.',
    en: 'The value {value} of the query parameter {name} cannot be used.',
    doKo: '값을 고쳐 다시 조회하세요.',
    doEn: 'Correct the value and ask again.',
  },
  'trace.unknownJob': {
    ko: '수집 작업 {id}을(를) 찾을 수 없습니다.',
    en: 'There is no capture job {id}.',
    doKo: '작업 번호를 확인하세요.',
    doEn: 'Check its id.',
  },
});
