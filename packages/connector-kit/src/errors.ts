import { defineErrors } from '@deungdae/kernel/errors.ts';

/** What the kit itself can report about a connection. Connectors have catalogues of their own. */
export const kitError = defineErrors({
  'kit.connectTimeout': {
    ko: '{seconds}초 안에 장치가 응답하지 않아 연결 시도를 취소했습니다.',
    en: 'The device did not answer within {seconds} s; the attempt was cancelled.',
    doKo: '전원, 주소, 포트와 방화벽을 확인하십시오. 자동으로 다시 시도합니다.',
    doEn: 'Check power, address, port and firewall. It is tried again by itself.',
  },
  'kit.failed': {
    ko: '커넥터가 예상하지 못한 오류로 멈췄습니다: {detail}',
    en: 'The connector stopped with an error nobody expected: {detail}',
    doKo: '자동으로 다시 시작합니다. 반복되면 로그와 함께 알려 주십시오.',
    doEn: 'It restarts by itself. If it repeats, report it with the log.',
  },
  'kit.unknownType': {
    ko: '"{type}"이라는 종류의 커넥터가 없습니다.',
    en: 'There is no connector of type "{type}".',
    doKo: '연결의 type을 사용할 수 있는 종류로 바꾸십시오: {known}',
    doEn: 'Change the type of the connection to one that exists: {known}',
  },
  'kit.badModule': {
    ko: '"{type}" 커넥터 모듈을 읽을 수 없습니다: {detail}',
    en: 'The module of connector "{type}" could not be loaded: {detail}',
    doKo: '설치가 온전한지 확인하십시오.',
    doEn: 'Check that the installation is complete.',
  },
  'kit.badConfig': {
    ko: '연결 설정이 맞지 않습니다: {detail}',
    en: 'The settings of the connection are not valid: {detail}',
    doKo: '표시된 항목을 고치십시오.',
    doEn: 'Correct the setting named.',
  },
  'kit.noConnection': {
    ko: '"{id}"라는 연결이 없습니다.',
    en: 'There is no connection "{id}".',
    doKo: '연결 목록에서 이름을 확인하십시오.',
    doEn: 'Check the name in the list of connections.',
  },
  'kit.noDiscovery': {
    ko: '"{type}" 커넥터는 장치를 탐색할 수 없습니다.',
    en: 'Connector "{type}" cannot browse a device.',
    doKo: '신호 주소를 직접 입력하십시오.',
    doEn: 'Enter the addresses of the signals by hand.',
  },
  'kit.probeTimeout': {
    ko: '{seconds}초 안에 시험이 끝나지 않았습니다.',
    en: 'The test did not finish within {seconds} s.',
    doKo: '장치가 켜져 있고 이 컴퓨터에서 접근할 수 있는지 확인하십시오.',
    doEn: 'Check that the device is on and can be reached from this machine.',
  },
  'kit.workerLost': {
    ko: '커넥터 작업자가 멈춰 다시 시작했습니다: {detail}',
    en: 'The connector worker stopped and was restarted: {detail}',
    doKo: '자동으로 복구됩니다. 반복되면 로그와 함께 알려 주십시오.',
    doEn: 'It recovers by itself. If it repeats, report it with the log.',
  },
  'kit.notCancelled': {
    ko: '커넥터가 취소에 응하지 않아 작업자를 다시 시작합니다.',
    en: 'The connector did not obey a cancel; its worker is restarted.',
    doKo: '자동으로 복구됩니다. 커넥터의 결함이므로 알려 주십시오.',
    doEn: 'It recovers by itself. This is a fault of the connector: please report it.',
  },
  'kit.notStored': {
    ko: '데이터를 저장하지 못하고 있습니다: {detail}',
    en: 'Samples cannot be stored: {detail}',
    doKo: '디스크 여유 공간을 확인하십시오. 데이터는 보관 중이며 자동으로 다시 저장합니다.',
    doEn: 'Check the free disk space. The samples are kept and stored again by itself.',
  },
  'kit.ackFailed': {
    ko: '저장 확인을 장치에 알리지 못했습니다: {detail}',
    en: 'The device could not be told that its samples are stored: {detail}',
    doKo: '같은 데이터가 다시 올 수 있으나 한 번만 저장됩니다.',
    doEn: 'It may send the same samples again; they are stored once.',
  },
  'kit.closed': {
    ko: '연결이 닫히고 있습니다.',
    en: 'The connection is being closed.',
    doKo: '할 일이 없습니다.',
    doEn: 'Nothing needs to be done.',
  },
  'kit.textForNumber': {
    ko: '숫자 신호 {path}에 글자가 왔습니다: "{text}"',
    en: 'Text arrived for the number {path}: "{text}"',
    doKo: '신호의 종류와 주소를 확인하십시오. 값은 불량으로 기록됩니다.',
    doEn: 'Check the kind and the address of the signal. The value is kept as bad.',
  },
  'kit.notBoolean': {
    ko: '참/거짓 신호 {path}에 알 수 없는 값이 왔습니다: "{text}"',
    en: 'A value that is neither true nor false arrived for {path}: "{text}"',
    doKo: '신호의 종류와 주소를 확인하십시오. 값은 불량으로 기록됩니다.',
    doEn: 'Check the kind and the address of the signal. The value is kept as bad.',
  },
  'kit.notFinite': {
    ko: '신호 {path}에 숫자가 아닌 값(NaN 또는 무한대)이 왔습니다.',
    en: 'Signal {path} delivered NaN or infinity.',
    doKo: '센서와 배선을 확인하십시오. 값 없이 불량으로 기록됩니다.',
    doEn: 'Check the sensor and its wiring. It is kept as bad, without a value.',
  },
  'kit.futureTime': {
    ko: '신호 {path}의 시각이 {seconds}초 앞서 있습니다.',
    en: 'The time of signal {path} is {seconds} s ahead.',
    doKo: '장치와 이 컴퓨터의 시계를 맞추십시오. 값은 불확실로 기록됩니다.',
    doEn: 'Set the clock of the device and of this machine. The value is kept as uncertain.',
  },
  'kit.farFutureTime': {
    ko: '신호 {path}의 시각이 하루 넘게 앞서 있어 도착 시각으로 기록합니다.',
    en: 'The time of signal {path} is more than a day ahead; the time of arrival is kept instead.',
    doKo: '장치의 시계를 맞추십시오.',
    doEn: 'Set the clock of the device.',
  },
  'kit.badTime': {
    ko: '신호 {path}의 시각을 읽을 수 없어 도착 시각으로 기록합니다.',
    en: 'The time of signal {path} is not a time; the time of arrival is kept instead.',
    doKo: '시각 형식의 설정을 확인하십시오.',
    doEn: 'Check the setting of the time format.',
  },
  'kit.unboundSignal': {
    ko: '이 연결에 없는 신호(번호 {signal})의 값이 와서 버렸습니다.',
    en: 'A value of a signal that is not bound to this connection (number {signal}) was dropped.',
    doKo: '커넥터의 결함이므로 알려 주십시오.',
    doEn: 'This is a fault of the connector: please report it.',
  },
});

export type KitErrorCode = Parameters<typeof kitError>[0];
