import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { restoreHistory } from '@deungdae/history/backup.ts';
import { backupError } from '../backup.ts';
import { say } from '../terminal.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { data: { type: 'string', default: 'data' } },
  });
  const backup = resolve(positionals[0] ?? '');
  const target = resolve(values.data);
  if (!existsSync(join(backup, 'backup.json'))) throw backupError('backup.incomplete', { directory: backup });
  if ((await readdir(target).catch(() => [])).length > 0)
    throw backupError('backup.targetNotEmpty', { directory: target });
  await mkdir(target, { recursive: true, mode: 0o700 });
  await restoreHistory(join(backup, 'history'), join(target, 'history'));
  await copyFile(join(backup, 'ledger.sqlite'), join(target, 'ledger.sqlite'));
  await copyFile(join(backup, 'plant.yaml'), join(target, 'plant.yaml'));
  say(
    language === 'ko'
      ? `되돌렸어요: ${target}\n확인: deungdae verify --data ${target}`
      : `restored: ${target}\ncheck: deungdae verify --data ${target}`,
  );
}
