import { defineErrors } from '@deungdae/kernel/errors.ts';

export const demoError = defineErrors({
  'demo.portTaken': {
    ko: '예제 설비가 쓸 {port}번 포트를 다른 프로그램이 쓰고 있어요.',
    en: 'Port {port}, which the demo machines need, is used by another program.',
    doKo: '이미 켜 둔 예제 공장이 있으면 끄세요. 아니면 --machine-ports 48411,15021,18831,15001 처럼 다른 번호를 주세요 (처음 시작할 때만).',
    doEn: 'Stop another demo plant that runs. Or give other numbers, such as --machine-ports 48411,15021,18831,15001 (at the first start of a data folder).',
  },
  'demo.machinesFailed': {
    ko: '예제 설비를 시작하지 못했어요: {detail}',
    en: 'The demo machines could not be started: {detail}',
    doKo: '다시 시작해 보고, 계속되면 data 폴더를 비우고 시작하세요.',
    doEn: 'Start again; if it stays, start with an empty data folder.',
  },
});
