import { type Header, headerAt, plainName } from '@deungdae/tabular/header.ts';
import type { SheetLook } from '@deungdae/tabular/open-table.ts';
import { flat, type StudyNames } from './study-names.ts';

/** What a column's heading says of the cells below it. */
export interface ValueColumn {
  index: number;
  heading: string;
  part?: number;
  operator?: number;
  trial?: number;
}

/** Which columns of a sheet name part, appraiser and trial, and which hold values; together they place every value. */
export interface StudyLayout {
  /** Last row of the heading. */
  bottom: number;
  part: number | null;
  operator: number | null;
  trial: number | null;
  /** Appraiser and trial in one column, as `A-1`. */
  both: number | null;
  reference: number | null;
  values: ValueColumn[];
  headings: ReadonlyMap<number, string>;
  /** Columns that are neither labels, values nor sums. */
  ignored: number[];
  /** Share of the value columns that the study's design wants. */
  share: number;
}

type Role = 'part' | 'operator' | 'trial' | 'value' | 'reference' | 'both';
const roles: readonly [Role, RegExp][] = [
  ['both', /(appraiser|operator|inspector|측정자|평가자|검사자).*(trial|반복|회차|차수|횟수)/],
  [
    'part',
    /^(parts?|partno|partnumber|partid|partname|samples?|sampleno|specimen|파트|제품|부품|시료|시편|샘플|품번)$/,
  ],
  ['part', /^(부품|시료|시편|샘플|제품)(번호|명|no)$|^(번호|순번|no)$/],
  [
    'operator',
    /^(appraisers?|operators?|inspector|evaluator|rater|technician|측정자|평가자|검사자|검사원|시험자|작업자)$/,
  ],
  ['trial', /^(trial|trialno|trial#|trialnumber|repeat|replicate|replication|repetition|run)$/],
  ['trial', /^(반복|반복횟수|반복차수|회차|차수|측정횟수|측정차수|측정회차|시행|횟수|회)$/],
  [
    'value',
    /^(values?|measurements?|measured|measuredvalue|readings?|data|results?|response|decision|judg[e]?ment|rating)$/,
  ],
  ['value', /^(측정값|측정치|측정데이터|측정결과|값|데이터|결과|판정|판정결과|평가|평가결과)$/],
  ['reference', /^(reference|ref|standard|master|truth|기준|기준값|기준판정|참값|진값|표준|정답|마스터)$/],
];
/** Averages, ranges and sums that forms carry beside and below the values. */
const sums = /^\d*(part)?(average|avg|ave|mean|range|sum|total|xbar|rbar|평균|범위|합계|부품평균|표준편차|편차|x$|r$)/;
const searchedRows = 40;

export const isSum = (text: string) => sums.test(flat(text));

/**
 * Where the values of a study stand in a sheet: a list (part, appraiser, trial, value), a table with a column for each
 * trial, part or appraiser and trial, and the AIAG form, under whatever stands above its heading. Null when none is
 * found. Pure.
 */
export function findLayout(look: SheetLook, names: StudyNames, wanted: Wanted): StudyLayout | null {
  let best: StudyLayout | null = null;
  const heads = look.head.slice(0, searchedRows);
  heads.forEach(({ row }, i) => {
    for (const bottom of [row, heads[i + 1]?.row ?? row]) {
      const found = layoutOf(headerAt(look, row, bottom), names, wanted);
      if (found && found.share > (best?.share ?? 0)) best = found;
    }
  });
  return best;
}

export interface Wanted {
  parts: number;
  operators: number;
  trials: number;
}

function layoutOf(header: Header, names: StudyNames, wanted: Wanted): StudyLayout | null {
  const at = labelsOf(header);
  const lacks = {
    part: at.part === null,
    operator: at.operator === null && at.both === null,
    trial: at.trial === null && at.both === null,
  };
  const labels = new Set([at.part, at.operator, at.trial, at.both, at.reference, at.value]);
  const rest = header.columns.filter((c) => !labels.has(c.index));
  const { values, expected } = valuesOf(lacks, at.value, rest, header, names, wanted);
  if (values.length === 0 || (expected > 1 && values.length < 2)) return null;
  const used = new Set(values.map((v) => v.index));
  const { part, operator, trial, both, reference } = at;
  return {
    ...{ bottom: header.bottom, part, operator, trial, both, reference, values },
    headings: new Map(header.columns.map((c) => [c.index, c.name])),
    ignored: expected === 1 ? [] : rest.filter((c) => !used.has(c.index) && !isSum(c.name)).map((c) => c.index),
    share: values.length / expected,
  };
}

/** The columns that are named after what they hold; the first of each role, but appraiser and trial may share a heading. */
function labelsOf(header: Header): Record<Role, number | null> {
  const at: Record<Role, number | null> = {
    ...{ part: null, operator: null, trial: null, value: null, reference: null, both: null },
  };
  for (const { index, name } of header.columns) {
    const role = roles.find(([, words]) => words.test(plainName(name)))?.[0];
    if (role === 'both' && at.both === index - 1) {
      at.operator = at.both;
      at.trial = index;
      at.both = null;
    } else if (role && at[role] === null && !(role === 'both' && at.operator !== null)) at[role] = index;
  }
  return at;
}

function valuesOf(
  lacks: { part: boolean; operator: boolean; trial: boolean },
  value: number | null,
  rest: Header['columns'],
  header: Header,
  names: StudyNames,
  wanted: Wanted,
): { values: ValueColumn[]; expected: number } {
  const named = (give: (name: string) => Omit<ValueColumn, 'index' | 'heading'> | null): ValueColumn[] =>
    rest.flatMap(({ index, name }) => {
      const place = isSum(name) ? null : give(name);
      return place ? [{ index, heading: name, ...place }] : [];
    });
  const one = <K extends 'part' | 'operator' | 'trial'>(key: K, find: (text: string) => number | null) =>
    named((name) => {
      const found = find(lastWord(name, find));
      return found === null ? null : ({ [key]: found } as Record<K, number>);
    });
  const missing = (['part', 'operator', 'trial'] as const).filter((dimension) => lacks[dimension]).join();
  switch (missing) {
    case '': {
      const heading = header.columns.find((c) => c.index === value)?.name ?? '';
      return { values: value === null ? [] : [{ index: value, heading }], expected: 1 };
    }
    case 'part':
      return { values: one('part', names.part), expected: wanted.parts };
    case 'operator':
      return { values: one('operator', names.operator), expected: wanted.operators };
    case 'trial':
      return { values: one('trial', names.trial), expected: wanted.trials };
    case 'operator,trial': {
      // In a CSV the appraiser stands over the first of his columns only.
      let operator: number | null = null;
      const values = named((name) => {
        const both = names.operatorTrial(name);
        operator = both?.operator ?? operator;
        if (both) return both;
        const trial = names.trial(name);
        return trial === null || operator === null ? null : { operator, trial };
      });
      return { values, expected: wanted.operators * wanted.trials };
    }
    default:
      return { values: [], expected: 1 };
  }
}

/** `부품 3` where a heading `부품` reaches over the columns `1`, `2`, `3`: the whole where that is a name, else its last word. */
function lastWord(name: string, find: (text: string) => number | null): string {
  return find(name) === null ? (name.split(' ').at(-1) ?? name) : name;
}
