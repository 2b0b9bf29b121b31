import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Handlers } from '@deungdae/contracts/api.ts';
import { BytesAnswer } from '@deungdae/kernel/answers.ts';
import type { ErpDeps } from './deps.ts';
import { erpError } from './errors.ts';
import { toFile } from './inbox/file-store.ts';
import type { Inbox } from './inbox/inbox.ts';
import type { ErpTables } from './schema.ts';

/** Files that came in: what became of them, and reading them again. */
export function fileHandlers({ ledger }: ErpDeps, inbox: Inbox): Handlers {
  const read = ledger.read<ErpTables>();
  return {
    erpFiles: async ({ query }, caller) => {
      let select = read.selectFrom('erp_files').selectAll().orderBy('at', 'desc').orderBy('id').limit(query.limit);
      if (query.target) select = select.where('target', '=', query.target);
      if (query.state) select = select.where('state', '=', query.state);
      const waiting = inbox.waiting.filter((w) => !query.target || w.target === query.target);
      return { files: (await select.execute()).map((row) => toFile(row, caller.language)), waiting: [...waiting] };
    },
    erpFileReport: async ({ params }) => {
      const row = await read.selectFrom('erp_files').selectAll().where('id', '=', params.id).executeTakeFirst();
      if (!row) throw erpError('erp.unknownFile', { id: params.id.slice(0, 60) }, { status: 404 });
      const path = inbox.pathOf(row);
      const bytes = path === null ? null : await readFile(`${path}.report.csv`).catch(() => null);
      if (bytes === null) throw erpError('erp.fileGone', { name: row.name }, { status: 410 });
      return new BytesAnswer(bytes, { name: `${basename(row.name)}.report.csv`, type: 'text/csv; charset=utf-8' });
    },
    retakeErpFile: async ({ params }, caller) => toFile(await inbox.retake(params.id), caller.language),
    giveErpFile: async ({ params, query, body }, caller) =>
      toFile(await inbox.give(params.id, query.name, body as AsyncIterable<Uint8Array>), caller.language),
  };
}
