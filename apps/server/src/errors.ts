import { defineErrors, defineTerms } from '@deungdae/kernel/errors.ts';

defineTerms({
  '@role.operator': { ko: '작업자', en: 'operator' },
  '@role.supervisor': { ko: '반장', en: 'supervisor' },
  '@role.engineer': { ko: '엔지니어', en: 'engineer' },
  '@role.administrator': { ko: '관리자', en: 'administrator' },
  '@role.partner': { ko: '협력사', en: 'partner' },
  '@role.auditor': { ko: '감사자', en: 'auditor' },
});

export const serverError = defineErrors({
  'server.notSignedIn': {
    ko: '로그인이 필요해요.',
    en: 'Sign in first.',
    doKo: '로그인 화면에서 들어오거나 API 토큰을 보내세요.',
    doEn: 'Use the sign-in page, or send an API token.',
  },
  'server.notAllowed': {
    ko: '{role} 역할로는 할 수 없는 일이에요.',
    en: 'The role {role} may not do this.',
    doKo: '권한이 있는 사람이나 관리자에게 부탁하세요.',
    doEn: 'Ask somebody with the right, or an administrator.',
  },
  'server.notForTablets': {
    ko: '태블릿에서는 할 수 없는 일이에요.',
    en: 'A tablet may not do this.',
    doKo: '사무실 화면에서 로그인해서 하세요.',
    doEn: 'Sign in on an office screen for it.',
  },
  'server.otherMachine': {
    ko: '이 태블릿은 {machine} 설비에서 쓸 수 없어요.',
    en: 'This tablet may not be used at the machine {machine}.',
    doKo: '태블릿 설정에서 이 설비를 추가해 달라고 하세요.',
    doEn: 'Have the machine added to this tablet in the office.',
  },
  'server.inputWrong': {
    ko: '입력이 맞지 않아요: {path} — {detail}',
    en: 'The input is not right: {path} — {detail}',
    doKo: '적힌 항목을 고쳐 다시 보내세요.',
    doEn: 'Correct the item named and send it again.',
  },
  'server.bodyNotJson': {
    ko: '보낸 내용이 올바른 JSON 이 아니에요.',
    en: 'What was sent is not valid JSON.',
    doKo: '내용을 JSON 으로, content-type: application/json 과 함께 보내세요.',
    doEn: 'Send the body as JSON, with content-type: application/json.',
  },
  'server.bodyTooLarge': {
    ko: '보낸 내용이 8 MB 보다 커요.',
    en: 'What was sent is larger than 8 MB.',
    doKo: '나누어 보내거나 줄여서 보내세요.',
    doEn: 'Send less, or in parts.',
  },
  'server.exportTooLarge': {
    ko: '내보낼 자료가 너무 커서 멈췄어요 ({mb} MB 까지).',
    en: 'Stopped: the export grew beyond {mb} MB.',
    doKo: '기간이나 신호를 줄이거나, 서버에서 `deungdae export` 를 쓰세요.',
    doEn: 'Choose a shorter window or fewer signals, or use `deungdae export` on the server.',
  },
  'server.noData': {
    ko: '{directory} 에는 공장 자료가 없어요.',
    en: 'There are no plant data in {directory}.',
    doKo: '--data 로 자료 폴더를 알려 주세요.',
    doEn: 'Name the data folder with --data.',
  },
  'server.ledgerElsewhere': {
    ko: '이 공장의 장부는 PostgreSQL({where})에 있어요.',
    en: 'The ledger of this plant is in PostgreSQL ({where}).',
    doKo: '--ledger postgresql://… (또는 env:이름, file:/경로)로 시작하세요.',
    doEn: 'Start with --ledger postgresql://… (or env:NAME, file:/path).',
  },
  'server.ledgerSecret': {
    ko: '장부 주소 {reference} 를 읽을 수 없어요.',
    en: 'The address of the ledger, {reference}, cannot be read.',
    doKo: '환경 변수나 파일이 있고 비어 있지 않은지 확인하세요.',
    doEn: 'Check that the environment variable or file exists and is not empty.',
  },
  'server.ledgerSetting': {
    ko: '--ledger 는 sqlite 또는 postgresql://사용자:암호@호스트:5432/데이터베이스 예요.',
    en: '--ledger is sqlite or postgresql://user:password@host:5432/database.',
    doKo: '주소를 고쳐 쓰세요. env:이름 이나 file:/경로 로도 줄 수 있어요.',
    doEn: 'Correct the address; it may also be given as env:NAME or file:/path.',
  },
  'server.httpsOnly': {
    ko: '다른 컴퓨터에서는 암호화된 주소로만 쓸 수 있어요.',
    en: 'From other computers only the encrypted address is open.',
    doKo: '브라우저로 이 서버의 /trust 페이지를 열면 방법이 나와요.',
    doEn: 'Open /trust of this server in a browser: it shows how.',
  },
  'server.httpsTwice': {
    ko: '--https 와 --tls-key/--tls-cert 는 함께 쓸 수 없어요.',
    en: '--https does not go together with --tls-key and --tls-cert.',
    doKo: '자체 인증서면 --tls-key/--tls-cert, 등대가 만드는 인증서면 --https 만 주세요.',
    doEn: 'Give --tls-key and --tls-cert for a certificate of your own, or --https for the one Deungdae makes.',
  },
  'server.tlsHalf': {
    ko: '암호화에는 --tls-key 와 --tls-cert 가 둘 다 필요해요.',
    en: 'Encryption needs both --tls-key and --tls-cert.',
    doKo: '빠진 하나를 더하세요. 암호화 없이 열지 않았어요.',
    doEn: 'Add the missing one; nothing was opened without encryption.',
  },
  'server.notFound': {
    ko: '{path} 주소는 없어요.',
    en: 'There is nothing at {path}.',
    doKo: '주소를 확인하세요. API 목록은 /api/openapi.json 에 있어요.',
    doEn: 'Check the address. The list of the API is at /api/openapi.json.',
  },
  'server.tooManyRequests': {
    ko: '요청이 너무 많아요. {seconds}초 뒤에 다시 해 주세요.',
    en: 'Too many requests. Try again in {seconds} seconds.',
    doKo: '잠시 기다리세요. 자동으로 부르는 프로그램이면 간격을 늘리세요.',
    doEn: 'Wait a moment. If a program calls, let it call less often.',
  },
  'server.wrongOrigin': {
    ko: '다른 사이트에서 온 요청이라 받지 않았어요.',
    en: 'Refused: the request came from another site.',
    doKo: '등대 화면을 직접 열어 다시 하세요.',
    doEn: 'Open Deungdae itself and do it there.',
  },
  'server.internal': {
    ko: '서버 안에서 문제가 생겼어요. ({id})',
    en: 'Something went wrong inside the server. ({id})',
    doKo: '다시 해 보고, 계속되면 이 번호와 함께 로그를 살펴보세요.',
    doEn: 'Try again; if it stays, look for this number in the log.',
  },
  'server.portTaken': {
    ko: '{port}번 포트를 다른 프로그램이 쓰고 있어요.',
    en: 'Port {port} is used by another program.',
    doKo: '--port 로 다른 번호를 주거나 그 프로그램을 멈추세요.',
    doEn: 'Give another number with --port, or stop that program.',
  },
  'server.plantFileMissing': {
    ko: '공장 파일이 없어요: {file}',
    en: 'There is no plant file: {file}',
    doKo: '파일 이름을 확인하세요. 새 공장은 빈 폴더에서 `deungdae start`, 예제는 `deungdae demo` 로 시작해요.',
    doEn: 'Check the name. A new plant starts with `deungdae start` in an empty folder, an example with `deungdae demo`.',
  },
  'server.plantFileBad': {
    ko: '공장 파일에 문제가 {count}개 있어 시작할 수 없어요.',
    en: 'The plant file has {count} problems; the plant cannot start.',
    doKo: '아래에 적힌 줄을 고치고 다시 시작하세요.',
    doEn: 'Correct the lines listed below and start again.',
  },
  'server.plantFileRefused': {
    ko: '공장 파일에 문제가 {count}개 있어 저장하지 않았어요. 첫 문제는 {line}번째 줄이에요: {first}',
    en: 'Not saved: the plant file has {count} problems. The first is at line {line}: {first}',
    doKo: '적힌 줄을 고쳐 다시 저장하세요. 공장은 이전 파일로 계속 돌고 있어요.',
    doEn: 'Correct the line and save again. The plant goes on with the earlier file.',
  },
  'server.plantFileChanged': {
    ko: '그 사이 다른 사람이 공장 파일을 바꿨어요.',
    en: 'Somebody changed the plant file in the meantime.',
    doKo: '새로 불러와서 바꾼 곳을 다시 넣으세요. 쓰던 글은 화면에 남아 있어요.',
    doEn: 'Load it again and repeat your change; your text stays on the screen.',
  },
  'server.unknownConnection': {
    ko: '"{id}" 연결은 없어요.',
    en: 'There is no connection "{id}".',
    doKo: '연결 화면에서 이름을 확인하세요.',
    doEn: 'Check its name on the connections page.',
  },
  'server.unknownEquipment': {
    ko: '"{path}" 설비는 없어요.',
    en: 'There is no equipment "{path}".',
    doKo: '현황 화면에서 설비를 고르세요.',
    doEn: 'Choose the machine on the floor page.',
  },
});
