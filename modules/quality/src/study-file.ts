import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StudyFile, studyFileBytes } from '@deungdae/contracts/api-quality.ts';
import type { MeasurementStudy } from '@deungdae/contracts/quality.ts';
import { advise, explain } from '@deungdae/kernel/errors.ts';
import { openTable, type TableFile } from '@deungdae/tabular/open-table.ts';
import { columnName } from '@deungdae/tabular/xlsx-sheet.ts';
import { type StudyProblem, StudyReader } from './domain/study-cells.ts';
import { findLayout, type StudyLayout } from './domain/study-layout.ts';
import { type StudyNames, studyNames } from './domain/study-names.ts';
import { qualityError } from './errors.ts';

const maxRows = 20_000;
const maxShown = 1_000;
const maxSheets = 20;

export interface StudyFileInput {
  study: MeasurementStudy;
  name: string;
  /** What a 1 of the file means, in an attribute study. */
  one: 'nonconforming' | 'conforming';
  language: string;
}

/**
 * Reads a spreadsheet into the cells of a study: all of them, or what is wrong with it row by row. Nothing is stored.
 * Throws `tabular.*` when it is no table, `quality.studyDone`, `quality.studyFileLayout` when no heading fits the study.
 */
export async function readStudyFile(body: AsyncIterable<Uint8Array>, input: StudyFileInput): Promise<StudyFile> {
  const { study, name } = input;
  if (study.result) throw qualityError('quality.studyDone', { number: study.number }, { status: 409 });
  const folder = await mkdtemp(join(tmpdir(), 'study-'));
  try {
    const path = join(folder, 'file');
    await keep(body, path);
    const table = await openTable(path, name);
    try {
      return await contentOf(table, input);
    } finally {
      await table.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function keep(body: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    let size = 0;
    for await (const part of body) {
      size += part.length;
      if (size > studyFileBytes) throw qualityError('quality.tooMany', { limit: studyFileBytes }, { status: 413 });
      await handle.writeFile(part);
    }
  } finally {
    await handle.close();
  }
}

async function contentOf(table: TableFile, { study, name, one, language }: StudyFileInput): Promise<StudyFile> {
  const names = studyNames(study);
  const found = await bestSheet(table, names, study);
  if (!found) throw qualityError('quality.studyFileLayout', { name }, { status: 422 });
  const { sheet, layout } = found;
  const oneOfFile = one === 'conforming' ? 0 : 1;
  const reader = new StudyReader(study, names, layout, study.kind === 'attribute' ? oneOfFile : null);
  for await (const rows of table.rows(sheet, { maxRows })) for (const row of rows) reader.take(row);
  const { rows, values, reference, problems } = reader.end();
  const errors = problems.filter((p) => p.severity === 'error').length;
  return {
    ...{ sheet: table.sheets[sheet]!.name, encoding: table.csv?.encoding ?? null, rows, errors },
    values: errors === 0 ? (values as number[][][]) : null,
    reference: errors === 0 && reference.every((r) => r !== null) ? (reference as number[]) : null,
    problems: problems.slice(0, maxShown).map((p) => shown(p, layout, language)),
  };
}

/** The visible sheet whose heading fits the study best. */
async function bestSheet(
  table: TableFile,
  names: StudyNames,
  study: MeasurementStudy,
): Promise<{ sheet: number; layout: StudyLayout } | null> {
  const { parts, operators, trials } = study;
  const wanted = { parts: parts.length, operators: operators.length, trials };
  let best: { sheet: number; layout: StudyLayout } | null = null;
  for (const [sheet, { hidden }] of table.sheets.slice(0, maxSheets).entries()) {
    if (hidden) continue;
    const layout = findLayout(await table.look(sheet, { maxRows }), names, wanted);
    if (layout && layout.share > (best?.layout.share ?? 0)) best = { sheet, layout };
  }
  return best;
}

function shown(problem: StudyProblem, layout: StudyLayout, language: string): StudyFile['problems'][number] {
  const { row, index, value, code, params, severity, nearest } = problem;
  return {
    ...{ row, value, code, severity, nearest },
    letter: index === null ? null : columnName(index),
    column: index === null ? null : (layout.headings.get(index) ?? null),
    message: explain(code, params, language),
    advice: advise(code, params, language),
  };
}
