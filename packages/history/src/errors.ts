import { type CodedError, defineErrors } from '@deungdae/kernel/errors.ts';

export const historyError = defineErrors({
  'history.locked': {
    ko: '이력 저장소 {directory}를 다른 프로세스가 쓰고 있습니다.',
    en: 'Another process is using the history in {directory}.',
    doKo: '이미 실행 중인 등대를 멈추거나, 그 서버에 물어보세요. 한 저장소는 한 프로세스만 엽니다.',
    doEn: 'Stop the Deungdae that is already running, or ask that server. One process opens one history.',
  },
  'history.cannotOpen': {
    ko: '이력 저장소 {directory}를 열 수 없습니다: {detail}',
    en: 'The history in {directory} cannot be opened: {detail}',
    doKo: '폴더의 권한과 디스크를 확인하고, 파일이 손상되었으면 백업에서 복원하세요.',
    doEn: 'Check the folder’s permissions and the disk; when the file is damaged, restore a backup.',
  },
  'history.diskFull': {
    ko: '디스크가 가득 차서 샘플을 저장하지 못했습니다: {detail}',
    en: 'The disk is full, samples could not be stored: {detail}',
    doKo: '공간을 비우세요. 공간이 생기면 저장이 저절로 이어집니다.',
    doEn: 'Free some space; storing goes on by itself once there is room.',
  },
  'history.writeFailed': {
    ko: '샘플을 저장하지 못했습니다: {detail}',
    en: 'Samples could not be stored: {detail}',
    doKo: '같은 묶음을 다시 보내도 안전합니다. 계속되면 디스크를 확인하세요.',
    doEn: 'Sending the same batch again is safe. When it goes on, check the disk.',
  },
  'history.readFailed': {
    ko: '이력을 읽지 못했습니다: {detail}',
    en: 'The history could not be read: {detail}',
    doKo: '`deungdae verify`로 파일을 검사하고, 손상되었으면 백업에서 복원하세요.',
    doEn: 'Check the files with `deungdae verify`; restore a backup when they are damaged.',
  },
  'history.badBatch': {
    ko: '샘플 묶음이 잘못되었습니다: {row}번째 샘플의 {what}',
    en: 'The batch is not valid: {what} of sample {row}',
    doKo: '시각은 정수 마이크로초(UTC)여야 하고, 신호 번호와 품질은 범위 안에 있어야 합니다.',
    doEn: 'Times are integer microseconds UTC; signal ids and quality must be within range.',
  },
  'history.overloaded': {
    ko: '저장을 기다리는 샘플이 {waiting}개로, 한도 {limit}개를 넘었습니다.',
    en: '{waiting} samples are waiting to be stored, more than the limit of {limit}.',
    doKo: '잠시 뒤 같은 묶음을 다시 보내세요. 계속되면 디스크가 느리거나 신호가 너무 많습니다.',
    doEn: 'Send the batch again a little later. When it goes on, the disk is slow or there are too many signals.',
  },
  'history.badQuery': {
    ko: '이력 질의가 잘못되었습니다: {what}',
    en: 'The history query is not valid: {what}',
    doKo: '구간의 시작이 끝보다 앞서야 하고, 너비와 개수가 한도 안에 있어야 합니다.',
    doEn: 'A range starts before it ends; widths and limits must stay within bounds.',
  },
  'history.exportRefused': {
    ko: '{file} 파일로 내보낼 수 없습니다: {why}',
    en: 'Cannot export to {file}: {why}',
    doKo: '이력 폴더 밖에 있는 새 파일의 절대 경로를 주세요.',
    doEn: 'Give an absolute path of a file outside the history folder.',
  },
  'history.exportAborted': {
    ko: '내보내기를 멈추었습니다.',
    en: 'The export was stopped.',
    doKo: '쓰다 만 파일은 지워졌습니다. 필요하면 다시 시작하세요.',
    doEn: 'The unfinished file was removed. Start it again when you need it.',
  },
  'history.backupRefused': {
    ko: '{directory}에 백업하거나 복원할 수 없습니다: {why}',
    en: 'Cannot back up or restore into {directory}: {why}',
    doKo: '비어 있거나 없는 폴더를 주세요.',
    doEn: 'Give a folder that is empty or does not exist yet.',
  },
  'history.damaged': {
    ko: '이력 파일이 손상되었습니다: {detail}',
    en: 'The history is damaged: {detail}',
    doKo: '백업에서 복원하세요. 남은 파일은 그대로 두었습니다.',
    doEn: 'Restore a backup. The files that remain were left as they are.',
  },
  'history.closed': {
    ko: '이력 저장소가 닫혔습니다.',
    en: 'The history is closed.',
    doKo: '서버가 다시 시작된 뒤에 시도하세요.',
    doEn: 'Try again after the server has started again.',
  },
});

/** A failure of the engine while writing, told apart by what a person can do about it. */
export function writeError(error: unknown): CodedError {
  const detail = error instanceof Error ? error.message.split('\n')[0]! : String(error);
  const full = /no space left|disk full|file too large|disk quota|could not write all bytes|ENOSPC|EFBIG/i.test(detail);
  return historyError(full ? 'history.diskFull' : 'history.writeFailed', { detail }, { cause: error, status: 503 });
}
