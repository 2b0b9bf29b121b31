import type { Handlers } from '@deungdae/contracts/api.ts';
import { tableAnswer } from '@deungdae/tabular/table-answer.ts';
import type { ImportDesk } from './desk.ts';
import { noJob } from './desk.ts';
import { importError } from './errors.ts';

export function importHandlers(desk: ImportDesk): Handlers {
  return {
    importTargets: () =>
      desk.targets().map(({ id, title, help, columns }) => ({
        ...{ id, title, help },
        columns: columns.map((c) => ({
          ...{ id: c.id, name: c.name, type: c.type, required: c.required === true, many: c.many === true },
          choices: (c.choices ?? []).map(({ value, name }) => ({ value, name })),
        })),
      })),
    imports: ({ query }) => desk.history(query.limit),
    uploadImport: ({ query, body }, caller) => desk.upload(body, query.name, caller),
    importSheet: ({ params, query }) => desk.sheet(params.id, query as Parameters<ImportDesk['sheet']>[1]),
    previewImport: async ({ params, body }, caller) =>
      (await desk.begin('preview', params.id, body, caller)).view(caller.language),
    commitImport: async ({ params, body }, caller) =>
      (await desk.begin('commit', params.id, body, caller)).view(caller.language),
    importJob: ({ params }, caller) => desk.job(params.id)?.view(caller.language) ?? noJob,
    stopImport: async ({ params }, caller) => {
      const job = desk.job(params.id);
      job?.stop();
      await job?.finished;
      return job?.view(caller.language) ?? noJob;
    },
    importProblems: ({ params, query }, caller) => {
      const job = desk.job(params.id);
      if (!job) throw importError('import.unknownFile', {}, { status: 404 });
      const ko = caller.language === 'ko';
      const heading = ko
        ? ['행', '열', '열 이름', '값', '문제', '할 일', '비슷한 값']
        : ['Row', 'Column', 'Heading', 'Value', 'Problem', 'What to do', 'Nearest'];
      const rows = job.problems.map((problem) => {
        const p = job.show(problem, caller.language);
        return [p.row, p.letter, p.column, p.value, p.message, p.advice, p.nearest];
      });
      return tableAnswer(ko ? '가져오기 문제' : 'import problems', query.format, [heading, ...rows]);
    },
  };
}
