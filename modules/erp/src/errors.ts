import { defineErrors } from '@deungdae/kernel/errors.ts';

export const erpError = defineErrors({
  'erp.unknownTarget': {
    ko: '연계 대상 {id} 이(가) 없어요.',
    en: 'There is no exchange target {id}.',
    doKo: '연계 화면에서 대상을 확인하세요.',
    doEn: 'Look at the targets on the exchange page.',
  },
  'erp.unknownDelivery': {
    ko: '보낸 문서 {id} 이(가) 없어요.',
    en: 'There is no document {id} in the outbox.',
    doKo: '목록을 새로 고치세요. 보낸 문서는 30일 뒤 지워져요.',
    doEn: 'Reload the list; sent documents are removed after 30 days.',
  },
  'erp.addressWrong': {
    ko: '주소 {url} 은(는) http 나 https 주소가 아니에요.',
    en: 'The address {url} is not an http or https address.',
    doKo: 'https://… 로 시작하는 주소를, 사용자 이름과 암호 없이 쓰세요.',
    doEn: 'Write an address that begins with https://, without user name and password.',
  },
  'erp.addressForbidden': {
    ko: '{host} ({address}) 은(는) 이 컴퓨터나 링크 로컬 주소라 보내지 않아요.',
    en: 'Nothing is sent to {host} ({address}): it is this computer itself or a link-local address.',
    doKo: '맞는 주소라면 대상에서 “이 컴퓨터 허용”을 켜세요.',
    doEn: 'If it is right, allow local addresses for this target.',
  },
  'erp.refused': {
    ko: '받는 쪽이 {status} 로 답했어요: {detail}',
    en: 'The other side answered {status}: {detail}',
    doKo: '받는 쪽 기록을 확인하고 고친 뒤 다시 보내세요.',
    doEn: 'Look at the log of the other side, mend it, and send again.',
  },
  'erp.unreachable': {
    ko: '받는 쪽에 닿지 않아요: {detail}',
    en: 'The other side cannot be reached: {detail}',
    doKo: '네트워크와 주소를 확인하세요. 저절로 다시 보내요.',
    doEn: 'Check the network and the address. It is sent again by itself.',
  },
  'erp.unknownOrder': {
    ko: '작업지시 {number} 이(가) 없어요.',
    en: 'There is no work order {number}.',
    doKo: '번호를 확인하세요.',
    doEn: 'Check the number.',
  },
  'erp.scheduleWrong': {
    ko: 'B2MML 문서를 읽을 수 없어요: {detail}',
    en: 'The B2MML document cannot be read: {detail}',
    doKo: 'OperationsSchedule 이 있는 B2MML V7 JSON 을 보내세요.',
    doEn: 'Send B2MML V7 JSON with an OperationsSchedule.',
  },
  'erp.unitDiffers': {
    ko: '품목 {item} 의 단위는 {unit} 인데 {given} 으로 왔어요.',
    en: 'Item {item} is counted in {unit}, but came in {given}.',
    doKo: 'ERP 의 단위를 맞추거나 품목의 단위를 확인하세요.',
    doEn: 'Make the units agree in the ERP or in the item.',
  },
  'erp.orderBegun': {
    ko: '작업지시 {number} 은(는) 이미 {status} 상태라 ERP 에서 바꿀 수 없어요.',
    en: 'Work order {number} is {status} already; the ERP cannot change it.',
    doKo: '현장과 상의해 작업지시 화면에서 고치세요.',
    doEn: 'Agree it with the floor and change it on the work order page.',
  },
  'erp.otherItem': {
    ko: '작업지시 {number} 은(는) 품목 {known} 인데 {item} 으로 왔어요.',
    en: 'Work order {number} is for item {known}, but came with {item}.',
    doKo: 'ERP 에서 새 번호로 보내세요.',
    doEn: 'Send it from the ERP under a new number.',
  },
});
