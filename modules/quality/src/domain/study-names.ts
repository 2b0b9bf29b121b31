/** Names of a study's parts, appraisers and trials as files write them. */
export interface StudyNames {
  part(text: string): number | null;
  operator(text: string): number | null;
  /** Which of the trials, from 0. */
  trial(text: string): number | null;
  /** `A-1`, `측정자 A 1차`. */
  operatorTrial(text: string): { operator: number; trial: number } | null;
}

export interface StudyDesign {
  parts: readonly string[];
  operators: readonly string[];
  trials: number;
}

const partWords = /^(parts?|samples?|specimen|부품|시료|시편|샘플|파트|제품|번호|no|number|#|p(?=\d))+/;
const partEnds = /(번|호|번째)$/;
const operatorWords = /^(appraiser|operator|inspector|evaluator|rater|측정자|평가자|검사자|검사원|시험자|작업자)+/;
const trialWords = /^(trial|repeat|replicate|repetition|run|반복|시행|측정|회차|차수|no|#|t(?=\d)|r(?=\d))+/;
const trialEnds = /(회차|차수|번째|차|회|번|st|nd|rd|th)$/;

/** Letters and digits alone, in one case; unlike a heading's name it keeps what stands in brackets. */
export function flat(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}#]+/gu, '');
}

export function studyNames({ parts, operators, trials }: StudyDesign): StudyNames {
  const part = finder(parts, (text) => unpadded(text.replace(partWords, '').replace(partEnds, '')));
  const operator = finder(operators, (text) => text.replace(operatorWords, ''));
  const trial = (text: string) => {
    const number = Number(flat(text).replace(trialWords, '').replace(trialEnds, '') || Number.NaN);
    return Number.isInteger(number) && number >= 1 && number <= trials ? number - 1 : null;
  };
  const longestFirst = operators
    .map((name, index) => ({ key: flat(name).replace(operatorWords, '') || flat(name), index }))
    .sort((a, b) => b.key.length - a.key.length);
  return {
    part,
    operator,
    trial,
    operatorTrial: (text) => {
      const whole = flat(text).replace(operatorWords, '');
      for (const { key, index } of longestFirst) {
        const rest = whole.startsWith(key) ? trial(whole.slice(key.length)) : null;
        if (rest !== null) return { operator: index, trial: rest };
      }
      return null;
    },
  };
}

const unpadded = (text: string) => text.replace(/^0+(?=\d)/, '');

/** By the name itself, else by what is left of it without words such as "part", where that is one name only. */
function finder(names: readonly string[], bare: (flatName: string) => string): (text: string) => number | null {
  const exact = new Map(names.map((name, i) => [flat(name), i]));
  const loose = new Map<string, number | null>();
  names.forEach((name, i) => {
    const key = bare(flat(name));
    loose.set(key, loose.has(key) ? null : i);
  });
  return (text) => {
    const key = flat(text);
    return exact.get(key) ?? (bare(key) === '' ? null : (loose.get(bare(key)) ?? null));
  };
}
