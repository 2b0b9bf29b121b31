import { defineErrors } from '@deungdae/kernel/errors.ts';

export const knowHowError = defineErrors({
  'knowhow.notFound': {
    ko: '그 노하우 카드를 찾을 수 없어요.',
    en: 'No such know-how card.',
    doKo: '검색해서 다시 찾아 보세요.',
    doEn: 'Search for it again.',
  },
  'knowhow.changed': {
    ko: '그사이 {name} 님이 이 카드를 고쳤어요 (지금 {version}판).',
    en: '{name} has changed this card meanwhile (now version {version}).',
    doKo: '새 내용을 보고 다시 고쳐 주세요. 입력한 글은 화면에 남아 있어요.',
    doEn: 'Look at the new text and edit again. What you typed is still on the screen.',
  },
  'knowhow.badgeUnknown': {
    ko: '"{badge}"은(는) 등록되지 않은 사원증이에요.',
    en: 'The badge "{badge}" is not registered.',
    doKo: '사원증을 다시 찍거나 관리자에게 등록을 부탁하세요.',
    doEn: 'Scan the badge again, or ask a supervisor to register it.',
  },
  'knowhow.tooMany': {
    ko: '노하우 카드는 {limit}장까지 둘 수 있어요.',
    en: 'There can be at most {limit} know-how cards.',
    doKo: '쓰지 않는 카드를 정리하세요.',
    doEn: 'Retire cards that are not used.',
  },
});
