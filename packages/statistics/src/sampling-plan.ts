/**
 * Single sampling by attributes, ISO 2859-1:1999 (IS 2500-1:2000). The normal table is rebuilt from its diagonal
 * structure and agrees with the points published by others; the reduced table is unverified against the bought standard.
 */
export type Severity = 'normal' | 'tightened' | 'reduced';
export type InspectionLevel = 'S1' | 'S2' | 'S3' | 'S4' | 'I' | 'II' | 'III';

/** Preferred AQLs, percent nonconforming (or nonconformities per 100 items), as in the tables' heads. */
export const aqls = [0.065, 0.1, 0.15, 0.25, 0.4, 0.65, 1, 1.5, 2.5, 4, 6.5, 10] as const;

export interface SamplingPlan {
  /** Code letter of the lot size and level, and the one whose plan is used where the table has an arrow. */
  letter: string;
  planLetter: string;
  /** Items to inspect; the whole lot where the plan's sample is not smaller than it. */
  sampleSize: number;
  acceptance: number;
  rejection: number;
  /** True when every item of the lot is inspected. */
  all: boolean;
}

const letters = 'ABCDEFGHJKLMNPQR';
const levels: readonly InspectionLevel[] = ['S1', 'S2', 'S3', 'S4', 'I', 'II', 'III'];
const lotEnds = [8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000, Infinity];
/** One row a lot size range, one letter a level. */
const codeLetters =
  'AAAAAAB AAAAABC AABBBCD ABBCCDE BBCCCEF BBCDDFG BCDEEGH BCDEFHJ CCEFGJK CDEGHKL CDFGJLM CDFHKMN DEGJLNP DEGJMPQ DEHKNQR'.split(
    ' ',
  );
const sampleSizes: Record<Severity, readonly number[]> = {
  normal: [2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000],
  tightened: [2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000],
  reduced: [2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800],
};

/** Cells of one letter from the AQL at which Ac is 0; before them "use the first plan below", after them "above". */
type Cell = number | 'v' | '^';
const series: Record<Severity, readonly Cell[]> = {
  normal: [0, '^', 'v', 1, 2, 3, 5, 7, 10, 14, 21],
  tightened: [0, 'v', 'v', 1, 2, 3, 5, 8, 12, 18],
  reduced: [0, '^', 'v', 1, 1, 2, 3, 5, 6, 8, 10],
};
/** Column of Ac 0 for letter A; one column to the left for each further letter. */
const zeroColumn: Record<Severity, number> = { normal: 10, tightened: 11, reduced: 10 };

function cell(severity: Severity, letter: number, column: number): Cell {
  // The smallest sample has no tightened plan of its own (published: letter A at AQL 10 takes the plan of D).
  if (severity === 'tightened' && letter === 0) return 'v';
  const place = column - (zeroColumn[severity] - letter);
  if (place < 0) return 'v';
  const found = series[severity][place] ?? '^';
  return found === '^' && letter === 0 ? 'v' : found;
}

/** Letter of Table 1. Lots of one item are inspected whole, under the smallest letter. */
export function codeLetter(lotSize: number, level: InspectionLevel): string {
  const row = lotEnds.findIndex((end) => lotSize <= end);
  return codeLetters[row]![levels.indexOf(level)]!;
}

/** The column of an AQL; the next stricter preferred value for one that lies between. */
export function aqlColumn(aql: number): number {
  let column = 0;
  aqls.forEach((value, i) => {
    if (value <= aql + 1e-9) column = i;
  });
  return column;
}

/**
 * The plan for a lot. Arrows are followed with the sample size of the plan they lead to. `stricter` moves that many
 * AQL steps to the left, as the switching score asks.
 */
export function samplingPlan(options: {
  lotSize: number;
  level: InspectionLevel;
  /** Percent. */
  aql: number;
  severity?: Severity;
  stricter?: number;
}): SamplingPlan {
  const { lotSize, level, severity = 'normal' } = options;
  const letter = codeLetter(lotSize, level);
  const column = Math.max(0, aqlColumn(options.aql) - (options.stricter ?? 0));
  let at = letters.indexOf(letter);
  let found = cell(severity, at, column);
  let direction = 0;
  while (typeof found !== 'number') {
    if (direction === 0) direction = found === 'v' ? 1 : -1;
    at += direction;
    if (at < 0 || at >= letters.length) {
      // Beyond the table: the strictest row there is.
      at = Math.min(Math.max(at, 0), letters.length - 1);
      found = 0;
      break;
    }
    found = cell(severity, at, column);
  }
  const size = sampleSizes[severity][at]!;
  const all = size >= lotSize;
  return {
    letter,
    planLetter: letters[at]!,
    sampleSize: all ? lotSize : size,
    acceptance: found as number,
    rejection: (found as number) + 1,
    all,
  };
}
