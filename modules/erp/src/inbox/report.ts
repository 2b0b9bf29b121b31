import type { ErpFile } from '@deungdae/contracts/api-erp.ts';
import { advise, type CodedError, explain } from '@deungdae/kernel/errors.ts';
import { writeCsv } from '@deungdae/tabular/csv-write.ts';

/** A row that was not taken, with its reason. */
export interface Refusal {
  row: number;
  name: string;
  error: CodedError;
}

type Summary = Pick<ErpFile, 'name' | 'state' | 'rows' | 'added' | 'changed' | 'cancelled' | 'same' | 'refused'>;

const states: Record<string, string> = {
  ...{ taken: '받음 taken', partly: '일부 받음 partly taken', refused: '받지 않음 refused', known: '전에 받음 known' },
};

/** The report that lies beside a file: one line that sums it up, then each row that was not taken, in both languages. */
export function reportOf(file: Summary, refusals: readonly Refusal[]): Uint8Array {
  const { added, changed, cancelled, same, refused } = file;
  const sums = [
    `추가 added ${added} · 변경 changed ${changed} · 취소 cancelled ${cancelled}`,
    `같음 same ${same} · 거절 refused ${refused}`,
  ].join(' · ');
  return writeCsv([
    ['행 row', '번호 number', '오류 error', '내용', '할 일', 'what is wrong', 'what to do'],
    [0, file.name, states[file.state] ?? file.state, sums, '', '', ''],
    ...refusals.map(({ row, name, error: { code, params } }) => [
      ...[row, name, code, explain(code, params, 'ko'), advise(code, params, 'ko')],
      ...[explain(code, params, 'en'), advise(code, params, 'en')],
    ]),
  ]);
}
