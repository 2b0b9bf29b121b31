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
  'ledger.badAddress': {
    ko: '장부 데이터베이스 주소를 읽을 수 없습니다: {detail}',
    en: 'The address of the ledger database cannot be read: {detail}',
    doKo: 'postgresql://사용자:암호@호스트:5432/데이터베이스 형식으로 쓰세요. 암호는 env: 또는 file: 로 둘 수 있습니다.',
    doEn: 'Write postgresql://user:password@host:5432/database; the whole of it may come from env: or file:.',
  },
  'ledger.unreachable': {
    ko: '장부 데이터베이스 {where}에 연결할 수 없습니다: {detail}',
    en: 'The ledger database {where} cannot be reached: {detail}',
    doKo: 'PostgreSQL이 켜져 있는지, 주소와 방화벽을 확인하세요. 다시 열리면 저절로 이어집니다.',
    doEn: 'Check that PostgreSQL runs, the address, and the firewall. Work goes on by itself once it answers.',
  },
  'ledger.login': {
    ko: '장부 데이터베이스 {where}이(가) 사용자 이름이나 암호를 받아들이지 않습니다: {detail}',
    en: 'The ledger database {where} refuses the user name or password: {detail}',
    doKo: '설정의 사용자와 암호, PostgreSQL의 pg_hba.conf를 확인하세요.',
    doEn: 'Check the user and password of the setting, and pg_hba.conf of PostgreSQL.',
  },
  'ledger.noDatabase': {
    ko: '데이터베이스가 없습니다 ({where}): {detail}',
    en: 'There is no such database ({where}): {detail}',
    doKo: "만들어 주세요: CREATE DATABASE … OWNER … ENCODING 'UTF8' TEMPLATE template0;",
    doEn: "Create it: CREATE DATABASE … OWNER … ENCODING 'UTF8' TEMPLATE template0;",
  },
  'ledger.noRights': {
    ko: '데이터베이스 사용자에게 권한이 없습니다 ({where}): {detail}',
    en: 'The database user lacks a right ({where}): {detail}',
    doKo: '그 사용자를 데이터베이스의 소유자로 정하세요: ALTER DATABASE … OWNER TO …;',
    doEn: 'Make that user the owner of the database: ALTER DATABASE … OWNER TO …;',
  },
  'ledger.tooManyConnections': {
    ko: 'PostgreSQL({where})의 연결 수가 한도에 닿았습니다.',
    en: 'PostgreSQL ({where}) has reached its limit of connections.',
    doKo: 'max_connections를 늘리거나 다른 프로그램의 연결을 줄이세요. 등대는 서버마다 6개를 씁니다.',
    doEn: 'Raise max_connections or close connections of other programs. Deungdae uses 6 a server.',
  },
  'ledger.serverTooOld': {
    ko: 'PostgreSQL {version}은(는) 지원하지 않습니다 ({where}).',
    en: 'PostgreSQL {version} is not supported ({where}).',
    doKo: 'PostgreSQL {needed} 이상을 쓰세요.',
    doEn: 'Use PostgreSQL {needed} or newer.',
  },
  'ledger.encoding': {
    ko: '데이터베이스 {where}의 문자 집합이 {encoding}입니다. UTF8이어야 합니다.',
    en: 'The database {where} has the encoding {encoding}; it must be UTF8.',
    doKo: "새로 만드세요: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0;",
    doEn: "Create it anew: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0;",
  },
  'ledger.connectionLost': {
    ko: '장부 데이터베이스와의 연결이 작업 도중 끊겼습니다. 그 작업은 하나도 저장되지 않았습니다.',
    en: 'The connection to the ledger database was lost during the work. Nothing of that work was stored.',
    doKo: '연결이 돌아오면 같은 작업을 다시 하세요.',
    doEn: 'Repeat the action when the database answers again.',
  },
  'ledger.outcomeUnknown': {
    ko: '저장을 마치는 순간 장부 데이터베이스와의 연결이 끊겨, 저장되었는지 아직 알 수 없습니다.',
    en: 'The connection to the ledger database was lost while the work was being stored; whether it is stored is not known yet.',
    doKo: '다시 하기 전에, 연결이 돌아온 뒤 그 기록이 있는지 먼저 확인하세요.',
    doEn: 'When the database answers again, look whether the record is there before repeating the action.',
  },
  'ledger.conflict': {
    ko: '다른 프로그램이 같은 기록을 바꾸고 있어 되풀이해도 끝내지 못했습니다: {detail}',
    en: 'Another program is changing the same records, and trying again did not help: {detail}',
    doKo: '잠시 뒤 다시 시도하세요. 데이터베이스를 직접 고치는 프로그램이 있으면 닫으세요.',
    doEn: 'Try again in a moment. Close any program that changes the database directly.',
  },
  'ledger.targetNotEmpty': {
    ko: '{where}에 이미 장부가 있어 덮어쓰지 않았습니다.',
    en: 'There is a ledger at {where} already; it was not overwritten.',
    doKo: '빈 데이터베이스나 새 파일 이름을 주세요.',
    doEn: 'Give an empty database, or the name of a new file.',
  },
  'ledger.copyDiffers': {
    ko: '장부를 옮기지 못했습니다: {detail}. 원래 장부는 그대로입니다.',
    en: 'The ledger could not be copied: {detail}. The ledger it was copied from is unharmed.',
    doKo: '먼저 원래 장부를 확인하세요 (deungdae verify). 온전하면 다시 시도하세요.',
    doEn: 'Check the original first (deungdae verify); when it is whole, try again.',
  },
  'ledger.numberTooLarge': {
    ko: '데이터베이스의 수 {value}은(는) 정확히 읽기에 너무 큽니다.',
    en: 'The number {value} in the database is too large to be read exactly.',
    doKo: '그 기록을 확인하세요. 2의 53제곱까지 정확합니다.',
    doEn: 'Look at that record; numbers are exact up to 2 to the power of 53.',
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
