import type { ImportMapping } from '@deungdae/contracts/api-masterdata.ts';
import { nearest } from '@deungdae/kernel/nearest.ts';
import { type Cell, showCell, type TableRow } from '@deungdae/tabular/cell.ts';
import {
  type Converted,
  toBoolean,
  toClock,
  toDay,
  toInteger,
  toNumber,
  toText,
  toWall,
} from '@deungdae/tabular/convert.ts';
import { plainName } from '@deungdae/tabular/header.ts';
import type { ImportColumn, ImportProblem, ImportRow, ImportTarget, ImportValue } from '../import-target.ts';
import { wallToUs } from './wall-time.ts';

const limits = { text: 1000, code: 60 };
const maxMany = 200;
/** Letters of a value that a problem shows: a thousand problems go in one answer. */
const maxShown = 200;

interface Reader {
  column: ImportColumn;
  /** Columns of the sheet, from 0; none when the value is the same for all rows. */
  indexes: number[];
  constant: string | undefined;
  choices: ReadonlyMap<string, string>;
}

/** Turns rows of cells into values of a target's columns. */
export class RowConverter {
  readonly #readers: Reader[];
  readonly #timeZone: string;
  readonly #language: string;
  readonly #report: (problem: ImportProblem & { value: string }) => void;

  constructor(
    target: ImportTarget,
    mapping: ImportMapping,
    context: { timeZone: string; language: string; report(problem: ImportProblem & { value: string }): void },
  ) {
    this.#timeZone = context.timeZone;
    this.#language = context.language;
    this.#report = context.report;
    this.#readers = target.columns.flatMap((column) => {
      const indexes = Object.entries(mapping.columns).flatMap(([i, id]) => (id === column.id ? [Number(i)] : []));
      const constant = mapping.constants[column.id];
      if (indexes.length === 0 && (constant === undefined || constant === '')) return [];
      return [{ column, indexes, constant, choices: choicesOf(column) }];
    });
  }

  /** `good` is false when a cell rules the row out; the problems are reported. */
  convert(row: TableRow): ImportRow & { good: boolean } {
    const values: Record<string, ImportValue> = {};
    let good = true;
    for (const reader of this.#readers) {
      const { column, indexes, constant } = reader;
      const cells = indexes.map((i) => row.cells[i] ?? null).filter((cell) => cell !== null);
      if (cells.length === 0 && constant !== undefined && constant !== '') cells.push(constant);
      if (cells.length === 0) {
        if (!column.required) continue;
        this.#say(row.row, column, '', 'import.required');
        good = false;
        continue;
      }
      const made = column.many ? this.#many(reader, cells) : this.#one(reader, cells[0]!);
      if ('fault' in made) {
        good = false;
        this.#say(row.row, column, showCell(cells[0]).slice(0, maxShown), made.fault, reader);
      } else values[column.id] = made.value;
    }
    return { row: row.row, values, good };
  }

  #many(reader: Reader, cells: readonly Cell[]): Converted<string[]> {
    const list: string[] = [];
    for (const cell of cells) {
      const text = toText(cell, limits.text);
      if ('fault' in text) return text;
      for (const part of text.value.split(/[,;/|\n]/)) {
        const value = part.trim();
        if (value === '' || list.includes(value)) continue;
        if (value.length > limits.code) return { fault: 'tabular.textTooLong' };
        list.push(reader.choices.get(plainName(value)) ?? value);
      }
    }
    return { value: list.slice(0, maxMany) };
  }

  #one(reader: Reader, cell: Cell): Converted<ImportValue> {
    switch (reader.column.type) {
      case 'text':
        return toText(cell, limits.text);
      case 'code':
        return toText(cell, limits.code);
      case 'number':
        return toNumber(cell);
      case 'integer':
        return toInteger(cell);
      case 'boolean':
        return toBoolean(cell);
      case 'day':
        return toDay(cell);
      case 'clock':
        return toClock(cell);
      case 'time': {
        const wall = toWall(cell);
        return 'fault' in wall ? wall : { value: wallToUs(wall.value, this.#timeZone) };
      }
      case 'choice': {
        const text = toText(cell, limits.text);
        if ('fault' in text) return text;
        const value = reader.choices.get(plainName(text.value));
        return value === undefined ? { fault: 'import.choice' } : { value };
      }
    }
  }

  #say(row: number, column: ImportColumn, value: string, code: string, reader?: Reader): void {
    const name = this.#language === 'ko' ? column.name.ko : column.name.en;
    const shown = (column.choices ?? []).map((c) => (this.#language === 'ko' ? c.name.ko : c.name.en));
    const near = code === 'import.choice' ? nearest(plainName(value), reader?.choices.keys() ?? []) : null;
    const params = { column: name, value, limit: limits[column.type === 'code' ? 'code' : 'text'] };
    this.#report({
      ...{ row, column: column.id, value, code, severity: 'error' },
      params: { ...params, choices: shown.join(', ') },
      nearest:
        near === null
          ? null
          : (column.choices?.find((c) => c.value === reader?.choices.get(near))?.name[
              this.#language === 'ko' ? 'ko' : 'en'
            ] ?? null),
    });
  }
}

function choicesOf(column: ImportColumn): Map<string, string> {
  const all = new Map<string, string>();
  for (const { value, name, aliases } of column.choices ?? [])
    for (const text of [value, name.ko, name.en, ...aliases]) all.set(plainName(text), value);
  return all;
}
