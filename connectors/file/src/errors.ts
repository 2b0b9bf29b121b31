import { defineErrors } from '@deungdae/kernel/errors.ts';

/** What the file connector can say to people: errors it throws and notices it gives. */
export const fileError = defineErrors({
  'file.none': {
    ko: '읽을 파일이 없습니다: {path}',
    en: 'No file to read: {path}',
    doKo: '경로와 파일 이름 패턴, 읽기 권한을 확인하십시오.',
    doEn: 'Check the path, the file name pattern and the permission to read.',
  },
  'file.unreadable': {
    ko: '파일을 읽지 못했습니다: {path} ({detail})',
    en: 'The file could not be read: {path} ({detail})',
    doKo: '파일이 있는지, 다른 프로그램이 잠그고 있는지 확인하십시오. 다시 시도합니다.',
    doEn: 'Check that the file exists and is not locked by another program. It is tried again.',
  },
  'file.noColumn': {
    ko: '{path}의 머리글에 열 "{column}"이 없습니다.',
    en: 'The header of {path} has no column "{column}".',
    doKo: '열 이름을 머리글과 같게 고치십시오. 있는 열: {columns}',
    doEn: 'Write the column as in the header. There are: {columns}',
  },
  'file.rejected': {
    ko: '{file} {line}번째 줄을 받아들이지 않았습니다: {reason}',
    en: '{file} line {line} was not accepted: {reason}',
    doKo: '이웃한 줄은 그대로 저장되었습니다. 거부된 줄은 연결 폴더의 rejects.ndjson에 있습니다.',
    doEn: 'The lines beside it are kept. Rejected lines are in rejects.ndjson in the folder of the connection.',
  },
  'file.rejectedMore': {
    ko: '{file}에서 {count}줄을 더 거부했습니다.',
    en: '{count} more lines of {file} were rejected.',
    doKo: '연결 폴더의 rejects.ndjson을 보십시오. 형식과 인코딩 설정이 맞는지 확인하십시오.',
    doEn: 'See rejects.ndjson in the folder of the connection. Check that format and encoding are set right.',
  },
  'file.unknownTag': {
    ko: '설비 파일에 없는 태그입니다: {tag} ({file} {line}번째 줄)',
    en: 'This tag is bound to no signal: {tag} ({file} line {line})',
    doKo: '필요하면 설비 파일에 신호를 추가하십시오. 그때까지 이 태그의 값은 저장하지 않습니다.',
    doEn: 'Add a signal to the plant file when it is needed. Until then values of this tag are not kept.',
  },
  'file.replaced': {
    ko: '파일이 짧아졌거나 바뀌었습니다: {file}. 처음부터 다시 읽습니다.',
    en: 'The file became shorter or was replaced: {file}. It is read again from its start.',
    doKo: '로그를 교체하는 프로그램이 있다면 정상입니다. 같은 값은 두 번 저장되지 않습니다.',
    doEn: 'Normal when a program rotates its log. Equal samples are not stored twice.',
  },
  'file.oddTime': {
    ko: '{file} {line}번째 줄의 시각이 믿기 어렵습니다: {time}. 품질을 "불확실"로 저장했습니다.',
    en: 'The time on line {line} of {file} is hard to believe: {time}. It was kept with quality uncertain.',
    doKo: '기계의 시계와 시계 배터리를 확인하십시오.',
    doEn: 'Check the clock of the machine and its battery.',
  },
  'file.finished': {
    ko: '모두 읽었습니다: 파일 {files}개, {lines}줄, 샘플 {samples}개, 거부 {rejected}줄',
    en: 'All is read: {files} files, {lines} lines, {samples} samples, {rejected} rejected lines',
    doKo: '할 일이 없습니다.',
    doEn: 'Nothing to do.',
  },
});
