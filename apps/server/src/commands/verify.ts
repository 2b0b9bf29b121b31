import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { verifyHistory } from '@deungdae/history/verify.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { requireData } from '../stores.ts';
import { progressBar, say } from '../terminal.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { values } = parseArgs({ args, options: { data: { type: 'string', default: 'data' } } });
  const dataDir = resolve(values.data);
  requireData(dataDir);
  const ledger = await openLedger({
    file: join(dataDir, 'ledger.sqlite'),
    clock: systemClock,
    log: createLogger({ level: 'warn' }),
    modules: [],
  });
  const chain = await ledger.verify(progressBar(language === 'ko' ? '감사 기록' : 'audit chain'));
  await ledger.close();
  say(
    chain.ok
      ? language === 'ko'
        ? `감사 기록 ${chain.events}건: 온전함`
        : `audit chain: ${chain.events} events, whole`
      : `BROKEN at ${chain.firstBroken}`,
  );
  const history = await verifyHistory(join(dataDir, 'history'), progressBar(language === 'ko' ? '이력' : 'history'));
  say(
    history.problems.length === 0
      ? language === 'ko'
        ? `이력 표본 ${history.samples}개: 온전함`
        : `history: ${history.samples} samples, whole`
      : `history: ${history.problems.join('\n  ')}`,
  );
  if (!chain.ok || history.problems.length > 0) process.exitCode = 1;
}
