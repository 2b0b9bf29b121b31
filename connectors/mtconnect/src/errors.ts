import { defineErrors } from '@deungdae/kernel/errors.ts';

/** What the MTConnect connector can say to people: errors it throws and notices it gives. */
export const mtconnectError = defineErrors({
  'mtconnect.unreachable': {
    ko: 'MTConnect 에이전트에 연결하지 못했습니다: {address} ({detail})',
    en: 'The MTConnect agent could not be reached: {address} ({detail})',
    doKo: '주소와 포트, 에이전트가 실행 중인지, 방화벽을 확인하십시오. 계속 다시 시도합니다.',
    doEn: 'Check address and port, that the agent runs, and the firewall. It is tried again for ever.',
  },
  'mtconnect.adapterUnreachable': {
    ko: 'SHDR 어댑터에 연결하지 못했습니다: {address} ({detail})',
    en: 'The SHDR adapter could not be reached: {address} ({detail})',
    doKo: '주소와 포트(보통 7878), 어댑터가 실행 중인지, 방화벽을 확인하십시오. 계속 다시 시도합니다.',
    doEn: 'Check address and port (usually 7878), that the adapter runs, and the firewall. It is tried again for ever.',
  },
  'mtconnect.silent': {
    ko: '{address}에서 {ms} ms 동안 아무 소식이 없습니다. 케이블이 빠졌거나 상대가 멈춘 것으로 보고 다시 연결합니다.',
    en: 'Nothing came from {address} for {ms} ms. It is taken as a dead link and connected anew.',
    doKo: '네트워크와 어댑터 상태를 확인하십시오. 느린 어댑터라면 heartbeatMs를 늘리십시오.',
    doEn: 'Check the network and the adapter. For a slow adapter make heartbeatMs larger.',
  },
  'mtconnect.closed': {
    ko: '{address}가 연결을 끊었습니다.',
    en: '{address} closed the connection.',
    doKo: '자동으로 다시 연결합니다. 자주 반복되면 어댑터나 에이전트의 로그를 확인하십시오.',
    doEn: 'It is connected again by itself. When this repeats, look at the log of the adapter or agent.',
  },
  'mtconnect.http': {
    ko: '에이전트가 HTTP {status}로 답했습니다: {address}',
    en: 'The agent answered HTTP {status}: {address}',
    doKo: '주소가 에이전트의 기본 주소인지 확인하십시오(예: http://10.0.0.5:5000).',
    doEn: 'Check that the address is the base address of the agent, such as http://10.0.0.5:5000.',
  },
  'mtconnect.agentError': {
    ko: '에이전트가 오류를 알렸습니다: {code} {text}',
    en: 'The agent reported an error: {code} {text}',
    doKo: '장치 이름과 데이터 항목이 에이전트에 있는지 확인하십시오.',
    doEn: 'Check that the device and the data items exist on the agent.',
  },
  'mtconnect.badDocument': {
    ko: '받은 문서를 읽을 수 없습니다: {detail}',
    en: 'The document could not be read: {detail}',
    doKo: '주소가 MTConnect 에이전트인지, 파일이 MTConnectDevices 문서인지 확인하십시오.',
    doEn: 'Check that the address is an MTConnect agent, or the file an MTConnectDevices document.',
  },
  'mtconnect.tooLarge': {
    ko: '문서가 한도 {limit}바이트보다 큽니다.',
    en: 'The document is larger than the limit of {limit} bytes.',
    doKo: 'count를 줄이거나 device로 장치 하나만 고르십시오.',
    doEn: 'Make count smaller, or choose one device with device.',
  },
  'mtconnect.setTooLarge': {
    ko: '데이터 항목 {dataItem}의 집합이 한도(10,000항목, 262,144자)를 넘습니다. 넘는 항목은 빼고 품질을 "불확실"로 기록합니다.',
    en: 'The set of data item {dataItem} is over the limits (10,000 entries, 262,144 characters). The rest is left out, and the quality is uncertain.',
    doKo: '어댑터가 없어진 항목을 지우는지(빈 값, reset) 확인하고, 필요한 변수만 보내게 하십시오.',
    doEn: 'Check that the adapter removes entries that are gone (empty value, reset), and have it send only what is needed.',
  },
  'mtconnect.noDevice': {
    ko: '에이전트에 장치 "{device}"가 없습니다. 있는 장치: {devices}',
    en: 'The agent has no device "{device}". It has: {devices}',
    doKo: '장치 이름을 고치거나 비워 두십시오.',
    doEn: 'Correct the name of the device, or leave it out.',
  },
  'mtconnect.noDataItem': {
    ko: '데이터 항목이 장치 모델에 없습니다: {dataItem}',
    en: 'The device model has no data item {dataItem}.',
    doKo: '설비 파일의 dataItem을 id나 이름으로 고치십시오. 다른 신호는 계속 읽습니다.',
    doEn: 'Correct dataItem in the plant file to its id or name. The other signals go on.',
  },
  'mtconnect.restarted': {
    ko: '에이전트가 다시 시작되었습니다(instanceId {from} → {to}). 장치 모델을 다시 읽고 처음부터 이어 갑니다.',
    en: 'The agent was restarted (instanceId {from} → {to}). The model is read again and reading starts at its first observation.',
    doKo: '할 일이 없습니다. 재시작 사이의 값은 공백으로 표시됩니다.',
    doEn: 'Nothing to do. What happened in between is shown as a gap.',
  },
  'mtconnect.overrun': {
    ko: '에이전트 버퍼에서 {lost}개의 관측값이 사라졌습니다. 현재 값부터 이어 가고 그 사이는 공백으로 표시합니다.',
    en: '{lost} observations fell out of the buffer of the agent. Reading goes on from the current values; the time between is a gap.',
    doKo: '에이전트의 BufferSize를 늘리거나 연결이 끊긴 시간을 줄이십시오.',
    doEn: 'Make BufferSize of the agent larger, or the outages shorter.',
  },
  'mtconnect.legacyAdapter': {
    ko: '어댑터 {address}가 PING에 답하지 않습니다. 심장 박동 없이 계속 읽습니다.',
    en: 'The adapter {address} does not answer PING. Reading goes on without a heartbeat.',
    doKo: '케이블이 빠져도 바로 알 수 없습니다. 어댑터를 새 버전으로 바꾸는 것이 좋습니다.',
    doEn: 'A pulled cable will not be noticed at once. A newer adapter is better.',
  },
  'mtconnect.rejected': {
    ko: '{address}의 줄을 받아들이지 않았습니다: {reason}',
    en: 'A line of {address} was not accepted: {reason}',
    doKo: '어댑터가 보내는 형식을 확인하십시오. 다른 줄은 계속 읽습니다.',
    doEn: 'Check the form of what the adapter sends. The other lines go on.',
  },
  'mtconnect.unknownTag': {
    ko: '설비 파일에 없는 태그입니다: {tag}',
    en: 'This tag is bound to no signal: {tag}',
    doKo: '필요하면 설비 파일에 신호를 추가하십시오.',
    doEn: 'Add a signal to the plant file when it is needed.',
  },
  'mtconnect.dropped': {
    ko: '저장이 늦어 어댑터 {address}의 값 {count}개를 버렸습니다. 그 사이는 공백으로 표시합니다.',
    en: 'Storing was slow: {count} values of the adapter {address} were dropped. The time between is a gap.',
    doKo: '디스크와 서버의 부하를 확인하십시오.',
    doEn: 'Check the disk and the load of the server.',
  },
});
