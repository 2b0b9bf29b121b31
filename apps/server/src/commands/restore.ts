import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { restoreHistory } from '@deungdae/history/backup.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { createLogger } from '@deungdae/kernel/log.ts';
import { copyLedger } from '@deungdae/ledger/copy.ts';
import { backupError } from '../backup.ts';
import { ledgerPlace, rememberPlace } from '../ledger-place.ts';
import { ledgerModules } from '../stores.ts';
import { say } from '../terminal.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { data: { type: 'string', default: 'data' }, ledger: { type: 'string' } },
  });
  const backup = resolve(positionals[0] ?? '');
  const target = resolve(values.data);
  if (!existsSync(join(backup, 'backup.json'))) throw backupError('backup.incomplete', { directory: backup });
  if ((await readdir(target).catch(() => [])).length > 0)
    throw backupError('backup.targetNotEmpty', { directory: target });
  await mkdir(target, { recursive: true, mode: 0o700 });
  await restoreHistory(join(backup, 'history'), join(target, 'history'));
  const place = ledgerPlace(target, values.ledger);
  if ('file' in place) await copyFile(join(backup, 'ledger.sqlite'), place.file);
  else {
    const from = { file: join(backup, 'ledger.sqlite') };
    await copyLedger({
      from,
      to: place,
      modules: ledgerModules,
      clock: systemClock,
      log: createLogger({ level: 'warn' }),
    });
    rememberPlace(target, place);
  }
  await copyFile(join(backup, 'plant.yaml'), join(target, 'plant.yaml'));
  say(
    language === 'ko'
      ? `되돌렸어요: ${target}\n확인: deungdae verify --data ${target}`
      : `restored: ${target}\ncheck: deungdae verify --data ${target}`,
  );
}
