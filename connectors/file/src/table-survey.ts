import type { SignalKind } from '@deungdae/contracts/plant.ts';
export interface TableSurvey {
  lines: number;
  config: object;
  signals: { id: string; name: string; kind: SignalKind; address: object }[];
}
export async function surveyTable(
  _file: string,
  _format: 'csv' | 'ndjson',
  _encoding: 'utf-8' | 'cp949',
): Promise<TableSurvey> {
  return { lines: 0, config: {}, signals: [] };
}
