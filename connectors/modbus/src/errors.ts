import { defineErrors } from '@deungdae/kernel/errors.ts';

export const modbusError = defineErrors({
  'modbus.unreachable': {
    ko: '{host}:{port}에 연결할 수 없습니다: {detail}',
    en: '{host}:{port} cannot be reached: {detail}',
    doKo: '장치의 전원, 네트워크 주소와 포트(보통 502)를 확인하십시오.',
    doEn: 'Check power, network address and port (usually 502) of the device.',
  },
  'modbus.closed': {
    ko: '{host}:{port}이(가) 연결을 끊었습니다.',
    en: '{host}:{port} closed the connection.',
    doKo: '다른 프로그램이 같은 장치에 연결되어 있지 않은지 확인하십시오. 연결 수가 제한된 장치가 많습니다.',
    doEn: 'Check whether another program is connected to it: many devices serve only a few at a time.',
  },
  'modbus.silent': {
    ko: '{host}:{port}이(가) 더 이상 응답하지 않습니다.',
    en: '{host}:{port} has stopped answering.',
    doKo: '케이블과 스위치를 확인하십시오. 자동으로 다시 연결합니다.',
    doEn: 'Check cable and switch. It reconnects by itself.',
  },
  'modbus.noAnswer': {
    ko: '{host}:{port}에 연결되었으나 어떤 국번({units})도 응답하지 않습니다.',
    en: '{host}:{port} accepts connections, but no unit ({units}) answers.',
    doKo: '국번(unit id)을 확인하십시오. 게이트웨이 뒤 장치의 전원과 배선도 확인하십시오.',
    doEn: 'Check the unit ids, and power and wiring of the devices behind the gateway.',
  },
  'modbus.timeout': {
    ko: '국번 {unit}이(가) {ms} ms 안에 응답하지 않았습니다.',
    en: 'Unit {unit} did not answer within {ms} ms.',
    doKo: '국번, 장치의 전원과 배선을 확인하십시오. 느린 게이트웨이라면 timeout을 늘리십시오.',
    doEn: 'Check unit id, power and wiring. With a slow gateway, raise the timeout.',
  },
  'modbus.unitSilent': {
    ko: '국번 {unit}이(가) 응답하지 않습니다. 다른 국번은 계속 읽습니다.',
    en: 'Unit {unit} does not answer. The other units are still read.',
    doKo: '그 장치의 전원과 배선을 확인하십시오. 자동으로 다시 시도합니다.',
    doEn: 'Check power and wiring of that device. It is tried again by itself.',
  },
  'modbus.badFrame': {
    ko: '{host}:{port}이(가) Modbus TCP가 아닌 데이터를 보냈습니다: {detail}',
    en: '{host}:{port} sent something that is not Modbus TCP: {detail}',
    doKo: '포트와 프로토콜을 확인하십시오. RTU over TCP 장치는 이 연결로 읽을 수 없습니다.',
    doEn: 'Check port and protocol. Devices that speak RTU over TCP cannot be read this way.',
  },
  'modbus.badAnswer': {
    ko: '국번 {unit}의 응답이 요청과 맞지 않습니다: {detail}',
    en: 'The answer of unit {unit} does not fit the request: {detail}',
    doKo: '게이트웨이의 설정을 확인하십시오.',
    doEn: 'Check the settings of the gateway.',
  },
  'modbus.illegalFunction': {
    ko: '국번 {unit}은(는) {table} 읽기를 지원하지 않습니다 (예외 01).',
    en: 'Unit {unit} does not support reading {table} (exception 01).',
    doKo: '신호의 table을 확인하십시오.',
    doEn: 'Check the table of the signal.',
  },
  'modbus.illegalAddress': {
    ko: '국번 {unit}에 {table} {address} 주소가 없습니다 (예외 02).',
    en: 'Unit {unit} has no {table} {address} (exception 02).',
    doKo: '장치 설명서의 주소와 시작 번호(0 또는 1)를 확인하십시오.',
    doEn: "Compare with the device's manual, and whether it counts from 0 or 1.",
  },
  'modbus.illegalValue': {
    ko: '국번 {unit}이(가) {table} {address} 요청의 형식을 거부했습니다 (예외 03).',
    en: 'Unit {unit} refused the form of the request for {table} {address} (exception 03).',
    doKo: 'maxRegisters를 줄여 보십시오.',
    doEn: 'Try a smaller maxRegisters.',
  },
  'modbus.deviceFailure': {
    ko: '국번 {unit}이(가) 장치 고장을 알렸습니다 (예외 04).',
    en: 'Unit {unit} reports a failure of the device (exception 04).',
    doKo: '장치의 상태 표시를 확인하십시오.',
    doEn: 'Look at the indicators of the device.',
  },
  'modbus.busy': {
    ko: '국번 {unit}이(가) 사용 중입니다 (예외 {exception}).',
    en: 'Unit {unit} is busy (exception {exception}).',
    doKo: '읽는 주기(interval)를 늘리십시오.',
    doEn: 'Raise the interval of reading.',
  },
  'modbus.gateway': {
    ko: '게이트웨이가 국번 {unit}에 닿지 못합니다 (예외 {exception}).',
    en: 'The gateway cannot reach unit {unit} (exception {exception}).',
    doKo: '게이트웨이 뒤의 배선과 국번을 확인하십시오.',
    doEn: 'Check the wiring behind the gateway and the unit id.',
  },
  'modbus.exception': {
    ko: '국번 {unit}이(가) 예외 {exception}(으)로 답했습니다.',
    en: 'Unit {unit} answered with exception {exception}.',
    doKo: '장치 설명서를 확인하십시오.',
    doEn: "See the device's manual.",
  },
  'modbus.badAddress': {
    ko: '"{path}" 신호의 주소를 쓸 수 없습니다: {detail}',
    en: 'The address of "{path}" cannot be used: {detail}',
    doKo: '예: address: "40001", 또는 table: holding 과 address: 0',
    doEn: 'Examples: address: "40001", or table: holding with address: 0',
  },
  'modbus.behind': {
    ko: '{interval} ms 주기로 읽지 못하고 있습니다: 한 바퀴에 {took} ms가 걸립니다.',
    en: 'The interval of {interval} ms cannot be kept: one round takes {took} ms.',
    doKo: '주기를 늘리거나 신호를 줄이십시오.',
    doEn: 'Raise the interval or read fewer signals.',
  },
});

/** The coded error of a Modbus exception code (Application Protocol V1.1b3 §7). */
export function exceptionError(exception: number, at: { unit: number; table: string; address: number }) {
  const params = { ...at, exception: exception.toString(16).toUpperCase().padStart(2, '0') };
  switch (exception) {
    case 1:
      return modbusError('modbus.illegalFunction', params);
    case 2:
      return modbusError('modbus.illegalAddress', params);
    case 3:
      return modbusError('modbus.illegalValue', params);
    case 4:
      return modbusError('modbus.deviceFailure', params);
    case 5:
    case 6:
      return modbusError('modbus.busy', params);
    case 10:
    case 11:
      return modbusError('modbus.gateway', params);
    default:
      return modbusError('modbus.exception', params);
  }
}
