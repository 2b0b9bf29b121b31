import { defineErrors } from '@deungdae/kernel/errors.ts';

/** Everything that an MQTT session or message can go wrong with. `reason` is the broker's own reason, in its words. */
export const mqttError = defineErrors({
  'mqtt.unreachable': {
    ko: 'MQTT 브로커 {url}에 연결할 수 없습니다: {detail}',
    en: 'The MQTT broker {url} cannot be reached: {detail}',
    doKo: '주소와 포트, 방화벽, 브로커가 켜져 있는지 확인하십시오.',
    doEn: 'Check the address and port, the firewall, and that the broker is running.',
  },
  'mqtt.brokerPortTaken': {
    ko: '등대의 MQTT 브로커가 쓸 {port}번 포트를 다른 프로그램이 쓰고 있습니다.',
    en: 'Port {port}, which our own MQTT broker needs, is used by another program.',
    doKo: '공장 파일의 broker.port를 바꾸거나, 이미 있는 브로커를 쓰고 broker를 지우십시오.',
    doEn: 'Change broker.port in the plant file, or use the broker that is there and take broker out.',
  },
  'mqtt.timeout': {
    ko: 'MQTT 브로커 {url}이(가) {ms}ms 안에 응답하지 않았습니다.',
    en: 'The MQTT broker {url} did not answer within {ms} ms.',
    doKo: '주소가 MQTT 포트가 맞는지, 망이 막혀 있지 않은지 확인하십시오.',
    doEn: 'Check that the address is an MQTT port and that nothing in the network swallows packets.',
  },
  'mqtt.tls': {
    ko: 'MQTT 브로커 {url}와(과) 안전한 연결을 맺지 못했습니다: {detail}',
    en: 'No secure connection to the MQTT broker {url}: {detail}',
    doKo: '브로커 인증서를 발급한 기관의 인증서를 tls.ca에 넣고, 서버 이름과 유효 기간을 확인하십시오.',
    doEn: 'Put the certificate of the issuing authority into tls.ca, and check the server name and the validity dates.',
  },
  'mqtt.fileMissing': {
    ko: '인증서 파일 {file}을(를) 읽을 수 없습니다.',
    en: 'The certificate file {file} cannot be read.',
    doKo: '경로와 읽기 권한을 확인하십시오.',
    doEn: 'Check the path and the read permission.',
  },
  'mqtt.badCredentials': {
    ko: '브로커가 사용자 이름 또는 암호를 거부했습니다.',
    en: 'The broker refused the user name or password.',
    doKo: '연결 설정의 사용자 이름과 암호를 브로커의 것과 맞추십시오.',
    doEn: 'Make user name and password of the connection match those of the broker.',
  },
  'mqtt.notAuthorized': {
    ko: '브로커가 이 클라이언트의 접속을 허락하지 않습니다.',
    en: 'The broker does not authorise this client.',
    doKo: '브로커의 접근 목록에서 클라이언트 ID {clientId}와(과) 사용자를 허용하십시오.',
    doEn: 'Allow the client id {clientId} and its user in the access list of the broker.',
  },
  'mqtt.versionRefused': {
    ko: '브로커가 MQTT {version} 버전을 지원하지 않습니다.',
    en: 'The broker does not speak MQTT version {version}.',
    doKo: '연결 설정의 version을 4(MQTT 3.1.1) 또는 5로 바꾸십시오.',
    doEn: 'Set `version` of the connection to 4 (MQTT 3.1.1) or 5.',
  },
  'mqtt.clientIdRefused': {
    ko: '브로커가 클라이언트 ID {clientId}을(를) 거부했습니다.',
    en: 'The broker refused the client id {clientId}.',
    doKo: '다른 clientId를 정하십시오(영문자와 숫자, 23자 이하면 모든 브로커가 받습니다).',
    doEn: 'Choose another clientId (letters and digits, at most 23, is taken by every broker).',
  },
  'mqtt.serverUnavailable': {
    ko: '브로커가 지금 접속을 받지 않습니다: {reason}',
    en: 'The broker takes no sessions now: {reason}',
    doKo: '기다리십시오. 자동으로 다시 접속합니다. 계속되면 브로커의 부하와 접속 한도를 보십시오.',
    doEn: 'Wait; it is tried again by itself. If it lasts, look at the load and the session limit of the broker.',
  },
  'mqtt.refused': {
    ko: '브로커가 접속을 거부했습니다: {reason} (코드 {reasonCode})',
    en: 'The broker refused the session: {reason} (code {reasonCode})',
    doKo: '브로커의 로그에서 이 클라이언트를 찾아 이유를 확인하십시오.',
    doEn: 'Look for this client in the log of the broker.',
  },
  'mqtt.subscribeRefused': {
    ko: '브로커가 토픽 {filter}의 구독을 거부했습니다: {reason}',
    en: 'The broker refused the subscription to {filter}: {reason}',
    doKo: '브로커의 접근 목록에서 이 토픽의 읽기를 허용하십시오.',
    doEn: 'Allow reading this topic in the access list of the broker.',
  },
  'mqtt.lost': {
    ko: 'MQTT 브로커와의 연결이 끊어졌습니다: {reason}',
    en: 'The connection to the MQTT broker was lost: {reason}',
    doKo: '자동으로 다시 접속합니다. 자주 되풀이되면 망과 브로커 로그를 확인하십시오.',
    doEn: 'It is connected again by itself. If it happens often, look at the network and the log of the broker.',
  },
  'mqtt.takenOver': {
    ko: '같은 클라이언트 ID {clientId}을(를) 쓰는 다른 프로그램이 접속을 가져갔습니다.',
    en: 'Another program with the same client id {clientId} took the session over.',
    doKo: '두 프로그램의 clientId를 서로 다르게 하십시오.',
    doEn: 'Give the two programs different client ids.',
  },
  'mqtt.silent': {
    ko: '브로커가 살아 있음 확인에 답하지 않습니다({seconds}초). 케이블이나 망이 끊긴 듯합니다.',
    en: 'The broker does not answer the keep-alive ({seconds} s). A cable or the network seems to be cut.',
    doKo: '망을 확인하십시오. 자동으로 다시 접속합니다.',
    doEn: 'Check the network. It is connected again by itself.',
  },
  'mqtt.publishFailed': {
    ko: '토픽 {topic}에 보낼 수 없습니다: {reason}',
    en: 'Publishing to {topic} failed: {reason}',
    doKo: '브로커의 접근 목록에서 이 토픽의 쓰기를 허용하십시오.',
    doEn: 'Allow writing this topic in the access list of the broker.',
  },
  'mqtt.sessionFresh': {
    ko: '브로커가 이전 세션을 갖고 있지 않습니다. 자리를 비운 동안의 메시지가 없을 수 있습니다.',
    en: 'The broker no longer has the earlier session; messages sent while we were away may be missing.',
    doKo: 'sessionExpiryS를 늘리고, 브로커의 세션 저장(persistence)을 켜십시오.',
    doEn: 'Raise sessionExpiryS and switch the persistence of the broker on.',
  },
  'mqtt.noMessage': {
    ko: '토픽 {topic}의 메시지가 {ms}ms 동안 오지 않았습니다.',
    en: 'No message of topic {topic} came within {ms} ms.',
    doKo: '토픽의 철자를 확인하고, 장치가 드물게 보낸다면 기다리십시오.',
    doEn: 'Check the spelling of the topic; if the device sends seldom, wait.',
  },
  'mqtt.payloadTooLarge': {
    ko: '토픽 {topic}의 메시지 {count}개가 한도 {limit}바이트보다 커서 버려졌습니다.',
    en: '{count} messages of topic {topic} exceeded {limit} bytes and were dropped.',
    doKo: 'maxPayloadBytes를 늘리거나 보내는 쪽에서 나누어 보내십시오.',
    doEn: 'Raise maxPayloadBytes or let the sender split its messages.',
  },
  'mqtt.badJson': {
    ko: '토픽 {topic}의 메시지 {count}개가 올바른 JSON이 아닙니다.',
    en: '{count} messages of topic {topic} are not valid JSON.',
    doKo: '보내는 쪽을 고치거나, 주소의 payload를 plain으로 바꾸십시오.',
    doEn: 'Correct the sender, or set `payload: plain` in the address.',
  },
  'mqtt.wrongType': {
    ko: '신호 {path}에 맞지 않는 값이 {count}번 왔습니다. 예: {value}',
    en: 'Signal {path} got {count} values of the wrong type, such as {value}',
    doKo: '신호의 kind, 주소의 field와 values를 확인하십시오.',
    doEn: "Check the signal's kind and the address's field and values.",
  },
  'mqtt.badTime': {
    ko: '신호 {path}의 시각을 읽을 수 없는 메시지가 {count}개 있습니다. 예: {value}. 도착 시각을 썼습니다.',
    en: 'Signal {path} got {count} unreadable times, such as {value}; the time of arrival was used.',
    doKo: '주소의 time.field와 time.format을 확인하십시오.',
    doEn: "Check the address's time.field and time.format.",
  },
});

const connackCodes: Record<number, Parameters<typeof mqttError>[0]> = {
  // MQTT 3.1.1 §3.2.2.3
  1: 'mqtt.versionRefused',
  2: 'mqtt.clientIdRefused',
  3: 'mqtt.serverUnavailable',
  4: 'mqtt.badCredentials',
  5: 'mqtt.notAuthorized',
  // MQTT 5.0 §3.2.2.2
  132: 'mqtt.versionRefused',
  133: 'mqtt.clientIdRefused',
  134: 'mqtt.badCredentials',
  135: 'mqtt.notAuthorized',
  136: 'mqtt.serverUnavailable',
  137: 'mqtt.serverUnavailable',
  138: 'mqtt.notAuthorized',
  140: 'mqtt.badCredentials',
  142: 'mqtt.takenOver',
  159: 'mqtt.serverUnavailable',
};

/** The coded error of a CONNACK or DISCONNECT reason code, or undefined when the code tells of no known cause. */
export function reasonError(
  reasonCode: number,
  params: { url: string; clientId: string; version: number; reason: string },
) {
  const code = connackCodes[reasonCode];
  return code === undefined ? undefined : mqttError(code, { ...params, reasonCode });
}
