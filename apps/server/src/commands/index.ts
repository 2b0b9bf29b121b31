import type { Command } from './command.ts';

/** Loaded when asked for: `deungdae check` must not wait for the database. */
function lazy(about: Omit<Command, 'run'>, load: () => Promise<{ run: Command['run'] }>): Command {
  return { ...about, run: async (args, language) => (await load()).run(args, language) };
}

export const commands: Record<string, Command> = {
  start: lazy(
    {
      usage:
        '[--plant plant.yaml] [--data dir] [--ledger sqlite|postgresql://…] [--port 7800] [--host 127.0.0.1] [--https]',
      ko: '공장을 시작해요',
      en: 'start the plant',
    },
    () => import('./start.ts'),
  ),
  demo: lazy(
    {
      usage: '[--data dir] [--port 7800] [--past 24h|30d] [--seed 1]',
      ko: '예제 공장(한빛)을 시작해요',
      en: 'start the demo plant (Hanbit)',
    },
    () => import('./demo.ts'),
  ),
  replay: lazy(
    {
      usage: '<folder|file> [--devices Devices.xml] [--speed max|N] [--data dir]',
      ko: '설비 기록을 다시 흘려 넣고 보고서를 내요',
      en: 'replay machine logs and report',
    },
    () => import('./replay.ts'),
  ),
  report: lazy(
    {
      usage: '[--data dir] [--json]',
      ko: '자료의 상태별 시간, 알람, 수량을 보고해요',
      en: 'time per state, alarms and counts of the data',
    },
    () => import('./report.ts'),
  ),
  discover: lazy(
    {
      usage: '<type> --set key=value …',
      ko: '설비를 둘러보고 신호를 제안해요',
      en: 'browse a device and propose signals',
    },
    () => import('./discover.ts'),
  ),
  check: lazy(
    { usage: '[plant.yaml]', ko: '공장 파일을 검사해요', en: 'check a plant file' },
    () => import('./check.ts'),
  ),
  backup: lazy(
    {
      usage: '<dir> [--data dir]',
      ko: '멈춘 공장을 백업해요 (도는 중에는 화면에서)',
      en: 'back up a stopped plant (a running one: System page)',
    },
    () => import('./backup.ts'),
  ),
  restore: lazy(
    { usage: '<backup> --data <empty dir>', ko: '백업을 되돌려요', en: 'restore a backup' },
    () => import('./restore.ts'),
  ),
  verify: lazy(
    { usage: '[--data dir]', ko: '자료와 감사 기록이 온전한지 봐요', en: 'verify the data and the audit chain' },
    () => import('./verify.ts'),
  ),
  'move-ledger': lazy(
    {
      usage: '--to postgresql://…|env:NAME|file:/path [--data dir]',
      ko: '멈춘 공장의 장부를 PostgreSQL 로 옮겨요',
      en: 'move the ledger of a stopped plant to PostgreSQL',
    },
    () => import('./move-ledger.ts'),
  ),
  export: lazy(
    {
      usage: '<path…> --from T --to T --out file.csv|.parquet [--data dir]',
      ko: '신호를 파일로 내보내요',
      en: 'export signals to a file',
    },
    () => import('./export.ts'),
  ),
  help: { usage: '', ko: '이 도움말', en: 'this help', run: async () => {} },
};
