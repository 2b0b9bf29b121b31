import { type CodedError, defineErrors } from '@deungdae/kernel/errors.ts';

export const ledgerError = defineErrors({
  'ledger.cannotOpen': {
    ko: '장부 파일 {file}을(를) 열 수 없습니다: {detail}',
    en: 'The ledger file {file} cannot be opened: {detail}',
    doKo: '폴더가 있는지, 쓰기 권한이 있는지 확인하세요.',
    doEn: 'Check that the folder exists and may be written.',
  },
  'ledger.busy': {
    ko: '다른 프로그램이 장부를 잠그고 있습니다.',
    en: 'Another program holds the lock on the ledger.',
    doKo: '같은 데이터 폴더를 쓰는 다른 등대나 SQLite 도구를 닫은 뒤 다시 시도하세요.',
    doEn: 'Close the other Deungdae or SQLite tool on the same data folder, then try again.',
  },
  'ledger.diskFull': {
    ko: '디스크가 가득 차서 기록하지 못했습니다. 저장된 내용은 그대로입니다.',
    en: 'The disk is full, so nothing was written. What was stored before is unharmed.',
    doKo: '디스크 공간을 확보하세요. 그다음 같은 작업을 다시 하면 됩니다.',
    doEn: 'Free disk space, then repeat the action.',
  },
  'ledger.io': {
    ko: '장부를 읽거나 쓰는 중 디스크 오류가 났습니다: {detail}',
    en: 'The disk failed while the ledger was read or written: {detail}',
    doKo: '디스크 상태를 점검하고 백업을 확인하세요.',
    doEn: 'Check the disk and have the latest backup at hand.',
  },
  'ledger.corrupt': {
    ko: '장부 파일이 손상되었습니다: {detail}',
    en: 'The ledger file is damaged: {detail}',
    doKo: '파일을 보관해 두고 최근 백업을 복원하세요 (deungdae restore).',
    doEn: 'Keep the file, and restore the latest backup (deungdae restore).',
  },
  'ledger.readOnly': {
    ko: '읽기 전용 연결로는 장부를 바꿀 수 없습니다.',
    en: 'The ledger cannot be changed through a read-only connection.',
    doKo: '변경은 ledger.transaction 안에서 하세요. 파일이 읽기 전용이라면 권한을 고치세요.',
    doEn: 'Change rows inside ledger.transaction. If the file itself is read-only, correct its permissions.',
  },
  'ledger.constraint': {
    ko: '저장할 수 없는 값입니다: {detail}',
    en: 'The record breaks a rule of its table: {detail}',
    doKo: '같은 것이 이미 있는지, 필요한 값이 빠지지 않았는지 확인하세요.',
    doEn: 'Check whether the same record exists already or a required value is missing.',
  },
  'ledger.statement': {
    ko: '장부 명령이 실패했습니다: {detail}',
    en: 'A ledger statement failed: {detail}',
    doKo: '프로그램 오류입니다. 기록을 첨부해 알려 주세요.',
    doEn: 'This is a fault of the program; please report it with the log.',
  },
  'ledger.statementTimeout': {
    ko: '장부 명령이 {limitMs}ms 안에 끝나지 않아 중단했습니다.',
    en: 'A ledger statement took longer than {limitMs} ms and was given up.',
    doKo: '더 좁은 기간이나 조건으로 다시 시도하세요.',
    doEn: 'Try again with a narrower window or filter.',
  },
  'ledger.transactionTimeout': {
    ko: '트랜잭션이 {limitMs}ms 안에 끝나지 않아 되돌렸습니다.',
    en: 'A transaction took longer than {limitMs} ms and was rolled back.',
    doKo: '같은 작업을 다시 시도하세요. 되풀이되면 기록을 첨부해 알려 주세요.',
    doEn: 'Repeat the action; if it happens again, report it with the log.',
  },
  'ledger.queueFull': {
    ko: '장부에 쓰려는 작업이 {limit}개나 밀려 있어 더 받지 않습니다.',
    en: 'The ledger has {limit} transactions waiting and takes no more now.',
    doKo: '잠시 뒤 다시 시도하세요.',
    doEn: 'Try again in a moment.',
  },
  'ledger.tooManyRows': {
    ko: '결과가 {limit}행을 넘습니다.',
    en: 'The result has more than {limit} rows.',
    doKo: '조건을 좁히거나 쪽 단위로 읽으세요.',
    doEn: 'Narrow the query or read it page by page.',
  },
  'ledger.nested': {
    ko: '트랜잭션 안에서 또 다른 트랜잭션을 열었습니다.',
    en: 'A transaction was opened inside another one.',
    doKo: '바깥 트랜잭션의 db를 넘겨 쓰세요.',
    doEn: 'Pass the outer transaction’s db on instead.',
  },
  'ledger.closed': {
    ko: '장부가 이미 닫혔습니다.',
    en: 'The ledger is closed.',
    doKo: '서버를 다시 시작하세요.',
    doEn: 'Start the server again.',
  },
  'ledger.migrationEdited': {
    ko: '이미 적용한 마이그레이션 {module}/{id}의 내용이 바뀌었습니다.',
    en: 'The migration {module}/{id} was changed after it had been applied.',
    doKo: '원래대로 되돌리고, 바꿀 것은 새 마이그레이션으로 추가하세요.',
    doEn: 'Put it back as it was and bring the change as a new migration.',
  },
  'ledger.migrationOrder': {
    ko: '마이그레이션 {module}/{id}이(가) 이미 적용한 {applied} 앞에 끼어 있습니다.',
    en: 'The migration {module}/{id} stands before {applied}, which is applied already.',
    doKo: '새 마이그레이션은 항상 맨 뒤에 두세요.',
    doEn: 'Put new migrations last.',
  },
  'ledger.fromNewer': {
    ko: '장부가 더 새로운 프로그램으로 만들어졌습니다: {module}/{id}을(를) 모릅니다.',
    en: 'The ledger was written by a newer program: {module}/{id} is unknown here.',
    doKo: '프로그램을 최신판으로 올리거나 이전 백업을 복원하세요.',
    doEn: 'Update the program, or restore a backup from before.',
  },
  'ledger.eventInvalid': {
    ko: '이벤트 {type}에 저장할 수 없는 값이 있습니다: {detail}',
    en: 'The event {type} holds a value that cannot be stored: {detail}',
    doKo: 'JSON으로 쓸 수 있는 유한한 값만 넣으세요.',
    doEn: 'Use only finite values that JSON can hold.',
  },
  'ledger.backupExists': {
    ko: '백업 파일 {file}이(가) 이미 있습니다.',
    en: 'The backup file {file} exists already.',
    doKo: '다른 이름을 쓰세요.',
    doEn: 'Use another name.',
  },
});

/** What a worker tells about a failed statement: SQLite's extended result code and text. */
export interface SqliteFailure {
  message: string;
  /** Extended result code of SQLite; 0 when the failure came from elsewhere. */
  errcode: number;
}

const byPrimaryCode: Record<number, Parameters<typeof ledgerError>[0]> = {
  5: 'ledger.busy',
  6: 'ledger.busy',
  8: 'ledger.readOnly',
  10: 'ledger.io',
  11: 'ledger.corrupt',
  13: 'ledger.diskFull',
  14: 'ledger.cannotOpen',
  19: 'ledger.constraint',
  26: 'ledger.corrupt',
};
const statusOf: Record<string, number> = { 'ledger.busy': 503, 'ledger.diskFull': 507, 'ledger.constraint': 409 };

/** SQLite's result code (https://sqlite.org/rescode.html) as an error of ours. */
export function fromSqlite(failure: SqliteFailure, file: string): CodedError {
  const code = byPrimaryCode[failure.errcode & 0xff] ?? 'ledger.statement';
  return ledgerError(code, { detail: failure.message, file }, { status: statusOf[code] ?? 500 });
}
