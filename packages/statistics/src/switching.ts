import type { Severity } from './sampling-plan.ts';

/** State of one series of lots under ISO 2859-1 clause 9. Only original inspections count. */
export interface SwitchingState {
  severity: Severity;
  /** Inspection is stopped until the supplier has improved (9.4). */
  discontinued: boolean;
  /** Outcomes of the last lots under the present severity, the newest last: at most five. */
  recent: boolean[];
  /** Lots not accepted while tightened, cumulative. */
  rejectedTightened: number;
  /** Switching score, 9.3.3.2; counts under normal inspection only. */
  score: number;
}

export const startOfSeries: SwitchingState = {
  severity: 'normal',
  discontinued: false,
  recent: [],
  rejectedTightened: 0,
  score: 0,
};

export interface LotOutcome {
  accepted: boolean;
  /** Acceptance number of the plan used. */
  acceptance: number;
  /** Whether the lot would also have been accepted at one AQL step tighter; asked for where Ac is 2 or more. */
  acceptedTighter?: boolean;
}

/** What the plant allows: reduced inspection needs steady production and the authority's leave. */
export interface SwitchingConditions {
  steady: boolean;
  reducedAllowed: boolean;
}

export type SwitchReason = 'twoOfFive' | 'fiveAccepted' | 'score' | 'rejectedReduced' | 'irregular' | 'fiveRejected';

/** The state after a lot, and the switch it made. Score steps (+3, +2) are unverified against the bought standard. Pure. */
export function afterLot(
  state: SwitchingState,
  lot: LotOutcome,
  conditions: SwitchingConditions = { steady: true, reducedAllowed: true },
): { state: SwitchingState; switched: SwitchReason | null } {
  if (state.discontinued) return { state, switched: null };
  const recent = [...state.recent, lot.accepted].slice(-5);
  const to = (severity: Severity, switched: SwitchReason) => ({
    state: { ...startOfSeries, severity },
    switched,
  });
  if (state.severity === 'reduced') {
    if (!lot.accepted) return to('normal', 'rejectedReduced');
    if (!conditions.steady) return to('normal', 'irregular');
    return { state: { ...state, recent }, switched: null };
  }
  if (state.severity === 'tightened') {
    const rejectedTightened = state.rejectedTightened + (lot.accepted ? 0 : 1);
    if (recent.length === 5 && recent.every(Boolean)) return to('normal', 'fiveAccepted');
    const discontinued = rejectedTightened >= 5;
    return {
      state: { ...state, recent, rejectedTightened, discontinued },
      switched: discontinued ? 'fiveRejected' : null,
    };
  }
  if (recent.filter((accepted) => !accepted).length >= 2) return to('tightened', 'twoOfFive');
  const score = scoreAfter(state.score, lot);
  if (score >= 30 && conditions.steady && conditions.reducedAllowed) return to('reduced', 'score');
  return { state: { ...state, recent, score }, switched: null };
}

function scoreAfter(score: number, lot: LotOutcome): number {
  if (lot.acceptance >= 2) return lot.accepted && lot.acceptedTighter ? score + 3 : 0;
  return lot.accepted ? score + 2 : 0;
}

/** Inspection resumes under tightened severity after the supplier has acted (9.4). */
export function resumed(): SwitchingState {
  return { ...startOfSeries, severity: 'tightened' };
}
