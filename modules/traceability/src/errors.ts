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
  'trace.unknownQuery': {
    ko: '이름 붙인 조회 {name}이(가) 없습니다.',
    en: 'There is no named query {name}.',
    doKo: '조회 목록에서 이름을 확인하세요.',
    doEn: 'Look at the list of named queries.',
  },
  'trace.queryExists': {
    ko: '조회 이름 {name}은(는) 이미 쓰고 있습니다.',
    en: 'The query name {name} is taken.',
    doKo: '다른 이름을 쓰거나, 먼저 지우세요. 지우면 구독도 끝납니다.',
    doEn: 'Use another name, or remove it first; that ends its subscriptions.',
  },
  'trace.tooManyQueries': {
    ko: '이름 붙인 조회는 {limit}개까지입니다.',
    en: 'There can be {limit} named queries.',
    doKo: '쓰지 않는 조회를 지우세요.',
    doEn: 'Remove those that nobody uses.',
  },
  'trace.tooManySubscriptions': {
    ko: '구독은 {limit}개까지입니다.',
    en: 'There can be {limit} subscriptions.',
    doKo: '쓰지 않는 구독을 끝내세요.',
    doEn: 'End those that nobody uses.',
  },
  'trace.unknownSubscription': {
    ko: '구독 {id}이(가) 없습니다.',
    en: 'There is no subscription {id}.',
    doKo: '조회의 구독 목록을 확인하세요.',
    doEn: 'Look at the subscriptions of the query.',
  },
  'trace.scheduleOrStream': {
    ko: '일정(schedule)과 즉시(stream) 가운데 하나만 정해야 합니다.',
    en: 'A subscription needs a schedule or stream: true, one of the two.',
    doKo: '하나만 넣어 다시 보내세요.',
    doEn: 'Give one of them and send it again.',
  },
  'trace.scheduleNever': {
    ko: '일정 {schedule}에 맞는 때가 없습니다.',
    en: 'The schedule {schedule} never comes.',
    doKo: '값의 범위를 확인하세요. 초·분 0–59, 시 0–23, 일 1–31, 월 1–12, 요일 1(월)–7입니다.',
    doEn: 'Check the values: second and minute 0–59, hour 0–23, day 1–31, month 1–12, day of the week 1 (Monday)–7.',
  },
  'trace.noDeliveries': {
    ko: '아직 보낼 준비가 되지 않았습니다.',
    en: 'Sending is not ready yet.',
    doKo: '잠시 뒤 다시 하세요.',
    doEn: 'Try again in a moment.',
  },
});
