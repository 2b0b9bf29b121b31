import { defineErrors } from '@deungdae/kernel/errors.ts';

export const sparkplugError = defineErrors({
  'sparkplug.malformed': {
    ko: 'Sparkplug 메시지를 해석할 수 없습니다({detail}, 위치 {at}).',
    en: 'A Sparkplug payload cannot be decoded ({detail}, at byte {at}).',
    doKo: '보내는 에지 노드의 소프트웨어를 확인하십시오. 이 메시지는 버렸습니다.',
    doEn: 'Check the software of the sending edge node. The message was dropped.',
  },
  'sparkplug.badMessages': {
    ko: '{node}의 Sparkplug 메시지 {count}개를 해석할 수 없어 버렸습니다: {detail}',
    en: '{count} Sparkplug messages of {node} could not be decoded and were dropped: {detail}',
    doKo: '에지 노드의 소프트웨어를 확인하십시오. 다시 태어나기(rebirth)를 요청했습니다.',
    doEn: 'Check the software of the edge node. A rebirth was requested.',
  },
  'sparkplug.rebirthRequested': {
    ko: '{node}에 rebirth를 요청했습니다: {reason}',
    en: 'A rebirth of {node} was requested: {reason}',
    doKo: '가끔이면 정상입니다. 되풀이되면 브로커의 대기열 한도와 망의 손실을 확인하십시오.',
    doEn: 'Now and then this is normal. If it repeats, look at the queue limits of the broker and at lost packets.',
  },
  'sparkplug.sequenceGap': {
    ko: '{node}의 메시지가 빠졌습니다: seq {expected} 대신 {got}.',
    en: 'Messages of {node} are missing: seq {got} came instead of {expected}.',
    doKo: '빠진 구간의 값은 기록에 없습니다. 브로커의 대기열 한도와 망을 확인하십시오.',
    doEn: 'Their values are missing from the record. Check the queue limits of the broker and the network.',
  },
  'sparkplug.aliasCollision': {
    ko: '{node}이(가) 별칭 {alias}을(를) "{first}"와(과) "{second}"에 함께 쓰고 있습니다.',
    en: '{node} uses the alias {alias} for both "{first}" and "{second}".',
    doKo: '에지 노드의 별칭은 노드 전체에서 하나뿐이어야 합니다. 에지 노드의 설정을 고치십시오.',
    doEn: 'An alias must be unique across the whole edge node. Correct the edge node.',
  },
  'sparkplug.unknownMetric': {
    ko: '{node}의 출생 메시지에 "{metric}" 항목이 없습니다.',
    en: 'The birth of {node} has no metric "{metric}".',
    doKo: '주소의 장치와 항목 이름을 확인하십시오. 탐색 명령이 있는 이름을 보여 줍니다.',
    doEn: 'Check device and metric in the address; discovery shows the names there are.',
  },
  'sparkplug.oldDeath': {
    ko: '{node}의 지난 세션의 사망 메시지(bdSeq {got}, 현재 {expected})를 무시했습니다.',
    en: 'A death of an earlier session of {node} was ignored (bdSeq {got}, now {expected}).',
    doKo: '할 일이 없습니다. 되풀이되면 같은 이름의 에지 노드가 둘인지 확인하십시오.',
    doEn: 'Nothing to do. If it repeats, look for two edge nodes of the same name.',
  },
  'sparkplug.wrongType': {
    ko: '신호 {path}에 맞지 않는 값이 {count}번 왔습니다. 예: {value}',
    en: 'Signal {path} got {count} values of the wrong type, such as {value}',
    doKo: '신호의 kind와 주소의 metric을 확인하십시오.',
    doEn: "Check the signal's kind and the address's metric.",
  },
  'sparkplug.hostIdTaken': {
    ko: '다른 프로그램이 호스트 ID {hostId}(으)로 오프라인을 알렸습니다. 온라인으로 다시 알렸습니다.',
    en: 'Another program announced the host id {hostId} offline; it was announced online again.',
    doKo: '되풀이되면 같은 hostId를 쓰는 두 번째 호스트가 있는지 확인하십시오.',
    doEn: 'If it repeats, look for a second host with the same hostId.',
  },
  'sparkplug.heard': {
    ko: '{node}의 메시지가 들립니다. 값은 연결이 켜져 있을 때 보입니다.',
    en: '{node} is heard. Values are shown while the connection runs.',
    doKo: '할 일이 없습니다. 연결을 켜면 출생 메시지를 요청합니다.',
    doEn: 'Nothing to do. When the connection is switched on, a birth is requested.',
  },
  'sparkplug.noBirth': {
    ko: '{seconds}초 안에 {node}의 출생 메시지가 오지 않았습니다.',
    en: 'No birth of {node} came within {seconds} s.',
    doKo: '에지 노드가 켜져 있고 같은 브로커에 연결되어 있는지, 그룹과 노드 이름이 맞는지 확인하십시오.',
    doEn: 'Check that the edge node runs, uses the same broker, and that group and node are spelled as there.',
  },
});
