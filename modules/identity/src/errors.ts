import { defineErrors } from '@deungdae/kernel/errors.ts';

export const identityError = defineErrors({
  'identity.signInFailed': {
    ko: '이름이나 비밀번호가 맞지 않아요.',
    en: 'The name or the password is not right.',
    doKo: '다시 입력해 주세요. 잊으셨다면 관리자에게 새 비밀번호를 요청하세요.',
    doEn: 'Try again. If you forgot it, ask an administrator for a new password.',
  },
  'identity.tooManyAttempts': {
    ko: '로그인을 여러 번 실패했어요. {seconds}초 뒤에 다시 할 수 있어요.',
    en: 'Too many failed attempts to sign in. You can try again in {seconds} seconds.',
    doKo: '잠시 기다렸다가 다시 해 주세요.',
    doEn: 'Wait a moment and try again.',
  },
  'identity.setupDone': {
    ko: '관리자가 이미 있어요.',
    en: 'An administrator exists already.',
    doKo: '로그인 화면에서 들어오세요.',
    doEn: 'Use the sign-in page.',
  },
  'identity.setupTokenWrong': {
    ko: '첫 실행 링크가 맞지 않거나 이미 쓰였어요.',
    en: 'The first-run link is wrong or has been used.',
    doKo: '서버를 시작할 때 화면에 나온 링크를 그대로 여세요.',
    doEn: 'Open the link exactly as the server printed it at start.',
  },
  'identity.nameTaken': {
    ko: '"{name}" 이름은 이미 쓰고 있어요.',
    en: 'The name "{name}" is taken.',
    doKo: '다른 이름을 쓰세요.',
    doEn: 'Choose another name.',
  },
  'identity.notFound': {
    ko: '사용자나 토큰을 찾을 수 없어요.',
    en: 'No such user or token.',
    doKo: '목록을 새로 고쳐 확인하세요.',
    doEn: 'Reload the list and check.',
  },
  'identity.lastAdministrator': {
    ko: '마지막 관리자는 끄거나 낮출 수 없어요.',
    en: 'The last administrator cannot be switched off or lowered.',
    doKo: '먼저 다른 사용자를 관리자로 올리세요.',
    doEn: 'Make another user administrator first.',
  },
  'identity.passwordWrong': {
    ko: '지금 비밀번호가 맞지 않아요.',
    en: 'The current password is not right.',
    doKo: '지금 쓰는 비밀번호를 다시 입력하세요.',
    doEn: 'Enter the password you use now.',
  },
  'identity.unknownDevice': {
    ko: '이 태블릿을 찾을 수 없거나 이미 해제했어요.',
    en: 'No such tablet, or it was revoked.',
    doKo: '목록을 새로 고치고, 필요하면 새로 등록하세요.',
    doEn: 'Reload the list; add it anew if it is needed.',
  },
  'identity.unknownMachine': {
    ko: '{machine} 설비가 공장 파일에 없어요.',
    en: 'The plant has no machine {machine}.',
    doKo: '설비를 다시 고르세요.',
    doEn: 'Choose the machine again.',
  },
  'identity.codeWrong': {
    ko: '연결 코드가 맞지 않거나 시간이 지났거나 이미 쓰였어요.',
    en: 'The pairing code is wrong, too old or was used.',
    doKo: '사무실에서 새 코드를 만들어 15분 안에 입력하세요.',
    doEn: 'Have a new code made in the office and enter it within 15 minutes.',
  },
  'identity.tooManyCodes': {
    ko: '코드를 여러 번 잘못 입력했어요. {seconds}초 뒤에 다시 할 수 있어요.',
    en: 'Too many wrong codes. You can try again in {seconds} seconds.',
    doKo: '잠시 기다렸다가 코드를 다시 확인하세요.',
    doEn: 'Wait a moment and check the code.',
  },
});
