import { rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { copyLedger } from '@deungdae/ledger/copy.ts';
import { serverError } from '../errors.ts';
import { ledgerPlace, rememberPlace, requireData } from '../ledger-place.ts';
import { ledgerModules, withStores } from '../stores.ts';
import { progressBar, say } from '../terminal.ts';

/** From the file in the data folder to PostgreSQL. The file stays, under another name, as the way back. */
export async function run(args: string[], language: string): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { data: { type: 'string', default: 'data' }, to: { type: 'string' } },
  });
  const dataDir = resolve(values.data);
  const from = ledgerPlace(dataDir, 'sqlite');
  requireData(dataDir, from);
  const to = ledgerPlace(dataDir, values.to ?? 'sqlite');
  if (!('url' in to) || !('file' in from)) throw serverError('server.ledgerSetting', {});
  const ko = language === 'ko';
  const shared = { modules: ledgerModules, clock: systemClock, log: createLogger({ level: 'warn' }) };
  const progress = progressBar(ko ? '장부 옮기기' : 'moving the ledger');
  // Opened meanwhile: brings the tables up to date, and a plant that still runs holds its history and is found out here.
  const copied = await withStores(dataDir, () => copyLedger({ ...shared, from, to, progress }), 'sqlite');
  rememberPlace(dataDir, to);
  const kept = join(dataDir, 'ledger.moved.sqlite');
  await rename(from.file, kept);
  say(
    ko
      ? `옮겼어요: 표 ${copied.tables}개, ${copied.rows}줄, 감사 기록 ${copied.events}건 온전함\n이전 파일: ${kept}`
      : `moved: ${copied.tables} tables, ${copied.rows} rows, audit chain of ${copied.events} events whole\nthe file before: ${kept}`,
  );
}
