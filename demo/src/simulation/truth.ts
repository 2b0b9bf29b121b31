/**
 * What really happened, written apart from the data, so that detection can be scored: causes that no signal states.
 * One JSON line each.
 */
export interface Truth {
  atMs: number;
  machine: string;
  kind:
    | 'breakdown'
    | 'repaired'
    | 'minorStop'
    | 'setupStarted'
    | 'setupDone'
    | 'drift'
    | 'defect'
    | 'materialLot'
    | 'toolWear'
    | 'toolChanged'
    | 'mishandling'
    | 'manualStop'
    | 'manualResume';
  /** Machine-readable cause, such as `heaterBand-2` or `shortShot`. */
  cause: string;
  detail?: Record<string, number | string>;
}

export type OnTruth = (truth: Truth) => void;
