import { copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { History } from '@deungdae/history/history.ts';
import { defineErrors } from '@deungdae/kernel/errors.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';

export const backupError = defineErrors({
  'backup.exists': {
    ko: '{directory} 백업이 이미 있어요.',
    en: 'There is a backup at {directory} already.',
    doKo: '다른 이름을 쓰거나 먼저 그 폴더를 옮기세요.',
    doEn: 'Use another name, or move that folder first.',
  },
  'backup.running': {
    ko: '다른 백업이 아직 진행 중이에요.',
    en: 'Another backup is still being made.',
    doKo: '그것이 끝난 뒤에 다시 하세요.',
    doEn: 'Try again when it is done.',
  },
  'backup.incomplete': {
    ko: '{directory} 는 끝까지 만들어진 백업이 아니에요.',
    en: '{directory} is not a finished backup.',
    doKo: '다른 백업을 쓰세요. 끝난 백업에는 backup.json 이 있어요.',
    doEn: 'Use another backup: a finished one holds backup.json.',
  },
  'backup.targetNotEmpty': {
    ko: '{directory} 폴더가 비어 있지 않아 되돌리지 않았어요.',
    en: 'Not restored: the folder {directory} is not empty.',
    doKo: '빈 폴더를 주세요. 지금 자료는 그대로 있어요.',
    doEn: 'Give an empty folder; the present data were not touched.',
  },
});

export interface BackupSource {
  history: History;
  ledger: Ledger;
  plantFile: string;
  version: string;
}

/** A consistent copy of the plant while it runs: samples, ledger and plant file. `backup.json` is written last. */
export async function backUp(
  source: BackupSource & { directory: string; progress?: (share: number) => void },
): Promise<{ directory: string; bytes: number }> {
  const { directory } = source;
  await mkdir(join(directory, '..'), { recursive: true, mode: 0o700 });
  await mkdir(directory, { mode: 0o700 }).catch((error) => {
    throw error.code === 'EEXIST' ? backupError('backup.exists', { directory }, { status: 409 }) : error;
  });
  try {
    return await fill(source);
  } catch (error) {
    // Half a backup only takes up the room that the samples need.
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

async function fill(source: Parameters<typeof backUp>[0]): Promise<{ directory: string; bytes: number }> {
  const { directory } = source;
  // The ledger first: it may then know less than the samples, which are the source of everything derived.
  await source.ledger.backup(join(directory, 'ledger.sqlite'));
  await source.history.backup(join(directory, 'history'), source.progress);
  await copyFile(source.plantFile, join(directory, 'plant.yaml'));
  const bytes = await sizeOf(directory);
  await writeFile(
    join(directory, 'backup.json'),
    `${JSON.stringify({ version: source.version, at: new Date().toISOString(), bytes }, null, 2)}\n`,
  );
  return { directory, bytes };
}

async function sizeOf(directory: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
