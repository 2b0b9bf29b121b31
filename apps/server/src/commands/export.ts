import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { serverError } from '../errors.ts';
import { withStores } from '../stores.ts';
import { progressBar, say } from '../terminal.ts';

export async function run(args: string[], language: string): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: 'data' },
      ledger: { type: 'string' },
      from: { type: 'string', default: '1970-01-01' },
      to: { type: 'string', default: '2200-01-01' },
      out: { type: 'string', default: 'export.csv' },
    },
  });
  const format = values.out.endsWith('.parquet') ? 'parquet' : 'csv';
  const rows = await withStores(
    values.data,
    async ({ history, catalogue }) => {
      const all = catalogue.all();
      const chosen =
        positionals.length === 0
          ? all
          : all.filter(({ path }) => positionals.some((wanted) => path === wanted || path.startsWith(`${wanted}/`)));
      if (chosen.length === 0) throw serverError('server.unknownEquipment', { path: positionals.join(' ') });
      const window = { from: timeOf(values.from, '--from'), to: timeOf(values.to, '--to') };
      return (
        await history.export({
          signals: chosen.map((c) => c.id),
          ...window,
          format,
          file: resolve(values.out),
          progress: progressBar(language === 'ko' ? '내보내기' : 'export'),
        })
      ).rows;
    },
    values.ledger,
  );
  say(`${values.out}  ${rows.toLocaleString('en')} ${language === 'ko' ? '줄' : 'rows'}`);
}

function timeOf(text: string, option: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw serverError('server.inputWrong', { path: option, detail: text });
  return ms * 1000;
}
