import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { ImportJob, ImportMapping } from '@deungdae/contracts/api-masterdata.ts';
import type { MasterDataModule } from '../src/module.ts';
import { engineer } from './fixtures.ts';

interface Steps {
  target: string;
  constants?: Record<string, string>;
  /** In place of the proposed one. */
  columns?: ImportMapping['columns'];
  withoutBadRows?: boolean;
  previewOnly?: boolean;
}

/** As the wizard does it: upload, look, preview, commit; gives the last job. */
export async function importOf(
  master: MasterDataModule,
  file: string | { name: string; bytes: Uint8Array },
  steps: Steps,
): Promise<ImportJob> {
  const h = master.handlers;
  const body = typeof file === 'string' ? createReadStream(file) : one(file.bytes);
  const name = typeof file === 'string' ? basename(file) : file.name;
  const { id } = await h.uploadImport!({ params: undefined, query: { name }, body }, engineer);
  const query = { sheet: 0, target: steps.target };
  const sheet = await h.importSheet!({ params: { id }, query, body: undefined }, engineer);
  const mapping = {
    columns: steps.columns ?? sheet.mapping.columns,
    constants: { ...sheet.mapping.constants, ...steps.constants },
  };
  const plan = {
    ...{ sheet: 0, header: sheet.header, target: steps.target, mapping },
    withoutBadRows: steps.withoutBadRows ?? false,
  };
  const run = async (kind: 'previewImport' | 'commitImport') => {
    await h[kind]!({ params: { id }, query: undefined, body: plan }, engineer);
    for (;;) {
      const job = await h.importJob!({ params: { id }, query: undefined, body: undefined }, engineer);
      if (job.state !== 'running') return job;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const preview = await run('previewImport');
  if (steps.previewOnly || preview.state !== 'done') return preview;
  return run('commitImport');
}

async function* one(bytes: Uint8Array) {
  yield bytes;
}
