/**
 * Words for what programs put into the holes of an error text: the system's own codes, and the short rules that the
 * schemas of the plant file carry in English. A value without an entry stays as it is.
 */
const network: Record<string, { ko: string; en: string }> = {
  ECONNREFUSED: { ko: '상대가 연결을 거절했습니다', en: 'the other side refused the connection' },
  ECONNRESET: { ko: '상대가 연결을 끊었습니다', en: 'the other side broke the connection' },
  ECONNABORTED: { ko: '연결이 중간에 끊겼습니다', en: 'the connection was broken off' },
  EPIPE: { ko: '상대가 연결을 닫았습니다', en: 'the other side closed the connection' },
  ETIMEDOUT: { ko: '정해진 시간 안에 답이 없습니다', en: 'no answer within the time allowed' },
  EHOSTUNREACH: { ko: '그 주소로 가는 길이 없습니다', en: 'there is no way to that address' },
  ENETUNREACH: { ko: '그 네트워크로 가는 길이 없습니다', en: 'there is no way to that network' },
  EHOSTDOWN: { ko: '상대 장비가 꺼져 있습니다', en: 'the other device is off' },
  ENOTFOUND: { ko: '그 이름의 장비를 찾을 수 없습니다', en: 'no device of that name is known' },
  EAI_AGAIN: { ko: '이름을 찾아 줄 서버(DNS)가 답하지 않습니다', en: 'the name server (DNS) does not answer' },
  EADDRINUSE: { ko: '다른 프로그램이 쓰는 주소입니다', en: 'another program uses the address' },
  EADDRNOTAVAIL: { ko: '이 컴퓨터의 주소가 아닙니다', en: 'it is not an address of this computer' },
  EACCES: { ko: '권한이 없습니다', en: 'permission is missing' },
  EPERM: { ko: '허용되지 않은 일입니다', en: 'it is not permitted' },
  ENOENT: { ko: '파일이나 폴더가 없습니다', en: 'there is no such file or folder' },
  EISDIR: { ko: '파일이 아니라 폴더입니다', en: 'it is a folder, not a file' },
  ENOTDIR: { ko: '폴더가 아닙니다', en: 'it is not a folder' },
  EMFILE: { ko: '열린 파일이 너무 많습니다', en: 'too many files are open' },
  ENOSPC: { ko: '디스크가 가득 찼습니다', en: 'the disk is full' },
};
/** `connect ECONNREFUSED 10.0.0.1:502`, `getaddrinfo ENOTFOUND host`, `ENOENT: no such file or directory, open '/x'`. */
const systemError = new RegExp(
  `(?:\\b[a-z]+ )?\\b(${Object.keys(network).join('|')})\\b(?:: [a-z ]+(?:, \\w+(?: '[^']*')?)?| [\\w.\\[\\]:-]+)?`,
  'g',
);

/** Rules of the schemas, as their sources write them. A test holds that none is missing. */
const rules: Record<string, string> = {
  'lower-case letters, digits and hyphens, starting with a letter or digit':
    '영문 소문자, 숫자, 붙임표(-)만, 글자나 숫자로 시작',
  'a number and a unit: 500ms, 30s, 5min, 2h, 7d': '숫자와 단위: 500ms, 30s, 5min, 2h, 7d',
  'a number and a unit: 500ms, 1s, 5min': '숫자와 단위: 500ms, 1s, 5min',
  'hh:mm': '시:분 (예: 08:30)',
  'yyyy-mm-dd': '년-월-일 (예: 2026-01-31)',
  'digits, such as "40001"': '숫자 (예: "40001")',
  'needs bit': 'bit 값이 필요함',
  'the field leaves the register': '비트 범위가 레지스터를 벗어남',
  'a string needs its length in registers': '문자열에는 레지스터 길이(length)가 필요함',
  'only a string has a length': 'length는 문자열에만 씀',
  'the value leaves the address range': '값이 주소 범위를 벗어남',
  'a JSON pointer (/a/0/b) or a dotted path (a[0].b)': 'JSON 포인터(/a/0/b) 또는 점으로 이은 경로(a[0].b)',
  'a topic with + for one level and # for the rest': '토픽. 한 단계는 +, 나머지 전체는 #',
  'a topic; + or {name} for one level, # for the rest': '토픽. 한 단계는 + 또는 {이름}, 나머지 전체는 #',
  'tls needs mqtts:// or wss://': 'tls는 mqtts:// 또는 wss:// 주소에서만 씀',
  'host:port': '주소:포트 (예: 192.168.0.10:7878)',
  'give agent or adapter, one of them': 'agent와 adapter 가운데 하나만 적음',
  'give absolute or percent, one of them': 'absolute와 percent 가운데 하나만 적음',
  'a SHA-1 or SHA-256 thumbprint': 'SHA-1 또는 SHA-256 지문',
  'give certificate or its file': '인증서 내용과 파일 가운데 하나만 적음',
  'give privateKey or its file': '개인 키 내용과 파일 가운데 하나만 적음',
  'opc.tcp://host:4840/path': 'opc.tcp://주소:4840/경로',
  'nsu=http://…;s=…': 'nsu=http://…;s=…',
  'no + / or #': '+, /, # 없이',
  'mqtt://, mqtts://, ws:// or wss:// and a host': 'mqtt://, mqtts://, ws://, wss:// 가운데 하나와 주소',
};

const kinds: Record<string, string> = {
  string: '글자',
  number: '숫자',
  int: '정수',
  integer: '정수',
  boolean: 'true/false',
  array: '목록',
  object: '묶음(키: 값)',
  record: '묶음(키: 값)',
  null: '빈 값',
  undefined: '없음',
};

/** The value of the parameter `name` as people say it in `language`. */
export function wordsOf(name: string, value: string, language: string): string {
  const korean = language === 'ko';
  if (name === 'detail')
    return value.replace(systemError, (whole, code: string) => network[code]?.[korean ? 'ko' : 'en'] ?? whole);
  if (!korean) return value;
  if (name === 'rule') return rules[value] ?? value;
  if (name === 'expected' || name === 'received')
    return value
      .split(' / ')
      .map((kind) => kinds[kind] ?? kind)
      .join(' / ');
  return value;
}
