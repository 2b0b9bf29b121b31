import { defineErrors } from '@deungdae/kernel/errors.ts';

export const importError = defineErrors({
  'import.unknownFile': {
    ko: '올린 파일을 찾을 수 없습니다.',
    en: 'The uploaded file is not there any more.',
    doKo: '파일을 다시 올리세요. 올린 파일은 30일 동안 보관합니다.',
    doEn: 'Upload the file again; uploads are kept for 30 days.',
  },
  'import.unknownTarget': {
    ko: '{target}(으)로는 가져올 수 없습니다.',
    en: 'Nothing can be imported as {target}.',
    doKo: '목록에서 가져올 대상을 고르세요.',
    doEn: 'Choose from the list what to import as.',
  },
  'import.busy': {
    ko: '다른 가져오기가 진행 중입니다.',
    en: 'Another import is under way.',
    doKo: '끝난 뒤 다시 시도하거나 진행 중인 것을 멈추세요.',
    doEn: 'Try again when it is done, or stop it.',
  },
  'import.stopped': {
    ko: '가져오기를 멈췄습니다. 저장된 것은 없습니다.',
    en: 'The import was stopped; nothing was stored.',
    doKo: '필요하면 다시 시작하세요.',
    doEn: 'Start it again if it is wanted.',
  },
  'import.noHeader': {
    ko: '시트 {sheet}에 내용이 없습니다.',
    en: 'The sheet {sheet} holds nothing.',
    doKo: '다른 시트를 고르세요.',
    doEn: 'Choose another sheet.',
  },
  'import.notMapped': {
    ko: '꼭 필요한 항목 “{column}”에 맞춘 열이 없습니다.',
    en: 'No column stands for “{column}”, which is needed.',
    doKo: '열을 맞추거나 모든 행에 쓸 값을 정하세요.',
    doEn: 'Match a column to it, or give one value for all rows.',
  },
  'import.mappedTwice': {
    ko: '“{column}”에 열이 두 개 맞춰져 있습니다.',
    en: 'Two columns stand for “{column}”.',
    doKo: '한 열만 남기세요.',
    doEn: 'Keep one of them.',
  },
  'import.failed': {
    ko: '가져오는 중에 오류가 났습니다: {detail} 저장된 것은 없습니다.',
    en: 'The import failed: {detail} Nothing was stored.',
    doKo: '다시 시도하세요. 되풀이되면 파일과 함께 알려 주세요.',
    doEn: 'Try again; if it happens again, report it with the file.',
  },
  'import.problems': {
    ko: '문제가 있는 행이 {rows}개 있어 아무것도 저장하지 않았습니다.',
    en: '{rows} rows have problems, so nothing was stored.',
    doKo: '파일을 고쳐 다시 올리거나 “문제 있는 행을 빼고 가져오기”를 고르세요.',
    doEn: 'Correct the file and give it again, or choose to import without the rows that have problems.',
  },
  // What is wrong with a row.
  'import.required': {
    ko: '“{column}”이(가) 비어 있습니다.',
    en: '“{column}” is empty.',
    doKo: '값을 넣으세요.',
    doEn: 'Fill it in.',
  },
  'import.choice': {
    ko: '“{value}”은(는) “{column}”에 쓸 수 없는 값입니다.',
    en: '“{value}” is not one of the values of “{column}”.',
    doKo: '쓸 수 있는 값: {choices}',
    doEn: 'Possible values: {choices}',
  },
  'import.value': {
    ko: '“{column}” 값이 맞지 않습니다: {detail}',
    en: 'The value of “{column}” is not right: {detail}',
    doKo: '값을 고치세요.',
    doEn: 'Correct the value.',
  },
  'import.missing': {
    ko: '{kind} “{value}”이(가) 기준정보에 없습니다.',
    en: 'There is no {kind} “{value}” in the master data.',
    doKo: '먼저 등록하거나 코드를 고치세요.',
    doEn: 'Enter it first, or correct the code.',
  },
  'import.duplicate': {
    ko: '“{value}”이(가) {row}행에도 있습니다.',
    en: '“{value}” stands in row {row} too.',
    doKo: '둘 중 하나를 지우세요.',
    doEn: 'Remove one of the two.',
  },
  'import.groupBad': {
    ko: '{row}행에 문제가 있어 “{group}” 전체를 빼 두었습니다.',
    en: 'Row {row} has a problem, so all of “{group}” is left out.',
    doKo: '{row}행을 고치세요.',
    doEn: 'Correct row {row}.',
  },
  'import.quantityAlone': {
    ko: '수량만 있고 무엇의 수량인지 없습니다.',
    en: 'There is a quantity, but not of what.',
    doKo: '자품목 코드를 넣거나 수량을 지우세요.',
    doEn: 'Give the component, or remove the quantity.',
  },
});
