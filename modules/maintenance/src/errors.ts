import { defineErrors } from '@deungdae/kernel/errors.ts';

export const maintenanceError = defineErrors({
  'maintenance.sheetNotFound': {
    ko: '점검표 "{code}"이(가) 없어요.',
    en: 'There is no check sheet "{code}".',
    doKo: '점검표 목록에서 골라 주세요.',
    doEn: 'Choose one from the list of check sheets.',
  },
  'maintenance.notOfSheet': {
    ko: '"{subject}"은(는) 점검표 "{sheet}"의 대상이 아니에요.',
    en: '"{subject}" is not checked with the sheet "{sheet}".',
    doKo: '설비나 금형의 바코드를 다시 찍거나, 점검표의 대상에 추가하세요.',
    doEn: 'Scan the machine or tool again, or add it to the sheet.',
  },
  'maintenance.itemMissing': {
    ko: '점검하지 않은 항목이 있어요: {items}',
    en: 'These items are not checked: {items}',
    doKo: '모든 항목을 확인한 뒤 저장하세요.',
    doEn: 'Check every item, then save.',
  },
  'maintenance.itemUnknown': {
    ko: '점검표에 없는 항목이에요: {items}',
    en: 'These items are not on the sheet: {items}',
    doKo: '점검표가 바뀌었을 수 있어요. 화면을 새로 고치세요.',
    doEn: 'The sheet may have changed. Reload the page.',
  },
  'maintenance.valueMissing': {
    ko: '"{item}"에는 측정값이 필요해요.',
    en: '"{item}" needs a measured value.',
    doKo: '값을 입력하세요.',
    doEn: 'Enter the value.',
  },
  'maintenance.pictureMissing': {
    ko: '"{item}"에는 사진이 필요해요.',
    en: '"{item}" needs a picture.',
    doKo: '사진을 찍어 붙이세요.',
    doEn: 'Take a picture and attach it.',
  },
  'maintenance.subjectUnknown': {
    ko: '"{subject}"은(는) 등록된 설비나 금형이 아니에요.',
    en: '"{subject}" is not a known machine or tool.',
    doKo: '바코드를 다시 찍거나 기준정보에 등록하세요.',
    doEn: 'Scan again, or add it to the master data.',
  },
  'maintenance.orderNotFound': {
    ko: '그 보전 작업을 찾을 수 없어요.',
    en: 'No such maintenance order.',
    doKo: '목록을 새로 고쳐 확인하세요.',
    doEn: 'Reload the list and check.',
  },
  'maintenance.wrongStatus': {
    ko: '{number}은(는) 이미 {status} 상태라서 할 수 없어요.',
    en: '{number} is {status} already, so this cannot be done.',
    doKo: '목록을 새로 고쳐 지금 상태를 보세요.',
    doEn: 'Reload the list and look at its state.',
  },
  'maintenance.badgeUnknown': {
    ko: '"{badge}"은(는) 등록되지 않은 사원증이에요.',
    en: 'The badge "{badge}" is not registered.',
    doKo: '사원증을 다시 찍거나 관리자에게 등록을 부탁하세요.',
    doEn: 'Scan the badge again, or ask a supervisor to register it.',
  },
  'maintenance.noCavity': {
    ko: '{tool}에는 {cavity}번 캐비티가 없어요 ({cavities}개).',
    en: '{tool} has no cavity {cavity} (it has {cavities}).',
    doKo: '캐비티 번호를 확인하세요.',
    doEn: 'Check the number of the cavity.',
  },
  'maintenance.mountedElsewhere': {
    ko: '{tool}은(는) {machine}에 장착돼 있어요.',
    en: '{tool} is mounted on {machine}.',
    doKo: '먼저 내린 뒤 장착하세요.',
    doEn: 'Dismount it first.',
  },
  'maintenance.notAGauge': {
    ko: '{tool}은(는) 계측기가 아니라서 교정할 수 없어요.',
    en: '{tool} is not a gauge; only gauges are calibrated.',
    doKo: '계측기의 코드를 확인하세요.',
    doEn: 'Check the code of the gauge.',
  },
  'maintenance.calibrationResult': {
    ko: '교정 결과(합격·불합격)를 골라 주세요.',
    en: 'Say whether the calibration passed.',
    doKo: '합격이나 불합격을 고르세요.',
    doEn: 'Choose passed or failed.',
  },
});
