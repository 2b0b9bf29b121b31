import { defineErrors } from './errors.ts';

/** What can be wrong with a plant file. `{name}` is what stands in the file, `{suggestion}` the nearest valid name. */
export const plantError = defineErrors({
  'plant.syntax': {
    ko: 'YAML 문법 오류입니다: {detail}',
    en: 'YAML syntax error: {detail}',
    doKo: '이 줄의 들여쓰기, 따옴표, 콜론을 확인하십시오.',
    doEn: 'Check indentation, quotes and colons at this line.',
  },
  'plant.duplicateKey': {
    ko: '같은 항목이 두 번 있습니다: {name}',
    en: 'The same key stands twice: {name}',
    doKo: '하나만 남기고 지우십시오.',
    doEn: 'Keep one of them and delete the other.',
  },
  'plant.tooLarge': {
    ko: '파일이 너무 큽니다: {size}자, 최대 {limit}자.',
    en: 'The file is too large: {size} characters, at most {limit}.',
    doKo: '같은 설비는 types로 묶어 파일을 줄이십시오.',
    doEn: 'Describe equal machines once under `types` to make the file smaller.',
  },
  'plant.aliases': {
    ko: '별칭(*)이 너무 많이 펼쳐집니다.',
    en: 'Aliases (*) expand to too much.',
    doKo: '앵커와 별칭 대신 types를 쓰십시오.',
    doEn: 'Use `types` instead of anchors and aliases.',
  },
  'plant.unknownKey': {
    ko: '알 수 없는 항목입니다: {name}',
    en: 'Unknown key: {name}',
    doKo: '여기에 쓸 수 있는 항목: {allowed}',
    doEn: 'Keys allowed here: {allowed}',
  },
  'plant.missing': {
    ko: '꼭 필요한 항목이 없습니다: {name}',
    en: 'A required key is missing: {name}',
    doKo: '{name} 항목을 추가하십시오.',
    doEn: 'Add {name}.',
  },
  'plant.type': {
    ko: '값의 종류가 다릅니다: {expected}이어야 하는데 {received}입니다.',
    en: 'Wrong kind of value: expected {expected}, found {received}.',
    doKo: '값을 {expected}(으)로 바꾸십시오.',
    doEn: 'Change the value to {expected}.',
  },
  'plant.value': {
    ko: '쓸 수 없는 값입니다: {name}',
    en: 'Value not allowed: {name}',
    doKo: '쓸 수 있는 값: {allowed}',
    doEn: 'Allowed: {allowed}',
  },
  'plant.format': {
    ko: '형식이 맞지 않습니다: {name} ({rule})',
    en: 'Wrong form: {name} ({rule})',
    doKo: '이 형식으로 쓰십시오: {rule}',
    doEn: 'Write it as: {rule}',
  },
  'plant.range': {
    ko: '값이 허용 범위를 벗어났습니다: {rule}',
    en: 'Value out of range: {rule}',
    doKo: '범위 안의 값으로 고치십시오: {rule}',
    doEn: 'Use a value within the range: {rule}',
  },
  'plant.rule': {
    ko: '규칙에 맞지 않습니다: {rule}',
    en: 'Breaks a rule: {rule}',
    doKo: '참조 문서의 이 항목 설명을 보고 고치십시오.',
    doEn: 'See this key in the plant file reference and correct it.',
  },
  'plant.duplicateId': {
    ko: '같은 id가 이미 있습니다: {name} (처음 나온 줄: {first})',
    en: 'This id is already used: {name} (first at line {first})',
    doKo: '같은 위치 안에서는 id를 서로 다르게 쓰십시오.',
    doEn: 'Give a different id; ids are unique within their parent.',
  },
  'plant.reference': {
    ko: '{what} "{name}"을(를) 찾을 수 없습니다.',
    en: 'There is no {what} named "{name}".',
    doKo: '이름을 고치거나 먼저 정의하십시오. 있는 이름: {allowed}',
    doEn: 'Correct the name or define it first. Known: {allowed}',
  },
  'plant.noConnection': {
    ko: '신호 "{name}"에 source가 있지만 연결(connection)이 정해지지 않았습니다.',
    en: 'Signal "{name}" has a source but no connection.',
    doKo: 'source.connection 또는 설비의 connection을 적으십시오.',
    doEn: 'Give source.connection, or the connection of the equipment.',
  },
  'plant.parameter': {
    ko: '매개변수 {name}에 넣을 값이 설비의 with에 없습니다.',
    en: 'No value for parameter {name} in `with` of the equipment.',
    doKo: '설비 {equipment}의 with에 {name}을(를) 적으십시오.',
    doEn: 'Add {name} to `with` of equipment {equipment}.',
  },
  'plant.timeZone': {
    ko: '알 수 없는 시간대입니다: {name}',
    en: 'Unknown time zone: {name}',
    doKo: 'Asia/Seoul 같은 IANA 이름을 쓰십시오.',
    doEn: 'Use an IANA name such as Asia/Seoul.',
  },
  'plant.unit': {
    ko: '알 수 없는 단위입니다: {name}',
    en: 'Unknown unit: {name}',
    doKo: 'UCUM 코드를 쓰십시오: Cel, kPa, mm/s, kW.h, 1',
    doEn: 'Use a UCUM code: Cel, kPa, mm/s, kW.h, 1',
  },
  'plant.shiftOverlap': {
    ko: '교대 "{name}"이(가) 교대 "{other}"와 겹칩니다({day}).',
    en: 'Shift "{name}" overlaps shift "{other}" ({day}).',
    doKo: '시작·종료 시각이나 요일을 고쳐 겹치지 않게 하십시오.',
    doEn: 'Change start, end or days so that they do not overlap.',
  },
  'plant.breakOutside': {
    ko: '휴식 {name}이(가) 교대 시간 안에 있지 않거나 다른 휴식과 겹칩니다.',
    en: 'Break {name} does not lie within its shift, or overlaps another break.',
    doKo: '휴식을 교대의 시작과 종료 사이에, 서로 겹치지 않게 두십시오.',
    doEn: 'Put breaks between the start and end of the shift, one after the other.',
  },
  'plant.date': {
    ko: '없는 날짜입니다: {name}',
    en: 'No such date: {name}',
    doKo: '달력에 있는 날짜를 yyyy-mm-dd로 쓰십시오.',
    doEn: 'Use a date of the calendar, yyyy-mm-dd.',
  },
  'plant.alarm': {
    ko: '알람 "{name}"(종류 {type})에는 {needs} 값이 필요합니다.',
    en: 'Alarm "{name}" of type {type} needs {needs}.',
    doKo: '{needs} 값을 적으십시오.',
    doEn: 'Add {needs}.',
  },
  'plant.conditionEmpty': {
    ko: '조건에 시험할 것이 없습니다.',
    en: 'The condition tests nothing.',
    doKo: 'is, above, below, unchangedFor 중 하나를 적으십시오.',
    doEn: 'Give one of is, above, below, unchangedFor.',
  },
  'plant.limits': {
    ko: '최솟값 {min}이 최댓값 {max}보다 큽니다.',
    en: 'min {min} is above max {max}.',
    doKo: '두 값을 바꾸거나 고치십시오.',
    doEn: 'Swap or correct the two values.',
  },
  'plant.editTarget': {
    ko: '편집할 위치를 찾을 수 없습니다: {name}',
    en: 'Nothing to edit at: {name}',
    doKo: '파일을 다시 읽고 이름을 확인하십시오.',
    doEn: 'Read the file again and check the name.',
  },
});
