import type { Inspection, InspectionStage } from '@deungdae/contracts/inspection.ts';

export interface RunBlock {
  code: string;
  ko: string;
  en: string;
}

/** Stages whose rejection stops counting until a repeat is accepted. */
const stopping: readonly InspectionStage[] = ['middle', 'self', 'patrol', 'inProcess'];
const stageKo: Partial<Record<InspectionStage, string>> = {
  middle: '중물',
  self: '자주검사',
  patrol: '순회검사',
  inProcess: '공정검사',
};

/**
 * Whether a run's pieces may be counted: its first piece must be accepted (or taken by concession), and a check that was
 * rejected on the way must have been repeated with success. `inspections`: of the run, the newest first. Pure.
 */
export function runBlockOf(inspections: readonly Inspection[]): RunBlock | null {
  for (const group of byPlan(inspections.filter((i) => i.stage === 'first'))) {
    const newest = group[0]!;
    if (passed(newest) || newest.status === 'skipped') continue;
    const rejectedBefore = group.some((i) => i.verdict === 'rejected');
    return rejectedBefore
      ? {
          code: 'quality.firstPieceRejected',
          ko: `초물 검사(${newest.planName})가 불합격입니다. 조건을 고친 뒤 초물 검사를 다시 하세요.`,
          en: `The first piece (${newest.planName}) was rejected. Correct the setting and inspect a first piece again.`,
        }
      : {
          code: 'quality.firstPieceDue',
          ko: `초물 검사(${newest.planName})가 합격해야 생산 수량을 셀 수 있습니다.`,
          en: `The first piece (${newest.planName}) must be accepted before pieces are counted.`,
        };
  }
  for (const group of byPlan(inspections.filter((i) => stopping.includes(i.stage)))) {
    const lastDone = group.find((i) => i.status === 'done');
    if (lastDone?.verdict !== 'rejected') continue;
    return {
      code: 'quality.inProcessRejected',
      ko: `${stageKo[lastDone.stage] ?? '공정검사'}(${lastDone.planName})가 불합격입니다. 원인을 고치고 다시 검사해 합격해야 계속할 수 있습니다.`,
      en: `The check ${lastDone.planName} was rejected. Correct the cause and repeat it; counting goes on when it is accepted.`,
    };
  }
  return null;
}

function passed(inspection: Inspection): boolean {
  return inspection.verdict === 'accepted' || inspection.verdict === 'concession';
}

/** Each plan's inspections, in the order given. */
function byPlan(inspections: readonly Inspection[]): Inspection[][] {
  const groups = new Map<string, Inspection[]>();
  for (const one of inspections) {
    const group = groups.get(one.plan);
    if (group) group.push(one);
    else groups.set(one.plan, [one]);
  }
  return [...groups.values()];
}
