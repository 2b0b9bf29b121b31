import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { verifyHistory } from '@deungdae/history/verify.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { openLedger } from '@deungdae/ledger/open.ts';
import { ledgerPlace, requireData } from '../ledger-place.ts';
import { progressBar, say } from '../terminal.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { data: { type: 'string', default: 'data' }, ledger: { type: 'string' } },
  });
  const dataDir = resolve(values.data);
  const place = ledgerPlace(dataDir, values.ledger);
  requireData(dataDir, place);
  const ledger = await openLedger({
    ...place,
    clock: systemClock,
    log: createLogger({ level: 'warn' }),
    modules: [],
  });
  const chain = await ledger.verify(progressBar(language === 'ko' ? '감사 기록' : 'audit chain'));
  await ledger.close();
  const ko = language === 'ko';
  if (chain.ok) say(ko ? `감사 기록 ${chain.events}건: 온전함` : `audit chain: ${chain.events} events, whole`);
  else say(ko ? `감사 기록이 깨졌어요: ${chain.firstBroken} 부터` : `audit chain: BROKEN at ${chain.firstBroken}`);
  const history = await verifyHistory(join(dataDir, 'history'), progressBar(ko ? '이력' : 'history'));
  const { samples, files, problems } = history;
  // Samples of the last hour are not in sealed files yet; the database checks its own file as it opens.
  if (problems.length === 0)
    say(
      ko
        ? `이력: 봉인한 파일 ${files}개, 표본 ${samples}개 온전함`
        : `history: ${files} sealed files, ${samples} samples in them, whole`,
    );
  else say(`${ko ? '이력' : 'history'}:\n  ${problems.join('\n  ')}`);
  if (!chain.ok || problems.length > 0) process.exitCode = 1;
}
