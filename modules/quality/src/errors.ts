import { defineErrors } from '@deungdae/kernel/errors.ts';

export const qualityError = defineErrors({
  'quality.unknownInspection': {
    ko: '검사 {id}을(를) 찾을 수 없습니다.',
    en: 'There is no inspection {id}.',
    doKo: '검사 목록을 새로 고치고 다시 고르세요.',
    doEn: 'Reload the list of inspections and choose again.',
  },
  'quality.alreadyDone': {
    ko: '검사 {number}은(는) 이미 끝났습니다 (판정: {verdict}).',
    en: 'Inspection {number} is already finished ({verdict}).',
    doKo: '다시 검사하려면 재검사를 요청하세요. 끝난 검사의 값은 바꿀 수 없습니다.',
    doEn: 'Ask for a repeat to inspect again; values of a finished inspection stay as they are.',
  },
  'quality.incomplete': {
    ko: '검사 {number}에 아직 값이 없는 항목이 있습니다: {missing}.',
    en: 'Inspection {number} still lacks values: {missing}.',
    doKo: '남은 항목을 입력한 뒤 판정하세요.',
    doEn: 'Enter what is missing, then finish.',
  },
  'quality.unknownCharacteristic': {
    ko: '이 검사에는 항목 "{characteristic}"이(가) 없습니다.',
    en: 'This inspection has no characteristic "{characteristic}".',
    doKo: '관리계획서에 있는 항목을 고르세요: {known}.',
    doEn: 'Choose a characteristic of the control plan: {known}.',
  },
  'quality.valueMissing': {
    ko: '"{characteristic}"의 {sample}번째 값이 없습니다.',
    en: 'Value {sample} of "{characteristic}" is missing.',
    doKo: '측정 항목에는 숫자를, 판정 항목에는 합격 또는 불합격을 넣으세요.',
    doEn: 'Give a number for a measured characteristic, pass or fail for a judged one.',
  },
  'quality.unlikelyValue': {
    ko: '"{characteristic}" 값 {value}은(는) 규격({lower} … {upper})에서 너무 멉니다. 소수점이 빠졌을 수 있습니다.',
    en: 'The value {value} of "{characteristic}" is too far from its specification ({lower} … {upper}); a decimal point may be missing.',
    doKo: '값을 다시 확인하세요. 맞다면 "그대로 기록"을 고르세요.',
    doEn: 'Check the value; when it is right, choose "record as it is".',
  },
  'quality.tooMany': {
    ko: '한 번에 {limit}건까지만 처리할 수 있습니다.',
    en: 'At most {limit} can be handled at once.',
    doKo: '나누어 다시 하세요.',
    doEn: 'Do it in parts.',
  },
  'quality.discontinued': {
    ko: '공급자 {supplier}의 품목 {item}은(는) 검사가 중지되었습니다 (까다로운 검사에서 5로트 불합격).',
    en: 'Inspection of {item} from {supplier} is discontinued: five lots were not accepted under tightened inspection.',
    doKo: '공급자의 개선 대책을 확인하고 품질 책임자가 검사를 다시 열어야 입고할 수 있습니다.',
    doEn: 'Check what the supplier has improved; the quality lead must reopen inspection first.',
  },
  'quality.unknownNonconformity': {
    ko: '부적합 {id}을(를) 찾을 수 없습니다.',
    en: 'There is no nonconformity {id}.',
    doKo: '부적합 목록을 새로 고치고 다시 고르세요.',
    doEn: 'Reload the list of nonconformities and choose again.',
  },
  'quality.unknownLot': {
    ko: '로트 {lot}을(를) 찾을 수 없습니다.',
    en: 'There is no lot {lot}.',
    doKo: '라벨을 다시 스캔하세요. 다른 공장의 라벨일 수 있습니다.',
    doEn: 'Scan the label again; it may be another plant’s.',
  },
});
