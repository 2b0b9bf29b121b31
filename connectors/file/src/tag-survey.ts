import { join } from 'node:path';
import { decimal } from '@deungdae/connector-mtconnect/observation.ts';
import { type ShdrItem, ShdrParser, type ShdrShape } from '@deungdae/connector-mtconnect/shdr.ts';
import { TextFile } from './text-file.ts';

/** What a log holds under one tag. */
export interface TagSurvey extends ShdrItem {
  readonly tag: string;
  shape: ShdrShape;
  values: number;
  conditions: number;
  unavailable: number;
  /** Values that are one decimal number, and values that are three. */
  numbers: number;
  vectors: number;
  integers: number;
  empty: number;
}

export interface LogSurvey {
  tags: Map<string, TagSurvey>;
  lines: number;
  assets: number;
  rejected: number;
}

/** Most tags of one log; the rest is left out of the plan. */
const maxTags = 5_000;

/** Reads SHDR files once and tells what their tags hold. `shapeOf` knows the tags of a device model. */
export async function surveyShdr(
  root: string,
  names: readonly string[],
  encoding: 'utf-8' | 'cp949',
  shapeOf: (tag: string) => ShdrShape | null,
): Promise<LogSurvey> {
  const tags = new Map<string, TagSurvey>();
  const survey: LogSurvey = { tags, lines: 0, assets: 0, rejected: 0 };
  const parser = new ShdrParser<TagSurvey>(
    {
      resolve(tag) {
        let found = tags.get(tag);
        if (!found && tags.size < maxTags) {
          const shape = shapeOf(tag) ?? 'auto';
          found = {
            tag,
            shape,
            values: 0,
            conditions: 0,
            unavailable: 0,
            numbers: 0,
            vectors: 0,
            integers: 0,
            empty: 0,
          };
          tags.set(tag, found);
        }
        return found ?? null;
      },
      value: (item, _time, text) => countValue(item, text),
      condition(item, _time, level) {
        item.conditions++;
        if (level === 'UNAVAILABLE') item.unavailable++;
      },
      message: (item, _time, _code, text) => countValue(item, text),
      timeSeries: (item) => {
        item.values++;
        item.numbers++;
      },
      asset: () => survey.assets++,
      reject: () => survey.rejected++,
    },
    { arrivalUs: () => 0 },
  );
  for (const name of names) {
    const file = await TextFile.open(join(root, name), encoding);
    try {
      for (let offset = 0; ; ) {
        const chunk = await file.read(offset, false);
        if (chunk.bytes === 0) break;
        offset += chunk.bytes;
        parser.push(chunk.text);
      }
      parser.end();
    } finally {
      await file.close();
    }
  }
  survey.lines = parser.lineNumber;
  return survey;
}

function countValue(item: TagSurvey, text: string): void {
  item.values++;
  if (text === 'UNAVAILABLE') item.unavailable++;
  else if (text.trim() === '') item.empty++;
  else if (!Number.isNaN(decimal(text))) {
    item.numbers++;
    if (/^[+-]?\d{1,15}$/.test(text)) item.integers++;
  } else if (
    /^\s*\S+\s+\S+\s+\S+\s*$/.test(text) &&
    text
      .trim()
      .split(/\s+/)
      .every((part) => !Number.isNaN(decimal(part)))
  )
    item.vectors++;
}

/** Good values that say something. */
export const saidOf = (t: TagSurvey): number => t.values - t.unavailable - t.empty;
