import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { backUp } from '../backup.ts';
import { serverError } from '../errors.ts';
import { withStores } from '../stores.ts';
import { progressBar, say } from '../terminal.ts';
import { version } from '../version.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { data: { type: 'string', default: 'data' }, ledger: { type: 'string' }, plant: { type: 'string' } },
  });
  const directory = resolve(positionals[0] ?? `backup-${new Date().toISOString().slice(0, 10)}`);
  const dataDir = resolve(values.data);
  const plantFile = resolve(
    values.plant ?? (existsSync(join(dataDir, 'plant.yaml')) ? join(dataDir, 'plant.yaml') : 'plant.yaml'),
  );
  if (!existsSync(plantFile)) throw serverError('server.plantFileMissing', { file: plantFile });
  const { bytes } = await withStores(
    dataDir,
    (stores) =>
      backUp({
        ...stores,
        plantFile,
        version,
        directory,
        progress: progressBar(language === 'ko' ? '백업' : 'backup'),
      }),
    values.ledger,
  );
  say(`${directory}  ${(bytes / 1_048_576).toFixed(1)} MB`);
}
