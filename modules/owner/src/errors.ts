import { defineErrors } from '@deungdae/kernel/errors.ts';

export const ownerError = defineErrors({
  'owner.badDays': {
    ko: '날짜가 거꾸로거나 {most}일보다 길어요.',
    en: 'The days run backwards or span more than {most}.',
    doKo: '시작일과 끝일을 다시 고르세요.',
    doEn: 'Choose first and last day again.',
  },
});
