import { decimal } from '@deungdae/connector-mtconnect/observation.ts';
import { uniqueId } from '@deungdae/connector-mtconnect/propose.ts';
import type { SignalKind } from '@deungdae/contracts/plant.ts';
import { csvRecordEnd, splitCsv } from './csv-record.ts';
import { recordsOf } from './format.ts';
import { TextFile } from './text-file.ts';
import { timeReader } from './time-text.ts';

export interface TableSurvey {
  /** Lines looked at, not lines of the file. */
  lines: number;
  /** Settings for the connection: separator, decimal sign, time column. */
  config: Record<string, string>;
  signals: { id: string; name: string; kind: SignalKind; address: Record<string, string> }[];
}

/** Characters looked at. */
const headChars = 256 * 1024;
const maxColumns = 2_000;

/** Looks at the head of a CSV or NDJSON file and proposes settings and signals for replaying it. */
export async function surveyTable(
  path: string,
  format: 'csv' | 'ndjson',
  encoding: 'utf-8' | 'cp949',
): Promise<TableSurvey> {
  const file = await TextFile.open(path, encoding);
  try {
    const chunk = await file.read(0, false, headChars);
    const text = chunk.text.replace(/^\ufeff/, '');
    return format === 'csv' ? csvSurvey(text, chunk.atEnd) : ndjsonSurvey(text);
  } finally {
    await file.close();
  }
}

function csvSurvey(text: string, final: boolean): TableSurvey {
  const headEnd = csvRecordEnd(text, 0, final);
  const header = text.slice(0, Math.max(0, headEnd));
  const count = (c: string) => header.split(c).length;
  const separator = [',', ';', '\t', '|'].reduce((best, c) => (count(c) > count(best) ? c : best));
  const rows: string[][] = [];
  for (const [from, to] of recordsOf(csvRecordEnd, text, final)) {
    const fields: string[] = [];
    if (splitCsv(text, from, to, separator, fields) !== null && to > from) rows.push(fields);
  }
  const titles = (rows.shift() ?? []).map((title) => title.trim()).slice(0, maxColumns);
  const comma = separator !== ',' && rows.some((row) => row.some((field) => /^-?\d+,\d+$/.test(field.trim())));
  const isNumber = (field: string) => !Number.isNaN(decimal(comma ? field.trim().replace(',', '.') : field.trim()));
  const readTime = timeReader({ timeFormat: 'auto', timeZone: 'UTC', decimal: comma ? ',' : '.' });
  const filled = (at: number) => rows.map((row) => row[at] ?? '').filter((field) => field !== '');
  const timeAt = titles.findIndex(
    (_, at) => filled(at).length > 0 && filled(at).every((f) => !Number.isNaN(readTime(f))),
  );
  const ids = new Set<string>();
  const signals = titles.flatMap((title, at) => {
    if (at === timeAt || title === '') return [];
    const values = filled(at);
    const kind: SignalKind = values.length > 0 && values.every(isNumber) ? 'number' : 'text';
    return [{ id: uniqueId(title, ids), name: title, kind, address: { column: title } }];
  });
  const config: Record<string, string> = { separator, decimal: comma ? ',' : '.' };
  if (timeAt >= 0) config.timeColumn = titles[timeAt]!;
  return { lines: rows.length + 1, config, signals };
}

function ndjsonSurvey(text: string): TableSurvey {
  const ids = new Set<string>();
  const kinds = new Map<string, SignalKind>();
  const lines = text.split('\n');
  for (const line of lines) {
    let row: Record<string, unknown>;
    try {
      row = JSON.parse(line) as Record<string, unknown>;
    } catch {
      continue;
    }
    const tag = row?.tag ?? row?.signal ?? row?.path;
    if (typeof tag !== 'string' || kinds.size >= maxColumns || row.value === null) continue;
    const type = typeof row.value;
    const kind: SignalKind =
      type === 'number' ? 'number' : type === 'boolean' ? 'boolean' : type === 'object' ? 'json' : 'text';
    const known = kinds.get(tag);
    kinds.set(tag, known === undefined || known === kind ? kind : 'text');
  }
  const signals = [...kinds].map(([tag, kind]) => ({ id: uniqueId(tag, ids), name: tag, kind, address: { tag } }));
  return { lines: lines.length, config: {}, signals };
}
