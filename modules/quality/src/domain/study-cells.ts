import { nearest } from '@deungdae/kernel/nearest.ts';
import { type Cell, showCell, type TableRow } from '@deungdae/tabular/cell.ts';
import { toNumber } from '@deungdae/tabular/convert.ts';
import { isSum, type StudyLayout, type ValueColumn } from './study-layout.ts';
import { flat, type StudyDesign, type StudyNames } from './study-names.ts';

/** Something wrong with a file of a study. */
export interface StudyProblem {
  /** From 1 as the spreadsheet program counts; 0 where the file has no row for it. */
  row: number;
  index: number | null;
  value: string;
  code: string;
  params: Record<string, string | number>;
  severity: 'error' | 'warning';
  nearest: string | null;
}

export interface StudyCells {
  rows: number;
  values: (number | null)[][][];
  reference: (number | null)[];
  problems: StudyProblem[];
}

interface Place {
  part: number;
  operator: number;
  trial: number;
}

const good = new Set([
  'ok',
  'o',
  'g',
  'go',
  'good',
  'pass',
  'accept',
  'accepted',
  '합격',
  '양품',
  '적합',
  '양호',
  '합',
]);
const bad = new Set([
  'ng',
  'x',
  'n',
  'nogo',
  'bad',
  'fail',
  'reject',
  'rejected',
  '불합격',
  '불량',
  '부적합',
  '불량품',
  '불',
]);
const shownNames = 12;

/** Takes rows below a heading into the cells of a study, and says of each what is wrong with it. Pure. */
export class StudyReader {
  readonly #design: StudyDesign;
  readonly #names: StudyNames;
  readonly #layout: StudyLayout;
  /** Of an attribute study: what a 1 of the file is; null for measured values. */
  readonly #one: 0 | 1 | null;
  readonly #seen: (number | null)[][][];
  readonly #values: (number | null)[][][];
  readonly #reference: (number | null)[];
  readonly #problems: StudyProblem[] = [];
  #rows = 0;
  #part: string | null = null;
  #operator: string | null = null;

  constructor(design: StudyDesign, names: StudyNames, layout: StudyLayout, one: 0 | 1 | null) {
    this.#design = design;
    this.#names = names;
    this.#layout = layout;
    this.#one = one;
    const empty = () =>
      design.parts.map(() => design.operators.map(() => Array<number | null>(design.trials).fill(null)));
    this.#values = empty();
    this.#seen = empty();
    this.#reference = design.parts.map(() => null);
    for (const index of layout.ignored)
      this.#say({ row: layout.bottom, index, value: layout.headings.get(index) ?? '' }, 'quality.studyFileIgnored', {
        severity: 'warning',
      });
  }

  take(row: TableRow): void {
    const { layout, cells } = { layout: this.#layout, cells: row.cells };
    if (row.row <= layout.bottom) return;
    const labels = [layout.part, layout.operator, layout.trial, layout.both].filter((i) => i !== null);
    if (labels.every((i) => (cells[i] ?? null) === null)) return;
    if (layout.values.every((v) => (cells[v.index] ?? null) === null) && !this.#complete(cells, labels)) return;
    if (labels.some((i) => this.#isSumRow(cells[i] ?? null, i))) return;
    this.#rows++;
    const place = this.#placeOf(row);
    if (!place) return;
    if (place.part !== undefined) this.#takeReference(row, place.part);
    for (const column of layout.values) this.#takeValue(row, column, { ...place, ...given(column) });
  }

  end(): StudyCells {
    const { parts, operators, trials } = this.#design;
    operators.forEach((operator, o) => {
      // One line for all parts that lack the same trials: a forgotten appraiser is one thing to mend, not fifty.
      const lacking = Map.groupBy(parts.keys(), (p) =>
        Array.from({ length: trials }, (_, t) => t + 1)
          .filter((t) => this.#seen[p]![o]![t - 1] === null)
          .join(', '),
      );
      for (const [missing, which] of lacking)
        if (missing !== '')
          this.#say({ row: 0, index: null, value: '' }, 'quality.studyFileMissing', {
            params: { parts: listed(which.map((p) => parts[p]!)), operator, trials: missing },
          });
    });
    const known = this.#reference.filter((r) => r !== null).length;
    if (known > 0 && known < parts.length) {
      const lacking = parts.filter((_, p) => this.#reference[p] === null);
      this.#say({ row: 0, index: this.#layout.reference, value: '' }, 'quality.studyFileReferenceMissing', {
        params: { parts: listed(lacking) },
      });
    }
    return { rows: this.#rows, values: this.#values, reference: this.#reference, problems: this.#problems };
  }

  /** A row whose every label is filled is one of the study, even without a value. */
  #complete(cells: readonly Cell[], labels: readonly number[]): boolean {
    return labels.every((i) => (cells[i] ?? null) !== null && this.#known(i, showCell(cells[i])));
  }

  #known(index: number, text: string): boolean {
    const { part, operator, trial } = this.#layout;
    if (index === part) return this.#names.part(text) !== null;
    if (index === operator) return this.#names.operator(text) !== null;
    if (index === trial) return this.#names.trial(text) !== null;
    return this.#names.operatorTrial(text) !== null || this.#names.trial(text) !== null;
  }

  #isSumRow(cell: Cell, index: number): boolean {
    const text = showCell(cell);
    return text !== '' && isSum(text) && !this.#known(index, text);
  }

  /** What the labels of a row say; null when one of them is unknown. Merged cells are empty below their first. */
  #placeOf(row: TableRow): Partial<Place> | null {
    const { part, operator, trial, both } = this.#layout;
    const text = (index: number | null) => (index === null ? '' : showCell(row.cells[index]));
    const { parts, operators, trials } = this.#design;
    const place: Partial<Place> = {};
    let whole = true;
    const set = (
      key: keyof Place,
      found: number | null,
      index: number,
      value: string,
      code: string,
      names: string[],
    ) => {
      if (found !== null) place[key] = found;
      else {
        whole = false;
        this.#say({ row: row.row, index, value }, code, {
          params: { known: listed(names) },
          nearest: nearest(value, names),
        });
      }
    };
    const trialNames = Array.from({ length: trials }, (_, t) => String(t + 1));
    if (part !== null) {
      this.#part = text(part) || this.#part;
      const name = this.#part ?? '';
      set('part', this.#names.part(name), part, name, 'quality.studyFilePart', [...parts]);
    }
    if (operator !== null) {
      this.#operator = text(operator) || this.#operator;
      const name = this.#operator ?? '';
      set('operator', this.#names.operator(name), operator, name, 'quality.studyFileOperator', [...operators]);
    }
    if (trial !== null) {
      const name = text(trial);
      set('trial', this.#names.trial(name), trial, name, 'quality.studyFileTrial', trialNames);
    }
    if (both !== null) {
      const name = text(both);
      const found = this.#names.operatorTrial(name);
      if (found) this.#operator = operators[found.operator]!;
      const carried = this.#operator === null ? null : this.#names.operator(this.#operator);
      set('operator', found?.operator ?? carried, both, name, 'quality.studyFileOperator', [...operators]);
      set('trial', found?.trial ?? this.#names.trial(name), both, name, 'quality.studyFileTrial', trialNames);
    }
    return whole ? place : null;
  }

  #takeValue(row: TableRow, column: ValueColumn, place: Partial<Place>): void {
    const { part, operator, trial } = place as Place;
    const { parts, operators } = this.#design;
    const cell = row.cells[column.index] ?? null;
    const where = { row: row.row, index: column.index, value: showCell(cell) };
    const params = {
      ...{ part: parts[part]!, operator: operators[operator]!, trial: trial + 1, column: column.heading },
    };
    const before = this.#seen[part]![operator]![trial];
    if (before !== null && before !== undefined) {
      this.#say(where, 'quality.studyFileTwice', { params: { ...params, row: before } });
      return;
    }
    this.#seen[part]![operator]![trial] = row.row;
    if (cell === null) {
      this.#say(where, 'quality.studyFileEmpty', { params });
      return;
    }
    const read = this.#one === null ? toNumber(cell) : decisionOf(cell, this.#one);
    if ('fault' in read) this.#say(where, read.fault, { params: { ...params, value: where.value } });
    else this.#values[part]![operator]![trial] = read.value;
  }

  #takeReference(row: TableRow, part: number): void {
    const { reference } = this.#layout;
    const cell = reference === null ? null : (row.cells[reference] ?? null);
    if (this.#one === null || cell === null) return;
    const where = { row: row.row, index: reference, value: showCell(cell) };
    const read = decisionOf(cell, this.#one);
    const before = this.#reference[part]!;
    if ('fault' in read) this.#say(where, read.fault, { params: { value: where.value } });
    else if (before !== null && before !== read.value)
      this.#say(where, 'quality.studyFileReference', { params: { part: this.#design.parts[part]! } });
    else this.#reference[part] = read.value;
  }

  #say(
    where: { row: number; index: number | null; value: string },
    code: string,
    more: Partial<Pick<StudyProblem, 'params' | 'severity' | 'nearest'>>,
  ): void {
    const { params = {}, severity = 'error', nearest: near = null } = more;
    this.#problems.push({ ...where, code, severity, nearest: near, params: { value: where.value, ...params } });
  }
}

function given({ part, operator, trial }: ValueColumn): Partial<Place> {
  return {
    ...(part === undefined ? {} : { part }),
    ...(operator === undefined ? {} : { operator }),
    ...(trial === undefined ? {} : { trial }),
  };
}

/** 0 conforming, 1 nonconforming; `one` is what a 1 of the file is. */
function decisionOf(cell: Cell, one: 0 | 1): { value: number } | { fault: string } {
  const word = flat(showCell(cell).replace(/[○◯]/g, 'o').replace(/[×✕✗]/g, 'x'));
  if (good.has(word)) return { value: 0 };
  if (bad.has(word)) return { value: 1 };
  if (word === '1') return { value: one };
  if (word === '0') return { value: 1 - one };
  return { fault: 'quality.studyFileDecision' };
}

function listed(names: readonly string[]): string {
  return names.length > shownNames ? `${names.slice(0, shownNames).join(', ')} …` : names.join(', ');
}
