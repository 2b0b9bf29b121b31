import type { Inspection } from '@deungdae/contracts/inspection.ts';

/** A task that a person opened over what is asked. */
export type Task =
  | { name: 'confirm' }
  | { name: 'defects' }
  | { name: 'material' }
  | { name: 'documents' }
  | { name: 'call' }
  | { name: 'finish' }
  | { name: 'more' }
  | { name: 'stop' }
  | { name: 'pack' }
  /** `inspection` where the state does not hold it yet; `after` is opened after it. */
  | { name: 'inspection'; id: string; inspection?: Inspection; after?: Task }
  | { name: 'checks' }
  | { name: 'change' }
  | { name: 'handover' }
  | { name: 'nearMiss' }
  | { name: 'knowHow'; about: Trouble }
  | { name: 'offers'; about: Trouble }
  | { name: 'waiting' }
  | { name: 'machine' }
  | { name: 'pair' }
  | { name: 'settings' };

/** What trouble a know-how card is about. */
export interface Trouble {
  defect?: string;
  downtimeReason?: string;
  /** In words, for the title. */
  words: string;
}

/** What every screen of a task is given. */
export interface TaskProps {
  close: () => void;
  open: (task: Task) => void;
}
