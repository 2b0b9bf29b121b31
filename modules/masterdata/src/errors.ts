import type { MasterKind } from '@deungdae/contracts/master.ts';
import { defineErrors, defineTerms } from '@deungdae/kernel/errors.ts';

export const masterError = defineErrors({
  'master.unknown': {
    ko: '기준정보에 {kind} {code}이(가) 없습니다.',
    en: 'There is no {kind} {code} in the master data.',
    doKo: '코드를 확인하거나 기준정보에 먼저 등록하세요.',
    doEn: 'Check the code, or enter it in the master data first.',
  },
  'master.unknownNear': {
    ko: '기준정보에 {kind} {code}이(가) 없습니다. 혹시 {nearest}인가요?',
    en: 'There is no {kind} {code} in the master data. Did you mean {nearest}?',
    doKo: '코드를 확인하거나 기준정보에 먼저 등록하세요.',
    doEn: 'Check the code, or enter it in the master data first.',
  },
  'master.notInForce': {
    ko: '{kind} {code}은(는) 그 날짜에 유효한 차수가 없습니다.',
    en: '{kind} {code} has no revision in force on that day.',
    doKo: '적용일을 확인하세요. 필요하면 차수의 시작일을 앞당기세요.',
    doEn: 'Check the effectivity dates; let the revision start earlier if it should.',
  },
  'master.input': {
    ko: '{kind} {code}의 {path} 값이 맞지 않습니다: {detail}',
    en: 'The value of {path} of {kind} {code} is not right: {detail}',
    doKo: '값을 고친 뒤 다시 저장하세요.',
    doEn: 'Correct the value and save again.',
  },
  'master.reference': {
    ko: '{kind} {code}이(가) 가리키는 {refKind} {ref}이(가) 없습니다.',
    en: '{kind} {code} refers to {refKind} {ref}, which does not exist.',
    doKo: '{ref}을(를) 먼저 등록하거나 코드를 고치세요.',
    doEn: 'Enter {ref} first, or correct the code.',
  },
  'master.referenceNear': {
    ko: '{kind} {code}이(가) 가리키는 {refKind} {ref}이(가) 없습니다. 혹시 {nearest}인가요?',
    en: '{kind} {code} refers to {refKind} {ref}, which does not exist. Did you mean {nearest}?',
    doKo: '{ref}을(를) 먼저 등록하거나 코드를 고치세요.',
    doEn: 'Enter {ref} first, or correct the code.',
  },
  'master.cycle': {
    ko: '{kind} 구성이 자기 자신으로 돌아옵니다: {path}',
    en: 'The {kind} runs in a circle: {path}',
    doKo: '이 고리에서 한 줄을 빼세요.',
    doEn: 'Take one line out of this circle.',
  },
  'master.tooDeep': {
    ko: '{kind} {code}의 단계가 {limit}단을 넘습니다.',
    en: '{kind} {code} is more than {limit} levels deep.',
    doKo: '단계를 줄이세요.',
    doEn: 'Use fewer levels.',
  },
  'master.conflict': {
    ko: '{kind} {code}을(를) 그 사이에 다른 사람이 바꿨습니다.',
    en: 'Somebody else has changed {kind} {code} in the meantime.',
    doKo: '새로 고쳐 바뀐 내용을 보고 다시 저장하세요.',
    doEn: 'Reload, look at what changed, and save again.',
  },
  'master.exists': {
    ko: '{kind} {code}의 차수 {revision}은(는) 이미 있습니다.',
    en: 'Revision {revision} of {kind} {code} exists already.',
    doKo: '다른 코드나 차수를 쓰세요.',
    doEn: 'Use another code or revision.',
  },
  'master.overlap': {
    ko: '{kind} {code}의 차수 {revision}과(와) 적용 기간이 겹칩니다.',
    en: 'The dates overlap with revision {revision} of {kind} {code}.',
    doKo: '시작일과 종료일을 고쳐 기간이 겹치지 않게 하세요.',
    doEn: 'Change the start or end so that no two revisions hold at once.',
  },
  'master.dates': {
    ko: '{kind} {code}의 종료일이 시작일보다 앞섭니다.',
    en: '{kind} {code} would end before it starts.',
    doKo: '날짜를 고치세요.',
    doEn: 'Correct the dates.',
  },
  'document.tooLarge': {
    ko: '파일이 {mb} MB보다 큽니다.',
    en: 'The file is larger than {mb} MB.',
    doKo: '사진은 해상도를 줄이고, PDF는 나누어 올리세요.',
    doEn: 'Scale the picture down, or split the PDF.',
  },
  'document.diskFull': {
    ko: '서버 디스크에 {mb} MB밖에 남지 않아 파일을 받지 않았습니다.',
    en: 'Only {mb} MB are left on the disk of the server; the file was not taken.',
    doKo: '관리자에게 디스크를 비우거나 늘려 달라고 하세요. 설비 데이터가 먼저입니다.',
    doEn: 'Ask the administrator for room on the disk; the data of the machines come first.',
  },
  'document.empty': {
    ko: '빈 파일입니다.',
    en: 'The file is empty.',
    doKo: '파일을 다시 골라 올리세요.',
    doEn: 'Choose the file again.',
  },
  'document.type': {
    ko: '{name}은(는) 올릴 수 없는 종류의 파일입니다.',
    en: '{name} is a kind of file that cannot be kept here.',
    doKo: '사진(JPG, PNG, WebP), PDF, 도면(DXF, DWG, STEP), 동영상(MP4), Office 문서를 올리세요.',
    doEn: 'Give a picture (JPG, PNG, WebP), PDF, drawing (DXF, DWG, STEP), film (MP4) or Office document.',
  },
  'document.unknown': {
    ko: '문서 {id}이(가) 없습니다.',
    en: 'There is no document {id}.',
    doKo: '목록을 새로 고치거나 파일을 다시 올리세요.',
    doEn: 'Reload the list, or upload the file again.',
  },
  'document.lost': {
    ko: '문서 {name}의 파일이 저장소에 없습니다.',
    en: 'The file of document {name} is missing from the store.',
    doKo: '백업에서 documents 폴더를 복원하거나 파일을 다시 올리세요.',
    doEn: 'Restore the documents folder from a backup, or upload the file again.',
  },
  'master.tooMany': {
    ko: '한 번에 {limit}건까지만 저장할 수 있습니다.',
    en: 'At most {limit} records can be saved at once.',
    doKo: '나누어 저장하세요.',
    doEn: 'Save them in parts.',
  },
});

/** As shop-floor people call the kinds; error parameters name them `@kind.item`. */
const kindNames = {
  item: { ko: '품목', en: 'item' },
  bom: { ko: 'BOM', en: 'bill of materials' },
  routing: { ko: '공정순서', en: 'routing' },
  workCentre: { ko: '작업장', en: 'work centre' },
  tool: { ko: '금형·치공구', en: 'tool' },
  partner: { ko: '거래처', en: 'business partner' },
  location: { ko: '창고·위치', en: 'location' },
  reason: { ko: '사유', en: 'reason' },
  inspectionPlan: { ko: '관리계획서', en: 'control plan' },
  skill: { ko: '자격', en: 'skill' },
  unit: { ko: '단위', en: 'unit' },
  holiday: { ko: '휴일', en: 'holiday' },
} as const satisfies Record<MasterKind, { ko: string; en: string }>;

export function kindTerm(kind: MasterKind): `@${string}` {
  return `@kind.${kind}`;
}

defineTerms(Object.fromEntries(Object.entries(kindNames).map(([kind, name]) => [`@kind.${kind}`, name])));
