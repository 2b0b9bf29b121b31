import { defineErrors } from '@deungdae/kernel/errors.ts';

export const peopleError = defineErrors({
  'people.notFound': {
    ko: '그 사람을 찾을 수 없어요.',
    en: 'No such person.',
    doKo: '명단을 새로 고쳐 확인하세요.',
    doEn: 'Reload the list and check.',
  },
  'people.badgeTaken': {
    ko: '사원증 "{badge}"은(는) {name} 님이 쓰고 있어요.',
    en: 'The badge "{badge}" belongs to {name}.',
    doKo: '다른 사원증을 쓰거나, 그만둔 사람이면 먼저 비활성으로 바꾸세요.',
    doEn: 'Use another badge, or make the person inactive first if they have left.',
  },
  'people.userTaken': {
    ko: '그 계정은 이미 {name} 님에게 연결돼 있어요.',
    en: 'That account is linked to {name} already.',
    doKo: '연결을 먼저 푸세요.',
    doEn: 'Remove that link first.',
  },
  'people.skillMissing': {
    ko: '{name} 님은 "{skill}" 자격이 없어요.',
    en: '{name} does not hold the skill "{skill}".',
    doKo: '목록을 새로 고쳐 확인하세요.',
    doEn: 'Reload the list and check.',
  },
  'people.measureOpen': {
    ko: '아직 끝나지 않은 개선 조치가 {count}건 있어요.',
    en: '{count} measures are not done yet.',
    doKo: '조치를 끝낸 뒤에 종결하세요.',
    doEn: 'Finish them, then close.',
  },
  'people.recordNotFound': {
    ko: '그 안전 기록을 찾을 수 없어요.',
    en: 'No such safety record.',
    doKo: '목록을 새로 고쳐 확인하세요.',
    doEn: 'Reload the list and check.',
  },
  'people.recordClosed': {
    ko: '{number}은(는) 이미 종결됐어요.',
    en: '{number} is closed.',
    doKo: '새 기록을 만드세요.',
    doEn: 'Make a new record.',
  },
  'people.notReviewed': {
    ko: '{number}은(는) 해마다 다시 검토하는 기록이 아니에요.',
    en: '{number} is not a record that is reviewed each year.',
    doKo: '위험성평가를 골라 주세요.',
    doEn: 'Choose a risk assessment.',
  },
});
